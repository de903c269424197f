/**
 * The tree of a closing record with the hashes of each level behind each other in one buffer: the same tree as `merkle.ts` (RFC 9162),
 * without an object for each node, 64 bytes a leaf in all. Nodes that the RFC's proofs are made of are looked up, not computed.
 * Runs in a browser.
 */
import { allocate, hash, sha256Into } from '#platform/digests'
import { invariant } from '../domain/errors.ts'
import { HASH_BYTES } from './merkle.ts'
import { consistencyProofOf } from './merkle-consistency.ts'

/** Leaf hashes first, the root alone at the end; of no leaves, one empty level. */
export type PackedTree = readonly Uint8Array[]

/** Nodes hashed at once: some 5 ms. */
const NODES_A_STEP = 8_192

/** @param leafHashes `HASH_BYTES` each; kept as the first level. */
export function buildPackedTree (leafHashes: Uint8Array): PackedTree {
  const steps = treeSteps(leafHashes)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** The same, giving way between steps. */
export async function buildPackedTreeInTurns (leafHashes: Uint8Array, turn: () => Promise<void>): Promise<PackedTree> {
  const steps = treeSteps(leafHashes)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    await turn()
  }
}

export function packedMerkleRoot (leafHashes: Uint8Array): Uint8Array {
  return packedRoot(buildPackedTree(leafHashes))
}

/** Of the empty tree it is the hash of nothing. */
export function packedRoot (tree: PackedTree): Uint8Array {
  const root = tree.at(-1)
  return root === undefined || root.length === 0 ? hash('sha256', '', 'buffer') : root
}

export function packedSize (tree: PackedTree): number {
  return (tree[0]?.length ?? 0) / HASH_BYTES
}

/** Sibling hashes from the leaf up to the root. */
export function packedInclusion (tree: PackedTree, index: number): Uint8Array[] {
  invariant(Number.isSafeInteger(index) && index >= 0 && index < packedSize(tree), 'the leaf is in the tree')
  const proof: Uint8Array[] = []
  let position = index
  for (const level of tree) {
    const sibling = position ^ 1
    if (sibling * HASH_BYTES < level.length) proof.push(nodeAt(level, sibling))
    position >>>= 1
  }
  return proof
}

/** That the tree extends its first `size` leaves; every subtree of that proof is a node. */
export function packedConsistency (tree: PackedTree, size: number): Uint8Array[] {
  return consistencyProofOf({ leaves: packedSize(tree), size }, (from, to) => {
    const height = Math.ceil(Math.log2(to - from))
    const level = tree[height]
    invariant(level !== undefined, 'a subtree is no higher than its tree')
    return nodeAt(level, from / 2 ** height)
  })
}

function nodeAt (level: Uint8Array, index: number): Uint8Array {
  return level.subarray(index * HASH_BYTES, (index + 1) * HASH_BYTES)
}

function * treeSteps (leafHashes: Uint8Array): Generator<undefined, PackedTree> {
  const pair = new Uint8Array(1 + 2 * HASH_BYTES).fill(1)
  const levels = [leafHashes]
  for (let level = leafHashes; level.length > HASH_BYTES;) {
    const count = level.length / HASH_BYTES
    const above = allocate(Math.ceil(count / 2) * HASH_BYTES)
    const pairs = Math.floor(count / 2)
    for (let i = 0; i < pairs; i++) {
      pair.set(level.subarray(2 * i * HASH_BYTES, 2 * (i + 1) * HASH_BYTES), 1)
      sha256Into(pair, above, i * HASH_BYTES)
      if (i % NODES_A_STEP === NODES_A_STEP - 1) yield
    }
    // A last node without a sibling moves up as it is.
    if (count % 2 === 1) above.set(nodeAt(level, count - 1), pairs * HASH_BYTES)
    levels.push(above)
    level = above
  }
  return levels
}
