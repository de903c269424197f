/**
 * The opening (개찰) as a pure function: bids and numbered prices in; planned price, floor, rows, ranks and outcome out.
 * The order in which bids are handed over never matters, no bid can make it fail, and the same input gives the same
 * record in the server, in `bongin verify` and in any second program.
 */
import { aValueWon } from './a-value.ts'
import { type OpenedBid, type Picks, PRELIMINARY_PRICE_COUNT, type RemarkCode, TECHNICAL_VOID_REASONS, isAmountWon } from './bid.ts'
import { duplicateBids } from './consortium.ts'
import { countPicks, drawNumbers, drawOrder, plannedPrice, priceRange, type RandomSource } from './draw.ts'
import type { NoticeTerms, PriceTerms } from './notice.ts'
import type { OpeningRecord, OpeningRow, PriceResult } from './opening.ts'
import { bidRateMilliPercent, floorPrice, netCostFloor } from './price.ts'
import { classify, competitionRanks } from './ranking.ts'
import { type CompetitionPolicy, DEFAULT_COMPETITION } from './rule-sets.ts'
import { formatKst } from './time.ts'

export type OpenedTender = Pick<OpeningRecord, 'prices' | 'rows' | 'outcome' | 'outcomeReason' | 'tieOrder'>

export interface OpenTenderInput {
  terms: NoticeTerms
  bids: readonly OpenedBid[]
  /** Numbered prices, units: 15 or 1, none with price method `none`; null where the sealed prices cannot be used. */
  preliminaryPricesWon: readonly number[] | null
  tieSource: RandomSource
  competition?: CompetitionPolicy
}

type OpenBid = Extract<OpenedBid, { outcome: 'open' }>
type VoidBid = Extract<OpenedBid, { outcome: 'void' }>
interface Judged { bid: OpenBid, amountWon: number, remark: RemarkCode }

export function openTender (input: OpenTenderInput): OpenedTender {
  const { terms, tieSource } = input
  const { open, voided } = partition(input.bids)
  const usable = arePricesUsable(terms.price, input.preliminaryPricesWon, aValueWon(terms))
  const prices = priceResult(terms, open, usable ? input.preliminaryPricesWon : null)
  const judged = open.map((bid): Judged => {
    const amountWon = bid.content.amountWon
    return { bid, amountWon, remark: usable ? classify(amountWon, prices) : 'unpriced' }
  })
  const valid = orderValid(judged.filter(({ remark }) => remark === 'normal'), tieSource)
  const byAmount = (sign: 1 | -1) => (a: Judged, b: Judged): number => sign * (a.amountWon - b.amountWon) || a.bid.leafIndex - b.bid.leafIndex
  // As KONEPS shows them: bids above the planned price keep a rank, after every valid one.
  const ranked = [...valid, ...judged.filter(({ remark }) => remark === 'abovePlanned').sort(byAmount(1))]
  const others = judged.filter(({ remark }) => remark !== 'normal' && remark !== 'abovePlanned').sort(byAmount(-1))
  const ranks = competitionRanks(ranked.map(({ amountWon }) => amountWon))
  const rows = [
    ...ranked.map((item, index) => openRow(item, ranks[index] ?? null, prices)),
    ...others.map((item) => openRow(item, null, prices)),
    ...voided.map(voidRow)
  ]
  const { outcome, outcomeReason } = judge({ bidCount: input.bids.length, judged, usable, policy: input.competition ?? DEFAULT_COMPETITION })
  const tieOrder = outcome === 'ranked' ? rows.filter(({ rank }) => rank === 1).map(({ supplierId }) => supplierId) : []
  return { prices, rows, outcome, outcomeReason, tieOrder }
}

/**
 * Whether these prices can carry an opening: as many as the method wants, each an amount above the A value, and 15 prices
 * within the range of the notice. Sealed prices can be looked at only now; clients ask the same before they seal.
 */
export function arePricesUsable (
  { method, baseAmountWon, rangePpm }: Pick<PriceTerms, 'method' | 'baseAmountWon' | 'rangePpm'>,
  pricesWon: readonly number[] | null,
  aWon = 0
): boolean {
  if (method === 'none') return true
  if (pricesWon === null || !pricesWon.every((won) => isAmountWon(won) && won > aWon)) return false
  if (method === 'single-sealed') return pricesWon.length === 1
  if (pricesWon.length !== PRELIMINARY_PRICE_COUNT || baseAmountWon === null) return false
  const { lowestWon, highestWon } = priceRange(baseAmountWon, rangePpm)
  return pricesWon.every((won) => won >= lowestWon && won <= highestWon)
}

/** Open bids, and void ones in order of acceptance; whoever takes part in two open bids voids all of its bids. */
function partition (bids: readonly OpenedBid[]): { open: OpenBid[], voided: VoidBid[] } {
  const duplicates = duplicateBids(bids.filter((bid) => bid.outcome === 'open'))
  const open: OpenBid[] = []
  const voided: VoidBid[] = []
  for (const bid of bids) {
    if (bid.outcome === 'void') voided.push(bid)
    else if (duplicates.has(bid)) voided.push(voidedDuplicate(bid))
    else open.push(bid)
  }
  return { open, voided: voided.sort((a, b) => a.leafIndex - b.leafIndex) }
}

