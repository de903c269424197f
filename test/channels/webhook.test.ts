/**
 * A webhook is no way into the server's own network: neither by a literal address in any spelling, nor by a name that resolves to one, nor by a
 * name that resolves to another address the second time, nor by a redirect.
 */
import type { LookupAddress } from 'node:dns'
import t from 'tap'
import { webhookSender } from '../../src/channels/webhook.ts'
import { addWebhook } from '../../src/client/notifications.ts'
import { checkWebhookUrl, isPublicAddress } from '../../src/services/notify/public-address.ts'
import { makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { openReceiver } from '../support/receiver.ts'

const receiver = await openReceiver(t)
const port = new URL(receiver.url).port
const call = (url: string): { url: string, headers: Record<string, string>, body: string } => ({ url, headers: {}, body: '{}' })
const never = new AbortController().signal

t.test('addresses that are not public', async (t) => {
  for (const address of [
    '127.0.0.1', '127.1.2.3', '0.0.0.0', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.0.1', '169.254.169.254', '100.64.0.1', '192.0.0.1',
    '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '203.0.113.5', '::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '64:ff9b::7f00:1',
    'fe80::1', 'fc00::1', 'fd00::1', 'ff02::1', '2001:db8::1', '2002:7f00:1::', '2001::1', '3fff::1', 'localhost', '', '1.2.3'
  ]) t.notOk(isPublicAddress(address), address)
  for (const address of ['8.8.8.8', '1.1.1.1', '172.32.0.1', '192.167.0.1', '2606:4700::1111', '2a00:1450::1']) t.ok(isPublicAddress(address), address)
})

const REFUSED = [
  'http://example.kr/', 'ftp://example.kr/', 'file:///etc/passwd', 'https://user:secret@example.kr/', 'https://example.kr/#part', 'no url', '',
  'https://127.0.0.1/', 'https://127.1/', 'https://2130706433/', 'https://0x7f000001/', 'https://0177.0.0.1/', 'https://0/', 'https://127.0.0.1./',
  'https://①②⑦.0.0.1/', 'https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[::ffff:7f00:1]/', 'https://[fd00::1]/', 'https://169.254.169.254/latest/meta-data/',
  'https://localhost/', 'https://localhost./', 'https://printer/', 'https://db.internal/', 'https://printer.local/', 'https://a.localhost/', `https://example.kr/${'a'.repeat(500)}`
]

t.test('the API refuses them', async (t) => {
  const app = await buildApp(t)
  const { suppliers } = await makeCast(app, { suppliers: 1 })
  const { api } = at(suppliers, 0)
  for (const url of REFUSED.filter((url) => url !== '')) await t.rejects(addWebhook(api, url), { code: /^(webhook-refused|invalid-request)$/ }, url)
  t.match(await addWebhook(api, 'https://hooks.example.kr:8443/bongin?x=1'), { url: 'https://hooks.example.kr:8443/bongin?x=1' })
  await t.rejects(addWebhook(api, receiver.url), { code: 'webhook-refused', problem: { reason: 'scheme' } }, 'loopback only where the installation says so')
})

t.test('loopback by its own name alone, where it is allowed', async (t) => {
  for (const url of ['http://127.0.0.1:1/', 'http://localhost/', 'https://[::1]/']) t.ok(checkWebhookUrl(url, { loopback: true }), url)
  for (const url of ['http://127.0.0.2/', 'http://10.0.0.1/', 'https://192.168.0.1/', 'http://example.kr/']) {
    t.throws(() => checkWebhookUrl(url, { loopback: true }), { code: 'webhook-refused' }, url)
  }
})

t.test('a name that leads inside is not called', async (t) => {
  const before = receiver.calls.length
  for (const inside of [['127.0.0.1'], ['::1'], ['10.0.0.5'], ['::ffff:127.0.0.1'], ['8.8.8.8', '127.0.0.1'], []]) {
    const found = inside.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }))
    for (const loopback of [false, true]) {
      const send = webhookSender({ loopback, resolve: async () => found })
      t.match(await send(call(`https://hooks.example.kr:${port}/`), never), { kind: 'failed', permanent: false, reason: /not public/ }, inside.join())
    }
  }
  t.equal(receiver.calls.length, before)
})

t.test('the connection goes to the address that was looked at, and the name is asked for once', async (t) => {
  const asked: string[] = []
  const send = webhookSender({
    loopback: true,
    // The second answer would lead elsewhere; port 9 of it takes nothing.
    resolve: async (name) => asked.push(name) === 1 ? [{ address: '127.0.0.1', family: 4 }] : [{ address: '192.0.2.1', family: 4 }]
  })
  t.match(await send(call(`http://localhost:${port}/pinned`), never), { kind: 'sent' })
  t.same(asked, ['localhost'])
  t.match(at(receiver.calls, -1), { path: '/pinned', headers: { host: `localhost:${port}` } })
})

t.test('an answer that never ends is read no further, a call that is called off says so', async (t) => {
  let closed = Promise.withResolvers<void>()
  receiver.answer = (response) => {
    response.on('close', () => { closed.resolve() })
    const more = (): void => { while (!response.destroyed && response.write(Buffer.alloc(65_536))); }
    response.writeHead(200)
    response.on('drain', more)
    more()
  }
  const send = webhookSender({ loopback: true })
  t.match(await send(call(receiver.url), never), { kind: 'sent' })
  await closed.promise
  closed = Promise.withResolvers<void>()
  const ending = new AbortController()
  const arrived = Promise.withResolvers<void>()
  receiver.answer = () => { arrived.resolve() }
  const sending = send(call(receiver.url), ending.signal)
  await arrived.promise
  ending.abort(new Error('the server ends'))
  await t.rejects(sending, { message: 'the server ends' })
  receiver.answer = (response) => { response.writeHead(204).end() }
})

t.test('nobody there', async (t) => {
  const send = webhookSender({ loopback: true })
  t.match(await send(call('http://127.0.0.1:9/'), never), { kind: 'failed', permanent: false })
  const lost = webhookSender({ loopback: false, resolve: async () => { throw Object.assign(new Error('x'), { code: 'ENOTFOUND' }) } })
  t.match(await lost(call('https://nowhere.example/'), never), { kind: 'failed', reason: 'ENOTFOUND', permanent: false })
  t.match(await send({ ...call(receiver.url), body: 'x'.repeat(20_000) }, never), { kind: 'failed', permanent: true }, 'too large to send')
})
