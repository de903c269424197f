/**
 * The second step of a login: the page says so, waits for the reader, and asks the authenticator at a click, since some browsers
 * ask at nothing else. What the authenticator refuses may be tried again while the server's request is good.
 */
import type { SecondFactor } from '../../client/sessions.ts'
import { element, explain, ReaderFault } from './page.ts'
import { passkeyWords } from './passkey-words.ts'
import { once } from './work.ts'

/** @throws ReaderFault when the reader gives up. */
export const askSecondStep: SecondFactor = async (ceremony) => {
  const [section, title, confirm, cancel] = [element('second-step'), element('second-step-title'), element<HTMLButtonElement>('second-step-confirm'), element<HTMLButtonElement>('second-step-cancel')]
  const say = (text: string): void => { element('second-step-error').textContent = text }
  say('')
  section.hidden = false
  title.focus()
  const { showPasskey } = await import('./authenticator.ts')
  try {
    return await new Promise((resolve, reject) => {
      confirm.onclick = once(confirm, async () => {
        say('')
        resolve(await showPasskey(ceremony))
      }, (error) => { say(explain(error).text) })
      cancel.onclick = () => { reject(new ReaderFault(passkeyWords.passkeyCancelled)) }
    })
  } finally {
    section.hidden = true
  }
}
