/** A record's rows, written straight from columns, are the canonical JSON of the rows as objects, whatever the columns hold. */
import fc from 'fast-check'
import t from 'tap'
import { AsciiWriter } from '../../src/crypto/ascii-writer.ts'
import { canonicalJson } from '../../src/crypto/canonical-json.ts'
import { PART_ROWS, rowParts, separatorOf } from '../../src/crypto/opening-record.ts'
import type { ComputedOpening } from '../../src/crypto/opening.ts'
import { MAX_AMOUNT_WON, VOID_REASONS } from '../../src/domain/bid.ts'
import { makeColumns } from '../../src/domain/bid-columns.ts'
import type { SupplierId } from '../../src/domain/ids.ts'
import { OPEN_REMARKS, type RankedBids } from '../../src/domain/open-tender.ts'
import { rowsOf } from '../../src/domain/opening-rows.ts'
import { formatKst } from '../../src/domain/time.ts'

const edges = [1, 9, 10, 99_999_999, 100_000_000, 999_999_999_999_999, MAX_AMOUNT_WON]
const amount = fc.oneof(fc.integer({ min: 1, max: MAX_AMOUNT_WON }), fc.constantFrom(...edges))
const anyBid = fc.record({
  outcome: fc.oneof(fc.constant(0), fc.nat(VOID_REASONS.length)),
  amount,
  picks: fc.oneof(fc.constant([0, 0]), fc.tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 }))),
  supplierId: fc.oneof(fc.nat(9_999_999_999), fc.constantFrom(0, 1, 99_999_999, 100_000_000, 9_999_999_999)),
  acceptedAt: fc.oneof(fc.integer({ min: 0, max: 253_000_000_000_000 }), fc.integer({ min: 1_764_460_800_000, max: 1_764_633_600_000 })),
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
  remark: fc.nat(OPEN_REMARKS.length - 1),
  rank: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })),
  members: fc.array(fc.record({ supplierId: fc.nat(9_999_999_999).map((id) => String(id).padStart(10, '0') as SupplierId), sharePpm: fc.nat(1_000_000) }), { maxLength: 3 })
})
type AnyBid = typeof anyBid extends fc.Arbitrary<infer Bid> ? Bid : never

/** The bids in the order of the rows, in columns that hold them backwards. */
function ranked (bids: readonly AnyBid[], plannedPriceWon: number | null): RankedBids {
  const columns = makeColumns(bids.length)
  const [ranks, remarks, order] = [new Uint32Array(bids.length), new Uint8Array(bids.length), new Uint32Array(bids.length)]
  bids.forEach((bid, row) => {
    const index = bids.length - 1 - row
    order[row] = index
    ranks[row] = bid.rank
    remarks[index] = bid.remark
    columns.outcomes[index] = bid.outcome
    columns.amounts[index] = bid.amount
    columns.picks.set(bid.picks, 2 * index)
    columns.supplierIds[index] = bid.supplierId
    columns.acceptedAt[index] = bid.acceptedAt
    columns.digests.set(bid.digest, 32 * index)
    if (bid.members.length > 0) columns.members.set(index, bid.members)
  })
  const prices = { preliminaryPricesWon: [], pickCounts: [], drawnNumbers: [], plannedPriceWon, floorPriceWon: null, netCostFloorWon: null }
  return { columns, outcomes: columns.outcomes, order, ranks, remarks, prices, outcome: 'ranked', outcomeReason: null, tieOrder: [] }
}

function written (rows: RankedBids): string {
  return [...rowParts({ ranked: rows } as ComputedOpening)].map((part) => separatorOf(part) + Buffer.from(part.bytes).toString('latin1')).join('')
}

t.test('any rows', async () => {
  fc.assert(fc.property(fc.array(anyBid, { maxLength: 8 }), fc.option(amount, { nil: null }), (bids, plannedPriceWon) => {
    const rows = ranked(bids, plannedPriceWon)
    return `[${written(rows)}]` === canonicalJson([...rowsOf(rows)])
  }), { seed: 8785, numRuns: 2_000 })
})

t.test('parts follow one another, the last with what is left', async (t) => {
  const [bid] = fc.sample(anyBid, { seed: 1, numRuns: 1 })
  if (bid === undefined) throw new Error('a sample is a bid')
  const rows = ranked(Array.from({ length: 2 * PART_ROWS + 1 }, (_, i) => ({ ...bid, rank: i + 1 })), null)
  const parts = [...rowParts({ ranked: rows } as ComputedOpening)]
  t.same(parts.map(({ firstRow, rowCount }) => [firstRow, rowCount]), [[0, PART_ROWS], [PART_ROWS, PART_ROWS], [2 * PART_ROWS, 1]])
  t.equal(`[${written(rows)}]`, canonicalJson([...rowsOf(rows)]))
})

t.test('a writer that was made too small grows, and begins anew when it is emptied', async (t) => {
  const out = new AsciiWriter(1)
  const texts = Array.from({ length: 50 }, (_, i) => {
    out.kst(i * 86_399_999)
    out.number(10 ** (i % 16))
    return `${formatKst(i * 86_399_999)}${10 ** (i % 16)}`
  })
  t.equal(Buffer.from(out.take()).toString(), texts.join(''))
  t.equal(out.take().length, 0)
  out.padded(7, 3)
  out.padded(12_345_678_901, 12)
  out.number(0)
  t.equal(Buffer.from(out.take()).toString(), '0070123456789010')
})
