/** What is prepared between a deadline and the opening: each slice once, within its memory, for one closing record alone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { SLICE_BIDS } from '../../src/crypto/opening.ts'
import { openingRecordParts } from '../../src/crypto/opening-record.ts'
import { streamOpening } from '../../src/crypto/opening.ts'
import { packedBytes, type PackedLeaves } from '../../src/crypto/packed-leaves.ts'
import { readConfig } from '../../src/config.ts'
import { openInstallation } from '../../src/installation.ts'
import type { Context } from '../../src/services/context.ts'
import { openIfReady } from '../../src/services/open-tender.ts'
import { readOpeningText } from '../../src/services/opening-records.ts'
import { prepareOpenings, PreparedOpenings } from '../../src/services/prepare-openings.ts'
import { storedSlices } from '../../src/services/stored-slices.ts'
import { getTender, type Tender } from '../../src/storage/tenders.ts'
import { buildApp } from '../support/build-app.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { TENDER_ID } from '../support/opening-bids.ts'
import { buildServerTown, CLOSES_AT, OPENS_AT } from '../support/server-town.ts'

const BIDS = 3 * SLICE_BIDS + 5
const SLICES = 4
const dataDir = mkdtempSync(join(tmpdir(), 'bongin-prepare-'))
t.teardown(() => { rmSync(dataDir, { recursive: true, force: true }) })
const clock = new ManualClock(new Date(CLOSES_AT + 60_000).toISOString())
const town = await buildServerTown(await openInstallation(readConfig({ BONGIN_DATA_DIR: dataDir }), CLOSES_AT), BIDS)
const app = await buildApp(t, { clock, dataDir })
const tender = await getTender(app.context.db.read, TENDER_ID) as Tender

/** The server's context with memory of its own for preparing, and what was asked of the threads. */
function counting (maxBytes: number, queued = (): number => 0): Context & { sizes: number[], opened: number[] } {
  const [sizes, opened]: number[][] = [[], []]
  const { threads } = app.context
  return {
    ...app.context,
    prepared: new PreparedOpenings(maxBytes),
    threads: {
      open: async (slice, job) => {
        opened?.push(slice.bidNumbers.length)
        return await threads.open(slice, job)
      },
      prepare: async (slice, expected) => {
        sizes?.push(slice.bidNumbers.length)
        return await threads.prepare(slice, expected)
      },
      openPrepared: async (packed, job) => await threads.openPrepared(packed, job),
      queued
    },
    sizes: sizes ?? [],
    opened: opened ?? []
  }
}

t.test('every slice is prepared once, however often it is looked at', async (t) => {
  const context = counting(Infinity)
  for (let round = 0; round < 3; round++) await prepareOpenings(context)
  t.same(context.sizes, [SLICE_BIDS, SLICE_BIDS, SLICE_BIDS, 5])
  t.equal(context.prepared.count(tender), SLICES)
  t.equal(context.prepared.take(tender).length, SLICES)
  t.same(context.prepared.take(tender), [], 'what was taken is kept no longer')
})

t.test('it ends at its memory, for openings that wait, and with the server', async (t) => {
  const small = counting(1)
  for (let round = 0; round < 2; round++) await prepareOpenings(small)
  t.equal(small.sizes.length, 1, 'the slice that reaches the limit is the last')
  t.ok(small.prepared.isFull)
  small.prepared.drop(TENDER_ID)
  t.notOk(small.prepared.isFull)
  await prepareOpenings(counting(0))
  const none = counting(0)
  await prepareOpenings(none)
  t.same(none.sizes, [])
  const busy = counting(Infinity, () => 1)
  await prepareOpenings(busy)
  t.same(busy.sizes, [])
  const ending = { ...counting(Infinity), stopping: AbortSignal.abort() }
  await prepareOpenings(ending)
  t.same(ending.sizes, [])
})

t.test('a record that was opened again is prepared anew, even where its bids are the same', async (t) => {
  const context = counting(Infinity)
  await prepareOpenings(context)
  const [slice] = context.prepared.take(tender) as [PackedLeaves]
  const prepared = new PreparedOpenings(Infinity)
  prepared.add(tender, slice)
  for (const other of [{ ...tender, closesAt: tender.closesAt + 1 }, { ...tender, closingRoot: tender.termsSha256 }]) {
    t.equal(prepared.count(other), 0)
    t.same(prepared.take({ ...other }), [])
    prepared.add(tender, slice)
    prepared.add(other, slice)
    t.same([prepared.count(tender), prepared.count(other)], [0, 1], 'the new one takes the place of the old one')
    prepared.drop(TENDER_ID)
    prepared.add(tender, slice)
  }
  prepared.keepOnly(new Set([TENDER_ID]))
  t.equal(prepared.count(tender), 1)
  prepared.keepOnly(new Set())
  t.equal(prepared.count(tender), 0)
  const limited = new PreparedOpenings(packedBytes(slice))
  limited.add(tender, slice)
  t.ok(limited.isFull)
  limited.drop(TENDER_ID)
  t.notOk(limited.isFull, 'memory is given back')
})

t.test('the opening takes what is there, reads the rest, and comes to the same bytes', async (t) => {
  clock.set(OPENS_AT)
  const context = counting(1)
  await prepareOpenings(context)
  t.equal(await openIfReady(context, TENDER_ID), true)
  t.same(context.opened, [SLICE_BIDS, SLICE_BIDS, 5])
  t.notOk(context.prepared.isFull)
  const slices = await storedSlices(context.db.read, { tenderId: TENDER_ID, databasePath: town.path, threads: app.context.threads })
  const expected = Buffer.concat([...openingRecordParts(await streamOpening({ ...town.input, slices }))]).toString()
  const { parts } = await readOpeningText(context, TENDER_ID)
  let text = ''
  for await (const part of parts) text += part
  t.equal(text, expected)
  await prepareOpenings(context)
  t.equal(context.sizes.length, 1, 'an opened tender is not prepared')
})
