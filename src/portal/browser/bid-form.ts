/**
 * The bid's form: the amount, read out while it is typed, and the two numbers of the draw. What is typed stays in the form; it
 * is neither kept nor sent, only sealed.
 */
import { PRELIMINARY_PRICE_COUNT, type BidContent } from '../../domain/bid.ts'
import type { PriceDecimals } from '../../domain/notice.ts'
import { readAmount } from '../../domain/price-unit.ts'
import { shareText } from '../../domain/rate-text.ts'
import { wonReading } from '../../domain/won-reading.ts'
import { setError } from './fields.ts'
import { element, words } from './page.ts'

const PICKS = 2

export interface BidFormTerms {
  decimals: PriceDecimals
  /** Units; null where the tender has none. */
  baseAmount: number | null
  drawsPrices: boolean
}

const boxes = (): HTMLInputElement[] => [...element('bid-form').querySelectorAll<HTMLInputElement>('input[name=pick]')]
const picked = (): number[] => boxes().filter(({ checked }) => checked).map(({ value }) => Number(value))

export function watchBidForm (terms: BidFormTerms): void {
  const amount = element<HTMLInputElement>('amount')
  amount.addEventListener('input', () => {
    setError('amount', '')
    showReading(readAmount(amount.value.trim(), terms.decimals), terms)
  })
  for (const box of boxes()) box.addEventListener('change', () => { takePick(box) })
  showCount()
}

function showReading (units: number | null, { decimals, baseAmount }: BidFormTerms): void {
  element('reading').textContent = units === null ? '–' : wonReading(units, decimals)
  if (baseAmount !== null) element('rate').textContent = units === null ? '–' : `${shareText({ amount: units, base: baseAmount })} %`
}

/** A third number is not taken, and the form says why. */
function takePick (box: HTMLInputElement): void {
  const full = picked().length > PICKS
  if (full) box.checked = false
  sayOfPicks(full ? words.bidPicksFull : '')
  showCount()
}

function showCount (): void {
  const place = document.getElementById('picks-count')
  if (place !== null) place.textContent = `${words.bidPicksCount}: ${picked().join(', ') || '–'} (${picked().length}/${PICKS})`
}

function sayOfPicks (text: string): void {
  const place = document.getElementById('picks-error')
  if (place !== null) place.textContent = text
  for (const box of boxes()) {
    if (text === '') box.removeAttribute('aria-invalid')
    else box.setAttribute('aria-invalid', 'true')
  }
}

/** What the form says, or null with each fault beside its field and the focus on the first. */
export function readBidForm ({ decimals, drawsPrices }: BidFormTerms): BidContent | null {
  const amount = element<HTMLInputElement>('amount')
  const amountWon = readAmount(amount.value.trim(), decimals)
  setError('amount', amountWon === null ? words.bidAmountBad : '')
  const [first, second, ...more] = picked()
  const two = first !== undefined && second !== undefined && more.length === 0
  sayOfPicks(drawsPrices && !two ? words.bidPicksWrong : '')
  if (amountWon === null) {
    amount.focus()
    return null
  }
  if (!drawsPrices) return { amountWon, picks: null }
  if (two) return { amountWon, picks: [first, second] }
  boxes()[picked().length === 0 ? 0 : PRELIMINARY_PRICE_COUNT - 1]?.focus()
  return null
}

/** Nothing of the bid is left in the page. */
export function emptyBidForm (terms: BidFormTerms): void {
  element<HTMLFormElement>('bid-form').reset()
  showReading(null, terms)
  showCount()
}
