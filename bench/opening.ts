/**
 * How fast is a tender opened? The whole pipeline, from rows of SQLite to the record's bytes in a file, on all cores and on
 * one thread, with the native module (where it was compiled) and without, against bare X25519 and other ways to seal on the same
 * number of threads; and how time and memory grow.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Piscina } from 'piscina'
import { expectedOf } from '../src/crypto/opening.ts'
import type { PackedLeaves } from '../src/crypto/packed-leaves.ts'
import { slicesOf } from '../src/services/stored-slices.ts'
import { openReadOnly } from '../src/storage/database.ts'
import { makeOpeningPool, type OpeningPool } from '../src/workers/pool.ts'
import { figure, interleave, printSamples, ratio, type BenchOptions, type Contestant, type Figure } from './measure.ts'
import { openTown, type Opened } from './opening-child.ts'
import type { ReferenceTask } from './opening-references.ts'
import { buildOpeningTown, townText, type OpeningTown } from '../test/support/opening-town.ts'
import { runBenches } from './report.ts'

const BIDS = 10_000
/** Of each kind, before the round that `interleave` does not count. */
const WARM_UP_OPENINGS = 1
/** Pieces of the references' work a turn; each some 50 to 500 ms. */
const REFERENCE_COUNTS: Readonly<Record<ReferenceTask['kind'], number>> = { scalarmult: 8_000, rsa: 1_000, forge: 20, hpke: 200 }

