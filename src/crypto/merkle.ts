/**
 * The Merkle tree of the closing record (RFC 9162 §2.1, the same tree as RFC 6962): SHA-256, a leaf hashed behind 0x00
 * and a node behind 0x01, so that neither can pass for the other. Runs in a browser.
 * Built level by level: a last node without a sibling moves up as it is, which gives the RFC's left-complete tree.
 * Nothing recurses, so a tree's size is bounded by memory alone.
 */
import { invariant } from '../domain/errors.ts'
import { type Bytes, concat, equalBytes, sha256 } from './bytes.ts'

export const HASH_BYTES = 32

const LEAF_PREFIX = Uint8Array.of(0)
const NODE_PREFIX = Uint8Array.of(1)

/** All levels of a tree, leaf hashes first, the root alone at the end; kept by callers that need many proofs of one tree. */
export type MerkleTree = ReadonlyArray<readonly Uint8Array[]>

/** Hash of one leaf's data. */
export function leafHash (data: Uint8Array): Bytes {
  return sha256(concat(LEAF_PREFIX, data))
}

export function buildTree (leafHashes: readonly Uint8Array[]): MerkleTree {
  const levels = [leafHashes]
  for (let level = leafHashes; level.length > 1;) {
    level = parentLevel(level)
    levels.push(level)
  }
  return levels
}

/** Root of a tree; of the empty tree it is the hash of nothing. */
export function treeRoot (tree: MerkleTree): Uint8Array {
  return tree.at(-1)?.[0] ?? sha256(new Uint8Array(0))
}

/** Sibling hashes from the leaf up to the root. */
export function proofIn (tree: MerkleTree, index: number): Uint8Array[] {
  invariant(Number.isSafeInteger(index) && index >= 0 && index < (tree[0]?.length ?? 0), 'the leaf is in the tree')
  const proof: Uint8Array[] = []
  let position = index
  for (const level of tree) {
    const sibling = level[position % 2 === 0 ? position + 1 : position - 1]
    if (sibling !== undefined) proof.push(sibling)
    position = Math.floor(position / 2)
  }
  return proof
}

export function merkleRoot (leafHashes: readonly Uint8Array[]): Uint8Array {
  return treeRoot(buildTree(leafHashes))
}

export function inclusionProof (leafHashes: readonly Uint8Array[], index: number): Uint8Array[] {
  return proofIn(buildTree(leafHashes), index)
}

export interface InclusionClaim {
  leafHash: Uint8Array
  index: number
  /** Number of leaves, as the checkpoint states it. */
  size: number
  proof: readonly Uint8Array[]
  root: Uint8Array
}

/** RFC 9162 §2.1.3.2. Never throws: anything ill-formed is no proof. */
export function verifyInclusion ({ leafHash, index, size, proof, root }: InclusionClaim): boolean {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false
  // Bytes moved from one hash to its neighbour would give the same node.
  if ([leafHash, ...proof].some((hash) => hash.length !== HASH_BYTES)) return false
  let position = index
  let last = size - 1
  let hash = leafHash
  for (const sibling of proof) {
    if (last === 0) return false
    if (position % 2 === 1 || position === last) {
      hash = nodeHash(sibling, hash)
      // A node that was last without a sibling moved up unhashed.
      while (position % 2 === 0 && position !== 0) {
        position = Math.floor(position / 2)
        last = Math.floor(last / 2)
      }
    } else {
      hash = nodeHash(hash, sibling)
    }
    position = Math.floor(position / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 && equalBytes(hash, root)
}

export function nodeHash (left: Uint8Array, right: Uint8Array): Bytes {
  return sha256(concat(NODE_PREFIX, left, right))
}

function parentLevel (level: readonly Uint8Array[]): Uint8Array[] {
  const parents: Uint8Array[] = []
  for (let i = 0; i < level.length; i += 2) {
    const left = level[i]
    const right = level[i + 1]
    invariant(left !== undefined, 'a level has no holes')
    parents.push(right === undefined ? left : nodeHash(left, right))
  }
  return parents
}
