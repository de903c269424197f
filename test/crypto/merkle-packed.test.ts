/** Packed trees against the plain ones: roots, inclusion and consistency proofs of every tree up to 70 leaves. */
import t from 'tap'
import { concat, sha256, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { inclusionProof, leafHash, merkleRoot } from '../../src/crypto/merkle.ts'
import { consistencyProof } from '../../src/crypto/merkle-consistency.ts'
import { buildPackedTree, buildPackedTreeInTurns, packedConsistency, packedInclusion, packedRoot, packedSize } from '../../src/crypto/merkle-packed.ts'

const MAX_SIZE = 70
const leaves = Array.from({ length: MAX_SIZE }, (_, i) => leafHash(utf8(`leaf ${i}`)))
const hex = (hashes: readonly Uint8Array[]): string[] => hashes.map(toHex)

t.test('they are the same trees', async (t) => {
  for (let size = 0; size <= MAX_SIZE; size++) {
    const own = leaves.slice(0, size)
    const tree = buildPackedTree(concat(...own))
    t.equal(packedSize(tree), size)
    t.equal(toHex(packedRoot(tree)), toHex(merkleRoot(own)), `root of ${size}`)
    t.same(own.map((_, index) => hex(packedInclusion(tree, index))), own.map((_, index) => hex(inclusionProof(own, index))), `inclusion in ${size}`)
    const sizes = own.map((_, index) => index + 1)
    t.same(sizes.map((first) => hex(packedConsistency(tree, first))), sizes.map((first) => hex(consistencyProof(own, first))), `consistency with ${size}`)
  }
  t.throws(() => packedInclusion(buildPackedTree(concat(...leaves)), MAX_SIZE), { message: /leaf is in the tree/ })
})

t.test('a tree of many leaves gives way while it is built, and is the same', async (t) => {
  const many = new Uint8Array(32 * 40_001)
  for (let at = 0; at < many.length; at += 32 * 1000) many.set(sha256(utf8(String(at))), at)
  let turns = 0
  const tree = await buildPackedTreeInTurns(many.slice(), async () => { turns++ })
  t.equal(toHex(packedRoot(tree)), toHex(packedRoot(buildPackedTree(many))))
  t.ok(turns > 0)
})
