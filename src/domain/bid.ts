/**
 * A bid's open form and the outcomes it can have. Amounts are whole numbers of the tender's unit (`price-unit.ts`: won, or
 * hundredths of a won), 1 … 10^15; picks are two different numbers of 1 … 15. The same checks run in the client before
 * sealing and at the opening after decryption: between the two nobody can see the values, so nobody else can check them.
 */
import { BonginError } from './errors.ts'
import type { ConsortiumShare } from './consortium.ts'
import type { Instant, Sha256Hex, SupplierId } from './ids.ts'

/** Units: 10^15 won, or 10^13 won where a tender counts hundredths. */
export const MAX_AMOUNT_WON = 1_000_000_000_000_000
export const PRELIMINARY_PRICE_COUNT = 15

/** The two numbers of the price draw (추첨번호). */
export type Picks = readonly [number, number]

export interface BidContent {
  amountWon: number
  /** null where the price method draws nothing (`single-sealed`, `none`). */
  picks: Picks | null
}

export function isAmountWon (value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= MAX_AMOUNT_WON
}

/** @throws BonginError `invalid-amount` unless a whole number of units from 1 to 10^15. */
export function assertAmountWon (value: number, field: string): void {
  if (isAmountWon(value)) return
  throw new BonginError('invalid-amount', {
    field,
    detail: 'An amount is a whole number from 1 to 1,000,000,000,000,000, of won or of the hundredths of a won that the tender counts in.',
    detailKo: '금액은 공고의 금액 단위(1원 또는 0.01원)로 1 이상 1,000조 이하의 정수여야 합니다.'
  })
}

export function arePicks (first: number, second: number): boolean {
  const inRange = (n: number): boolean => Number.isInteger(n) && n >= 1 && n <= PRELIMINARY_PRICE_COUNT
  return inRange(first) && inRange(second) && first !== second
}

/** @throws BonginError `invalid-amount`, `invalid-picks`; a draw wants two picks and no draw wants none. */
export function assertBidContent (content: BidContent, drawsPrices: boolean): void {
  assertAmountWon(content.amountWon, '/amountWon')
  const { picks } = content
  const fits = drawsPrices ? picks !== null && arePicks(picks[0], picks[1]) : picks === null
  if (fits) return
  throw new BonginError('invalid-picks', {
    field: '/picks',
    detail: drawsPrices ? 'Pick two different numbers from 1 to 15.' : 'This tender draws no preliminary prices: leave the picks out.',
    detailKo: drawsPrices ? '1부터 15까지의 서로 다른 번호 2개를 선택하십시오.' : '복수예비가격을 추첨하지 않는 공고이므로 추첨번호를 비워 두십시오.'
  })
}

/** Why a bid counts for nothing; the opening goes on without it. */
export const VOID_REASONS = [
  'withdrawn', 'superseded', 'undecryptable', 'malformed-plaintext', 'mismatched-plaintext', 'invalid-amount', 'invalid-picks',
  'schedule-mismatch', 'duplicate-member', 'technical-undecryptable', 'technical-malformed', 'technical-failed'
] as const
export type VoidReason = typeof VOID_REASONS[number]

/** One accepted bid as the opening sees it, in the order of acceptance (`leafIndex`). */
export type OpenedBid = {
  leafIndex: number
  supplierId: SupplierId
  envelopeSha256: Sha256Hex
  acceptedAt: Instant
  /** A consortium's members, the leader first; empty for a single supplier. */
  members: readonly ConsortiumShare[]
} & ({ outcome: 'open', content: BidContent } | { outcome: 'void', reason: VoidReason })

/** Out by the technical evaluation: the price envelope stays sealed. */
export const TECHNICAL_VOID_REASONS: ReadonlySet<VoidReason> = new Set<VoidReason>(['technical-undecryptable', 'technical-malformed', 'technical-failed'])

/** Remarks (비고) as KONEPS prints them; `unpriced` is Bongin's own, for an opening without a planned price. */
export const REMARKS = {
  normal: '정상',
  belowFloor: '낙찰하한선 미달',
  belowNetCost: '순공사원가 미달',
  abovePlanned: '예가초과',
  withdrawn: '전자입찰취소신청',
  void: '무효',
  technicalFailed: '규격·기술 부적격',
  unpriced: '예정가격 없음',
  missingDocuments: '서류미제출',
  wrongLicence: '면허종류 틀림'
} as const
export type RemarkCode = keyof typeof REMARKS

/** Remarks that an evaluation gives (documents and licences); all others follow from the opening. */
export const DISQUALIFICATIONS = ['missingDocuments', 'wrongLicence'] as const satisfies readonly RemarkCode[]
export type Disqualification = typeof DISQUALIFICATIONS[number]
