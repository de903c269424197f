/**
 * What worker threads do for openings: read a slice of a tender's bids and open it; prepare one before its key is there; open
 * one that was prepared. Only numbers and shared memory cross, and a task that was lost with its thread can be done again.
 * What a closed tender has accepted no longer changes, so every connection sees the same.
 */
import { type Expected, openLeaves, openPrepared, type OpenedLeaves, type OpeningLeaf, type OpenJob, prepareLeaves } from '../crypto/open-leaves.ts'
import { makeTables } from '../crypto/open-seals.ts'
import { type PackedLeaves, packLeaves, unpackLeaves } from '../crypto/packed-leaves.ts'
import { bidsByNumber } from '../storage/bids.ts'
import { openReadOnly } from '../storage/database.ts'
import type { Db } from '../storage/prepare.ts'
import { leafOf } from './opening-input.ts'

/** Some bids of one tender, in the order of acceptance. */
export interface StoredSlice { databasePath: string, bidNumbers: Float64Array }

export type OpeningTask =
  | { kind: 'open', slice: StoredSlice, job: OpenJob }
  | { kind: 'prepare', slice: StoredSlice, expected: Expected }
  | { kind: 'open-prepared', prepared: PackedLeaves, job: OpenJob }

/** The same, as the server has them done on its threads. */
export interface OpeningThreads {
  open: (slice: StoredSlice, job: OpenJob) => Promise<OpenedLeaves>
  prepare: (slice: StoredSlice, expected: Expected) => Promise<PackedLeaves>
  openPrepared: (prepared: PackedLeaves, job: OpenJob) => Promise<OpenedLeaves>
  /** Tasks waiting for a thread. */
  queued: () => number
}

/** On whatever thread this runs. */
export function runOpeningTask (task: OpeningTask): OpenedLeaves | PackedLeaves {
  switch (task.kind) {
    case 'open': return openLeaves(readSlice(task.slice), task.job)
    case 'open-prepared': return openPrepared(unpackLeaves(task.prepared), task.job)
    case 'prepare': {
      const prepared = prepareLeaves(readSlice(task.slice), task.expected)
      return packLeaves({ ...prepared, tables: makeTables(prepared.seals.map(({ enc }) => enc)) })
    }
  }
}

/** The connection of this thread; a thread serves one database at a time. */
let reading: { path: string, read: Db, close: () => void } | null = null

function readSlice ({ databasePath, bidNumbers }: StoredSlice): OpeningLeaf[] {
  if (reading?.path !== databasePath) {
    reading?.close()
    reading = { path: databasePath, ...openReadOnly(databasePath) }
  }
  return bidsByNumber(reading.read, bidNumbers).map(leafOf)
}
