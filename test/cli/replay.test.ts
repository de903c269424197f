/** `bongin replay` as people run it: what agrees, every way to differ, figures that are not compared, broken records and files. */
import { join } from 'node:path'
import t from 'tap'
import { REMARKS } from '../../src/domain/bid.ts'
import { EXIT } from '../../src/cli/exit-codes.ts'
import type { KonepsBid, KonepsOpening } from '../../src/cli/replay/published.ts'
import { cli } from '../support/cli.ts'
import { makeReplay } from '../support/make-replay.ts'
import { BIDS, makeBid, makeDraw, makeOpening, makeWorks, UNIT_PRICE_OPENING } from '../support/published-results.ts'
import formulas from '../vectors/formulas-koneps.json' with { type: 'json' }
import vectors from '../vectors/openings-koneps.json' with { type: 'json' }

const { dir, write, lines, array, replay, differences } = makeReplay(t)
const [draw = makeDraw({ noticeNo: '', prices: [], pickCounts: [], drawnNumbers: [], plannedPrice: 0 })] = formulas.draws.map(makeDraw)

t.test('the document, for each format', async (t) => {
  const none = { agree: 0, differ: 0, notApplicable: 0 }
  const openings = lines(makeOpening(), UNIT_PRICE_OPENING)
  t.same(await replay(openings), {
    code: EXIT.ok,
    report: {
      file: openings,
      tenders: 2,
      plannedPrice: { ...none, agree: 2 },
      floorPrice: { ...none, agree: 2 },
      rate: { ...none, agree: 7, notApplicable: 1 },
      rank: { ...none, agree: 8 },
      remark: { ...none, agree: 8 },
      differences: []
    }
  })
  const works = array(makeWorks(), makeWorks({ floorRatePct: null, floorPrice: null }))
  t.match((await replay(works)).report, {
    tenders: 2,
    plannedPrice: { ...none, notApplicable: 2 },
    floorPrice: { ...none, agree: 1, notApplicable: 1 },
    rate: { ...none, notApplicable: 2 },
    rank: { ...none, notApplicable: 2 },
    remark: { ...none, agree: 1, notApplicable: 1 }
  })
  const draws = array(...formulas.draws.map(makeDraw))
  t.match((await replay(draws)).report, { tenders: 2, plannedPrice: { ...none, agree: 2 }, floorPrice: { ...none, notApplicable: 2 }, rank: none })
  t.match((await replay(lines(...vectors.tenders))).report, { tenders: 7, rank: { agree: 71 }, differences: [] }, 'real openings')
})

t.test('several files: one report each', async (t) => {
  const files = [lines(makeOpening()), array(makeWorks())]
  const { code, json } = await cli(['replay', ...files, '--json'])
  t.equal(code, EXIT.ok)
  t.match(json(), [{ file: files[0], tenders: 1 }, { file: files[1], tenders: 1 }])
  const people = await cli(['replay', ...files])
  t.match(people, { code: EXIT.ok, err: '' })
  t.match(people.out, /rank \(순위\) +│ +5 │ +0 │ +0 │ +0 │/)
  t.match(people.out, /16 figures agreed\.\n\n.*1 tender .*2 figures agreed\./s)
  t.match(people.out, /Not compared: planned price \(예정가격\) × 1, .*not published \(.*공개되지 않음\)/)
})

t.test('a wrong planned price is named, and everything that follows from the right one agrees', async (t) => {
  const file = lines(makeOpening({ noticeNo: 'R25BK00000009-000', plannedPrice: 100_000_001 }), makeOpening())
  const { code, report } = await replay(file)
  t.equal(code, EXIT.refused)
  t.same(report.differences, [
    { noticeNo: 'R25BK00000009-000', what: 'plannedPrice', expected: 100_000_001, computed: 100_000_000, known: null }
  ])
  t.match(report, { plannedPrice: { agree: 1, differ: 1 }, floorPrice: { agree: 2 }, rate: { agree: 8 }, rank: { agree: 10 } })
  const people = await cli(['replay', file])
  t.match(people, { code: EXIT.refused, out: /R25BK00000009-000 .*100,000,001 .*100,000,000 .*unknown/ })
  t.match(people.out, /1 unknown difference \(알 수 없는 불일치 1건\)/)
})

