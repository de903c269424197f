/**
 * An amount in words, as it stands beside its figures in Korean documents (금 이천육백만원정): every digit is named, the one
 * before ten, hundred and thousand too, so that nothing can be written into it afterwards. After the example in article 2 of
 * 행정업무의 운영 및 혁신에 관한 규정 시행규칙, 금113,560원(금일십일만삼천오백육십원). Hundredths of a won are 전.
 */
import { isAmountWon } from './bid.ts'
import { invariant } from './errors.ts'
import type { PriceDecimals } from './notice.ts'
import { unitsPerWon } from './price-unit.ts'

const DIGITS = ['', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구'] as const
const PLACES = ['', '십', '백', '천'] as const
/** Every four digits; 10^15 is 일천조. */
const GROUPS = ['', '만', '억', '조'] as const
const GROUP_SIZE = 10_000

/** `units` as in `assertAmountWon`: of won, or of hundredths of a won (`decimals` 2). 2600000000, 2 → 금 이천육백만원정. */
export function wonReading (units: number, decimals: PriceDecimals): string {
  invariant(isAmountWon(units), 'an amount that is read aloud is a possible amount')
  const perWon = unitsPerWon(decimals)
  const [won, hundredths] = [Math.floor(units / perWon), units % perWon]
  const parts = [...(won === 0 ? [] : [`${numberReading(won)}원`]), ...(hundredths === 0 ? [] : [`${numberReading(hundredths)}전`])]
  return `금 ${parts.join(' ')}정`
}

function numberReading (value: number): string {
  let [text, rest] = ['', value]
  for (const group of GROUPS) {
    const four = rest % GROUP_SIZE
    if (four > 0) text = groupReading(four) + group + text
    rest = Math.floor(rest / GROUP_SIZE)
  }
  return text
}

/** 1 … 9999. */
function groupReading (value: number): string {
  let [text, rest] = ['', value]
  for (const place of PLACES) {
    const digit = rest % 10
    if (digit > 0) text = `${DIGITS[digit] ?? ''}${place}${text}`
    rest = Math.floor(rest / 10)
  }
  return text
}
