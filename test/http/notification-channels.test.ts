/**
 * E-mail by a real SMTP server and webhooks by a real HTTP server: addresses are shown to be the supplier's own first, signatures are those of
 * Standard Webhooks, failures are tried again by the clock and end, and one click ends the mails.
 */
import Sqlite from 'better-sqlite3'
import t from 'tap'
import {
  addWebhook, deleteEmail, deleteWebhook, enterEmail, listNotices, listWebhooks, readEmail, rotateSecret, saveSearch, verifyEmail
} from '../../src/client/notifications.ts'
import { openSession } from '../../src/client/sessions.ts'
import { MAX_ATTEMPTS, MAX_WEBHOOKS, retryDelayMs } from '../../src/domain/notification.ts'
import { HOUR_MS } from '../../src/domain/time.ts'
import { databasePath } from '../../src/installation.ts'
import { ROTATION_MS } from '../../src/services/notify/webhooks.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { codeIn, openMailbox, type Letter } from '../support/mailbox.ts'
import { isSignedWith, openReceiver } from '../support/receiver.ts'
import { publishDraft, scheduleOf } from '../support/stage.ts'

const mailbox = await openMailbox(t)
const receiver = await openReceiver(t)
let chance = 0
const app = await buildApp(t, {
  env: { BONGIN_SMTP_HOST: '127.0.0.1', BONGIN_SMTP_PORT: String(mailbox.port), BONGIN_SMTP_SECURITY: 'none', BONGIN_LOOPBACK_WEBHOOKS: 'true' },
  options: { chance: () => chance }
})
const cast = await makeCast(app, { suppliers: 2 })
const [first, second] = [at(cast.suppliers, 0), at(cast.suppliers, 1)]
const ADDRESS = 'bid@supplier.example'

let days = 1
/** A notice that the saved search finds, on a day of its own. */
async function publishOne (title = '정보화 사업'): Promise<string> {
  const day = `2026-12-${String(++days).padStart(2, '0')}`
  return await publishDraft({ app, cast }, draftFor(cast, { title, schedule: { ...scheduleOf(day), questionsFrom: '2026-12-01T09:00:00+09:00' } }))
}

const tick = async (): Promise<void> => { await app.notifier.tick() }
const lastLetter = (): Letter => at(mailbox.letters, -1)
const again = async (actor: Actor): Promise<Actor> => await cast.login(actor)

interface Row { channel: string, state: string, attempts: number, reason: string | null, next_at: number }
function withDatabase<T> (use: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(databasePath(app.dataDir))
  try {
    return use(db)
  } finally {
    db.close()
  }
}

const outbox = (): Row[] => withDatabase((db) =>
  db.prepare('SELECT channel, state, attempts, reason, next_at FROM deliveries ORDER BY delivery_id').all() as Row[])

t.test('an address gets a code, and nothing else before the code is back', async (t) => {
  await saveSearch(first.api, { name: '정보화', q: '정보화' })
  t.equal(await readEmail(first.api), null)
  t.match(await enterEmail(first.api, { address: ADDRESS }), { address: ADDRESS, verifiedAt: null, language: 'ko' })
  await publishOne()
  await tick()
  t.equal(mailbox.letters.length, 1, 'the notice itself was not sent')
  const letter = lastLetter()
  t.same(letter.to, [ADDRESS])
  t.equal(letter.header('subject'), '[봉인] 전자우편 확인 코드')
  const code = codeIn(letter)
  t.equal(letter.header('list-unsubscribe'), '')
  await t.rejects(verifyEmail(first.api, code === '00000000' ? '00000001' : '00000000'), { code: 'email-code-invalid' })
  await t.rejects(verifyEmail(second.api, code), { code: 'email-code-invalid' }, 'not another supplier\'s code')
  t.match(await verifyEmail(first.api, code), { address: ADDRESS, codeExpiresAt: null })
  await t.rejects(verifyEmail(first.api, code), { code: 'email-code-invalid' }, 'once')
})

