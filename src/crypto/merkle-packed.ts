/**
 * The root of a closing record whose leaf hashes lie behind each other in one buffer: the same tree as `merkle.ts` (RFC 9162),
 * without an object for each node. Runs in a browser.
 */
import { hash } from '#platform/digests'
import { HASH_BYTES } from './merkle.ts'

/** @param leafHashes `HASH_BYTES` each; the buffer is overwritten, level by level. */
export function packedMerkleRoot (leafHashes: Uint8Array): Uint8Array {
  const pair = new Uint8Array(1 + 2 * HASH_BYTES).fill(1)
  let count = leafHashes.length / HASH_BYTES
  if (count === 0) return hash('sha256', '', 'buffer')
  while (count > 1) {
    const parents = Math.floor(count / 2)
    for (let i = 0; i < parents; i++) {
      pair.set(leafHashes.subarray(2 * i * HASH_BYTES, 2 * (i + 1) * HASH_BYTES), 1)
      leafHashes.set(hash('sha256', pair, 'buffer'), i * HASH_BYTES)
    }
    // A last node without a sibling moves up as it is.
    if (count % 2 === 1) leafHashes.copyWithin(parents * HASH_BYTES, (count - 1) * HASH_BYTES, count * HASH_BYTES)
    count = Math.ceil(count / 2)
  }
  return leafHashes.slice(0, HASH_BYTES)
}
