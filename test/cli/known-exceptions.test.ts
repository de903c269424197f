/** The list of known exceptions: what each entry lets pass, how little it takes to fall outside, and that it covers no wrong computation. */
import t from 'tap'
import { REMARKS } from '../../src/domain/bid.ts'
import { knownReason } from '../../src/cli/replay/known-exceptions.ts'
import type { KonepsBid, KonepsOpening } from '../../src/cli/replay/published.ts'
import { readPublished } from '../../src/cli/replay/read-published.ts'
import { findingsOf } from '../../src/cli/replay/replay-file.ts'
import { cli } from '../support/cli.ts'
import { makeReplay } from '../support/make-replay.ts'
import { makeBid, makeOpening, makeWorks } from '../support/published-results.ts'

const { lines, array, replay, differences } = makeReplay(t)

/** Bids of the same amount and one above them, with these ranks. */
function equals (ranks: number[], change: Partial<KonepsBid> = {}): KonepsOpening {
  const last = ranks.length - 1
  const amount = (index: number): number => index === last ? 88_200_000 : 88_100_000
  return makeOpening({ bidders: ranks.map((rank, index) => makeBid(amount(index), rank, { bidder: `S${index}`, ...change })) })
}

t.test('known exceptions: ranks of equal amounts', async (t) => {
  const plain = { at: '2025-03-28 15:33', remark: null }
  const known = (...pairs: string[]): string[] => pairs.map((pair) => `rank: ${pair} (known)`)
  t.same(await differences(t, lines(equals([1, 1, 2, 4]))), known('2 → 1'), 'the third of three')
  t.same(await differences(t, lines(equals([1, 1, 2, 3, 5]))), known('2 → 1', '3 → 1'), 'of four')
  t.same(await differences(t, lines(equals([1, 2, 3], plain))), known('2 → 1'), 'places counted in a table without remarks')
  t.same(await differences(t, lines(equals([1, 2, 3, 4], plain))), known('2 → 1', '3 → 1'))
  const report = (await replay(lines(equals([1, 1, 2, 4])))).report
  t.match(report.differences, [{ noticeNo: 'R25BK00000001-000', what: 'rank', bidder: 'S2', expected: 2, computed: 1, known: /place less one/ }])
  const people = await cli(['replay', lines(equals([1, 1, 2, 4]))])
  t.match(people.out, /known \(1\).*\(1\) The source shows .*순번에서 1을 뺀.*1 known exception \(/s)

  t.same(await differences(t, lines(equals([1, 2, 3]))), ['rank: 2 → 1'], 'two equals apart in a table with remarks')
  t.same(await differences(t, lines(equals([1, 2, 3, 4]))), ['rank: 2 → 1', 'rank: 3 → 1'])
  t.same(await differences(t, lines(equals([1, 1, 3, 4]))), ['rank: 3 → 1'])
  t.same(await differences(t, lines(equals([1, 1, 2, 3]))), ['rank: 2 → 1 (known)', 'rank: 3 → 4'], 'who follows the equals keeps the own place')
  t.same(await differences(t, lines(equals([1, 2, 4], plain))), ['rank: 2 → 1', 'rank: 4 → 3'], 'a count with a gap')
  const lower = makeOpening({ bidders: [makeBid(88_200_000, 1, plain), makeBid(88_100_000, 2, plain), makeBid(88_100_000, 3, plain)] })
  const beside = equals([1, 1, 2, 5])
  const fourth = makeBid(88_100_000, -1, { remark: REMARKS.normal })
  t.same(await differences(t, lines({ ...beside, bidders: [...beside.bidders, fourth] })), ['rank: 2 → 1 (known)', 'rank: - → 1'], 'an equal without a place')
  const unplaced = { remark: REMARKS.normal }
  t.same(await differences(t, lines(makeOpening({ bidders: [makeBid(88_100_000, -1, unplaced), makeBid(88_200_000, 2)] }))), ['rank: - → 1'])
  t.same(await differences(t, lines(makeOpening({ bidders: [makeBid(88_100_000, -1, { ...plain, remark: REMARKS.normal })] }))), ['rank: - → 1'])
  t.same(await differences(t, lines(lower)), ['rank: 1 → 3', 'rank: 2 → 1', 'rank: 3 → 1'], 'a count against the amounts')
})

t.test('known exceptions: works whose first amount is below their own floor', async (t) => {
  const listed = makeWorks({
    noticeNo: 'UAB0144-1',
    baseAmount: 636_276_280,
    aValue: 30_582_166,
    netCost: null,
    plannedPrice: 634_443_103,
    floorRatePct: 87.745,
    floorPrice: 560_439_946,
    firstAmount: 532_873_990
  })
  t.same(await differences(t, array(listed)), ['remark: 정상 → 낙찰하한선 미달 (known)'])
  t.match((await replay(array(listed))).report.differences, [{ known: /532,873,990/ }], 'by its number')
  t.match((await replay(array({ ...listed, noticeNo: 'UAB0144-2' }))).report.differences, [{ known: /contradicts itself/ }], 'by its own figures')
  t.same(await differences(t, array({ ...listed, firstAmount: 634_443_104 })), ['remark: 정상 → 예가초과'], 'the listed notice with another result')
  t.same(await differences(t, array({ ...listed, noticeNo: 'UAB0144-2', floorPrice: 532_873_990 })), [
    'floorPrice: 532873990 → 560439946', 'remark: 정상 → 낙찰하한선 미달'
  ])
})

t.test('no known exception covers a result that its own recount does not give', async (t) => {
  const published = [equals([1, 1, 2, 4]), equals([1, 2, 3], { at: '2025-03-28 15:33', remark: null }), makeWorks({ firstAmount: 1 })]
  for (const record of published) {
    const one = readPublished(record)
    const finding = findingsOf(one).find(({ agrees, reason }) => !agrees && reason === null)
    if (finding === undefined) throw new Error('nothing differs')
    t.ok(knownReason(finding, one), finding.measure)
    for (const computed of [null, 3, REMARKS.abovePlanned]) t.equal(knownReason({ ...finding, computed }, one), null, `${finding.measure} ${computed}`)
  }
})