/** The opening with one bid changed. */
function withBid (index: number, change: Partial<KonepsBid>, opening: Partial<KonepsOpening> = {}): KonepsOpening {
  return makeOpening({ ...opening, bidders: BIDS.map((bid, i) => i === index ? { ...bid, ...change } : bid) })
}

t.test('every other figure that is wrong', async (t) => {
  const cases: Array<[unknown, string[]]> = [
    [makeOpening({ floorPrice: 88_000_001 }), ['floorPrice: 88000001 → 88000000']],
    [makeOpening({ drawn: [100_400_000, 100_200_000, 99_800_000, 99_600_001] }), ['plannedPrice: 100000000 → -']],
    [withBid(1, { ratePct: 88.101 }), ['rate: 88.101 → 88.1']],
    [withBid(3, { ratePct: 88 }), ['rate: 88 → 87.999']],
    [withBid(2, { ratePct: 100.0019 }), ['rate: 100.001 → 100']],
    [withBid(2, { ratePct: 100.0009 }), []],
    [withBid(1, { rank: 3 }), ['rank: 3 → 2']],
    [withBid(3, { rank: 4 }), ['rank: 4 → -']],
    [withBid(4, { rank: 5 }), ['rank: 5 → -']],
    [withBid(0, { remark: REMARKS.belowFloor }), ['remark: 낙찰하한선 미달 → 정상']],
    [withBid(2, { remark: null }), ['remark: - → 예가초과']],
    [withBid(0, { remark: null }), []],
    [withBid(3, { remark: null }), ['remark: - → 낙찰하한선 미달']],
    [withBid(3, { remark: null, at: '2025-03-28 15:33' }), ['remark: - → 낙찰하한선 미달']],
    [withBid(4, { remark: REMARKS.normal }), ['remark: 정상 → 무효']],
    [withBid(1, { remark: REMARKS.withdrawn }), ['remark: 전자입찰취소신청 → 정상']],
    [withBid(0, { remark: REMARKS.missingDocuments }), []],
    [makeOpening({ baseAmount: 90_000_000 }), []],
    [withBid(1, { remark: '알 수 없음' }), ['remark: 알 수 없음 → 정상']],
    [makeWorks({ floorPrice: 3_755_869_815 }), ['floorPrice: 3755869815 → 3755869816']],
    [makeWorks({ aValue: 0 }), ['floorPrice: 3755869816 → 3722000961']],
    [makeWorks({ firstAmount: 3_964_155_006 }), ['remark: 정상 → 순공사원가 미달']],
    [makeWorks({ firstAmount: 4_290_738_326 }), ['remark: 정상 → 예가초과']],
    [makeWorks({ firstAmount: 3_755_869_816, netCost: null }), []],
    [makeWorks({ baseAmount: 9_999_999_999, netCost: 9_900_000_000 }), ['remark: 정상 → 순공사원가 미달']],
    [makeWorks({ baseAmount: 10_000_000_000, netCost: 9_900_000_000 }), []]
  ]
  for (const [record, expected] of cases) t.same(await differences(t, lines(record)), expected, expected[0] ?? 'none')
})

t.test('draws: most picked, ties to the lowest number, the mean', async (t) => {
  const row = (no: number, change: object): unknown => ({ ...draw, rows: draw.rows.map((one) => one.no === no ? { ...one, ...change } : one) })
  t.same(await differences(t, array(row(6, { price: 1_750_178_004 }))), ['plannedPrice: 1773240950 → 1773240951'])
  t.same(await differences(t, array(row(3, { drawn: false }))), ['drawnNumbers: 1, 2, 6 → 1, 2, 3, 6'])
  const shown = draw.rows.filter(({ no }) => no < 11)
  const partly = { ...draw, complete: false, rows: shown }
  t.match((await replay(array(partly))).report, { plannedPrice: { agree: 0, differ: 0, notApplicable: 1 }, differences: [] })
  const swapped = shown.map((one) => ({ ...one, drawn: one.no === 3 ? false : one.no === 8 ? true : one.drawn }))
  t.same(await differences(t, array({ ...partly, rows: swapped })), ['drawnNumbers: 1, 2, 6, 8 → 1, 2, 3, 6'], 'a tie to the higher number')
  const few = draw.rows.map((one) => ({ ...one, count: one.no === 8 || one.no === 12 ? 2 : 0, drawn: [1, 2, 8, 12].includes(one.no) }))
  t.same(await differences(t, array({ ...partly, rows: few.slice(1) })), [], 'a missing row moves no other, though it may have been drawn')
  t.match((await replay(array(draw, { ...partly, complete: true }))).report.differences, [{ what: 'record', detail: /lacks rows/ }])
})

