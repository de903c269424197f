/** Login (`/login`) with a key of this browser, and the import of a key from another device. */
import { readCertificate } from '../../crypto/certificate.ts'
import { listKeys, type KeptKey } from './kept.ts'
import { onClick, onSubmit, sayFailure } from './acts.ts'
import { check, setError } from './fields.ts'
import { element, explain, make } from './page.ts'
import { askSecondStep } from './second-step.ts'
import { logIn, showSession } from './session.ts'
import { shownTime } from './shown-time.ts'
import { words } from './supplier-words.ts'

/** Names the reset that the reader was led to. */
const RESET_TOLD = 'bongin.passkey-reset'

const failed = (error: unknown): void => { sayFailure('login-error', error) }

/** Where the reader came from: a path of this server, and nothing else. */
function returnPath (key: KeptKey): string {
  const home = isOfficer(key) ? '/desk' : '/my'
  const wanted = new URLSearchParams(location.search).get('return') ?? home
  const url = new URL(wanted, location.origin)
  return url.origin === location.origin && wanted.startsWith('/') ? url.pathname + url.search : home
}

const isOfficer = ({ certificateDer }: KeptKey): boolean => certificateDer !== null && readCertificate(certificateDer).kind === 'officer'

async function showKeys (): Promise<void> {
  const certified = (await listKeys()).filter(({ certificateDer }) => certificateDer !== null)
  element('no-keys').hidden = certified.length > 0
  element('keys').replaceChildren(...certified.map(keyItem))
}

function keyItem (key: KeptKey): HTMLLIElement {
  const notAfter = key.certificateDer === null ? 0 : readCertificate(key.certificateDer).notAfter
  const name = isOfficer(key) ? `${key.subject.commonName}, ${key.subject.organization}` : key.subject.organization
  const label = `${name} (${key.holderId ?? ''})`
  const button = make('button', { type: 'button', 'data-key': key.keyId }, `${words.login}: ${label}`)
  onClick(button, async () => {
    element('login-error').textContent = ''
    const { scope, passkeyReset } = await logIn(key, askSecondStep)
    // A first passkey is required, or there is a reset to tell of that this browser has not shown.
    const isNews = passkeyReset !== null && localStorage.getItem(RESET_TOLD) !== passkeyReset.at
    if (passkeyReset !== null) localStorage.setItem(RESET_TOLD, passkeyReset.at)
    location.assign(scope === 'first-passkey' || isNews ? '/my/security' : returnPath(key))
  }, failed)
  return make('li', {}, button, ' ', make('span', { class: 'note' }, `${words.expires} `, shownTime(notAfter)))
}

const form = element<HTMLFormElement>('import')
const [file, passphrase, number] = [element<HTMLInputElement>('keyFile'), element<HTMLInputElement>('keyPassphrase'), element<HTMLInputElement>('registrationId')]
onSubmit(form, async () => {
  const [chosen] = file.files ?? []
  if (!check(form) || chosen === undefined) return
  element('import-state').textContent = words.working
  const { importKey, ImportFault } = await import('./key-files.ts')
  try {
    await importKey({ bytes: new Uint8Array(await chosen.arrayBuffer()), passphrase: passphrase.value, registrationId: number.value.trim() || null })
  } catch (error) {
    element('import-state').textContent = ''
    setError(error instanceof ImportFault ? error.field : 'keyFile', explain(error).text)
    return
  }
  form.reset()
  element('import-state').textContent = words.imported
  await showKeys()
}, failed)

showSession()
showKeys().catch(failed)
