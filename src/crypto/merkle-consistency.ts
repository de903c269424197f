/**
 * Consistency proofs (RFC 9162 §2.1.4): that a later tree of the closing record has all leaves of an earlier one first, in
 * their order. Needed where an outage takes a closed tender up again, by whoever saw the first closing but not its leaves.
 * Runs in a browser.
 */
import { invariant } from '../domain/errors.ts'
import { equalBytes } from './bytes.ts'
import { HASH_BYTES, merkleRoot, nodeHash } from './merkle.ts'

/** §2.1.4.1; `size` is the earlier tree's, 1 … the number of leaves. */
export function consistencyProof (leafHashes: readonly Uint8Array[], size: number): Uint8Array[] {
  return consistencyProofOf({ leaves: leafHashes.length, size }, (start, end) => merkleRoot(leafHashes.slice(start, end)))
}

/** The same where roots of subtrees come from elsewhere: `root` is asked for leaves start … end − 1. */
export function consistencyProofOf (
  { leaves, size }: { leaves: number, size: number }, root: (start: number, end: number) => Uint8Array
): Uint8Array[] {
  invariant(Number.isSafeInteger(size) && size > 0 && size <= leaves, 'an earlier tree is no larger')
  const proof: Uint8Array[] = []
  let [from, to, wanted] = [0, leaves, size]
  // Whether the subtree so far has been the earlier tree as a whole, whose root the verifier knows.
  let known = true
  while (wanted !== to - from) {
    const split = largestPowerBelow(to - from)
    if (wanted <= split) {
      proof.push(root(from + split, to))
      to = from + split
    } else {
      proof.push(root(from, from + split))
      from += split
      wanted -= split
      known = false
    }
  }
  if (!known) proof.push(root(from, to))
  return proof.reverse()
}

function largestPowerBelow (count: number): number {
  let power = 1
  while (power * 2 < count) power *= 2
  return power
}

/** A tree as its checkpoint states it. */
export interface TreeHead { size: number, root: Uint8Array }

/** §2.1.4.2. Never throws: anything ill-formed is no proof. An empty tree is consistent with every other. */
export function verifyConsistency ({ first, second, proof }: { first: TreeHead, second: TreeHead, proof: readonly Uint8Array[] }): boolean {
  if (![first.size, second.size].every((size) => Number.isSafeInteger(size) && size >= 0) || first.size > second.size) return false
  if ([first.root, second.root, ...proof].some((hash) => hash.length !== HASH_BYTES)) return false
  if (first.size === second.size) return proof.length === 0 && equalBytes(first.root, second.root)
  if (first.size === 0) return proof.length === 0
  const path = isPowerOfTwo(first.size) ? [first.root, ...proof] : [...proof]
  let [node, last] = [first.size - 1, second.size - 1]
  while (node % 2 === 1) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  const [start, ...rest] = path
  if (start === undefined) return false
  let [earlier, later] = [start, start]
  for (const sibling of rest) {
    if (last === 0) return false
    if (node % 2 === 1 || node === last) {
      earlier = nodeHash(sibling, earlier)
      later = nodeHash(sibling, later)
      while (node % 2 === 0 && node !== 0) [node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
    } else {
      later = nodeHash(later, sibling)
    }
    ;[node, last] = [Math.floor(node / 2), Math.floor(last / 2)]
  }
  return last === 0 && equalBytes(earlier, first.root) && equalBytes(later, second.root)
}

function isPowerOfTwo (size: number): boolean {
  return Number.isInteger(Math.log2(size))
}
