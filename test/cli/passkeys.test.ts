/** The command line of a holder that has a passkey: what it is told, how a session of the portal serves it, and the reset by an officer. */
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { Api } from '../../src/client/api.ts'
import { openKeyFolder } from '../../src/client/key-folder.ts'
import { addPasskey } from '../../src/client/passkeys.ts'
import { fetchPlatform } from '../../src/client/platform.ts'
import { openSession, type SecondFactor } from '../../src/client/sessions.ts'
import { BUSINESS_NUMBERS } from '../support/actors.ts'
import { Authenticator } from '../support/authenticator.ts'
import { buildApp } from '../support/build-app.ts'
import { makePeople } from '../support/cli-people.ts'
import { cli } from '../support/cli.ts'

const ORIGIN = 'https://bid.example.kr'

t.test('a passkey and the command line', async (t) => {
  const app = await buildApp(t, { policy: { relyingParty: { id: 'bid.example.kr', origin: ORIGIN } } })
  const people = await makePeople(t, app, { suppliers: 2 })
  const api = new Api({ baseUrl: app.baseUrl })
  const { name } = await fetchPlatform(api)
  const identity = await openKeyFolder(people.file('s0'), '충분히 긴 암호문')
  const phone = new Authenticator({ origin: ORIGIN })
  const ask: SecondFactor = async ({ options }) => phone.get(options)
  await addPasskey((await openSession(api, identity, name)).api, { name: '휴대전화', create: async ({ options }) => phone.create(options) })

  const refused = await people.as('s0', 'whoami')
  t.equal(refused.code, EXIT.refused)
  t.match(refused.err, /Log in at https:\/\/bid\.example\.kr\/login.*BONGIN_SESSION.*패스키.*second-factor-required/s, 'says what to do')

  const { token, api: session } = await openSession(api, identity, name, ask)
  const withSession = async (keys: string, BONGIN_SESSION: string) => await cli(['whoami', '--json', '--keys', people.file(keys)], {
    env: { BONGIN_SERVER: app.baseUrl, BONGIN_PASSPHRASE: '충분히 긴 암호문', BONGIN_SESSION }, now: () => app.clock.now()
  })
  t.match((await withSession('s0', token)).json(), { holderId: BUSINESS_NUMBERS[0] })
  t.match((await withSession('s0', token)).json(), { holderId: BUSINESS_NUMBERS[0] }, 'the session goes on: it is the portal\'s to end')
  t.match(await withSession('s1', token), { code: EXIT.refused, out: /mismatch/ }, 'not with another holder\'s keys')
  await session.delete('/v1/sessions/current')
  t.match(await withSession('s0', token), { code: EXIT.refused, out: /session-invalid/ })

  t.match(await people.ok('chief', 'passkey', 'reset', BUSINESS_NUMBERS[0], '--reason', '휴대전화 분실'), { holderId: BUSINESS_NUMBERS[0], removed: 1, reason: '휴대전화 분실' })
  t.match(await people.as('chief', 'passkey', 'reset', BUSINESS_NUMBERS[0], '--reason', '다시'), { code: EXIT.refused, err: /no passkeys/ })
  const told = await people.as('s0', 'whoami')
  t.match(told, { code: EXIT.ok, err: /Your passkeys were reset by officer O00000001 .*휴대전화 분실/ }, 'the holder is told')
})
