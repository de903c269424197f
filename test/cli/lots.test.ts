/** A notice file with lots on the command line: drafted, contributed to and published together, as far as it goes, and run again. */
import { readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { buildApp } from '../support/build-app.ts'
import { cli } from '../support/cli.ts'
import { makePeople } from '../support/cli-people.ts'

const app = await buildApp(t)
const { file, as, ok } = await makePeople(t, app, { suppliers: 0 })
interface Lots { noticeId: string, published: boolean, lots: Array<{ number: number, tenderId: string, state: string, missing: string[] }> }

t.test('three lots from one file', async (t) => {
  const example = JSON.parse((await cli(['tender', 'example'], { now: () => app.clock.now() })).out) as Record<string, unknown>
  const { holderId: witness } = await ok('witness', 'whoami')
  const notice = {
    ...example,
    committee: { witness },
    schedule: { closesAt: '2026-11-24T10:00:00+09:00' },
    lots: [
      { title: '급식 자재 1 (육류)' },
      { title: '급식 자재 2 (채소)', estimatedPriceWon: 9_000_000, price: { baseAmountWon: 9_900_000 } },
      { title: '급식 자재 3 (유제품)', schedule: { closesAt: '2026-11-24T12:00:00+09:00' } }
    ]
  }
  writeFileSync(file('notice.json'), JSON.stringify(notice))
  const publish = ['tender', 'publish', '--file', file('notice.json')]
  const first = await ok('executing', ...publish) as unknown as Lots
  t.match(first, { published: false, lots: [{ number: 1, state: 'draft', missing: [witness] }, { number: 2 }, { number: 3, missing: [witness] }] })
  const ids = first.lots.map(({ tenderId }) => tenderId)
  t.equal(first.noticeId, ids[0])
  t.match(await as('executing', 'tender', 'draft', '--file', file('notice.json')), { code: EXIT.usage, err: /only "bongin tender publish"/ })

  await ok('witness', 'tender', 'contribute', ids[0] ?? '')
  t.match(await ok('executing', ...publish), { published: false, lots: [{ state: 'published' }, { state: 'draft' }, { state: 'draft' }] }, 'as far as it goes')
  t.match(await ok('witness', 'tender', 'contribute', ...ids), { contributions: [{ repeated: true }, { repeated: false }, { repeated: false }] })
  const done = await as('executing', ...publish)
  t.match(done, { code: EXIT.ok, out: new RegExp(`bongin tender lots ${first.noticeId}`) })
  t.match(await ok('executing', ...publish), { published: true, lots: ids.map((tenderId) => ({ tenderId, state: 'published' })) }, 'once more does no harm')

  const listed = await ok('executing', 'tender', 'lots', ids[2] ?? '')
  t.match(listed, {
    noticeId: ids[0],
    count: 3,
    items: [
      { number: 1, title: '급식 자재 1 (육류)', closesAt: '2026-11-24T10:00:00.000+09:00' },
      { number: 2, estimatedPriceWon: 9_000_000 },
      { number: 3, closesAt: '2026-11-24T12:00:00.000+09:00' }
    ]
  })
  t.match((await as('executing', 'tender', 'lots', ids[0] ?? '')).out, /2\/3.*채소/)
  const shown = await ok('executing', 'tender', 'show', ids[1] ?? '')
  t.match(JSON.stringify(shown), /"baseAmountWon":9900000/, 'a member of the price is put over the file\'s')
  t.match(JSON.parse(readFileSync(file('notice.json.lot-2.tender'), 'utf8')), { tenderId: ids[1] })
})
