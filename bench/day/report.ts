/** What a day came to, in words and figures. */
import type { Answer } from './send.ts'

export interface DayFacts {
  tenders: number
  bids: number
  suppliers: number
  watchers: number
  /** Bidders of the largest tender. */
  largest: number
  early: SentFacts
  late: SentFacts
  refusedAsLate: number
  /** Of those, how long before the deadline the earliest was sent, ms; 0 where none was sent before it. */
  refusedSentBeforeMs: number
  /** From the opening time to the last reveal, and to the last opening that a watcher heard of. */
  revealedMs: number
  openedMs: number
  wholeRecords: number
  leaves: number
  faults: string[]
}

/** Times from the last byte's sending to the answer, ms. */
export interface SentFacts { bids: number, seconds: number, p50: number, p99: number, worst: number }

export function sentFacts (answers: readonly Answer[], elapsedMs: number): SentFacts {
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  const quantile = (share: number): number => Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0)
  return { bids: answers.length, seconds: elapsedMs / 1000, p50: quantile(0.5), p99: quantile(0.99), worst: quantile(1) }
}

/** Suppliers' bids that the server called late. */
export function lateFacts (answers: readonly Answer[], closesAt: number): Pick<DayFacts, 'refusedAsLate' | 'refusedSentBeforeMs'> {
  const refused = answers.filter(({ code }) => code === 'bid-late')
  return { refusedAsLate: refused.length, refusedSentBeforeMs: Math.max(0, ...refused.map(({ sentAt }) => closesAt - sentAt)) }
}

const MAX_FAULTS_SHOWN = 20

export function dayReport (facts: DayFacts): string {
  const { tenders, bids, suppliers, watchers, largest, early, late, refusedAsLate, refusedSentBeforeMs, leaves, faults } = facts
  const lines = [
    '',
    'A day at KONEPS (compressed)',
    `  ${number(tenders)} tenders with one deadline, the largest with ${largest} bidders; ${number(bids)} bids of ${suppliers} suppliers; ${number(watchers)} feed clients`,
    `  before the last hour: ${sent(early)}`,
    `  in the last hour:     ${sent(late)}`,
    `  refused as late: ${refusedAsLate}${refusedAsLate === 0 ? '' : `, the earliest of them sent ${refusedSentBeforeMs} ms before the deadline`}`,
    `  openings: keys revealed within ${seconds(facts.revealedMs)} of the opening time, the last of ${number(tenders)} tenders opened after ${seconds(facts.openedMs)}`,
    `  closing records: ${number(leaves)} leaves; receipts looked up in all, ${facts.wholeRecords} records verified as a whole`,
    faults.length === 0 ? '  Every receipt is in its closing record.' : `  ${faults.length} FAULTS`,
    ...faults.slice(0, MAX_FAULTS_SHOWN).map((fault) => `    ${fault}`)
  ]
  return lines.join('\n')
}

function sent ({ bids, seconds, p50, p99, worst }: SentFacts): string {
  return `${number(bids)} bids, ${number(Math.round(bids / seconds))}/s; answered in ${p50} ms (median), ${p99} ms (p99), ${worst} ms (worst)`
}

const number = (value: number): string => value.toLocaleString('en-US')
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