t.test('what documents and decisions say is not compared', async (t) => {
  const outside = withBid(0, { remark: REMARKS.missingDocuments, rank: -3 })
  const moved = { ...outside, bidders: outside.bidders.map((bid, index) => index === 1 || index === 2 ? { ...bid, rank: index } : bid) }
  const { code, report } = await replay(lines(moved, withBid(4, { remark: '입찰무효' }), withBid(4, { remark: REMARKS.wrongLicence })))
  t.equal(code, EXIT.ok, 'nobody keeps a place behind a bid that was turned down')
  t.match(report, { rank: { agree: 15 }, rate: { agree: 12, notApplicable: 3 }, remark: { agree: 12, notApplicable: 3 } })
  const plain = makeOpening({ bidders: BIDS.slice(0, 3).map((bid) => ({ ...bid, at: '2025-03-28 15:33', remark: null })) })
  t.match((await replay(lines(plain))).report, { remark: { agree: 0, notApplicable: 3 }, rank: { agree: 3 } }, 'a table without remarks')
  const withoutDraw = makeOpening({ preliminarySortedDesc: [], drawn: [] })
  t.match((await replay(lines(withoutDraw))).report, {
    plannedPrice: { agree: 0, notApplicable: 1 }, floorPrice: { agree: 1 }, rank: { agree: 5 }, differences: []
  })
  const withoutFloor = makeOpening({ floorRatePct: null, floorPrice: null })
  t.match((await replay(lines(withoutFloor))).report, {
    floorPrice: { notApplicable: 1 }, rank: { notApplicable: 5 }, remark: { notApplicable: 5 }, rate: { agree: 4 }
  })
})

t.test('unit prices are computed in hundredths of a won', async (t) => {
  const changed = (change: Partial<KonepsOpening>): string => lines({ ...UNIT_PRICE_OPENING, ...change })
  t.same(await differences(t, changed({ plannedPrice: 124481.19 })), ['plannedPrice: 124481.19 → 124481.2'], 'a mean of 124,481.1925 goes up')
  t.same(await differences(t, changed({ floorPrice: 109537.23 })), ['floorPrice: 109537.23 → 109537.24'])
  t.same(await differences(t, changed({ drawn: [126716.24, 125144.18, 123686.17, 122378.18] })), [], 'drawn prices with their fractions')
  const [, ...others] = UNIT_PRICE_OPENING.preliminarySortedDesc
  const unclear = await replay(changed({ preliminarySortedDesc: [126716.9, ...others] }))
  t.equal(unclear.code, EXIT.ok)
  t.match(unclear.report, { plannedPrice: { agree: 0, notApplicable: 1 }, floorPrice: { agree: 1 }, rank: { agree: 3 } }, 'two prices fit 126,716')
  const finer = changed({ bidders: [makeBid(109799.125, 1, { ratePct: 88.205 })] })
  const uncompared = { notApplicable: 1 }
  t.match((await replay(finer)).report, {
    plannedPrice: { agree: 1 }, floorPrice: { agree: 1 }, rate: uncompared, rank: uncompared, remark: uncompared
  })
})

t.test('a broken record is named in both languages and hides no other', async (t) => {
  const record = JSON.stringify(makeOpening())
  const file = write(`${record}\n{"noticeNo":\n\n${JSON.stringify(makeOpening({ noticeNo: 'X-1', baseAmount: -1 }))}\n{"a":1}\n${record}\n`)
  const { code, report } = await replay(file)
  t.equal(code, EXIT.refused)
  t.equal(report.tenders, 2)
  t.match(report.differences, [
    { noticeNo: null, what: 'record', line: 2, expected: null, computed: null, known: null, detail: /no JSON/, detailKo: /JSON/ },
    { noticeNo: 'X-1', what: 'record', line: 4, detail: /\/baseAmount must be a price/, detailKo: /\/baseAmount 값은/ },
    { noticeNo: null, what: 'record', line: 5, detail: /no known format/ }
  ])
  const people = await cli(['replay', file])
  t.match(people.err, new RegExp(`${file}, line 2: This is no JSON\\.\n +${file} 2행: JSON 형식이 아닙니다`))
  t.notMatch(people.err + people.out, /\.ts:\d+|Error:/)
  t.match(people.out, /2 tenders.*3 unknown differences/s)

  const works = `[\n${[makeWorks(), makeWorks({ noticeNo: 'X-2' }), makeWorks()].map((one) => JSON.stringify(one)).join(',\n')}\n]\n`
  const torn = await replay(write(works.replace(/(X-2.*)\}/, '$1')))
  t.match(torn, { code: EXIT.refused, report: { tenders: 2, differences: [{ what: 'record', line: 3, detail: /not finished/ }] } })
  const cut = await replay(write(works.replace(/\n\]\n$/, '')))
  t.match(cut, { code: EXIT.refused, report: { tenders: 3, differences: [{ what: 'record', line: 4, detail: /cut off/ }] } })
})

