/** The pool of opening threads on a real database: the same bytes as on one thread, threads that die, fairness, cancellation. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { computeOpening, expectedOf, streamOpening, SLICE_BIDS } from '../../src/crypto/opening.ts'
import type { OpeningLeaf } from '../../src/crypto/open-leaves.ts'
import { openingRecordBytes, openingRecordParts } from '../../src/crypto/opening-record.ts'
import type { PackedLeaves } from '../../src/crypto/packed-leaves.ts'
import { openingLeaves } from '../../src/services/opening-input.ts'
import type { OpeningThreads } from '../../src/services/opening-tasks.ts'
import { slicesOf, storedSlices } from '../../src/services/stored-slices.ts'
import { openReadOnly } from '../../src/storage/database.ts'
import { makeOpeningPool, MAX_TRIES } from '../../src/workers/pool.ts'
import { TENDER_ID } from '../support/opening-bids.ts'
import { buildOpeningTown, type OpeningTown } from '../support/opening-town.ts'

const folder = mkdtempSync(join(tmpdir(), 'bongin-pool-'))
const large = await buildOpeningTown(folder, 5 * SLICE_BIDS + 7)
const small = await buildOpeningTown(folder, 3)
const dying = join(folder, 'dying')
const dyingSlice = new URL('../support/dying-slice.mjs', import.meta.url).href
t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })

interface Options { prepared?: readonly PackedLeaves[], onProgress?: (done: number) => void, signal?: AbortSignal }

async function openWith (threads: OpeningThreads, { path, input }: OpeningTown, { prepared = [], ...options }: Options = {}): Promise<string> {
  const { read, close } = openReadOnly(path)
  try {
    const slices = await storedSlices(read, { tenderId: TENDER_ID, databasePath: path, threads, prepared })
    return Buffer.concat([...openingRecordParts(await streamOpening({ ...input, slices }, options))]).toString()
  } finally {
    close()
  }
}

async function onOneThread ({ path, input }: OpeningTown): Promise<string> {
  const { read, close } = openReadOnly(path)
  const leaves: OpeningLeaf[] = []
  for await (const some of openingLeaves(read, TENDER_ID)) leaves.push(...some)
  const record = await computeOpening({ ...input, leaves })
  close()
  return Buffer.from(openingRecordBytes(record)).toString()
}

const expected = await onOneThread(large)

t.test('threads give the bytes of one thread, in parts or whole', async (t) => {
  const pool = makeOpeningPool({ threads: 2 })
  const progress: number[] = []
  t.equal(await openWith(pool, large, { onProgress: (done) => progress.push(done) }), expected)
  t.equal(progress.length, 6, 'told after every slice')
  t.equal(progress.at(-1), large.input.closing.size)
  t.same(progress, progress.toSorted((a, b) => a - b), 'and never backwards')
  t.equal((JSON.parse(expected) as { outcome: string }).outcome, 'ranked')
  await pool.close()
})

t.test('prepared slices give the same bytes, all of them or some', async (t) => {
  const pool = makeOpeningPool({ threads: 2 })
  const prepared = await prepareAll(pool)
  t.equal(await openWith(pool, large, { prepared }), expected)
  t.equal(await openWith(pool, large, { prepared: prepared.slice(0, 2) }), expected)
  prepared[0]?.columns.root.fill(0)
  await t.rejects(openWith(pool, large, { prepared }), { code: 'verification-failed', context: { field: '/closing/rootSha256' } })
  await pool.close()
})

async function prepareAll (pool: OpeningThreads): Promise<PackedLeaves[]> {
  const { read, close } = openReadOnly(large.path)
  const slices = await slicesOf(read, { tenderId: TENDER_ID, databasePath: large.path })
  close()
  const { terms, termsSha256 } = large.input
  return await Promise.all(slices.map(async (slice) => await pool.prepare(slice, expectedOf(terms, termsSha256))))
}

t.test('threads without the native module make tables, and give the same bytes, with memory gone bad too', async (t) => {
  const pool = makeOpeningPool({ threads: 2, filename: new URL('../support/portable-thread.ts', import.meta.url).href })
  t.equal(await openWith(pool, large), expected)
  const prepared = await prepareAll(pool)
  t.ok(prepared.every(({ tables }) => tables !== null && !tables.usable.includes(0)))
  t.equal(await openWith(pool, large, { prepared }), expected)
  for (const { tables } of prepared) tables?.tables.fill(0x55)
  t.equal(await openWith(pool, large, { prepared }), expected, 'tables are never believed')
  await pool.close()
})

t.test('a thread that dies costs nothing but time', async (t) => {
  for (const [times, name, town, bytes] of [[1, 'one', large, expected], [1_000, 'every one', small, await onOneThread(small)]] as const) {
    writeFileSync(dying, '')
    Object.assign(process.env, { DYING_FILE: dying, DYING_TIMES: String(times) })
    const lost: unknown[] = []
    const pool = makeOpeningPool({ threads: 2, filename: dyingSlice, onThreadLost: (error) => lost.push(error) })
    t.equal(await openWith(pool, town), bytes, name)
    t.equal(lost.length, readFileSync(dying).length, 'every death was reported')
    t.equal(lost.length, Math.min(times, MAX_TRIES), 'a slice costs no more than a named number of threads')
    await pool.close()
  }
})

t.test('a large opening leaves room for small ones that come later', async (t) => {
  const pool = makeOpeningPool({ threads: 1 })
  const done: string[] = []
  const one = openWith(pool, large).then(() => done.push('large'))
  const others = Array.from({ length: 20 }, async () => { await openWith(pool, small); done.push('small') })
  await Promise.all([one, ...others])
  t.equal(done.length, 21)
  t.ok(done.indexOf('large') > 0, 'some small one was not kept waiting for all of the large one')
  await pool.close()
})

t.test('an opening can be called off', async (t) => {
  const pool = makeOpeningPool({ threads: 1 })
  const controller = new AbortController()
  const opening = openWith(pool, large, { signal: controller.signal, onProgress: () => { controller.abort(new Error('called off')) } })
  // Slices under way are waited for, so that nothing goes on behind the caller's back.
  await t.rejects(opening, { message: 'called off' })
  t.equal(pool.queued(), 0)
  await pool.close()
})

t.test('what was committed to and is not there stops an opening from a database too', async (t) => {
  const pool = makeOpeningPool({ threads: 1 })
  const { closing } = large.input
  for (const [change, field] of [
    [{ closing: { ...closing, size: closing.size - 1 } }, '/closing/size'],
    [{ closing: { ...closing, size: closing.size + 1 } }, '/closing/size'],
    [{ closing: { ...closing, rootSha256: small.input.closing.rootSha256 } }, '/closing/rootSha256']
  ] as const) {
    await t.rejects(openWith(pool, { ...large, input: { ...large.input, ...change } }), { code: 'verification-failed', context: { field } })
  }
  await pool.close()
})
