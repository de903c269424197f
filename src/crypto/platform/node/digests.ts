/** Digests by node:crypto's one-shot `hash`. For Node; the names are those of `browser/digests.ts`. */
import { hash as nodeHash } from 'node:crypto'
import type { Hash } from '../types.ts'

export const hash = nodeHash as Hash

/** Bytes for `sha256Into` to write to. */
export function allocate (length: number): Uint8Array {
  return Buffer.alloc(length)
}

/** SHA-256 of `input`, text as UTF-8, to `target`, which `allocate` made: as a binary string a digest costs a third of a Buffer. */
export function sha256Into (input: string | Uint8Array, target: Uint8Array, offset: number): void {
  (target as Buffer).write(nodeHash('sha256', input, 'binary'), offset, 'binary')
}
