/**
 * What every bench shares: contestants in turn, round by round, and figures as ratios to a reference of the same round, so
 * that a noisy machine disturbs both alike. A round's ratio is taken first, the median of the rounds after it.
 */
import { targetOf } from './targets.ts'

/** One contestant's turn. */
export interface Sample {
  /** Units of work a second. */
  rate: number
  /** Seconds of processor time per second of the clock, all threads of the process that did the work. */
  cores: number
  /** Resident memory of that process after the turn, MB (10^6 bytes). */
  memoryMb: number
}

export type Samples = Record<string, Sample[]>

/** A contestant whose work is done by another process says itself what that one used. */
export interface Turn { count: number, seconds?: number, cpuSeconds?: number, memoryMb?: number }
export type Contestant = () => Promise<number | Turn> | number | Turn

export interface Figure {
  name: string
  value: number
  min: number
  max: number
  rounds: number
  /** null for a figure that has none. */
  target: number | null
  /** Always true where there is no target. */
  meets: boolean
  numerator: string
  denominator: string
  /** Of the numerator's turns, medians. */
  cores?: number
  memoryMb?: number
}

/** `--quick` takes fewer rounds and smaller inputs; no figure is left out. */
export interface BenchOptions { quick: boolean }
export type Bench = (options: BenchOptions) => Promise<Figure[]>

/** Every contestant once per round, in turn; a round without being measured goes before. */
export async function interleave (rounds: number, contestants: Readonly<Record<string, Contestant>>, { warmUp = true } = {}): Promise<Samples> {
  const samples: Samples = {}
  for (let round = warmUp ? -1 : 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(contestants)) {
      const sample = await takeTurn(run)
      if (round >= 0) (samples[name] ??= []).push(sample)
    }
  }
  return samples
}

export async function takeTurn (run: Contestant): Promise<Sample> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  const outcome = await run()
  const elapsed = (performance.now() - started) / 1000
  const turn: Turn = typeof outcome === 'number' ? { count: outcome } : outcome
  const { count, seconds = elapsed } = turn
  const { user, system } = process.cpuUsage(cpu)
  return {
    rate: count / seconds,
    cores: (turn.cpuSeconds ?? (user + system) / 1e6) / seconds,
    memoryMb: turn.memoryMb ?? process.memoryUsage.rss() / 1e6
  }
}

export function median (values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** Each of a sample's numbers by itself. */
export function medianSample (taken: readonly Sample[]): Sample {
  const of = (pick: (sample: Sample) => number): number => median(taken.map(pick))
  return { rate: of(({ rate }) => rate), cores: of(({ cores }) => cores), memoryMb: of(({ memoryMb }) => memoryMb) }
}

/** Rates round by round as ratios. A reference that takes a turn before and another one behind is taken for the mean of both. */
export function ratio (name: string, samples: Samples, [numerator, denominator, again = denominator]: readonly [string, string, string?]): Figure {
  const above = samples[numerator] ?? []
  const rateOf = (reference: string, round: number): number => samples[reference]?.[round]?.rate ?? Number.NaN
  const ratios = above.map(({ rate }, round) => 2 * rate / (rateOf(denominator, round) + rateOf(again, round)))
  const { cores, memoryMb } = medianSample(above)
  return { ...figure(name, ratios, { numerator, denominator }), cores, memoryMb }
}

/** A figure that is no ratio of rates: of times, of sizes, of percentiles. One taken of another size than its target's is not `judged`. */
export function figure (
  name: string, values: readonly number[], { numerator, denominator, judged = true }: { numerator: string, denominator: string, judged?: boolean }
): Figure {
  const value = median(values)
  const judgement = judged ? targetOf(name, value) : { target: null, meets: true }
  return { name, value, min: Math.min(...values), max: Math.max(...values), rounds: values.length, ...judgement, numerator, denominator }
}

export function printSamples (samples: Samples): void {
  for (const [name, taken] of Object.entries(samples)) {
    const { rate, cores, memoryMb } = medianSample(taken)
    const rounded = Math.round(rate).toLocaleString('en-US')
    console.log(`  ${name.padEnd(44)} ${rounded.padStart(11)}/s ${cores.toFixed(2).padStart(6)} cores ${Math.round(memoryMb).toString().padStart(6)} MB`)
  }
}

export function printFigures (figures: readonly Figure[]): void {
  for (const { name, value, min, max, rounds, target, meets } of figures) {
    const wanted = target === null ? '' : `   ${meets ? 'meets' : 'MISSES'} ${target}`
    console.log(`${name.padEnd(46)} ${value.toFixed(2).padStart(9)}   (${min.toFixed(2)} … ${max.toFixed(2)}, ${rounds} rounds)${wanted}`)
  }
}
