/**
 * Unit-price contracts (단가계약): a bid names a price for each line of the notice, always in hundredths of a won, and competes
 * with the total Σ quantity × unit price in the tender's unit: truncated once to whole won, exact where the tender counts
 * hundredths. The same check runs in the client before sealing and at the opening, where a bid whose prices and amount
 * disagree is void.
 */
import { MAX_AMOUNT_WON } from './bid.ts'
import { BonginError } from './errors.ts'
import type { PriceDecimals, UnitPriceItem } from './notice.ts'
import { amountText, unitsPerWon } from './price-unit.ts'

/** Unit prices have two decimals, whatever the totals have. */
export const UNIT_PRICE_DECIMALS = 2
const CENTI_PER_WON = 100n
/** Hundredths of a won. */
export const MAX_UNIT_PRICE_CENTI = 1_000_000_000_000_000

export function isUnitPriceCenti (value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 1 && (value as number) <= MAX_UNIT_PRICE_CENTI
}

/** Quantity × unit price, exact, in hundredths of a won. */
export function lineTotalCenti ({ quantity, unitPriceCenti }: { quantity: number, unitPriceCenti: number }): bigint {
  return BigInt(quantity) * BigInt(unitPriceCenti)
}

/** Hundredths of a won in won, of any size, thousands set apart: 12345678n → 123,456.78. */
export function centiText (centi: bigint): string {
  return `${(centi / CENTI_PER_WON).toLocaleString('en-US')}.${String(centi % CENTI_PER_WON).padStart(UNIT_PRICE_DECIMALS, '0')}`
}

export interface PricedLines {
  lines: ReadonlyArray<Pick<UnitPriceItem, 'quantity'>>
  unitPricesCenti: readonly unknown[]
  /** Of the total. */
  decimals: PriceDecimals
}

/**
 * Σ quantity × unit price in units of 10^−decimals won, truncated once; null where the lists differ in length, a price is
 * impossible, or the total is not from 1 to 10^15.
 */
export function scheduleTotal ({ lines, unitPricesCenti, decimals }: PricedLines): number | null {
  if (lines.length !== unitPricesCenti.length) return null
  let totalCenti = 0n
  for (const [i, price] of unitPricesCenti.entries()) {
    if (!isUnitPriceCenti(price)) return null
    totalCenti += lineTotalCenti({ quantity: lines[i]?.quantity ?? 0, unitPriceCenti: price })
  }
  const total = totalCenti * BigInt(unitsPerWon(decimals)) / CENTI_PER_WON
  return total >= 1n && total <= BigInt(MAX_AMOUNT_WON) ? Number(total) : null
}

/** @throws BonginError `unit-prices-invalid` unless there is a possible price for every line, and the amount is their total. */
export function assertUnitPrices ({ lines, unitPricesCenti, decimals, amountWon }: Omit<PricedLines, 'unitPricesCenti'> & {
  unitPricesCenti: readonly number[] | null, amountWon: number
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
  const total = scheduleTotal({ lines, unitPricesCenti, decimals })
  if (total === null) {
    const [least, most] = [amountText(1, decimals), amountText(MAX_AMOUNT_WON, decimals)]
    throw refused('/unitPricesCenti', `The total must lie between ${least} and ${most} won.`, `총액은 ${least}원 이상 ${most}원 이하여야 합니다.`)
  }
  const said = amountText(total, decimals)
  if (total !== amountWon) throw refused('/amountWon', `The unit prices come to ${said} won.`, `단가에 따른 총액은 ${said}원입니다.`)
}

function refused (field: string, detail: string, detailKo: string): BonginError {
  return new BonginError('unit-prices-invalid', { field, detail, detailKo })
}