function voidedDuplicate ({ content: _, ...bid }: OpenBid): VoidBid {
  return { ...bid, outcome: 'void', reason: 'duplicate-member' }
}

/** `pricesWon` is null where there are no usable prices; the picks are counted all the same. */
function priceResult (terms: NoticeTerms, open: readonly OpenBid[], pricesWon: readonly number[] | null): PriceResult {
  const { method, baseAmountWon } = terms.price
  const draws = method === 'multiple-derived' || method === 'multiple-sealed'
  const pickCounts = draws ? countPicks(open.map(({ content }) => content.picks).filter((picks): picks is Picks => picks !== null)) : []
  if (method === 'none' || pricesWon === null) {
    return { preliminaryPricesWon: [], pickCounts, drawnNumbers: [], plannedPriceWon: null, floorPriceWon: null, netCostFloorWon: null }
  }
  const drawnNumbers = draws ? drawNumbers(pickCounts) : []
  // A single planned price is the agency's own figure; rounding is for means.
  const plannedPriceWon = plannedPrice(pricesWon, draws ? drawnNumbers : [1], draws ? terms.price.plannedPriceRounding : 'up-1')
  const { floorRatePpm, netCostWon } = terms
  return {
    preliminaryPricesWon: pricesWon,
    pickCounts,
    drawnNumbers,
    plannedPriceWon,
    floorPriceWon: floorRatePpm === 0 ? null : floorPrice({ plannedPriceWon, aValueWon: aValueWon(terms), floorRatePpm }),
    netCostFloorWon: netCostWon === null || baseAmountWon === null ? null : netCostFloor({ netCostWon, baseAmountWon, plannedPriceWon })
  }
}

/** Valid bids by rising amount; every group of equals in the order of its draw, the lowest group drawn first. */
function orderValid (valid: readonly Judged[], tieSource: RandomSource): Judged[] {
  const groups = [...Map.groupBy(valid, ({ amountWon }) => amountWon)].sort(([a], [b]) => a - b)
  return groups.flatMap(([, group]) => group.length === 1 ? group : drawEquals(group, tieSource))
}

function drawEquals (group: readonly Judged[], tieSource: RandomSource): Judged[] {
  const bySupplier = Map.groupBy([...group].sort((a, b) => a.bid.leafIndex - b.bid.leafIndex), ({ bid }) => bid.supplierId)
  return drawOrder([...bySupplier.keys()], tieSource).flatMap((supplierId) => bySupplier.get(supplierId) ?? [])
}

function judge (input: { bidCount: number, judged: readonly Judged[], usable: boolean, policy: CompetitionPolicy }):
Pick<OpenedTender, 'outcome' | 'outcomeReason'> {
  const { judged, policy } = input
  const is = (...remarks: RemarkCode[]): number => judged.filter(({ remark }) => remarks.includes(remark)).length
  const competing = policy.belowFloorCounts ? judged.length : judged.length - is('belowFloor', 'belowNetCost')
  if (input.bidCount === 0) return { outcome: 'failed', outcomeReason: 'no-bids' }
  if (competing < policy.minimumBids) return { outcome: 'failed', outcomeReason: 'fewer-than-two-valid' }
  if (!input.usable) return { outcome: 'failed', outcomeReason: 'sealed-prices-invalid' }
  if (is('abovePlanned') === judged.length) return { outcome: 'rebid', outcomeReason: 'all-above-planned' }
  if (is('normal') === 0) return { outcome: 'failed', outcomeReason: 'no-valid-amount' }
  return { outcome: 'ranked', outcomeReason: null }
}

function openRow ({ bid, amountWon, remark }: Judged, rank: number | null, { plannedPriceWon }: PriceResult): OpeningRow {
  return {
    rank,
    supplierId: bid.supplierId,
    members: bid.members,
    amountWon,
    bidRateMilliPercent: plannedPriceWon === null ? null : bidRateMilliPercent(amountWon, plannedPriceWon),
    picks: bid.content.picks,
    acceptedAt: formatKst(bid.acceptedAt),
    envelopeSha256: bid.envelopeSha256,
    remark,
    voidReason: null
  }
}

function voidRow (bid: VoidBid): OpeningRow {
  return {
    rank: null,
    supplierId: bid.supplierId,
    members: bid.members,
    amountWon: null,
    bidRateMilliPercent: null,
    picks: null,
    acceptedAt: formatKst(bid.acceptedAt),
    envelopeSha256: bid.envelopeSha256,
    remark: bid.reason === 'withdrawn' ? 'withdrawn' : TECHNICAL_VOID_REASONS.has(bid.reason) ? 'technicalFailed' : 'void',
    voidReason: bid.reason
  }
}
