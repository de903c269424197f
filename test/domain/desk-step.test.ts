/** Whose turn it is, for every state and seat. */
import t from 'tap'
import { nextStep, type DeskTender } from '../../src/domain/desk-step.ts'
import { COMMITTEE_SEATS } from '../../src/domain/notice.ts'
import { TENDER_STATES } from '../../src/domain/tender.ts'

const [CLOSES, OPENS] = [1_000, 2_000]
const tender: DeskTender = {
  seat: 'executing',
  state: 'draft',
  hasDraft: true,
  contributed: false,
  keysComplete: false,
  revealed: false,
  proposalsOpened: false,
  proposalsEvaluated: false,
  closesAt: CLOSES,
  technicalOpensAt: null,
  opensAt: OPENS
}
const steps = (change: Partial<DeskTender>, now = 0): string[] => COMMITTEE_SEATS.map((seat) => {
  const { step, mine } = nextStep({ ...tender, ...change, seat }, now)
  return mine ? `${step}!` : step
})

t.test('a turn for every state', async (t) => {
  t.same(steps({}), ['contribute!', 'contribute!', 'await-publication'])
  t.same(steps({ contributed: true }), ['await-contribution', 'await-publication', 'await-publication'])
  t.same(steps({ contributed: true, keysComplete: true }), ['publish!', 'await-publication', 'await-publication'])
  t.same(steps({ state: 'published', hasDraft: false }), ['await-closing', 'await-closing', 'await-closing'])
  t.same(steps({ state: 'published' }), ['publish-change!', 'await-closing', 'await-closing'])
  t.same(steps({ state: 'closed' }, OPENS - 1), ['await-opening', 'await-opening', 'await-opening'])
  t.same(steps({ state: 'closed' }, OPENS), ['reveal!', 'reveal!', 'await-reveals'])
  t.same(steps({ state: 'closed', revealed: true }, OPENS), ['await-reveals', 'await-reveals', 'await-reveals'])
  t.same(steps({ state: 'opened' }), ['evaluate!', 'await-award', 'await-award'])
  t.same(steps({ state: 'awarded' }), ['concluded', 'concluded', 'concluded'])
})

t.test('the technical opening comes first where there is one; no step is due before it exists', async (t) => {
  t.equal(nextStep({ ...tender, state: 'closed', technicalOpensAt: 1_500 }, 1_500).step, 'reveal')
  t.equal(nextStep({ ...tender, state: 'closed', technicalOpensAt: 1_500 }, 1_499).dueAt, 1_500)
  const closed = { state: 'closed', technicalOpensAt: 1_500 } as const
  t.same(steps(closed, 1_500), ['reveal!', 'reveal!', 'await-reveals'])
  t.same(steps({ ...closed, revealed: true }, 1_500), ['await-reveals', 'await-reveals', 'await-reveals'])
  const open = { ...closed, proposalsOpened: true }
  t.same(steps(open, OPENS), ['evaluate-proposals!', 'await-technical-result', 'await-technical-result'], 'no price key before the result')
  t.same(steps({ ...open, proposalsEvaluated: true }, OPENS - 1), ['await-opening', 'await-opening', 'await-opening'])
  t.same(steps({ ...open, proposalsEvaluated: true }, OPENS), ['reveal!', 'reveal!', 'await-reveals'])
  for (const state of TENDER_STATES) t.ok(nextStep({ ...tender, state }, 0).step)
})
