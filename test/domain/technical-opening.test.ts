/** Two envelopes in the rules alone: which keys, whose price is left sealed, and when proposals may be opened. */
import t from 'tap'
import { envelopeKinds, keyContext, keyOf } from '../../src/domain/envelope-kind.ts'
import type { Sha256Hex, TenderId } from '../../src/domain/ids.ts'
import type { JointKey, TechnicalRule } from '../../src/domain/notice.ts'
import { openTender } from '../../src/domain/open-tender.ts'
import { checkSchedule } from '../../src/domain/schedule.ts'
import { markedSuppliers, technicalVoidReasons, type OpenedProposal } from '../../src/domain/technical-opening.ts'
import { HOUR_MS, parseInstant } from '../../src/domain/time.ts'
import { makeTerms, openBid, supplier, voidBid } from '../support/notice-terms.ts'
import { seededSource } from '../support/seeded-source.ts'

const rule: TechnicalRule = { marksMilli: 80_000, passMarkMilli: 68_000, minimumEvaluators: 3, dropExtremes: true }
const digest = 'ab'.repeat(32) as Sha256Hex

t.test('one key or two, and no id that is good for both', (t) => {
  t.same(envelopeKinds({ technical: null }), ['price'])
  t.same(envelopeKinds({ technical: rule }), ['price', 'technical'])
  const [key, technicalKey] = [{ publicKey: 'a' } as JointKey, { publicKey: 'b' } as JointKey]
  t.equal(keyOf({ key, technicalKey }, 'price'), key)
  t.equal(keyOf({ key, technicalKey }, 'technical'), technicalKey)
  t.equal(keyOf({ key, technicalKey: null }, 'technical'), null)
  const id = 'R26BK00000001' as TenderId
  t.equal(keyContext(id, 'price'), id)
  t.equal(keyContext(id, 'technical'), `${id}/technical`)
  t.end()
})

t.test('whose price envelope stays sealed, and why', (t) => {
  const proposals: OpenedProposal[] = [
    { supplierId: supplier(1), envelopeSha256: digest, proposalSha256: digest, voidReason: null },
    { supplierId: supplier(2), envelopeSha256: digest, proposalSha256: digest, voidReason: null },
    { supplierId: supplier(3), envelopeSha256: digest, proposalSha256: null, voidReason: 'technical-malformed' }
  ]
  t.same(markedSuppliers(proposals), [supplier(1), supplier(2)])
  const scores = [{ supplierId: supplier(1), marksE4: 680_000, passes: true }, { supplierId: supplier(2), marksE4: 679_999, passes: false }]
  const reasons = [1, 2, 3, 4].map((n) => technicalVoidReasons({ proposals, scores })(supplier(n)))
  t.same(reasons, [null, 'technical-failed', 'technical-malformed', 'technical-failed'])
  t.end()
})

t.test('bids that are out by their proposal have a remark of their own, and count for nothing', (t) => {
  const terms = makeTerms({ method: 'negotiated', floorRatePpm: 0, technical: rule, price: { method: 'none', baseAmountWon: null } })
  const open = (bids: Parameters<typeof openTender>[0]['bids']): ReturnType<typeof openTender> =>
    openTender({ terms, bids, preliminaryPricesWon: [], tieSource: seededSource(7n) })
  const out = [voidBid(2, 'technical-failed'), voidBid(3, 'technical-undecryptable'), voidBid(4, 'technical-malformed')]
  const { rows, outcome } = open([openBid(0, 70_000_000, null), openBid(1, 80_000_000, null), ...out])
  t.equal(outcome, 'ranked')
  t.same(rows.map(({ remark }) => remark), ['normal', 'normal', 'technicalFailed', 'technicalFailed', 'technicalFailed'])
  t.same(rows.slice(2).map(({ rank, amountWon }) => [rank, amountWon]), [[null, null], [null, null], [null, null]])
  t.match(open([openBid(0, 70_000_000, null), ...out]), { outcome: 'failed', outcomeReason: 'fewer-than-two-valid' })
  t.end()
})

t.test('proposals are opened between closing and prices, exactly where there are any', (t) => {
  const closesAt = parseInstant('2026-11-24T10:00:00+09:00')
  const before = closesAt - HOUR_MS
  const times = { now: before, questionsFrom: before, questionsUntil: closesAt, closesAt, opensAt: closesAt + 4 * HOUR_MS, stepMs: HOUR_MS }
  const check = (technicalOpensAt: number | null, twoEnvelopes: boolean) => (): void => {
    checkSchedule({ ...times, technicalOpensAt, twoEnvelopes })
  }
  for (const at of [closesAt, closesAt + HOUR_MS, times.opensAt - 1]) t.doesNotThrow(check(at, true), `${(at - closesAt) / HOUR_MS} h after the closing`)
  t.doesNotThrow(check(null, false))
  const refused = { code: 'schedule-invalid', context: { field: '/schedule/technicalOpensAt' } }
  t.throws(check(closesAt - 1, true), refused, 'before the closing')
  t.throws(check(times.opensAt, true), refused, 'with the prices')
  t.throws(check(null, true), refused, 'never')
  t.throws(check(closesAt, false), refused, 'where there are none')
  t.end()
})
