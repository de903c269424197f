/** Names of what a notice may say, in both languages, for pages and for scripts in the browser. */
import type { AwardMethod, PriceMethod, TenderKind } from '../../domain/notice.ts'
import type { Names } from './states.ts'

export const KINDS: Names<TenderKind> = { works: ['공사', 'works'], services: ['용역', 'services'], goods: ['물품', 'goods'], foreign: ['외자', 'foreign goods'] }

export const METHODS: Names<AwardMethod> = {
  'restricted-lowest': ['제한적 최저가', 'restricted lowest price'],
  'private-quote': ['소액수의 견적', 'private quote'],
  lowest: ['최저가', 'lowest price'],
  'eligibility-review': ['적격심사', 'eligibility review'],
  comprehensive: ['종합심사', 'comprehensive evaluation'],
  negotiated: ['협상에 의한 계약', 'negotiated'],
  'two-stage': ['2단계 경쟁', 'two-stage']
}

export const PRICE_METHODS: Names<PriceMethod> = {
  'multiple-derived': ['복수예비가격(개찰 시 생성)', 'multiple prices, derived at the opening'],
  'multiple-sealed': ['복수예비가격(봉인)', 'multiple prices, sealed by the agency'],
  'single-sealed': ['단일예정가격(봉인)', 'a single sealed price'],
  none: ['예정가격 없음', 'no planned price']
}
