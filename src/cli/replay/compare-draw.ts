/**
 * A published draw with its numbers and pick counts, drawn again by the rule: the four most picked, ties to the lowest
 * number, and their mean. Where rows are missing, the order among those that are there is still checked.
 */
import { isAmountWon, PRELIMINARY_PRICE_COUNT } from '../../domain/bid.ts'
import { DRAWN_COUNT, drawNumbers, plannedPrice } from '../../domain/draw.ts'
import { ofTender, type Finding } from './compare.ts'
import { figureOf, unitDecimals, unitsOf } from './decimals.ts'
import { RecordProblem } from './faults.ts'
import type { PublishedDraw } from './published.ts'

/** @throws RecordProblem for prices past 10^15 units. */
export function compareDraw ({ plannedPrice: published, rows }: PublishedDraw): Finding[] {
  const byNumber = new Map(rows.map((row) => [row.no, row]))
  const numbers = Array.from({ length: PRELIMINARY_PRICE_COUNT }, (_, index) => index + 1)
  const isComplete = rows.length === PRELIMINARY_PRICE_COUNT
  const drawn = rows.filter((row) => row.drawn).map(({ no }) => no)
  // A number without a row stands after all that have one, so that it moves none of them.
  const computed = drawNumbers(numbers.map((number) => byNumber.get(number)?.count ?? -1)).slice(0, isComplete ? DRAWN_COUNT : drawn.length)
  const floor = ofTender('floorPrice', { expected: null, computed: null, reason: 'notPublished' })
  const differs = list(drawn) !== list(computed)
  if (!isComplete && !differs) return [ofTender('plannedPrice', { expected: published, computed: null, reason: 'drawIncomplete' }), floor]
  if (!isComplete) return [drawnNumbers(drawn, computed), floor]
  const mean = meanOf(numbers.map((number) => byNumber.get(number)?.price ?? 0), computed, published)
  const planned = ofTender('plannedPrice', { expected: published, computed: mean, reason: null })
  return [planned.agrees && differs ? drawnNumbers(drawn, computed) : planned, floor]
}

function meanOf (prices: readonly number[], drawn: readonly number[], published: number): number {
  const decimals = unitDecimals([...prices, published])
  const units = prices.map((price) => unitsOf(price, decimals))
  if (!units.every(isAmountWon)) throw new RecordProblem({ en: 'A price is past what can be computed exactly.', ko: '정확히 계산할 수 있는 범위를 넘는 가격이 있습니다.' })
  return figureOf(plannedPrice(units, drawn, 'up-1'), decimals)
}

function drawnNumbers (expected: readonly number[], computed: readonly number[]): Finding {
  return { ...ofTender('plannedPrice', { expected: list(expected), computed: list(computed), reason: null }), what: 'drawnNumbers' }
}

function list (numbers: readonly number[]): string {
  return numbers.toSorted((a, b) => a - b).join(', ')
}
