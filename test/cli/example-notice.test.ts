/** `tender example`: for every award method a notice that the rules accept, with the figures of the day's rule book. */
import { Value } from 'typebox/value'
import t from 'tap'
import { draftPrice } from '../../src/cli/draft-file.ts'
import { exampleNotice, type ExampleNotice } from '../../src/cli/example-notice.ts'
import { EXIT } from '../../src/cli/exit-codes.ts'
import { DRAFT_DEFAULTS, type TenderDraft } from '../../src/domain/draft.ts'
import type { OfficerId } from '../../src/domain/ids.ts'
import { AWARD_METHODS, type AwardMethod } from '../../src/domain/notice.ts'
import { checkDraft } from '../../src/domain/notice-rules.ts'
import { checkSchedule } from '../../src/domain/schedule.ts'
import { HOUR_MS, parseInstant } from '../../src/domain/time.ts'
import { TenderDraftSchema } from '../../src/http/schemas.ts'
import { cli } from '../support/cli.ts'

const now = (): number => parseInstant('2026-11-24T09:12:34+09:00')

async function example (...args: string[]): Promise<ExampleNotice> {
  const { code, out, err } = await cli(['tender', 'example', ...args], { now })
  if (code !== EXIT.ok) throw new Error(err)
  return JSON.parse(out) as ExampleNotice
}

/** With what may be left out. */
function complete ({ eligibility, attachments: _none, ...written }: ExampleNotice): TenderDraft {
  const { closesAt } = written.schedule
  return {
    referenceNo: '',
    ...DRAFT_DEFAULTS,
    unitPrices: [],
    previousTenderId: null,
    changeReason: '',
    ...written,
    price: draftPrice(written.price),
    eligibility: { linesOfBusiness: [], regions: [], ...eligibility },
    attachments: [],
    committee: { executing: 'O00000003' as OfficerId, recovery: [], threshold: 2, ...written.committee },
    schedule: {
      questionsFrom: closesAt,
      questionsUntil: closesAt,
      technicalOpensAt: null,
      opensAt: '2026-12-01T11:00:00.000+09:00',
      ...written.schedule
    }
  }
}

t.test('every method has an example, and every example is a draft that the server takes', async (t) => {
  const atUnitPrices: AwardMethod[] = ['lowest', 'restricted-lowest', 'private-quote', 'eligibility-review']
  for (const [method, ...more] of [...AWARD_METHODS.map((method) => [method] as const), ...atUnitPrices.map((method) => [method, '--unit-price'] as const)]) {
    const draft = complete(await example('--method', method, ...more))
    t.equal(draft.method, method)
    if (more.length > 0) t.match(draft.price, { decimals: 2, baseAmountWon: 4_950_000_000, priceUnitWon: 1 }, 'hundredths of a won')
    t.doesNotThrow(() => checkDraft(draft), `${method}: the rules`)
    t.same([...Value.Errors(TenderDraftSchema, draft)], [], `${method}: the request`)
    const times = Object.fromEntries(Object.entries(draft.schedule).map(([name, at]) => [name, at === null ? null : parseInstant(at)]))
    const rules = { now: now(), stepMs: HOUR_MS, twoEnvelopes: draft.technical !== null }
    t.doesNotThrow(() => checkSchedule({ questionsFrom: 0, questionsUntil: 0, closesAt: 0, opensAt: 0, ...times, ...rules }), `${method}: the times`)
    t.equal(draft.schedule.closesAt, '2026-12-01T10:00:00.000+09:00', 'a week, on the hour')
  }
})

t.test('figures are those of the rule book on the day', async (t) => {
  const floor = (method: AwardMethod, day: string): number => exampleNotice({ method, noticeAt: parseInstant(`${day}T09:00:00+09:00`) }).floorRatePpm
  t.equal(floor('private-quote', '2026-11-24'), 900_000)
  t.equal(floor('private-quote', '2026-05-25'), 880_000)
  t.equal(floor('eligibility-review', '2026-01-30'), 887_450)
  t.equal(floor('eligibility-review', '2026-01-29'), 867_450)
  t.match(await example('--method', 'eligibility-review'), { eligibilityReview: { referenceRatePpm: 900_000, passMarkMilli: 95_000 }, price: { rangePpm: 20_000 } })
})

t.test('at unit prices a file has its amounts in won, as text', async (t) => {
  t.match((await example('--unit-price')).price, { decimals: 2, baseAmountWon: '49,500,000.00', priceUnitWon: '0.01', plannedPriceRounding: 'up-1' })
  t.match(await cli(['tender', 'example', '--unit-price', '--method', 'negotiated'], { now }), { code: EXIT.usage, err: /examples at unit prices for lowest/ })
})

t.test('the plain example is a restricted lowest one; a method that is none is refused', async (t) => {
  t.same(await example(), await example('--method', 'restricted-lowest'))
  t.match(await cli(['tender', 'example', '--method', 'auction']), { code: EXIT.usage, err: /private-quote/ })
})
