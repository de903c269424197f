/** `tender shares check` on the command line: shares as dealt, none yet, and one that is not what its dealer signed. */
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { contribute } from '../../src/client/ceremony.ts'
import { openKeyFolder } from '../../src/client/key-folder.ts'
import { openSession } from '../../src/client/sessions.ts'
import { fetchPlatform } from '../../src/client/platform.ts'
import { Api } from '../../src/client/api.ts'
import { parseContribution } from '../../src/crypto/contribution.ts'
import { signJws } from '../../src/crypto/jws.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { cli } from '../support/cli.ts'
import { makePeople } from '../support/cli-people.ts'

const app = await buildApp(t)
const { file, as, ok } = await makePeople(t, app, { suppliers: 0 })
await ok('audit', 'officer', 'enrol', '--name', '최감사', '--role', 'audit', '--agency-id', '1230000', '--agency-name', '조달청',
  '--phone', '02-1', '--email', 'a@b.kr', '--rsa-bits', '2048')
const { items } = await ok('chief', 'registrations', 'list') as { items: Array<{ registrationId: string, status: string }> }
await ok('chief', 'registrations', 'approve', ...items.filter(({ status }) => status === 'pending').map(({ registrationId }) => registrationId))
await ok('audit', 'officer', 'status')
const [witness, audit, executing] = await Promise.all(['witness', 'audit', 'executing'].map(async (keys) => String((await ok(keys, 'whoami'))['holderId'])))

/** A notice file stays with its draft, so each has its own. */
async function draft (title: string): Promise<string> {
  const example = JSON.parse((await cli(['tender', 'example'], { now: () => app.clock.now() })).out) as Record<string, unknown>
  writeFileSync(file(`${title}.json`), JSON.stringify({
    ...example, title, committee: { witness, recovery: [audit], threshold: 2 }, attachments: [], schedule: { closesAt: '2026-11-24T10:00:00+09:00' }
  }))
  return String((await ok('executing', 'tender', 'draft', '--file', file(`${title}.json`)))['tenderId'])
}

t.test('none yet, then as committed', async (t) => {
  const id = await draft('정직한 담당관')
  t.match(await ok('audit', 'tender', 'shares', 'check', id), { tenderId: id, ok: true, shares: [] })
  await ok('executing', 'tender', 'contribute', id)
  t.match(await ok('audit', 'tender', 'shares', 'check', id), { ok: true, shares: [{ ownerId: executing, envelope: 'price', fault: null }] })
  t.match(await ok('witness', 'tender', 'shares', 'check', id), { ok: true, shares: [{ ownerId: executing }] })
  t.match(await as('audit', 'tender', 'shares', 'check', id), { code: EXIT.ok, out: /as committed/ })
})

t.test('not as committed: exit code 1, and the other member does not contribute', async (t) => {
  const id = await draft('다른 조각을 준 담당관')
  const identity = await openKeyFolder(file('executing'), '충분히 긴 암호문')
  // The executing officer's part, the commitments of its shares exchanged.
  const exchange = async (body: string): Promise<string> => {
    const { payload } = parseContribution((JSON.parse(body) as { jws: string }).jws)
    const [first, second] = [at(payload.shares, 0), at(payload.shares, 1)]
    const shares = [{ ...first, commitment: second.commitment }, { ...second, commitment: first.commitment }]
    return JSON.stringify({ jws: await signJws(identity.signer, 'bongin-contribution', { ...payload, shares }) })
  }
  const publicApi = new Api({
    baseUrl: app.baseUrl,
    fetch: async (url, init) => await fetch(url, String(url).endsWith('/contributions') ? { ...init, body: await exchange(String(init?.body)) } : init)
  })
  const platform = await fetchPlatform(publicApi)
  const { api } = await openSession(publicApi, identity, platform.name)
  await contribute(api, platform, { identity, tenderId: id as TenderId, now: app.clock.now() })
  const checked = await as('audit', 'tender', 'shares', 'check', id, '--json')
  t.equal(checked.code, EXIT.refused)
  t.match(checked.json(), { ok: false, shares: [{ ownerId: executing, fault: 'not-as-committed' }] })
  t.match(await as('audit', 'tender', 'shares', 'check', id), { code: EXIT.refused, out: /not-as-committed[^]*new draft/ })
  t.match(await as('witness', 'tender', 'contribute', id), { code: EXIT.refused, err: /dealt is not what it signed/ })
})
