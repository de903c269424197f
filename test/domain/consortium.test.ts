/** Joint bids: which division of shares the rules take, and that taking part twice voids every one of those bids, in whatever order they came. */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { OpenedBid } from '../../src/domain/bid.ts'
import { checkConsortium, duplicateBids, type ConsortiumShare } from '../../src/domain/consortium.ts'
import { openTender, type OpenedTender } from '../../src/domain/open-tender.ts'
import { makeTerms, openBid, supplier, voidBid } from '../support/notice-terms.ts'
import { seededSource } from '../support/seeded-source.ts'

const rule = { maxMembers: 3, minimumSharePpm: 100_000 }
const leaderId = supplier(1)
const shares = (...list: Array<[member: number, sharePpm: number]>): ConsortiumShare[] =>
  list.map(([member, sharePpm]) => ({ supplierId: supplier(member), sharePpm }))

t.test('a consortium within the rules', async (t) => {
  for (const members of [shares([1, 600_000], [2, 400_000]), shares([1, 800_000], [2, 100_000], [3, 100_000]), shares([1, 100_000], [2, 900_000])]) {
    t.doesNotThrow(() => { checkConsortium({ members, leaderId, rule }) })
  }
})

t.test('and outside, with the field at fault', async (t) => {
  const cases: Array<[name: string, members: ConsortiumShare[], field: string]> = [
    ['alone', shares([1, 1_000_000]), '/members'],
    ['nobody', [], '/members'],
    ['one too many', shares([1, 250_000], [2, 250_000], [3, 250_000], [4, 250_000]), '/members'],
    ['led by another', shares([2, 600_000], [1, 400_000]), '/members/0/supplierId'],
    ['one twice', shares([1, 400_000], [2, 300_000], [2, 300_000]), '/members/2/supplierId'],
    ['the leader twice', shares([1, 500_000], [1, 500_000]), '/members/1/supplierId'],
    ['a share below the least', shares([1, 900_001], [2, 99_999]), '/members/1/sharePpm'],
    ['no share', shares([1, 1_000_000], [2, 0]), '/members/1/sharePpm'],
    ['a negative share', shares([1, 1_100_000], [2, -100_000]), '/members/0/sharePpm'],
    ['half a millionth', shares([1, 500_000.5], [2, 499_999.5]), '/members/0/sharePpm'],
    ['one millionth short', shares([1, 599_999], [2, 400_000]), '/members'],
    ['one millionth over', shares([1, 600_001], [2, 400_000]), '/members']
  ]
  for (const [name, members, field] of cases) {
    t.throws(() => { checkConsortium({ members, leaderId, rule }) }, { code: 'joint-bid-invalid', context: { field } }, name)
  }
  const members = shares([1, 600_000], [2, 400_000])
  t.throws(() => { checkConsortium({ members, leaderId, rule: null }) }, { code: 'joint-bid-invalid', context: { field: '' } })
})

const joint = (leafIndex: number, amountWon: number, partners: number[]): OpenedBid =>
  ({ ...openBid(leafIndex, amountWon), members: shares([leafIndex, 500_000], ...partners.map((id): [number, number] => [id, 500_000])) })
/** 15 equal prices, so that the planned price is 100,000,000 and the floor 88,000,000. */
const open = (bids: readonly OpenedBid[]): OpenedTender =>
  openTender({ terms: makeTerms(), bids, preliminaryPricesWon: Array.from({ length: 15 }, () => 100_000_000), tieSource: seededSource(7n) })

t.test('a member of two open bids voids both; the others stay, and the picks of void bids are not counted', async (t) => {
  const opened = open([openBid(0, 90_000_000, [3, 4]), joint(1, 89_000_000, [5]), joint(2, 89_500_000, [5]), joint(3, 91_000_000, [6])])
  t.same(opened.rows.map(({ supplierId, rank, amountWon, remark, voidReason }) => [supplierId, rank, amountWon, remark, voidReason]), [
    [supplier(0), 1, 90_000_000, 'normal', null],
    [supplier(3), 2, 91_000_000, 'normal', null],
    [supplier(1), null, null, 'void', 'duplicate-member'],
    [supplier(2), null, null, 'void', 'duplicate-member']
  ])
  t.same(opened.rows.map(({ members }) => members.length), [0, 2, 2, 2], 'members and shares stay in the record')
  t.equal(opened.prices.pickCounts.reduce((sum, count) => sum + count, 0), 4)
})

t.test('a single bid and a membership count as two; a void bid counts for nothing', async (t) => {
  const reasons = (bids: OpenedBid[]): unknown[] => open(bids).rows.map(({ voidReason }) => voidReason)
  t.same(reasons([openBid(0, 90_000_000), joint(1, 89_000_000, [0]), openBid(2, 91_000_000)]), [null, 'duplicate-member', 'duplicate-member'])
  t.match(open([openBid(0, 90_000_000), joint(1, 89_000_000, [0])]), { outcome: 'failed', outcomeReason: 'fewer-than-two-valid' })
  const withdrawn = { ...voidBid(1, 'withdrawn'), members: shares([1, 500_000], [0, 500_000]) }
  t.same(reasons([openBid(0, 90_000_000), withdrawn, openBid(2, 91_000_000)]), [null, null, 'withdrawn'])
})

t.test('a chain falls whole: a bid that is out for one member still counts for its others', async (t) => {
  const chain = [joint(0, 89_000_000, [10]), joint(1, 89_100_000, [10, 11]), joint(2, 89_200_000, [11])]
  const bids = [...chain, openBid(3, 90_000_000), openBid(4, 91_000_000)]
  t.same(open(bids).rows.map(({ voidReason }) => voidReason), [null, null, 'duplicate-member', 'duplicate-member', 'duplicate-member'])
})

t.test('in any order, just the bids of whoever takes part twice', async (t) => {
  const bids = fc.array(fc.uniqueArray(fc.integer({ min: 20, max: 30 }), { maxLength: 3 }), { maxLength: 8 })
    .map((list) => list.map((partners, i) => partners.length === 0 ? openBid(i, 90_000_000) : joint(i, 90_000_000, partners)))
  const given = bids.chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })))
  t.doesNotThrow(() => {
    fc.assert(fc.property(given, ([list, shuffled]) => {
      const ids = (bid: OpenedBid): string[] => [...new Set([bid.supplierId, ...bid.members.map(({ supplierId }) => supplierId)])]
      const expected = list.filter((bid) => list.some((other) => other !== bid && ids(other).some((id) => ids(bid).includes(id))))
      assert.deepEqual([...duplicateBids(shuffled)].sort((a, b) => a.leafIndex - b.leafIndex), expected)
      assert.deepEqual(open(shuffled), open(list))
    }), { seed: 44, numRuns: 300 })
  })
})