export async function benchOpening ({ quick }: BenchOptions): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'bongin-bench-'))
  try {
    const town = await buildOpeningTown(folder, BIDS)
    return [...await benchRates(town, quick), ...await benchGrowth(folder, town, quick)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function benchRates (town: OpeningTown, quick: boolean): Promise<Figure[]> {
  const threads = availableParallelism()
  const all = makeOpeningPool({ threads })
  const one = makeOpeningPool({ threads: 1 })
  const portable = makeOpeningPool({ threads, filename: new URL('../test/support/portable-thread.ts', import.meta.url).href })
  const references = new Piscina<ReferenceTask, number>({ filename: new URL('opening-references.ts', import.meta.url).href, minThreads: threads, maxThreads: threads })
  const beside = (kind: ReferenceTask['kind']): Contestant => async () => {
    const share = Math.ceil(REFERENCE_COUNTS[kind] / threads)
    const counts = await Promise.all(Array.from({ length: threads }, async () => await references.run({ kind, count: share })))
    return counts.reduce((sum, count) => sum + count, 0)
  }
  const times = quick ? 2 : 4
  const prepared = await prepare(town, all, times)
  const portably = await prepare(town, portable, times)
  // A server that runs has its code compiled; threads take some ten thousand bids each until theirs is.
  for (let i = 0; i < WARM_UP_OPENINGS; i++) {
    for (const [pool, slices] of [[all, prepared.slices], [one, []], [portable, portably.slices]] as const) {
      await openTown(town, pool)
      await openTown(town, pool, slices)
    }
  }
  // Each beside what it is measured against, because a shared machine is another one a second later.
  const samples = await interleave(quick ? 2 : 15, {
    'RSA-2048-OAEP and AES-GCM, node-forge': beside('forge'),
    'RSA-2048-OAEP and AES-GCM, node:crypto': beside('rsa'),
    'scalarmult, all threads': beside('scalarmult'),
    'opening, all threads': async () => (await openTown(town, all)).bids,
    'opening, one thread': async () => (await openTown(town, one)).bids,
    'scalarmult, second turn': beside('scalarmult'),
    'opening of prepared bids': async () => (await openTown(town, all, prepared.slices)).bids,
    'portable opening': async () => (await openTown(town, portable)).bids,
    'scalarmult, third turn': beside('scalarmult'),
    'portable opening of prepared bids': async () => (await openTown(town, portable, portably.slices)).bids,
    'scalarmult, fourth turn': beside('scalarmult'),
    'hpke by panva': beside('hpke')
  })
  await Promise.all([all.close(), one.close(), portable.close(), references.destroy()])
  printSamples(samples)
  const costs = { numerator: 'time to prepare a bid on all threads, µs', denominator: '1' }
  return [
    ratio('opening-vs-scalarmult', samples, ['opening, all threads', 'scalarmult, all threads', 'scalarmult, second turn']),
    ratio('opening-warm-vs-scalarmult', samples, ['opening of prepared bids', 'scalarmult, second turn', 'scalarmult, third turn']),
    figure('opening-preparing-us', prepared.microseconds, costs),
    ratio('opening-portable-vs-scalarmult', samples, ['portable opening', 'scalarmult, second turn', 'scalarmult, third turn']),
    ratio('opening-portable-warm-vs-scalarmult', samples, ['portable opening of prepared bids', 'scalarmult, third turn', 'scalarmult, fourth turn']),
    figure('opening-portable-preparing-us', portably.microseconds, { ...costs, numerator: `${costs.numerator}, with its table` }),
    ratio('opening-vs-rsa', samples, ['opening, all threads', 'RSA-2048-OAEP and AES-GCM, node:crypto']),
    ratio('opening-vs-forge', samples, ['opening, all threads', 'RSA-2048-OAEP and AES-GCM, node-forge']),
    ratio('opening-vs-hpke', samples, ['opening, all threads', 'hpke by panva']),
    ratio('opening-two-threads', samples, ['opening, all threads', 'opening, one thread'])
  ]
}

/** What is done between the deadline and the opening, several times, for what it costs; the first time warms up. */
async function prepare (
  { path, input }: OpeningTown, pool: OpeningPool, times: number
): Promise<{ slices: PackedLeaves[], microseconds: number[] }> {
  const { read, close } = openReadOnly(path)
  const stored = await slicesOf(read, { tenderId: input.terms.tenderId, databasePath: path })
  close()
  const expected = expectedOf(input.terms, input.termsSha256)
  const microseconds: number[] = []
  let slices: PackedLeaves[] = []
  for (let i = 0; i < times; i++) {
    const started = performance.now()
    slices = await Promise.all(stored.map(async (slice) => await pool.prepare(slice, expected)))
    microseconds.push((performance.now() - started) * 1000 / input.closing.size)
  }
  return { slices, microseconds: microseconds.slice(1) }
}

/** Both sizes in one process of their own, after a small tender; in the full run the small one on either side of the large one. */
async function benchGrowth (folder: string, warmUp: OpeningTown, quick: boolean): Promise<Figure[]> {
  const [small, large] = quick ? [10_000, 100_000] : [100_000, 1_000_000]
  const few = small === BIDS ? warmUp : await buildOpeningTown(folder, small)
  const many = await buildOpeningTown(folder, large)
  const opened = openInChild(folder, warmUp, quick ? [few, many] : [few, many, few])
  for (const { bids, seconds, recordBytes, peakMb, idleMb } of opened) {
    const facts = `${(recordBytes / 1e6).toFixed(0)} MB of record, ${(peakMb - idleMb).toFixed(0)} MB over idle`
    console.log(`  ${bids.toLocaleString('en-US').padStart(9)} bids in ${seconds.toFixed(2)} s, ${facts}`)
  }
  const of = (size: number): OpenedInChild[] => opened.filter(({ bids }) => bids === size)
  const growth = of(small).map(({ seconds }) => (of(large)[0]?.seconds ?? Number.NaN) / seconds)
  return [
    figure('opening-growth', growth, { numerator: `time for ${large} bids`, denominator: `time for ${small} bids` }),
    figure('opening-memory-mb', of(large).map(({ peakMb, idleMb }) => peakMb - idleMb), { numerator: `peak memory over idle at ${large} bids, MB`, denominator: '1' })
  ]
}

export type OpenedInChild = Opened & { idleMb: number }

/** In a process of their own, after a small tender, one after the other. */
export function openInChild (folder: string, warmUp: OpeningTown, towns: readonly OpeningTown[]): OpenedInChild[] {
  const files = [warmUp, ...towns].map((town, i) => {
    const file = join(folder, `town-${i}.json`)
    writeFileSync(file, townText(town))
    return file
  })
  const child = new URL('opening-child.ts', import.meta.url).pathname
  const [warmUpFile = '', ...townFiles] = files
  const lines = execFileSync(process.execPath, ['--expose-gc', child, warmUpFile, String(availableParallelism()), ...townFiles], { encoding: 'utf8' })
  return lines.trim().split('\n').map((line) => JSON.parse(line) as OpenedInChild)
}

if (import.meta.main) await runBenches({ opening: benchOpening })
