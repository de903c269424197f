/**
 * Gives the 15 preliminary prices of a published opening their numbers back. Results list prices without numbers, but they
 * tell which four were drawn and what everybody picked; so the four get the numbers that the picks draw, and the others
 * the remaining numbers in the order given. The result is one numbering that repeats the opening, not the original one.
 */
import type { Picks } from '../../src/domain/bid.ts'
import { countPicks, DRAWN_COUNT, drawNumbers } from '../../src/domain/draw.ts'
import { invariant } from '../../src/domain/errors.ts'

export interface PublishedDraw { pricesWon: readonly number[], drawnWon: readonly number[], picks: readonly Picks[] }

/** Numbered prices, won: price number k is item k − 1. Throws unless the four drawn are four of the prices. */
export function numberPrices ({ pricesWon, drawnWon, picks }: PublishedDraw): number[] {
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
