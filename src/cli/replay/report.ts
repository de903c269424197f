/**
 * What a replay found: counts of figures that agree, differ and are not compared, and every difference with the reason on
 * the list of known exceptions, or none. `toJson` is the shape of `bongin replay --json` (docs/cli.md); members are only
 * ever added.
 */
import { MEASURES, type Figure, type Finding, type Measure } from './compare.ts'
import type { Words } from './faults.ts'
import { knownReason } from './known-exceptions.ts'
import type { Published } from './published.ts'
import type { Reason } from './reasons.ts'

export interface Count { agree: number, differ: number, notApplicable: number }

export interface Difference {
  /** null for a record whose notice cannot be told. */
  noticeNo: string | null
  /** `record`: the record itself is at fault, and nothing of it was compared. */
  what: Measure | 'drawnNumbers' | 'record'
  bidder?: string
  /** What the source says. */
  expected: Figure
  computed: Figure
  known: Words | null
  /** For `record`: where, and what is wrong. */
  line?: number
  fault?: Words
}

export interface ReportJson extends Record<Measure, Count> {
  file: string
  tenders: number
  differences: Array<Omit<Difference, 'known' | 'fault'> & { known: string | null, detail?: string, detailKo?: string }>
}

export class Report {
  readonly file: string
  readonly counts: Record<Measure, Count>
  readonly differences: Difference[] = []
  /** How many figures of each measure were not compared, by reason. */
  readonly uncompared = new Map<`${Measure} ${Reason}`, number>()
  tenders = 0
  unknown = 0

  constructor (file: string) {
    this.file = file
    const none = (): Count => ({ agree: 0, differ: 0, notApplicable: 0 })
    this.counts = { plannedPrice: none(), floorPrice: none(), rate: none(), rank: none(), remark: none() }
  }

  /** One record and all that was found in it. */
  add (published: Published, findings: readonly Finding[]): void {
    this.tenders++
    for (const finding of findings) this.#add(published, finding)
  }

  #add (published: Published, finding: Finding): void {
    const { measure, what, bidder, expected, computed, agrees, reason } = finding
    const count = this.counts[measure]
    if (reason !== null) {
      count.notApplicable++
      const key = `${measure} ${reason}` as const
      this.uncompared.set(key, (this.uncompared.get(key) ?? 0) + 1)
    } else if (agrees) {
      count.agree++
    } else {
      count.differ++
      const known = knownReason(finding, published)
      if (known === null) this.unknown++
      this.differences.push({
        noticeNo: published.record.noticeNo, what: what ?? measure, ...(bidder === null ? {} : { bidder }), expected, computed, known
      })
    }
  }

  /** A record that could not be compared: always an unknown difference. */
  addFault (line: number, noticeNo: string | null, fault: Words): void {
    this.unknown++
    this.differences.push({ noticeNo, what: 'record', expected: null, computed: null, known: null, line, fault })
  }

  toJson (): ReportJson {
    const differences = this.differences.map(({ known, fault, ...difference }) => ({
      ...difference, known: known?.en ?? null, ...(fault === undefined ? {} : { detail: fault.en, detailKo: fault.ko })
    }))
    return { file: this.file, tenders: this.tenders, ...this.counts, differences }
  }
}

/** How many differences of a measure are on the list. */
export function knownOf ({ differences }: Report, measure: Measure): number {
  const measured = (what: Difference['what']): string => what === 'drawnNumbers' ? 'plannedPrice' : what
  return differences.filter(({ what, known }) => known !== null && measured(what) === measure).length
}

export function total (report: Report, member: keyof Count): number {
  return MEASURES.reduce((sum, measure) => sum + report.counts[measure][member], 0)
}
