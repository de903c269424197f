/**
 * The bid of a unit-price contract (단가): a price for each line, with what each line and all of them come to while they are typed.
 * All sums are exact; the amount that competes is worked out as the opening works it out.
 */
import { BonginError } from '../../domain/errors.ts'
import { amountText, readAmount } from '../../domain/price-unit.ts'
import { assertUnitPrices, centiText, lineTotalCenti, scheduleTotal, UNIT_PRICE_DECIMALS } from '../../domain/unit-prices.ts'
import { wonReading } from '../../domain/won-reading.ts'
import { showReading } from './bid-amount.ts'
import type { Part, PriceSaid } from './bid-form.ts'
import { tender } from './bid-state.ts'
import { biddingWords } from './bidding-words.ts'
import { setError } from './fields.ts'
import { element, explain } from './page.ts'

interface Line { quantity: number, field: HTMLInputElement }

const lines: readonly Line[] = [...element('lines').querySelectorAll<HTMLInputElement>('input')]
  .map((field) => ({ field, quantity: Number(field.dataset['quantity']) }))
/** Hundredths of a won; null where no price stands. */
const priceOf = ({ field }: Line): number | null => readAmount(field.value.trim(), UNIT_PRICE_DECIMALS)
const total = (prices: ReadonlyArray<number | null>): number | null => scheduleTotal({ lines, unitPricesCenti: prices, decimals: tender.decimals })

function showLine (line: Line): void {
  const unitPriceCenti = priceOf(line)
  const { field: { id }, quantity } = line
  element(`${id}-reading`).textContent = unitPriceCenti === null ? '' : wonReading(unitPriceCenti, UNIT_PRICE_DECIMALS)
  element(`${id}-total`).textContent = unitPriceCenti === null ? '–' : centiText(lineTotalCenti({ quantity, unitPriceCenti }))
}

function showSums (): void {
  const prices = lines.map(priceOf)
  const filled = prices.filter((price) => price !== null).length
  const sum = prices.reduce((all, price, i) => all + lineTotalCenti({ quantity: lines[i]?.quantity ?? 0, unitPriceCenti: price ?? 0 }), 0n)
  const amount = total(prices)
  element('lines-filled').textContent = `${filled}/${lines.length}`
  element('lines-sum').textContent = centiText(sum)
  element('lines-amount').textContent = amount === null ? '–' : amountText(amount, tender.decimals)
  showReading(amount)
}

/** Rows copied from elsewhere go into this line and those below it. */
function paste (event: ClipboardEvent, first: number): void {
  const rows = (event.clipboardData?.getData('text') ?? '').split(/\r\n|[\r\n]/)
  while (rows.at(-1) === '') rows.pop()
  if (rows.length < 2) return
  event.preventDefault()
  rows.forEach((row, i) => {
    const line = lines[first + i]
    if (line === undefined) return
    line.field.value = row.trim()
    line.field.dispatchEvent(new Event('input', { bubbles: true }))
  })
}

/** Whether the lines come to a possible amount; says so where they do not. */
function fault (prices: readonly number[]): string {
  try {
    assertUnitPrices({ lines, unitPricesCenti: prices, decimals: tender.decimals, amountWon: total(prices) ?? 0 })
    return ''
  } catch (error) {
    if (error instanceof BonginError) return explain(error).text
    throw error
  }
}

function read (): PriceSaid | null {
  const prices = lines.map((line) => {
    const price = priceOf(line)
    setError(line.field.id, price === null ? biddingWords.linePriceBad : '')
    return price
  })
  const unitPricesCenti = prices.filter((price) => price !== null)
  const complete = unitPricesCenti.length === lines.length
  const said = complete ? fault(unitPricesCenti) : ''
  sayOfAll(said)
  const amountWon = total(prices)
  return amountWon === null || said !== '' ? null : { amountWon, unitPricesCenti }
}

/** Of all lines together; the first one is where it can be put right. */
function sayOfAll (text: string): void {
  element('lines-error').textContent = text
  if (text !== '') lines[0]?.field.setAttribute('aria-invalid', 'true')
}

export function unitPricesPart (): Part<PriceSaid> {
  lines.forEach((line, i) => {
    line.field.addEventListener('input', () => {
      setError(line.field.id, '')
      sayOfAll('')
      showLine(line)
      showSums()
    })
    line.field.addEventListener('paste', (event) => { paste(event, i) })
  })
  showSums()
  return {
    read,
    empty () {
      for (const line of lines) showLine(line)
      showSums()
    },
    refuse (place, text) {
      if (place !== '/amountWon' && !place.startsWith('/unitPricesCenti')) return false
      const line = lines[Number(place.split('/')[2] ?? 'all')]
      if (line === undefined) sayOfAll(text)
      else setError(line.field.id, text)
      return true
    }
  }
}
