/**
 * Trees of closing records, from which proofs are looked up. Bids are read without their envelopes and in turns. After a closing
 * thousands of suppliers ask for their proofs in one minute, so trees are kept, as many as fit into a named number of bytes; one
 * that is not there is built once for all that wait for it. A tender is closed anew after an outage, so a tree is known by its root.
 */
import { toHex } from '../crypto/bytes.ts'
import { HASH_BYTES } from '../crypto/merkle.ts'
import { buildPackedTree, buildPackedTreeInTurns, packedRoot, type PackedTree } from '../crypto/merkle-packed.ts'
import { leafHashesOf } from '../crypto/open-leaves.ts'
import { invariant } from '../domain/errors.ts'
import type { Sha256Hex, TenderId } from '../domain/ids.ts'
import { listBidNumbers, listLeaves, listLeavesBehind, newestBidNo, type BidLeaf } from '../storage/bids.ts'
import { ByteLru } from '../storage/byte-lru.ts'
import type { Db } from '../storage/prepare.ts'
import { turn } from './turn.ts'

/** Some 900,000 bids. */
export const MAX_TREE_BYTES = 64 * 1024 * 1024
/** Bids read at once. */
const LEAVES_A_TURN = 512

/** `bidNumbers` by leaf index, rising. */
export interface ClosingTree { bidNumbers: Float64Array, tree: PackedTree, rootSha256: Sha256Hex }

/** A tree that bids may still come to; all up to `upTo` are in it. */
export interface GrowingTree { upTo: number, bidNumbers: Float64Array, tree: PackedTree }

export class ClosingTrees {
  readonly #kept = new ByteLru<Sha256Hex, ClosingTree>(MAX_TREE_BYTES, ({ bidNumbers, tree }) =>
    bidNumbers.byteLength + tree.reduce((sum, level) => sum + level.byteLength, 0))

  readonly #building = new Map<Sha256Hex, Promise<ClosingTree>>()

  keep (tree: ClosingTree): void {
    this.#kept.set(tree.rootSha256, tree)
  }

  /** Of a tender that is closed with this root. */
  async of (db: Db, { tenderId, rootSha256 }: { tenderId: TenderId, rootSha256: Sha256Hex }): Promise<ClosingTree> {
    const known = this.#kept.get(rootSha256) ?? this.#building.get(rootSha256)
    if (known !== undefined) return await known
    const building = gatherTree(db, tenderId).then(({ bidNumbers, tree }) => {
      const built = closingTree(bidNumbers, tree)
      invariant(built.rootSha256 === rootSha256, 'the bids on record are those of the closing record')
      this.keep(built)
      return built
    }).finally(() => { this.#building.delete(rootSha256) })
    this.#building.set(rootSha256, building)
    return await building
  }
}

function closingTree (bidNumbers: Float64Array, tree: PackedTree): ClosingTree {
  return { bidNumbers, tree, rootSha256: toHex(packedRoot(tree)) as Sha256Hex }
}

/** Of the bids that are committed now. */
export async function gatherTree (db: Db, tenderId: TenderId): Promise<GrowingTree> {
  const upTo = await newestBidNo(db)
  const bidNumbers = (await listBidNumbers(db, tenderId)).filter((bidNo) => bidNo <= upTo)
  const hashes = new Uint8Array(HASH_BYTES * bidNumbers.length)
  for (let from = 0; from < bidNumbers.length; from += LEAVES_A_TURN) {
    const leaves = await listLeaves(db, bidNumbers.subarray(from, from + LEAVES_A_TURN))
    putHashes(hashes, { from, leaves, tenderId })
    await turn()
  }
  return { upTo, bidNumbers, tree: await buildPackedTreeInTurns(hashes, turn) }
}

/** The same with what was committed since, at once: in the transaction that closes the tender. */
export async function completeTree (tx: Db, tenderId: TenderId, { upTo, bidNumbers, tree }: GrowingTree): Promise<ClosingTree> {
  const more = await listLeavesBehind(tx, { tenderId, bidNo: upTo })
  if (more.length === 0) return closingTree(bidNumbers, tree)
  const hashes = new Uint8Array(HASH_BYTES * (bidNumbers.length + more.length))
  hashes.set(tree[0] ?? hashes.subarray(0, 0))
  putHashes(hashes, { from: bidNumbers.length, leaves: more, tenderId })
  const numbers = new Float64Array(bidNumbers.length + more.length)
  numbers.set(bidNumbers)
  numbers.set(more.map(({ bidNo }) => bidNo), bidNumbers.length)
  return closingTree(numbers, buildPackedTree(hashes))
}

function putHashes (hashes: Uint8Array, { from, leaves, tenderId }: { from: number, leaves: readonly BidLeaf[], tenderId: TenderId }): void {
  hashes.set(leafHashesOf(leaves, tenderId), HASH_BYTES * from)
}

/** The place of a bid among the leaves; −1 where it is none. */
export function leafIndexOf ({ bidNumbers }: ClosingTree, bidNo: number): number {
  let [low, high] = [0, bidNumbers.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((bidNumbers[middle] ?? Infinity) < bidNo) low = middle + 1
    else high = middle
  }
  return bidNumbers[low] === bidNo ? low : -1
}
