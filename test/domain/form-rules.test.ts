/** The form of a tender: what unit prices, lots and joint bids a notice may name, and every refusal with its code and field. */
import t from 'tap'
import type { ErrorCode } from '../../src/domain/errors.ts'
import { MAX_CONSORTIUM, MAX_LOTS, MAX_QUANTITY, MAX_UNIT_PRICES, withNoticeId } from '../../src/domain/form-rules.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import type { JointBidRule, Lot, UnitPriceItem } from '../../src/domain/notice.ts'
import { checkDraft, checkTerms } from '../../src/domain/notice-rules.ts'
import { makeTerms, type TermsChange } from '../support/notice-terms.ts'

const OWN_ID = makeTerms().tenderId
const FIRST_LOT = 'R26BK00000099' as TenderId
const item = (quantity: number): UnitPriceItem => ({ name: '아스콘', unit: '톤', quantity })
const lot = (change: Partial<Lot>): TermsChange => ({ lot: { noticeId: FIRST_LOT, number: 2, count: 3, ...change } })
const joint = (change: Partial<JointBidRule>): TermsChange => ({ jointBids: { maxMembers: 5, minimumSharePpm: 100_000, ...change } })
const items = (...quantities: number[]): TermsChange => ({ unitPrices: quantities.map(item) })

await t.test('allowed', async (t) => {
  const allowed: Array<[string, TermsChange]> = [
    ['one total, one tender, single suppliers', {}],
    ['one unit price', items(1)],
    ['as many as there may be, of as much as there may be', items(...new Array<number>(MAX_UNIT_PRICES).fill(MAX_QUANTITY))],
    ['the first of two lots, named after itself', lot({ noticeId: OWN_ID, number: 1, count: 2 })],
    ['the last of the most lots', lot({ number: MAX_LOTS, count: MAX_LOTS })],
    ['two members at half each', joint({ maxMembers: 2, minimumSharePpm: 500_000 })],
    ['the most members, at any share', joint({ maxMembers: MAX_CONSORTIUM, minimumSharePpm: 1 })]
  ]
  for (const [name, change] of allowed) {
    t.doesNotThrow(() => checkDraft(makeTerms(change)), name)
    t.doesNotThrow(() => checkTerms(makeTerms(change)), `${name}: at publication too`)
  }
})

await t.test('lot 1 is drafted before its tender has a number; finished, it names itself and no other lot does', async (t) => {
  const refused = { code: 'rule-set-invalid', context: { field: '/lot/noticeId', detail: String, detailKo: String } }
  const early = makeTerms(lot({ noticeId: null, number: 1 }))
  t.doesNotThrow(() => checkDraft(early))
  t.throws(() => checkTerms(early), refused)
  t.doesNotThrow(() => checkTerms(withNoticeId(early, OWN_ID)))
  t.throws(() => checkTerms(makeTerms(lot({ number: 1 }))), refused, 'lot 1 under another\'s number')
  t.throws(() => checkTerms(makeTerms(lot({ noticeId: OWN_ID, number: 2 }))), refused, 'lot 2 under its own')
  t.same(withNoticeId(makeTerms(lot({})), OWN_ID), makeTerms(lot({})), 'a later lot is left alone')
})

type Refused = [name: string, change: TermsChange, code: ErrorCode, field: string]
const ruled = (name: string, change: TermsChange, field: string): Refused => [name, change, 'rule-set-invalid', field]
const NOT_COUNTS = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]

const unitPrices: Refused[] = [
  ruled('too many lines', items(...new Array<number>(MAX_UNIT_PRICES + 1).fill(1)), '/unitPrices'),
  ...[...NOT_COUNTS, MAX_QUANTITY + 1].map((quantity) => ruled(`a quantity of ${quantity}`, items(1, quantity, 1), '/unitPrices/1/quantity'))
]

const lots: Refused[] = [
  ...[...NOT_COUNTS, 1, MAX_LOTS + 1].map((count) => ruled(`${count} lots`, lot({ count }), '/lot/count')),
  ...[...NOT_COUNTS, 4].map((number) => ruled(`lot ${number} of 3`, lot({ number }), '/lot/number')),
  ruled('a later lot without the notice', lot({ noticeId: null }), '/lot/noticeId')
]

const jointBids: Refused[] = [
  ...[...NOT_COUNTS, 1, MAX_CONSORTIUM + 1].map((maxMembers) => ruled(`${maxMembers} members`, joint({ maxMembers }), '/jointBids/maxMembers')),
  ...[...NOT_COUNTS, 500_001].map((minimumSharePpm): Refused =>
    [`a least share of ${minimumSharePpm}`, joint({ minimumSharePpm }), 'invalid-rate', '/jointBids/minimumSharePpm'])
]

for (const [what, cases] of Object.entries({ 'unit prices': unitPrices, lots, 'joint bids': jointBids })) {
  await t.test(`refused ${what}`, async (t) => {
    for (const [name, change, code, field] of cases) {
      t.throws(() => checkDraft(makeTerms(change)), { code, context: { field, detail: String, detailKo: String } }, name)
      t.throws(() => checkTerms(makeTerms(change)), { code, context: { field } }, `${name}: at publication too`)
    }
  })
}
