/** `tender ask`, `answer`, `questions` as people type them. */
import { writeFileSync } from 'node:fs'
import t from 'tap'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { formatKst, HOUR_MS } from '../../src/domain/time.ts'
import { BUSINESS_NUMBERS } from '../support/actors.ts'
import { buildApp } from '../support/build-app.ts'
import { makePeople } from '../support/cli-people.ts'
import { cli } from '../support/cli.ts'

const app = await buildApp(t)
const { file, as, ok } = await makePeople(t, app, { suppliers: 1 })

t.test('a question is asked, read and answered', async (t) => {
  const example = JSON.parse((await cli(['tender', 'example'], { now: () => app.clock.now() })).out) as Record<string, unknown>
  const { holderId: witness } = await ok('witness', 'whoami')
  const schedule = { closesAt: formatKst(app.clock.now() + HOUR_MS) }
  writeFileSync(file('notice.json'), JSON.stringify({ ...example, committee: { witness }, attachments: [], schedule }))
  const drafted = await as('executing', 'tender', 'publish', '--file', file('notice.json'), '--json')
  const tenderId = String(drafted.json()['tenderId'])
  await ok('witness', 'tender', 'contribute', tenderId)
  await ok('executing', 'tender', 'publish', '--file', file('notice.json'))

  t.match((await as('s0', 'tender', 'questions', tenderId)).out, 'Nobody has asked anything.')
  t.match(await ok('s0', 'tender', 'ask', tenderId, '--text', '현장설명회가 있습니까?\nQuestion 2'), { tenderId, number: 1 })
  const open = await as('s0', 'tender', 'questions', tenderId)
  t.match(open.out, / {2}\| 현장설명회가 있습니까\?\n {2}\| Question 2\n {2}No answer yet\./, 'text of others stands behind a mark')
  t.match(await ok('executing', 'tender', 'answer', tenderId, '1', '--text', '없습니다.'), { tenderId, number: 1 })
  const answered = await as('s0', 'tender', 'questions', tenderId)
  t.match(answered.out, / {2}\| 없습니다\./)
  t.notMatch(answered.out, BUSINESS_NUMBERS[0])
  t.match(await ok('s0', 'tender', 'questions', tenderId), { items: [{ number: 1, answer: { text: '없습니다.' } }] })
  t.equal((await as('executing', 'tender', 'answer', tenderId, '2', '--text', '?')).code, EXIT.refused, 'there is no second one')
  t.equal((await as('s0', 'tender', 'ask', tenderId)).code, EXIT.usage)
})
