/** One entry of a ledger against what it must say. Runs in a browser. */
import type { Instant, Sha256Hex } from '../domain/ids.ts'
import { sha256Hex, utf8 } from './bytes.ts'
import { expect, expectEqual } from './record-shape.ts'
import type { ReadEntry } from './verify-ledger.ts'

/** Suppliers act under one name: the hash of a hidden entry must not tell which. */
export const SUPPLIER = 'supplier'

/** @throws RecordFault naming what the entry says instead. */
export function expectSays (entry: ReadEntry, { actor, payload, at }: { actor?: string, payload: object, at?: Instant }): void {
  expectEqual({ what: 'It', expected: payload, actual: entry.payload })
  if (actor !== undefined) expectEqual({ what: 'Its actor', expected: actor, actual: entry.actor })
  expect(at === undefined || entry.at === at, 'Its time is not that of the document it tells of.')
}

/** What an entry names a signed document by. */
export function digestOfJws (jws: string): Sha256Hex {
  return sha256Hex(utf8(jws))
}
