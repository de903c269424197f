/** RFC 9162 trees: the Certificate Transparency test tree, the RFC's recursive definition, tampered proofs. */
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { fromHex, sha256, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { buildTree, inclusionProof, leafHash, merkleRoot, proofIn, treeRoot, verifyInclusion } from '../../src/crypto/merkle.ts'
import vectors from '../vectors/merkle-ct.json' with { type: 'json' }

const MAX_SIZE = 40
const leaves = Array.from({ length: MAX_SIZE }, (_, i) => leafHash(utf8(`leaf ${i}`)))

/** RFC 9162 §2.1.1, word for word. */
function definedRoot (hashes: readonly Uint8Array[]): Buffer {
  const [only] = hashes
  if (only === undefined) return createHash('sha256').digest()
  if (hashes.length === 1) return Buffer.from(only)
  let split = 1
  while (split * 2 < hashes.length) split *= 2
  const parts = [Buffer.of(1), definedRoot(hashes.slice(0, split)), definedRoot(hashes.slice(split))]
  return createHash('sha256').update(Buffer.concat(parts)).digest()
}

await t.test('the Certificate Transparency test tree', async (t) => {
  const hashes = vectors.leaves.map((hex) => leafHash(fromHex(hex)))
  vectors.roots.forEach((root, size) => t.equal(toHex(merkleRoot(hashes.slice(0, size))), root, `${size} leaves`))
  for (const { index, size, proof } of vectors.inclusionProofs) {
    const tree = hashes.slice(0, size)
    t.same(inclusionProof(tree, index).map(toHex), proof, `leaf ${index} of ${size}`)
    const claim = { leafHash: hashes[index] ?? new Uint8Array(0), index, size, proof: proof.map((hex) => fromHex(hex)) }
    t.equal(verifyInclusion({ ...claim, root: fromHex(vectors.roots[size] ?? '') }), true)
  }
})

await t.test('every leaf of every tree up to 40 leaves has a proof, for its own place alone', async (t) => {
  for (let size = 1; size <= MAX_SIZE; size++) {
    const tree = buildTree(leaves.slice(0, size))
    const root = treeRoot(tree)
    t.same(Buffer.from(root), definedRoot(leaves.slice(0, size)), `root of ${size}`)
    let proven = 0
    let stolen = 0
    for (let index = 0; index < size; index++) {
      const proof = proofIn(tree, index)
      for (let place = 0; place < size; place++) {
        if (!verifyInclusion({ leafHash: leaves[index] ?? root, index: place, size, proof, root })) continue
        if (place === index) proven++
        else stolen++
      }
    }
    t.same({ proven, stolen }, { proven: size, stolen: 0 }, `proofs in ${size}`)
  }
})

await t.test('a changed claim does not verify', async () => {
  const arbitrary = fc.record({
    size: fc.integer({ min: 1, max: MAX_SIZE }), at: fc.nat(), where: fc.nat(), bit: fc.integer({ min: 0, max: 7 })
  })
  fc.assert(fc.property(arbitrary, ({ size, at, where, bit }) => {
    const index = at % size
    const tree = leaves.slice(0, size)
    const proof = inclusionProof(tree, index)
    const claim = { leafHash: leaves[index] ?? new Uint8Array(0), index, size, proof, root: merkleRoot(tree) }
    const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => i === where % bytes.length ? byte ^ (1 << bit) : byte)
    const changed = [
      { ...claim, leafHash: flip(claim.leafHash) },
      { ...claim, root: flip(claim.root) },
      { ...claim, proof: [...proof, claim.root] },
      { ...claim, index: size },
      { ...claim, index: -1 },
      { ...claim, index: index + 0.5 },
      { ...claim, size: 0 },
      ...(proof.length === 0
        ? []
        : [
            { ...claim, proof: proof.map((hash, i) => i === where % proof.length ? flip(hash) : hash) },
            { ...claim, proof: proof.map((hash, i) => i === where % proof.length ? hash.subarray(1) : hash) },
            { ...claim, proof: proof.slice(1) },
            { ...claim, proof: proof.slice(0, -1) }
          ])
    ]
    return verifyInclusion(claim) && !changed.some(verifyInclusion)
  }), { seed: 9162, numRuns: 200 })
})

await t.test('a node cannot pass for a leaf', async (t) => {
  const [left = new Uint8Array(0), right = new Uint8Array(0)] = leaves
  const root = merkleRoot([left, right])
  t.notSame(leafHash(Buffer.concat([left, right])), root)
  t.notSame(sha256(Buffer.concat([left, right])), root)
})

await t.test('claims made to fit: hashes of other lengths, a proof beyond the root', async (t) => {
  const [left = new Uint8Array(0), right = new Uint8Array(0)] = leaves
  const root = merkleRoot([left, right])
  const claim = { leafHash: left, index: 0, size: 2, proof: [right], root }
  t.equal(verifyInclusion(claim), true)
  t.equal(verifyInclusion({ ...claim, leafHash: left.subarray(0, 31), proof: [Buffer.concat([left.subarray(31), right])] }), false)
  t.equal(verifyInclusion({ ...claim, leafHash: Buffer.concat([left, right.subarray(0, 1)]), proof: [right.subarray(1)] }), false)
  t.equal(verifyInclusion({ leafHash: right, index: 0, size: 1, proof: [left], root }), false)
})

await t.test('other leaves, another order or another number give another root', async (t) => {
  const doubled = [...leaves, ...leaves.slice(-1)]
  const roots = [leaves, leaves.toReversed(), leaves.slice(1), doubled].map((hashes) => toHex(merkleRoot(hashes)))
  t.equal(new Set(roots).size, roots.length)
})

t.throws(() => inclusionProof(leaves, MAX_SIZE), /invariant/, 'no proof for a leaf that is not there')
t.throws(() => inclusionProof([], 0), /invariant/)
