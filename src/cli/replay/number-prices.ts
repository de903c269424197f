/**
 * Gives the 15 preliminary prices of a published opening their numbers back. Results list prices without numbers, but they
 * tell which four were drawn and what everybody picked; so the four get the numbers that the picks draw, and the others
 * the remaining numbers in the order given. The result is one numbering that repeats the opening, not the original one.
 */
import type { Picks } from '../../domain/bid.ts'
import { countPicks, DRAWN_COUNT, drawNumbers } from '../../domain/draw.ts'
import { invariant } from '../../domain/errors.ts'
import { decimalsOf, unitsOf } from './decimals.ts'

export interface UnnumberedPrices { pricesWon: readonly number[], drawnWon: readonly number[], picks: readonly Picks[] }

/** Numbered prices, won: price number k is item k − 1. Throws unless the four drawn are four of the prices. */
export function numberPrices ({ pricesWon, drawnWon, picks }: UnnumberedPrices): number[] {
  const others = [...pricesWon]
  for (const won of drawnWon) {
    const index = others.indexOf(won)
    invariant(index >= 0, 'a drawn price is one of the preliminary prices')
    others.splice(index, 1)
  }
  invariant(drawnWon.length === DRAWN_COUNT, `${DRAWN_COUNT} prices are drawn`)
  const byNumber = new Map(drawNumbers(countPicks(picks)).map((number, i) => [number, drawnWon[i]]))
  return pricesWon.map((_, i) => {
    const won = byNumber.get(i + 1) ?? others.shift()
    invariant(won !== undefined, 'every number gets one price')
    return won
  })
}

/**
 * Which preliminary prices were drawn. Unit-price tenders publish the 15 prices with fractions of a won and the drawn ones
 * cut to whole won; each must then fit one price alone. `none`: not published; `absent`: one drawn is no preliminary price.
 */
export function identifyDrawn (pricesWon: readonly number[], drawnWon: readonly number[]): number[] | 'none' | 'absent' | 'unclear' {
  if (pricesWon.length === 0 || drawnWon.length === 0) return 'none'
  const areCut = drawnWon.every((won) => decimalsOf(won) === 0) && pricesWon.some((won) => decimalsOf(won) > 0)
  const shown = (won: number): number => areCut ? unitsOf(won, 0) : won
  const left = [...pricesWon]
  const identified: number[] = []
  for (const won of drawnWon) {
    const fitting = new Set(left.filter((price) => shown(price) === won))
    const [first] = fitting
    if (first === undefined) return 'absent'
    if (fitting.size > 1) return 'unclear'
    left.splice(left.indexOf(first), 1)
    identified.push(first)
  }
  return identified
}