t.test('codes end: after wrong ones, after half an hour, after five a day', async (t) => {
  await enterEmail(second.api, { address: 'a@b.example', language: 'en' })
  await tick()
  t.equal(lastLetter().header('subject'), '[Bongin] Code for your e-mail address')
  const wrong = codeIn(lastLetter()) === '12345678' ? '87654321' : '12345678'
  for (let i = 0; i < 5; i++) await t.rejects(verifyEmail(second.api, wrong), { code: 'email-code-invalid' })
  await t.rejects(verifyEmail(second.api, codeIn(lastLetter())), { code: 'email-code-invalid' }, 'the right one comes too late')
  await enterEmail(second.api, { address: 'a@b.example' })
  await tick()
  const late = codeIn(lastLetter())
  app.clock.advance(HOUR_MS / 2)
  const { api } = await again(second)
  await t.rejects(verifyEmail(api, late), { code: 'email-code-invalid' })
  for (let i = 0; i < 3; i++) await enterEmail(api, { address: 'a@b.example' })
  const { token } = await openSession(cast.publicApi, second.identity, cast.platform.name)
  const refused = await fetch(`${app.baseUrl}/v1/me/email`, {
    method: 'PUT', body: JSON.stringify({ address: 'c@b.example' }), headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` }
  })
  t.match(await refused.json(), { code: 'too-many-requests', retryAfterSeconds: 24 * 3600 - 1800 })
  t.equal(refused.headers.get('retry-after'), String(24 * 3600 - 1800), 'the header says the same')
  for (const address of ['a', 'a b@c.example', 'x@y.example,z@y.example', '"a"@b.example', 'a@b.example\nBcc: c@d.example', 'a@localhost']) {
    await t.rejects(enterEmail(api, { address }), { code: 'invalid-request' }, address)
  }
  await deleteEmail(api)
  await tick()
  await t.rejects(enterEmail(api, { address: 'a@b.example' }), { code: 'too-many-requests' }, 'also after it was taken back')
})

t.test('a notice comes by mail, with what it takes to end that', async (t) => {
  const tenderId = await publishOne('정보화 사업 2차')
  await tick()
  const letter = lastLetter()
  t.equal(letter.header('subject'), '[봉인] 맞춤공고: 정보화 사업 2차')
  t.match(letter.text, `공고번호: ${tenderId}`)
  t.match(letter.text, '저장하신 검색 ‘정보화’')
  t.equal(letter.header('list-unsubscribe-post'), 'List-Unsubscribe=One-Click')
  t.equal(letter.header('auto-submitted'), 'auto-generated')
  t.match(letter.header('message-id'), /^<[\w-]{22}@127\.0\.0\.1>$/)
  const sent = mailbox.letters.length
  await tick()
  t.equal(mailbox.letters.length, sent, 'once')
})

t.test('a mail server that is away is tried again, later each time, a refused recipient is not', async (t) => {
  const before = mailbox.letters.length
  mailbox.refusals.push({ responseCode: 451, message: 'later' }, { responseCode: 451, message: 'later' })
  await publishOne('정보화 3차')
  await tick()
  t.match(at(outbox(), -1), { state: 'pending', attempts: 1, reason: /451 later/, next_at: app.clock.now() + 30_000 }, 'half of a minute')
  await tick()
  t.equal(at(outbox(), -1).attempts, 1, 'not before its time')
  app.clock.advance(30_000)
  chance = 0.999
  await tick()
  t.match(at(outbox(), -1), { state: 'pending', attempts: 2, next_at: app.clock.now() + 119_940 }, 'almost two minutes')
  app.clock.advance(119_940)
  await tick()
  t.match(at(outbox(), -1), { state: 'sent', attempts: 3, reason: null })
  t.equal(mailbox.letters.length, before + 1)
  mailbox.refusals.push({ responseCode: 550, message: 'no such mailbox' })
  await publishOne('정보화 4차')
  await tick()
  t.match(at(outbox(), -1), { state: 'dead', attempts: 1, reason: /550 no such mailbox/ })
})

t.test('webhooks are signed as the standard says, by two secrets for a day', async (t) => {
  const { api } = await again(first)
  const { webhookId, secret } = await addWebhook(api, `${receiver.url}/hook?a=1`)
  t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  t.notMatch(JSON.stringify(await listWebhooks(api)), secret, 'said once')
  const tenderId = await publishOne('정보화 5차')
  await tick()
  const call = at(receiver.calls, -1)
  t.equal(call.path, '/hook?a=1')
  t.ok(isSignedWith(secret, call))
  t.match(JSON.parse(call.body), { type: 'tender.matched', data: { tenderId, title: '정보화 5차', search: '정보화' } })
  t.equal(call.headers['webhook-timestamp'], String(Math.floor(app.clock.now() / 1000)))
  t.equal(call.headers['content-type'], 'application/json')

  const { secret: renewed } = await rotateSecret(api, webhookId)
  t.not(renewed, secret)
  await publishOne('정보화 6차')
  await tick()
  t.ok(isSignedWith(renewed, at(receiver.calls, -1)))
  t.ok(isSignedWith(secret, at(receiver.calls, -1)), 'the one before too')
  t.notOk(isSignedWith(renewed, { ...at(receiver.calls, -1), body: '{}' }))
  app.clock.advance(ROTATION_MS)
  await publishOne('정보화 7차')
  await tick()
  t.ok(isSignedWith(renewed, at(receiver.calls, -1)))
  t.notOk(isSignedWith(secret, at(receiver.calls, -1)), 'not after a day')
  const { api: other } = await again(second)
  await t.rejects(rotateSecret(other, webhookId), { code: 'not-found' }, 'another supplier\'s')
  await t.rejects(deleteWebhook(other, webhookId), { code: 'not-found' })
})

t.test('a webhook that fails is tried to the last, under one id, then it is dead with the reason', async (t) => {
  chance = 0
  const { calls } = receiver
  const before = calls.length
  receiver.answer = (response) => { response.writeHead(500).end('x'.repeat(100_000)) }
  await publishOne('정보화 8차')
  await tick()
  for (let attempt = 1; attempt < MAX_ATTEMPTS; attempt++) {
    t.match(at(outbox(), -1), { state: 'pending', attempts: attempt, reason: 'HTTP 500' })
    app.clock.advance(retryDelayMs(attempt, 0))
    await tick()
  }
  t.match(at(outbox(), -1), { state: 'dead', attempts: MAX_ATTEMPTS, reason: 'HTTP 500' })
  t.equal(calls.length, before + MAX_ATTEMPTS)
  t.equal(new Set(calls.slice(before).map(({ headers }) => headers['webhook-id'])).size, 1)
  t.equal(new Set(calls.slice(before).map(({ headers }) => headers['webhook-timestamp'])).size, MAX_ATTEMPTS, 'each with its own time')
})

t.test('redirects are not followed; 410 takes the webhook away', async (t) => {
  const elsewhere = await openReceiver(t)
  receiver.answer = (response) => { response.writeHead(307, { location: `${elsewhere.url}/inside` }).end() }
  await publishOne('정보화 9차')
  await tick()
  t.match(at(outbox(), -1), { state: 'pending', reason: 'HTTP 307: redirects are not followed' })
  t.equal(elsewhere.calls.length, 0)
  receiver.answer = (response) => { response.writeHead(410).end() }
  app.clock.advance(HOUR_MS)
  await tick()
  t.match(at(outbox(), -1), { state: 'dead', reason: /410/ })
  t.same(await listWebhooks((await again(first)).api), [])
  receiver.answer = (response) => { response.writeHead(204).end() }
  const { api } = await again(first)
  for (let i = 0; i < MAX_WEBHOOKS; i++) await addWebhook(api, `${receiver.url}/${i}`)
  await t.rejects(addWebhook(api, `${receiver.url}/more`), { code: 'notification-limit' })
})

t.test('one host that does not answer keeps no other waiting', async (t) => {
  const { api } = await again(first)
  for (const { webhookId } of await listWebhooks(api)) await deleteWebhook(api, webhookId)
  const silent = await openReceiver(t)
  const answering = Promise.withResolvers<void>()
  silent.answer = (response) => { answering.promise.then(() => response.writeHead(204).end(), () => {}) }
  await addWebhook(api, `${silent.url}/silent`)
  await addWebhook(api, `${receiver.url}/quick`)
  const told = Promise.withResolvers<void>()
  receiver.answer = (response) => { response.writeHead(204).end(); told.resolve() }
  await publishOne('정보화 10차')
  const round = tick()
  await told.promise
  // Reached only if the quick one was told while the other had no answer yet.
  answering.resolve()
  await round
  t.same(outbox().slice(-3).map(({ state }) => state), ['sent', 'sent', 'sent'])
})

t.test('an outcome that cannot be written down is reported, keeps no other waiting and is tried again', async (t) => {
  app.clock.advance(24 * HOUR_MS)
  const { api } = await again(second)
  await saveSearch(api, { name: '정보화', q: '정보화' })
  await enterEmail(api, { address: 'second@supplier.example' })
  await tick()
  await verifyEmail(api, codeIn(lastLetter()))
  const [before, logged] = [mailbox.letters.length, app.logLines.length]
  withDatabase((db) => db.exec(`CREATE TRIGGER stuck BEFORE UPDATE ON deliveries
    WHEN NEW.channel = 'email' AND NEW.supplier_id = '${first.identity.holderId}' BEGIN SELECT raise(ABORT, 'the disk is ill'); END`))
  await publishOne('정보화 12차')
  await tick()
  const states = (): string[] => outbox().filter(({ channel }) => channel === 'email').slice(-2).map(({ state }) => state).sort()
  t.same(states(), ['pending', 'sent'])
  t.equal(mailbox.letters.length, before + 2)
  t.match(app.logLines.slice(logged).filter((line) => line.includes('background work failed')), [/the disk is ill.*"what":"delivery"/], 'once')
  withDatabase((db) => db.exec('DROP TRIGGER stuck'))
  await tick()
  t.same(states(), ['sent', 'sent'])
  const ids = mailbox.letters.slice(before).map((letter) => letter.header('message-id'))
  t.same([ids.length, new Set(ids).size], [3, 2], 'the same message again')
  await deleteEmail((await again(second)).api)
})

t.test('one click ends the mails, a look at the link does not', async (t) => {
  const link = /<(http[^>]+)>/.exec(lastLetter().header('list-unsubscribe'))?.[1] ?? ''
  const { pathname } = new URL(link)
  const url = app.baseUrl + pathname
  const page = await fetch(url, { headers: { accept: 'text/html' } })
  t.equal(page.status, 200)
  t.match(await page.text(), ADDRESS)
  t.match(await readEmail((await again(first)).api), { address: ADDRESS }, 'a scanner followed the link')
  const forged = url.replace(/.$/, (last) => last === 'A' ? 'B' : 'A')
  const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'List-Unsubscribe=One-Click' }
  t.equal((await fetch(forged, form)).status, 404)
  t.equal((await fetch(url.replace(first.identity.holderId, second.identity.holderId), form)).status, 404)
  t.equal((await fetch(url, form)).status, 200)
  t.equal(await readEmail((await again(first)).api), null)
  t.equal((await fetch(url, form)).status, 404, 'done before')
  const sent = mailbox.letters.length
  await publishOne('정보화 11차')
  await tick()
  t.equal(mailbox.letters.length, sent)
  t.match((await listNotices((await again(first)).api)).items[0], { title: '정보화 11차' }, 'the page goes on')
})

t.test('no log line and no answer has a secret, a code or a link', async (t) => {
  const all = app.logLines.join('\n')
  t.notMatch(all, 'whsec_')
  t.notMatch(all, ADDRESS)
  t.notMatch(all, '/unsubscribe/')
})
