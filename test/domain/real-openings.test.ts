/**
 * Published KONEPS openings recomputed: planned price, floor, rates, ranks, remarks, the order of rows. A few stand in
 * test/vectors; the full collection is read from ../shared/cases where it exists. The counts are exact: a change of a rule
 * that moves one row of 22,023 shows. What differs is listed with its reason.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { REMARKS } from '../../src/domain/bid.ts'
import type { OpeningRow } from '../../src/domain/opening.ts'
import { floorPrice, netCostFloor } from '../../src/domain/price.ts'
import { classify } from '../../src/domain/ranking.ts'
import { type KonepsBid, type KonepsOpening, replay, sourceRows, toPpm } from '../support/koneps-opening.ts'
import vectors from '../vectors/openings-koneps.json' with { type: 'json' }

const CASES = join(import.meta.dirname, '../../../shared/cases')

/** Unit-price tenders: prices with fractions of a won, which Bongin does not have. */
const FRACTIONS = ['20230802246-00', '20240232382-00', 'R25BK00744309-000']
/** The published table gives equal amounts different ranks (amounts there lost their fractions, or the table is wrong). */
const UNEQUAL_RANKS = [
  '20220331260-00', '20220332144-00', '20230334216-00', '20230427847-00', '20230722398-00', '20240344478-00', '20240715107-00', '20240921491-00'
]
/** One bidder; a private quote may be awarded to one, a competition may not. */
const SINGLE_BIDDER = ['20230427144-00']
/** Decided by people before the opening, not by prices; the source keeps no amount. */
const DECIDED_BY_PEOPLE: readonly string[] = [REMARKS.missingDocuments, REMARKS.wrongLicence]

/** Bids below the floor have negative ranks in the source, and none here. */
const expectedRank = ({ rank }: KonepsBid): number | null => rank > 0 ? rank : null

/** Published with three decimals, for some rows with four; both cut off. */
const publishedRate = (ratePct: number): number => Math.floor(Math.round(ratePct * 10_000) / 10)

class Tally {
  readonly counts: Record<string, number> = {}
  readonly differing: Record<string, Set<string>> = {}
  add (what: string, agrees: boolean, noticeNo: string): void {
    const name = `${what} ${agrees ? 'agree' : 'differ'}`
    this.counts[name] = (this.counts[name] ?? 0) + 1
    if (!agrees) (this.differing[what] ??= new Set()).add(noticeNo)
  }

  differs (what: string): string[] { return [...this.differing[what] ?? []].sort() }
}

function compare (tally: Tally, opening: KonepsOpening): void {
  const { noticeNo } = opening
  const { prices, rows, outcome } = replay(opening)
  const sources = sourceRows(opening)
  tally.add('planned price', prices.plannedPriceWon === opening.plannedPrice, noticeNo)
  tally.add('floor price', prices.floorPriceWon === opening.floorPrice, noticeNo)
  tally.add('ranked', outcome === 'ranked', noticeNo)
  rows.forEach((row, i) => compareRow(tally, { noticeNo, row, source: sources.get(row.supplierId), place: opening.bidders[i] }))
}

function compareRow (tally: Tally, { noticeNo, row, source, place }: {
  noticeNo: string, row: OpeningRow, source: KonepsBid | undefined, place: KonepsBid | undefined
}): void {
  if (source === undefined || place === undefined) throw new Error(`${noticeNo}: a row without a bid`)
  tally.add('rank', row.rank === expectedRank(source), noticeNo)
  tally.add('place', (row.amountWon ?? 0) === place.amount, noticeNo)
  if (source.ratePct !== null) tally.add('rate', row.bidRateMilliPercent === publishedRate(source.ratePct), noticeNo)
  if (source.remark === null) tally.add('no remark', source.rank > 0 && (row.remark === 'normal' || row.remark === 'abovePlanned'), noticeNo)
  else if (!DECIDED_BY_PEOPLE.includes(source.remark)) tally.add('remark', REMARKS[row.remark] === source.remark, noticeNo)
}

