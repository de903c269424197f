/** Settings from the environment: what is given is read strictly, and a refusal names the setting and never its value. */
import { resolve } from 'node:path'
import t from 'tap'
import { readConfig } from '../src/config.ts'
import { MAX_EXTRA_HOLIDAYS } from '../src/domain/holidays.ts'

t.test('holidays of the installation: in any order, each once, sorted', async (t) => {
  t.same(readConfig({}).extraHolidays, [])
  t.same(readConfig({ BONGIN_HOLIDAYS: ' 2026-12-31, 2026-12-24,2026-12-31,' }).extraHolidays, ['2026-12-24', '2026-12-31'])
})

t.test('the folder of other authorities: none unless named, as a whole path', async (t) => {
  t.equal(readConfig({}).trustAnchorsDir, null)
  t.equal(readConfig({ BONGIN_TRUST_ANCHORS_DIR: 'anchors' }).trustAnchorsDir, resolve('anchors'))
})

t.test('days that are none, and too many', async (t) => {
  for (const text of ['2026-02-30', '24.12.2026', '2026-12-24 2026-12-31']) {
    t.throws(() => readConfig({ BONGIN_HOLIDAYS: text }), /^BONGIN_HOLIDAYS: days such as 2026-12-24, separated by commas$/, text)
  }
  const days = Array.from({ length: MAX_EXTRA_HOLIDAYS + 1 }, (_, i) => new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10))
  t.throws(() => readConfig({ BONGIN_HOLIDAYS: days.join() }), /at most 100 days/)
  t.equal(readConfig({ BONGIN_HOLIDAYS: days.slice(1).join() }).extraHolidays.length, MAX_EXTRA_HOLIDAYS)
})

t.test('where passkeys are used: the local address unless named; https, and a domain of the same site', async (t) => {
  t.match(readConfig({}), { relyingParty: { id: 'localhost', origin: 'http://localhost:3000' }, requirePasskey: 'none' })
  t.match(readConfig({ BONGIN_PORT: '3100' }), { relyingParty: { origin: 'http://localhost:3100' } })
  t.match(readConfig({ BONGIN_ORIGIN: 'https://bid.example.kr', BONGIN_REQUIRE_PASSKEY: 'officers' }), {
    relyingParty: { id: 'bid.example.kr', origin: 'https://bid.example.kr' }, requirePasskey: 'officers'
  })
  t.match(readConfig({ BONGIN_ORIGIN: 'https://bid.example.kr:8443', BONGIN_RP_ID: 'example.kr' }), { relyingParty: { id: 'example.kr', origin: 'https://bid.example.kr:8443' } })
  t.match(readConfig({ BONGIN_ORIGIN: 'https://bid.example.kr' }), { publicUrl: 'https://bid.example.kr' }, 'one of the two addresses is enough')
  t.match(readConfig({ BONGIN_PUBLIC_URL: 'https://bid.example.kr' }), { relyingParty: { origin: 'https://bid.example.kr' } })
  t.match(readConfig({ BONGIN_PUBLIC_URL: 'http://intranet' }), { relyingParty: { origin: 'http://localhost:3000' } })
  for (const origin of ['http://bid.example.kr', 'https://bid.example.kr/', 'https://bid.example.kr/portal', 'bid.example.kr', 'ftp://localhost']) {
    t.throws(() => readConfig({ BONGIN_ORIGIN: origin }), /^BONGIN_ORIGIN: an address such as/, origin)
  }
  for (const id of ['example.com', 'id.example.kr', 'ample.kr']) t.throws(() => readConfig({ BONGIN_ORIGIN: 'https://bid.example.kr', BONGIN_RP_ID: id }), /^BONGIN_RP_ID/, id)
  for (const origin of ['https://192.0.2.1', 'https://[2001:db8::1]']) t.throws(() => readConfig({ BONGIN_ORIGIN: origin }), /not an IP address/, origin)
  t.throws(() => readConfig({ BONGIN_REQUIRE_PASSKEY: 'some' }), /BONGIN_REQUIRE_PASSKEY/)
})
