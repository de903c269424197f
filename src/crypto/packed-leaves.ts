/**
 * Prepared leaves as flat arrays in shared memory, so that they cross to a thread without being copied, however often. For Node.
 */
import { at, supplierIdOf } from '../domain/bid-columns.ts'
import type { OpenedLeaves, PreparedLeaves } from './open-leaves.ts'
import type { BidSeal } from './open-bids.ts'
import type { SealTables } from './open-each.ts'

export interface PackedLeaves {
  columns: OpenedLeaves
  places: Uint32Array
  /** `enc`, `aad`, ciphertext of every seal, behind each other. */
  seals: Uint8Array
  /** Where each of the three ends, for every seal. */
  ends: Uint32Array
  tables: SealTables | null
}

/** The columns are copied too: whoever opens fills in copies of them. */
export function packLeaves ({ columns, places, seals, tables }: PreparedLeaves): PackedLeaves {
  const length = seals.reduce((sum, { enc, aad, ciphertext }) => sum + enc.length + aad.length + ciphertext.length, 0)
  const bytes = new Uint8Array(new SharedArrayBuffer(length))
  const ends = new Uint32Array(new SharedArrayBuffer(3 * Uint32Array.BYTES_PER_ELEMENT * seals.length))
  let end = 0
  seals.forEach(({ enc, aad, ciphertext }, i) => {
    [enc, aad, ciphertext].forEach((part, j) => {
      bytes.set(part, end)
      end += part.length
      ends[3 * i + j] = end
    })
  })
  return { columns, places, seals: bytes, ends, tables }
}

export function unpackLeaves ({ columns, places, seals: shared, ends, tables }: PackedLeaves): PreparedLeaves {
  // A copy of this thread's own: libsodium takes no shared memory.
  const bytes = shared.slice()
  const seals = Array.from(places, (place, i): BidSeal => {
    const [encEnd, aadEnd, end] = [at(ends, 3 * i), at(ends, 3 * i + 1), at(ends, 3 * i + 2)]
    const start = i === 0 ? 0 : at(ends, 3 * i - 1)
    return {
      supplierId: supplierIdOf(columns, place),
      enc: bytes.subarray(start, encEnd),
      aad: bytes.subarray(encEnd, aadEnd),
      ciphertext: bytes.subarray(aadEnd, end)
    }
  })
  return { columns, places, seals, tables }
}

/** Bytes of memory that it keeps from being used otherwise. */
export function packedBytes ({ columns, seals, ends, tables }: PackedLeaves): number {
  const { outcomes, amounts, picks, supplierIds, acceptedAt, digests } = columns
  const arrays = [outcomes, amounts, picks, supplierIds, acceptedAt, digests, seals, ends, ...(tables === null ? [] : [tables.tables, tables.usable])]
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, 0)
}