await t.test('openings kept as vectors', async (t) => {
  for (const opening of vectors.tenders) {
    const tally = new Tally()
    compare(tally, opening)
    t.equal(opening.bidders.length, tally.counts['rank agree'], `${opening.noticeNo}: every rank`)
    t.same(tally.differing, {}, `${opening.noticeNo}: nothing differs`)
    const first = replay(opening).rows[0]
    t.equal(first?.amountWon, opening.bidders[0]?.amount, `${opening.noticeNo}: the first place`)
  }
  const ties = vectors.tenders.find(({ noticeNo }) => noticeNo === 'R25BK00766491-000')
  t.equal(ties === undefined ? 0 : replay(ties).tieOrder.length, 2, 'two equal lowest bids are drawn')
})

await t.test('every opening of the collection', optional('openings.jsonl'), async (t) => {
  const openings = readFileSync(join(CASES, 'openings.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as KonepsOpening)
  const tally = new Tally()
  const whole = openings.filter(({ noticeNo }) => !FRACTIONS.includes(noticeNo))
  for (const opening of whole) compare(tally, opening)
  t.equal(openings.length, 519)
  t.equal(whole.length, 516)
  t.same(tally.counts, {
    'planned price agree': 516,
    'floor price agree': 516,
    'ranked agree': 515,
    'ranked differ': 1,
    'rank agree': 21_971,
    'rank differ': 11,
    'place agree': 21_982,
    'rate agree': 21_964,
    'remark agree': 11_990,
    'no remark agree': 9_988
  })
  t.same(tally.differs('rank'), UNEQUAL_RANKS)
  t.same(tally.differs('ranked'), SINGLE_BIDDER)
})

interface WorksFloor {
  noticeNo: string | number
  baseAmount: number | null
  aValue: number | null
  netCost: number | null
  plannedPrice: number
  floorRatePct: number | null
  floorPrice: number | null
  firstAmount: number
}

/** The recorded first bidder is under the recorded floor: the table's first column is no valid bid there. */
const FIRST_BELOW_FLOOR = ['20241240895-000', 'UAB0144-1']
/** Works of 10 billion won and more are outside the net-cost rule. */
const NET_COST_LIMIT_WON = 10_000_000_000

await t.test('floors of works', optional('works-floor.json'), async (t) => {
  const works = JSON.parse(readFileSync(join(CASES, 'works-floor.json'), 'utf8')) as WorksFloor[]
  const tally = new Tally()
  for (const { noticeNo, plannedPrice, floorPrice: published, floorRatePct, firstAmount, netCost, baseAmount, ...item } of works) {
    const id = String(noticeNo)
    if (published === null || floorRatePct === null) continue
    const floorPriceWon = floorPrice({ plannedPriceWon: plannedPrice, aValueWon: item.aValue ?? 0, floorRatePpm: toPpm(floorRatePct) })
    tally.add('floor price', floorPriceWon === published, id)
    tally.add('first', classify(firstAmount, { plannedPriceWon: plannedPrice, floorPriceWon, netCostFloorWon: null }) === 'normal', id)
    if (netCost === null || baseAmount === null) continue
    const netCostFloorWon = netCostFloor({ netCostWon: netCost, baseAmountWon: baseAmount, plannedPriceWon: plannedPrice })
    if (baseAmount >= NET_COST_LIMIT_WON) continue
    tally.add('net cost', firstAmount >= netCostFloorWon, id)
    if (netCostFloorWon > floorPriceWon) tally.add('net cost above floor', firstAmount >= netCostFloorWon, id)
  }
  t.same(tally.counts, {
    'floor price agree': 1_476,
    'first agree': 1_474,
    'first differ': 2,
    'net cost agree': 852,
    'net cost above floor agree': 135
  })
  t.same(tally.differs('first'), FIRST_BELOW_FLOOR)
})

function optional (file: string): { skip?: string } {
  return existsSync(join(CASES, file)) ? {} : { skip: `../shared/cases/${file} is not here` }
}
