/** A replay as people read it: counts, every difference with its reason, and what was not compared and why. */
import { table } from './output.ts'
import { MEASURES, type Figure, type Measure } from './replay/compare.ts'
import { REASONS, type Reason } from './replay/reasons.ts'
import { knownOf, total, type Difference, type Report } from './replay/report.ts'

const NAMES: Readonly<Record<Difference['what'], string>> = {
  plannedPrice: 'planned price (예정가격)',
  drawnNumbers: 'drawn numbers (추첨번호)',
  floorPrice: 'floor price (낙찰하한가)',
  rate: 'bid rate (투찰률)',
  rank: 'rank (순위)',
  remark: 'remark (비고)',
  record: 'record (레코드)'
}
const RIGHT = 'right' as const
/** Laying out a table takes time that grows with the square of its rows; more differences come as plain lines. */
const MAX_TABLE_ROWS = 200

export function replayText (report: Report): string {
  const { file, tenders, counts, differences } = report
  const columns = [
    { name: '' }, { name: 'Agree (일치)', align: RIGHT }, { name: 'Differ (불일치)', align: RIGHT }, { name: 'of these known (예외)', align: RIGHT },
    { name: 'Not compared (제외)', align: RIGHT }
  ]
  const rows = MEASURES.map((measure) => {
    const { agree, differ, notApplicable } = counts[measure]
    return [NAMES[measure], ...[agree, differ, knownOf(report, measure), notApplicable].map(count)]
  })
  return [
    `${file}: ${many(tenders, 'tender')} (공고)\n`,
    table(columns, rows),
    differencesText(differences),
    ...[...report.uncompared].map(uncomparedLine),
    verdict(report)
  ].join('')
}

function differencesText (differences: readonly Difference[]): string {
  if (differences.length === 0) return ''
  const reasons = [...new Set(differences.flatMap(({ known }) => known === null ? [] : [known]))]
  const rows = differences.map(({ noticeNo, what, bidder, expected, computed, known, line }) => [
    noticeNo ?? '-', NAMES[what], bidder ?? (line === undefined ? '-' : `line ${line}`), figure(expected), figure(computed),
    known === null ? 'unknown' : `known (${reasons.indexOf(known) + 1})`
  ])
  const columns = [
    { name: 'Notice (공고번호)' }, { name: 'What' }, { name: 'Bidder' }, { name: 'Published', align: RIGHT }, { name: 'Computed', align: RIGHT }, { name: '' }
  ]
  const shown = rows.length <= MAX_TABLE_ROWS ? table(columns, rows) : rows.map((cells) => `${cells.join('  ')}\n`).join('')
  return shown + reasons.map(({ en, ko }, index) => `  (${index + 1}) ${en}\n      ${ko}\n`).join('')
}

function uncomparedLine ([key, number]: readonly [string, number]): string {
  const [measure, reason] = key.split(' ') as [Measure, Reason]
  return `Not compared: ${NAMES[measure]} × ${count(number)}, ${REASONS[reason].en} (${REASONS[reason].ko})\n`
}

function verdict (report: Report): string {
  const differ = report.differences.length
  const agree = `${many(total(report, 'agree'), 'figure')} agreed`
  if (report.unknown > 0) return `${many(report.unknown, 'unknown difference')} (알 수 없는 불일치 ${count(report.unknown)}건); ${agree}.\n`
  return differ === 0 ? `${agree}.\n` : `${agree}; ${many(differ, 'known exception')} (알려진 예외 ${count(differ)}건).\n`
}

function many (number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`
}

function count (number: number): string {
  return number.toLocaleString('en-US')
}

function figure (value: Figure): string {
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 20 }) : value ?? '-'
}
