/**
 * Servers that die: a real process killed in the middle of telling, and of a delivery. Nobody is left out, nobody is told twice on its pages, and
 * what may have gone out goes again under the id that it had.
 */
import { join } from 'node:path'
import t from 'tap'
import { Api, type ApiProblem } from '../../src/client/api.ts'
import { addWebhook, enterEmail, listNotices, saveSearch, verifyEmail } from '../../src/client/notifications.ts'
import { openSession } from '../../src/client/sessions.ts'
import { makeCast, type Cast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { codeIn, lettersIn } from '../support/mailbox.ts'
import { publishNow, startRealServer } from '../support/real-server.ts'
import { isSignedWith, openReceiver } from '../support/receiver.ts'

/** Between two looks at what another process has done. */
const POLL_MS = 20
const KILLER = new URL('../support/kill-in-page.mjs', import.meta.url).href
const dataDir = join(t.testdir(), 'data')
const settings = { BONGIN_LOOPBACK_WEBHOOKS: 'true' }

/** Until it holds; the test's own time limit bounds it. */
async function until<T> (look: () => Promise<T | null> | T | null): Promise<T> {
  for (;;) {
    const found = await look()
    if (found !== null) return found
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

t.test('killed while it tells, and while it sends', async (t) => {
  const receiver = await openReceiver(t)
  const first = await startRealServer(t, dataDir, { settings })
  const cast = await makeCast(first, { suppliers: 2 })
  const [one, two] = [at(cast.suppliers, 0), at(cast.suppliers, 1)]
  for (const { api } of [one, two]) await saveSearch(api, { name: '공사', q: '공사' })
  await enterEmail(one.api, { address: 'one@supplier.example' })
  const code = await until(() => codeIn(lettersIn(dataDir)[0]) || null)
  await verifyEmail(one.api, code)
  const { secret } = await addWebhook(two.api, receiver.url)
  // The receiver has the message; its answer finds nobody any more.
  receiver.answer = (response) => {
    first.process.kill('SIGKILL')
    response.writeHead(204).end()
  }
  const tenderId = await publishNow(cast, { title: '청사 공사' })
  t.equal(await first.ended, 'SIGKILL')
  t.equal(receiver.calls.length, 1)

  receiver.answer = (response) => { response.writeHead(204).end() }
  // This one dies with the commit that tells of the next notice, before anything of it is sent.
  const second = await startRealServer(t, dataDir, { killer: KILLER, settings })
  await until(() => receiver.calls.length === 2 ? true : null)
  t.equal(at(receiver.calls, 1).headers['webhook-id'], at(receiver.calls, 0).headers['webhook-id'], 'the same message, by its id')
  t.ok(receiver.calls.every((call) => isSignedWith(secret, call)), 'and by the same secret')
  const publicApi = new Api({ baseUrl: second.baseUrl })
  // A server that has just started may be behind on a busy machine; a login is not sent again by itself.
  const login = async (identity: typeof one.identity): Promise<Api> => (await until(async () =>
    await openSession(publicApi, identity, cast.platform.name).catch((error: unknown) => {
      if ((error as ApiProblem).code !== 'overloaded') throw error
      return null
    }))).api
  const again = async (who: 'executing' | 'witness'): Promise<Cast['executing']> => ({ ...cast[who], api: await login(cast[who].identity) })
  // Its answer may or may not come before the end.
  await publishNow({ ...cast, executing: await again('executing'), witness: await again('witness') }, { title: '도로 공사' }).catch(() => {})
  t.equal(await second.ended, 'SIGKILL')

  const third = await startRealServer(t, dataDir, { settings })
  await until(() => receiver.calls.length >= 3 && lettersIn(dataDir).length >= 3 ? true : null)
  const api = new Api({ baseUrl: third.baseUrl })
  for (const { identity } of [one, two]) {
    const { items } = await listNotices((await openSession(api, identity, cast.platform.name)).api)
    t.same(items.map(({ number, title }) => [number, title]), [[2, '도로 공사'], [1, '청사 공사']], 'each once')
    t.equal(items[1]?.tenderId, tenderId)
  }
  t.same(lettersIn(dataDir).map(({ header }) => header('subject')).sort(), ['[봉인] 맞춤공고: 도로 공사', '[봉인] 맞춤공고: 청사 공사', '[봉인] 전자우편 확인 코드'], 'each file once')
  third.process.kill('SIGTERM')
  t.equal(await third.ended, null, 'a clean end')
  t.equal(receiver.calls.length, 3)
})
