/**
 * Why a published figure is not compared, one reason each (docs/rules.md lists them). What is not compared is counted apart:
 * it never counts as agreement.
 */
import type { Words } from './faults.ts'

export const REASONS = {
  notPublished: { en: 'the file does not give this figure', ko: '파일에 없는 값' },
  noDraw: { en: 'the preliminary prices or the drawn ones are not published', ko: '복수예비가격 또는 추첨된 가격이 공개되지 않음' },
  drawnUnclear: {
    en: 'the drawn prices are published without their fractions of a won, and more than one preliminary price fits',
    ko: '추첨된 가격이 원 미만을 뺀 채 공개되어 해당하는 예비가격이 둘 이상임'
  },
  drawIncomplete: { en: 'rows of the draw are missing', ko: '추첨표의 일부 행이 없음' },
  noFloorRate: { en: 'no floor rate is published, so the limits of valid amounts are unknown', ko: '낙찰하한율이 공개되지 않아 유효한 금액의 범위를 알 수 없음' },
  finerThanPrices: { en: 'a bid has more decimals than the prices', ko: '가격보다 소수 자릿수가 많은 입찰금액이 있음' },
  fromOutside: { en: 'the remark comes from documents or decisions, not from amounts', ko: '금액이 아니라 서류나 결정에 따른 비고' },
  noRemarks: { en: 'this kind of table prints no remarks (its times have no seconds)', ko: '비고를 표시하지 않는 표(시각에 초가 없음)' }
} as const satisfies Record<string, Words>

export type Reason = keyof typeof REASONS
