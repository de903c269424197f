/**
 * The written list of known exceptions: differences whose cause lies in the source. There are two sorts. NOTICES are single
 * notices, each pinned to the figure computed when it was looked into, so that another result is a new difference. CLASSES
 * are habits of the source which the record at hand proves by itself; each recounts what it needs from published figures
 * alone and lets a difference pass only where the computed figure is the one that the recount gives, so that no class can
 * hide a wrong computation. docs/rules.md tells the same list.
 */
import { REMARKS } from '../../domain/bid.ts'
import { isPlainTable, type Figure, type Finding, type Measure } from './compare.ts'
import type { Words } from './faults.ts'
import type { KonepsBid, KonepsOpening, Published } from './published.ts'

export interface KnownNotice extends Words { noticeNo: string, measure: Measure, computed: Figure }
export interface KnownClass extends Words { id: string, proves: (finding: Finding, published: Published) => boolean }

export const KNOWN_NOTICES: readonly KnownNotice[] = [
  {
    noticeNo: '20241240895-000',
    measure: 'remark',
    computed: REMARKS.belowFloor,
    en: 'The record has no base amount, and its first amount (479,677,999) is below its own floor price (492,591,960): no valid bid of this opening.',
    ko: '기초금액이 없는 기록이며, 1순위 금액(479,677,999)이 같은 행의 낙찰하한가(492,591,960)보다 낮아 이 개찰의 유효한 입찰이 아님'
  },
  {
    noticeNo: 'UAB0144-1',
    measure: 'remark',
    computed: REMARKS.belowFloor,
    en: 'The first amount (532,873,990) is below the floor price of its own row (560,439,946): no valid bid of this opening.',
    ko: '1순위 금액(532,873,990)이 같은 행의 낙찰하한가(560,439,946)보다 낮아 이 개찰의 유효한 입찰이 아님'
  }
]

/** A table whose times have no seconds: all places are 1, 2, 3 … in order of amount, and ours is the rank that equal amounts share. */
function isPlaceForRank (finding: Finding, published: Published): boolean {
  if (published.format !== 'opening' || finding.measure !== 'rank' || !isPlainTable(published.record)) return false
  const placed = placedBids(published.record)
  const isCounted = placed.every(({ rank, amount }, index) => rank === index + 1 && amount >= (placed[index - 1]?.amount ?? 0))
  const group = equalsOf(finding, published.record)
  return group.length > 1 && isCounted && finding.computed === sharedRank(group, placed)
}

/**
 * A bid equal to the one above it is shown with its own place less one: right for two equals (1, 1, 3), but the third of
 * three gets the next number (1, 1, 2, 4). Seen in all groups of three, with ranks and below the floor alike.
 */
function isPlaceLessOne (finding: Finding, published: Published): boolean {
  if (published.format !== 'opening' || finding.measure !== 'rank') return false
  const group = equalsOf(finding, published.record)
  const shared = sharedRank(group, placedBids(published.record))
  const isShownSo = group.every(({ rank }, index) => rank === shared + Math.max(0, index - 1))
  return group.length > 2 && isShownSo && finding.computed === shared
}

/** The published floor of the row is above the published first amount; a floor computed wrongly is a difference of its own. */
function isFirstBelowOwnFloor (finding: Finding, published: Published): boolean {
  if (published.format !== 'works' || finding.measure !== 'remark' || finding.computed !== REMARKS.belowFloor) return false
  const { firstAmount, floorPrice } = published.record
  return floorPrice !== null && firstAmount < floorPrice
}

export const KNOWN_CLASSES: readonly KnownClass[] = [
  {
    id: 'place-for-rank',
    en: 'The source prints a plain count of places (1, 2, 3 …) in this kind of table, also for equal amounts, which share a rank.',
    ko: '이 종류의 표는 금액이 같아도 순위를 나누지 않고 순번(1, 2, 3 …)을 표시함',
    proves: isPlaceForRank
  },
  {
    id: 'place-less-one',
    en: 'The source shows a bid equal to the one above it with its own place less one, so that the third of three equals no longer shares their rank (1, 1, 2, 4).',
    ko: '위 금액과 같은 입찰의 순위를 순번에서 1을 뺀 값으로 표시하여, 같은 금액이 셋 이상이면 세 번째부터 순위가 달라짐(1, 1, 2, 4)',
    proves: isPlaceLessOne
  },
  {
    id: 'first-below-own-floor',
    en: 'The record contradicts itself: its first amount is below its own published floor price, so it is no valid bid of this opening.',
    ko: '기록의 1순위 금액이 같은 행에 공개된 낙찰하한가보다 낮아, 이 개찰의 유효한 입찰이 아님',
    proves: isFirstBelowOwnFloor
  }
]

/** The reason on the list for a difference, or null: then it is unknown. */
export function knownReason (finding: Finding, published: Published): Words | null {
  const { noticeNo } = published.record
  const notice = KNOWN_NOTICES.find((one) => one.noticeNo === noticeNo && one.measure === finding.measure && one.computed === finding.computed)
  return notice ?? KNOWN_CLASSES.find(({ proves }) => proves(finding, published)) ?? null
}

/** Bids with a place, by place. */
function placedBids ({ bidders }: KonepsOpening): KonepsBid[] {
  return bidders.filter(({ rank }) => rank > 0).sort((a, b) => a.rank - b.rank)
}

/** The bids with a place that have the amount of the finding's row, by place; none for a row without a place. */
function equalsOf ({ row }: Finding, opening: KonepsOpening): KonepsBid[] {
  const bid = row === null ? undefined : opening.bidders[row]
  return bid === undefined || bid.rank <= 0 ? [] : placedBids(opening).filter(({ amount }) => amount === bid.amount)
}

/** The rank that equals share: one more than there are lower amounts with a place. */
function sharedRank ([first]: readonly KonepsBid[], placed: readonly KonepsBid[]): number {
  return 1 + placed.filter(({ amount }) => first !== undefined && amount < first.amount).length
}
