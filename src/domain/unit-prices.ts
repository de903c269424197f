/**
 * Unit-price contracts (단가계약): a bid names a price for each line of the notice, in hundredths of a won, and competes with
 * the total Σ quantity × unit price, truncated to whole won. The same check runs in the client before sealing and at the
 * opening, where a bid whose prices and amount disagree is void.
 */
import { MAX_AMOUNT_WON } from './bid.ts'
import { BonginError } from './errors.ts'
import type { UnitPriceItem } from './notice.ts'

export const CENTI_PER_WON = 100
/** Hundredths of a won. */
export const MAX_UNIT_PRICE_CENTI = 1_000_000_000_000_000

export function isUnitPriceCenti (value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MAX_UNIT_PRICE_CENTI
}

/**
 * Σ quantity × unit price in whole won, truncated; null where the lists differ in length, a price is impossible, or the total
 * is not from 1 to 10^15.
 */
export function totalWon (lines: ReadonlyArray<Pick<UnitPriceItem, 'quantity'>>, unitPricesCenti: readonly unknown[]): number | null {
  if (lines.length !== unitPricesCenti.length) return null
  let totalCenti = 0n
  for (const [i, price] of unitPricesCenti.entries()) {
    if (!isUnitPriceCenti(price)) return null
    totalCenti += BigInt(lines[i]?.quantity ?? 0) * BigInt(price)
  }
  const total = totalCenti / BigInt(CENTI_PER_WON)
  return total >= 1n && total <= BigInt(MAX_AMOUNT_WON) ? Number(total) : null
}

/** @throws BonginError `unit-prices-invalid` unless there is a possible price for every line, and the amount is their total. */
export function assertUnitPrices ({ lines, unitPricesCenti, amountWon }: {
  lines: ReadonlyArray<Pick<UnitPriceItem, 'quantity'>>, unitPricesCenti: readonly number[] | null, amountWon: number
}): void {
  if (lines.length === 0) {
    if (unitPricesCenti === null) return
    throw refused('/unitPricesCenti', 'This tender asks for one total and no unit prices.', '총액 입찰 공고이므로 단가를 제출할 수 없습니다.')
  }
  if (unitPricesCenti === null || unitPricesCenti.length !== lines.length) {
    throw refused('/unitPricesCenti', `This tender asks for ${lines.length} unit prices, one for each line.`, `품목마다 하나씩 단가 ${lines.length}개가 필요합니다.`)
  }
  const impossible = unitPricesCenti.findIndex((price) => !isUnitPriceCenti(price))
  if (impossible !== -1) {
    throw refused(`/unitPricesCenti/${impossible}`, 'A unit price goes from 0.01 to 10,000,000,000,000 won.', '단가는 0.01원 이상 10조 원 이하여야 합니다.')
  }
  const total = totalWon(lines, unitPricesCenti)
  if (total === null) throw refused('/unitPricesCenti', 'The total must lie between 1 and 1,000,000,000,000,000 won.', '총액은 1원 이상 1,000조 원 이하여야 합니다.')
  if (total !== amountWon) throw refused('/amountWon', `The unit prices come to ${total} won.`, `단가에 따른 총액은 ${total}원입니다.`)
}

function refused (field: string, detail: string, detailKo: string): BonginError {
  return new BonginError('unit-prices-invalid', { field, detail, detailKo })
}
