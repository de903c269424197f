/**
 * Published KONEPS results recomputed by the code of `bongin replay`: planned price, floor, rates, ranks, remarks, the order
 * of rows. A few stand in test/vectors; the full collection is read from ../shared/cases where it exists. The counts are
 * exact: a change of a rule that moves one row of 22,023 shows. What differs is listed with its reason.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { REMARKS } from '../../src/domain/bid.ts'
import { compareOpening, compareWorks, type Finding } from '../../src/cli/replay/compare.ts'
import type { KonepsBid, KonepsOpening, WorksFloor } from '../../src/cli/replay/published.ts'
import { replayOpening, replayWorks } from '../../src/cli/replay/recompute.ts'
import { replayFile } from '../../src/cli/replay/replay-file.ts'
import vectors from '../vectors/openings-koneps.json' with { type: 'json' }

const CASES = join(import.meta.dirname, '../../../shared/cases')

/** Unit-price tenders: computed in hundredths of a won. */
const FRACTIONS = ['20230802246-00', '20240232382-00', 'R25BK00744309-000']
/** The published table gives equal amounts different ranks (src/cli/replay/known-exceptions.ts). */
const UNEQUAL_RANKS = [
  '20220331260-00', '20220332144-00', '20230334216-00', '20230427847-00', '20230722398-00', '20240344478-00', '20240715107-00', '20240921491-00'
]
/** One bidder; a private quote may be awarded to one, a competition may not. */
const SINGLE_BIDDER = ['20230427144-00']
/** A bid that a table without remarks lists with a place is one of these. */
const PLACED: readonly unknown[] = [REMARKS.normal, REMARKS.abovePlanned]

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
  const { noticeNo, bidders } = opening
  const replayed = replayOpening(opening)
  tally.add('ranked', replayed.opened.outcome === 'ranked', noticeNo)
  replayed.opened.rows.forEach(({ amountWon }, place) => tally.add('place', (amountWon ?? 0) === bidders[place]?.amount, noticeNo))
  for (const finding of compareOpening(opening, replayed)) addFinding(tally, { noticeNo, finding, bid: bidders[finding.row ?? -1] })
}

function addFinding (tally: Tally, { noticeNo, finding, bid }: { noticeNo: string, finding: Finding, bid: KonepsBid | undefined }): void {
  const { measure, expected, computed, agrees, reason } = finding
  if (measure === 'remark' && expected === null) tally.add('no remark', (bid?.rank ?? 0) > 0 && PLACED.includes(computed), noticeNo)
  else if (reason === null) tally.add(measure, agrees, noticeNo)
}

await t.test('openings kept as vectors', async (t) => {
  for (const opening of vectors.tenders) {
    const tally = new Tally()
    compare(tally, opening)
    t.equal(tally.counts['rank agree'], opening.bidders.length, `${opening.noticeNo}: every rank`)
    t.same(tally.differing, {}, `${opening.noticeNo}: nothing differs`)
  }
  const ties = vectors.tenders.find(({ noticeNo }) => noticeNo === 'R25BK00766491-000')
  t.equal(ties === undefined ? 0 : replayOpening(ties).opened.tieOrder.length, 2, 'two equal lowest bids are drawn')
})

await t.test('every opening of the collection', optional('openings.jsonl'), async (t) => {
  const openings = readFileSync(join(CASES, 'openings.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as KonepsOpening)
  const tally = new Tally()
  const whole = openings.filter(({ noticeNo }) => !FRACTIONS.includes(noticeNo))
  for (const opening of whole) compare(tally, opening)
  t.equal(openings.length, 519)
  t.equal(whole.length, 516)
  t.same(tally.counts, {
    'plannedPrice agree': 516,
    'floorPrice agree': 516,
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

await t.test('unit prices, to the hundredth of a won', optional('openings.jsonl'), async (t) => {
  const report = await replayFile(join(CASES, 'openings.jsonl'))
  t.match(report, {
    tenders: 519,
    unknown: 0,
    counts: {
      plannedPrice: { agree: 519, differ: 0, notApplicable: 0 },
      floorPrice: { agree: 519, differ: 0, notApplicable: 0 },
      rate: { agree: 21_999, differ: 0, notApplicable: 24 },
      rank: { agree: 22_012, differ: 11, notApplicable: 0 },
      remark: { agree: 21_663, differ: 0, notApplicable: 360 }
    }
  })
  t.same(Object.fromEntries(report.uncompared), { 'rate notPublished': 24, 'remark fromOutside': 10, 'remark noRemarks': 350 })
  t.same(new Set(report.differences.map(({ noticeNo }) => noticeNo)), new Set(UNEQUAL_RANKS), 'nothing in a unit-price tender differs')
})

/** The recorded first bidder is under the recorded floor: the table's first column is no valid bid there. */
const FIRST_BELOW_FLOOR = ['20241240895-000', 'UAB0144-1']

await t.test('floors of works', optional('works-floor.json'), async (t) => {
  const works = JSON.parse(readFileSync(join(CASES, 'works-floor.json'), 'utf8')) as WorksFloor[]
  const tally = new Tally()
  for (const item of works.filter(({ floorRatePct }) => floorRatePct !== null)) {
    const noticeNo = String(item.noticeNo)
    const replayed = replayWorks(item)
    for (const { measure, agrees, reason } of compareWorks(item, replayed)) if (reason === null) tally.add(measure, agrees, noticeNo)
    const { floorPriceWon, netCostFloorWon } = replayed.opened.prices
    if (floorPriceWon === null || netCostFloorWon === null) continue
    tally.add('net cost', item.firstAmount >= netCostFloorWon, noticeNo)
    if (netCostFloorWon > floorPriceWon) tally.add('net cost above floor', item.firstAmount >= netCostFloorWon, noticeNo)
  }
  t.same(tally.counts, {
    'floorPrice agree': 1_476,
    'remark agree': 1_474,
    'remark differ': 2,
    'net cost agree': 852,
    'net cost above floor agree': 135
  })
  t.same(tally.differs('remark'), FIRST_BELOW_FLOOR)
})

function optional (file: string): { skip?: string } {
  return existsSync(join(CASES, file)) ? {} : { skip: `../shared/cases/${file} is not here` }
}