t.test('members that are not what they should be', async (t) => {
  const bid = (change: object): unknown => ({ ...makeOpening(), bidders: [{ ...BIDS[0], ...change }] })
  const cases: Array<[unknown, string]> = [
    [{ ...makeOpening(), noticeNo: null }, '/noticeNo'], [{ ...makeOpening(), floorRatePct: 88.00001 }, '/floorRatePct'],
    [{ ...makeOpening(), plannedPrice: 1e15 + 1 }, '/plannedPrice'], [{ ...makeOpening(), plannedPrice: '1' }, '/plannedPrice'],
    [{ ...makeOpening(), drawn: [1] }, '/drawn'], [{ ...makeOpening(), bidders: {} }, '/bidders'],
    [bid({ amount: -1 }), '/bidders/0/amount'], [bid({ amount: 0.1 + 0.2 }), '/bidders/0/amount'], [bid({ rank: 1.5 }), '/bidders/0/rank'],
    [bid({ picks: [3, 3] }), '/bidders/0/picks'], [bid({ picks: [3, 16] }), '/bidders/0/picks'], [bid({ picks: [1, 2, 3] }), '/bidders/0/picks'],
    [{ ...makeWorks(), firstAmount: 0 }, '/firstAmount'], [{ ...draw, rows: [...draw.rows, draw.rows[0]] }, '/rows'],
    [{ ...makeOpening(), baseAmount: 99_999_999_999_999.5 }, 'past what can be computed']
  ]
  for (const [record, named] of cases) {
    const { code, report } = await replay(lines(record))
    t.equal(code, EXIT.refused, named)
    t.match(report, { tenders: 0, differences: [{ what: 'record', line: 1 }] })
    t.ok(report.differences[0]?.detail?.includes(named), `${named}: ${report.differences[0]?.detail ?? ''}`)
  }
})

t.test('files that cannot be replayed', async (t) => {
  const missing = join(dir, 'none.jsonl')
  const cases = [[write(''), 'empty', '빈 파일'], [write(' \n'), 'empty', '빈 파일'], [write('[]'), 'empty', '빈 파일'], [write('a,b\n1,2\n'), 'line 1', '1행'],
    [write('[{"a":1}]'), 'line 1', '1행'], [missing, 'ENOENT', '읽을 수 없습니다'], [dir, 'EISDIR', '읽을 수 없습니다']] as const
  for (const [file, word, wordKo] of cases) {
    const { code, err, out } = await cli(['replay', file])
    t.equal(code, EXIT.local, word)
    t.equal(out, '')
    t.ok(err.includes(file) && err.includes(word) && err.includes(wordKo), err)
  }
  t.match((await cli(['replay', missing, '--json'])).json(), { error: { code: 'file', detail: /none\.jsonl cannot be read/, detailKo: /읽을 수 없습니다/ } })
  const good = lines(makeOpening())
  const both = await cli(['replay', missing, good])
  t.match(both, { code: EXIT.local, out: /1 tender /, err: /none\.jsonl/ }, 'the other file is replayed')
  t.match((await cli(['replay', missing, good, '--json'])).json(), [{ error: { code: 'file' } }, { file: good, tenders: 1 }])
  const wrong = lines(makeOpening({ plannedPrice: 1 }))
  t.equal((await cli(['replay', missing, wrong])).code, EXIT.refused, 'a difference is told first')
  t.equal((await cli(['replay'])).code, EXIT.usage)
})
