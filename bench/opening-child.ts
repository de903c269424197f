/**
 * Openings in a process of their own, for its memory: `node bench/opening-child.ts WARM-UP.json THREADS TOWN.json …`. The whole pipeline,
 * from rows of SQLite to the record's bytes in a file, one tender after the other. Prints one line of JSON for each.
 */
import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { streamOpening } from '../src/crypto/opening.ts'
import { openingRecordParts } from '../src/crypto/opening-record.ts'
import type { PackedLeaves } from '../src/crypto/packed-leaves.ts'
import { storedSlices } from '../src/services/stored-slices.ts'
import { openReadOnly } from '../src/storage/database.ts'
import { makeOpeningPool, type OpeningPool } from '../src/workers/pool.ts'
import { readTown, type OpeningTown } from '../test/support/opening-town.ts'

export interface Opened { bids: number, seconds: number, cpuSeconds: number, peakMb: number, recordBytes: number, sha256: string }

const SAMPLE_EVERY_MS = 20
const WARM_UP_OPENINGS = 2

/** The tender as the server opens it, to the last byte of its record. */
export async function openTown ({ path, input }: OpeningTown, pool: OpeningPool, prepared: readonly PackedLeaves[] = []): Promise<Opened> {
  const { read, close } = openReadOnly(path)
  const recordPath = `${path}.${process.pid}.record`
  const file = openSync(recordPath, 'w')
  let peak = 0
  const sampler = setInterval(() => { peak = Math.max(peak, process.memoryUsage.rss()) }, SAMPLE_EVERY_MS)
  const cpu = process.cpuUsage()
  const started = performance.now()
  const slices = await storedSlices(read, { tenderId: input.terms.tenderId, databasePath: path, threads: pool, prepared })
  const computed = await streamOpening({ ...input, slices })
  const digest = createHash('sha256')
  let recordBytes = 0
  for (const bytes of openingRecordParts(computed)) {
    digest.update(bytes)
    recordBytes += writeSync(file, bytes)
  }
  const seconds = (performance.now() - started) / 1000
  const { user, system } = process.cpuUsage(cpu)
  clearInterval(sampler)
  closeSync(file)
  rmSync(recordPath)
  close()
  const { outcome } = computed.head
  if (outcome !== 'ranked' || computed.ranked.outcomes.some((one) => one !== 0)) throw new Error(`the tender opened as ${outcome}, or with void bids`)
  return {
    bids: input.closing.size,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMb: Math.max(peak, process.memoryUsage.rss()) / 1e6,
    recordBytes,
    sha256: digest.digest('hex')
  }
}

if (import.meta.main) {
  const [warmUpFile = '', threads = '2', ...townFiles] = process.argv.slice(2)
  const pool = makeOpeningPool({ threads: Number(threads) })
  // Threads, code and caches are there before anything is counted.
  const warmUp = readTown(readFileSync(warmUpFile, 'utf8'))
  for (let i = 0; i < WARM_UP_OPENINGS; i++) await openTown(warmUp, pool)
  for (const file of townFiles) {
    globalThis.gc?.()
    const idleMb = process.memoryUsage.rss() / 1e6
    const opened = await openTown(readTown(readFileSync(file, 'utf8')), pool)
    console.log(JSON.stringify({ ...opened, idleMb }))
  }
  await pool.close()
}
