/** How values look on a page: times with their zone, money with its thousands, names of states and methods in the reader's language. */
import { REMARKS, type RemarkCode } from '../domain/bid.ts'
import type { AwardMethod, PriceDecimals, TenderKind } from '../domain/notice.ts'
import { amountText, rateText } from '../domain/price-unit.ts'
import { percentText, ratioText } from '../domain/rate-text.ts'
import type { OpeningOutcome } from '../domain/opening.ts'
import { TENDER_STATES } from '../domain/tender.ts'
import { kstMinute, kstSecond } from '../domain/time.ts'
import { formatDay, kstDayOf } from '../domain/working-days.ts'
import type { Language } from './locale.ts'
import { KINDS, METHODS, PRICE_METHODS } from './texts/terms.ts'
import { FAILURES } from './texts/failures.ts'
import { STATES, type Names } from './texts/states.ts'

const OUTCOMES: Names<OpeningOutcome> = { ranked: ['개찰 완료', 'ranked'], failed: ['유찰', 'failed'], rebid: ['재입찰', 'to be bid again'] }

const REMARKS_EN: Readonly<Partial<Record<RemarkCode, string>>> = {
  normal: 'valid',
  belowFloor: 'below the floor',
  belowNetCost: 'below net cost',
  abovePlanned: 'above the planned price',
  withdrawn: 'withdrawn',
  void: 'void',
  technicalFailed: 'out by the technical evaluation',
  unpriced: 'no planned price',
  missingDocuments: 'documents missing',
  wrongLicence: 'wrong licence'
}

const EVENTS: Readonly<Record<string, readonly [ko: string, en: string]>> = {
  'tender.published': ['공고 게시', 'published'],
  'tender.revised': ['변경공고', 'revised'],
  'tender.asked': ['질의 등록', 'question asked'],
  'tender.answered': ['답변 등록', 'question answered'],
  'tender.extended': ['장애에 따른 일정 연기', 'moved by an outage'],
  'tender.closed': ['입찰 마감', 'closed'],
  'tender.technical-opened': ['기술 개찰', 'technical envelopes opened'],
  'tender.technical-evaluated': ['기술평가 확정', 'technical evaluation decided'],
  'tender.opened': ['개찰', 'opened'],
  'tender.evaluated': ['적격심사', 'evaluated'],
  'tender.awarded': ['낙찰자 결정', 'awarded'],
  'tender.failed': ['유찰', 'failed'],
  'tender.cancelled': ['취소공고', 'cancelled']
}

const SEATS: Readonly<Record<string, readonly [ko: string, en: string]>> = {
  platform: ['플랫폼', 'platform'], executing: ['입찰집행관', 'executing officer'], witness: ['입회관', 'witness']
}

/** The helpers that templates are given as `f`. */
export function formats (language: Language) {
  const index = language === 'ko' ? 0 : 1
  const named = <Code extends string>(names: Names<Code>) => (code: Code): string => names[code]?.[index] ?? code
  return {
    state: named(STATES),
    kind: named(KINDS),
    method: named(METHODS),
    priceMethod: named(PRICE_METHODS),
    outcome: named(OUTCOMES),
    reason: named(FAILURES),
    event: (type: string): string => EVENTS[type]?.[index] ?? type,
    seat: (role: string): string => SEATS[role]?.[index] ?? role,
    remark: (code: RemarkCode): string => language === 'ko' ? REMARKS[code] : REMARKS_EN[code] ?? code,
    /** `2026-11-25 14:00 KST`. */
    time: (at: number): string => `${kstMinute(at).replace('T', ' ')} KST`,
    /** With seconds, for receipts. */
    second: kstSecond,
    iso: (at: number): string => new Date(at).toISOString(),
    /** `2026-11-25`. */
    day: (at: number): string => formatDay(kstDayOf(at)),
    count: (count: number): string => count.toLocaleString('en-US'),
    /** A part of a whole, percent. */
    share: (part: number, whole: number): string => whole === 0 ? '–' : `${(100 * part / whole).toFixed(1)} %`,
    mean: (sum: number, count: number): string => count === 0 ? '–' : (sum / count).toFixed(1),
    /** Mean of rates in parts per million, percent. */
    meanPpm: (sum: number, count: number): string => count === 0 ? '–' : `${(sum / count / 10_000).toFixed(3)} %`,
    /** A ratio that was cut off after the part per million, percent. */
    ratio: (ppm: number): string => `${ratioText(ppm)} %`,
    won: (won: number | null): string => moneyText(won, 0, language),
    /** In won, given in units of a tender. */
    money: (units: number | null, decimals: PriceDecimals): string => moneyText(units, decimals, language),
    amount: (units: number | null, decimals: PriceDecimals): string => units === null ? '–' : amountText(units, decimals),
    /** Thousandths of a mark: 94500 → 94.500. */
    marks: (milli: number): string => (milli / 1000).toFixed(3),
    /** Thousandths of a percent: 87745 → 87.745. */
    rate: (milliPercent: number | null): string => milliPercent === null ? '–' : rateText(milliPercent),
    /** A stated rate in parts per million as percent: 877450 → 87.745 %. */
    ppm: (ppm: number): string => `${percentText(ppm)} %`,
    bytes: (count: number): string => count < 1024 ? `${count} B` : count < 1024 ** 2 ? `${(count / 1024).toFixed(0)} KB` : `${(count / 1024 ** 2).toFixed(1)} MB`
  }
}

function moneyText (units: number | null, decimals: PriceDecimals, language: Language): string {
  if (units === null) return '–'
  return language === 'ko' ? `${amountText(units, decimals)}원` : `₩${amountText(units, decimals)}`
}

export type Formats = ReturnType<typeof formats>
export const KIND_CODES = Object.keys(KINDS) as TenderKind[]
export const METHOD_CODES = Object.keys(METHODS) as AwardMethod[]
/** Those that the public may see. */
export const STATE_CODES = TENDER_STATES.filter((state) => state !== 'draft')
