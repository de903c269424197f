/** What every bench shares: interleaved rounds, medians, and figures as ratios to a reference of the same run. */

export interface Figure { name: string, value: number, min: number, max: number, rounds: number, numerator: string, denominator: string }

/** Times each of the contestants once per round, in turn, so that a noisy machine disturbs all alike; returns rates per second. */
export async function interleave (
  rounds: number, contestants: Readonly<Record<string, () => Promise<number> | number>>
): Promise<Record<string, number[]>> {
  const rates: Record<string, number[]> = {}
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const started = performance.now()
      const count = await run()
      ;(rates[name] ??= []).push(count / (performance.now() - started) * 1000)
    }
  }
  return rates
}

export function median (values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Ratios round by round, then their median. */
export function ratio (name: string, rates: Record<string, number[]>, [numerator, denominator]: readonly [string, string]): Figure {
  const above = rates[numerator] ?? []
  const below = rates[denominator] ?? []
  const ratios = above.map((rate, round) => rate / (below[round] ?? Number.NaN))
  return { name, value: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios), rounds: ratios.length, numerator, denominator }
}

export function print (rates: Record<string, number[]>, figures: readonly Figure[]): void {
  for (const [name, values] of Object.entries(rates)) console.log(`${name.padEnd(24)} ${Math.round(median(values)).toLocaleString('en-US').padStart(10)}/s`)
  for (const { name, value, min, max, rounds } of figures) {
    console.log(`${name.padEnd(24)} ${value.toFixed(2).padStart(10)}   (${min.toFixed(2)} … ${max.toFixed(2)}, ${rounds} rounds)`)
  }
}
