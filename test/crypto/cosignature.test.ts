/** Cosignatures and consistency proofs: formats, an independent check by node:crypto, every small tree, tampering. */
import { createPublicKey, verify } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { fromHex, sha256, utf8 } from '../../src/crypto/bytes.ts'
import { checkpointBody, openCheckpoint } from '../../src/crypto/checkpoint-verify.ts'
import { cosign, cosignedAt, cosignerKey } from '../../src/crypto/cosignature.ts'
import { leafHash, merkleRoot } from '../../src/crypto/merkle.ts'
import { consistencyProof, verifyConsistency } from '../../src/crypto/merkle-consistency.ts'
import { COSIGNATURE_TYPE, ED25519_TYPE, parseVerifierKey, signatureLine, verifierKey } from '../../src/crypto/signed-note.ts'

const key = cosignerKey({ keyName: 'cosigner.example', seed: sha256(utf8('cosigner')) })
const platform = cosignerKey({ keyName: 'bongin.example', seed: sha256(utf8('platform')) })
const body = checkpointBody({ origin: 'bongin.example/tenders/R26BK00000001', size: 3, root: sha256(utf8('root')) })
const at = Date.parse('2026-11-24T10:00:30.999+09:00')
const note = `${body}\n${signatureLine({ ...platform, signature: new Uint8Array(64) })}`
const line = cosign({ text: note, key, at })
const refused = { code: 'verification-failed' }

t.test('a line as C2SP has it, checked without our code', (t) => {
  const [dash, name, encoded] = line.trimEnd().split(' ')
  t.same([dash, name], ['—', 'cosigner.example'])
  const bytes = Buffer.from(encoded ?? '', 'base64')
  t.equal(bytes.length, 4 + 8 + 64)
  t.same(bytes.subarray(0, 4), Buffer.from(sha256(Buffer.concat([utf8('cosigner.example\n'), Buffer.of(4), key.publicKey]))).subarray(0, 4))
  const seconds = bytes.readBigUInt64BE(4)
  t.equal(seconds, BigInt(Math.floor(at / 1000)), 'whole seconds')
  const spki = createPublicKey({ key: Buffer.concat([fromHex('302a300506032b6570032100'), key.publicKey]), format: 'der', type: 'spki' })
  t.ok(verify(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${body}`), spki, bytes.subarray(12)))
  t.equal(cosignedAt({ text: note + line, ...key }), at - 999)
  t.equal(cosignedAt({ text: note, ...key }), null)
  t.end()
})

t.test('the latest of several counts, and one that does not hold spoils all', (t) => {
  const later = cosign({ text: note, key, at: at + 60_000 })
  t.equal(cosignedAt({ text: note + later + line, ...key }), at - 999 + 60_000)
  for (let i = 0; i < 76; i++) {
    const bytes = Buffer.from(line.trimEnd().split(' ')[2] ?? '', 'base64')
    bytes[i] = (bytes[i] ?? 0) ^ 1
    const text = `${note}— cosigner.example ${bytes.toString('base64')}\n`
    // A key id of nobody's makes it somebody else's line.
    if (i < 4) t.equal(cosignedAt({ text, ...key }), null)
    else t.throws(() => cosignedAt({ text, ...key }), refused, `byte ${i}`)
  }
  const elsewhere = note.replace('\n3\n', '\n4\n')
  t.throws(() => cosignedAt({ text: elsewhere + line, ...key }), refused, 'under another checkpoint')
  const asPlain = signatureLine({ ...key, signature: new Uint8Array(64), type: ED25519_TYPE })
  t.equal(cosignedAt({ text: note + asPlain, ...key }), null, 'another type is another key')
  t.throws(() => openCheckpoint({ text: note + line, ...platform }), refused, 'and none stands in for the platform\'s own signature')
  t.end()
})

t.test('verifier keys', (t) => {
  const vkey = verifierKey({ ...key, type: COSIGNATURE_TYPE })
  t.match(vkey, /^cosigner\.example\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/)
  t.same(parseVerifierKey(vkey, COSIGNATURE_TYPE), { keyName: key.keyName, publicKey: new Uint8Array(key.publicKey) })
  t.throws(() => parseVerifierKey(vkey, ED25519_TYPE), refused, 'of another type')
  for (const wrong of ['', 'a', `${vkey} `, vkey.slice(1), vkey.slice(0, -1), vkey.replace('+', '++'), `x${vkey}`]) {
    t.throws(() => parseVerifierKey(wrong, COSIGNATURE_TYPE), refused, wrong)
  }
  t.end()
})

const leaves = Array.from({ length: 33 }, (_, i) => leafHash(Uint8Array.of(i)))
const head = (size: number): { size: number, root: Uint8Array } => ({ size, root: merkleRoot(leaves.slice(0, size)) })

t.test('every pair of small trees is consistent, and nothing else is', (t) => {
  for (let second = 1; second <= leaves.length; second++) {
    for (let first = 1; first <= second; first++) {
      const proof = consistencyProof(leaves.slice(0, second), first)
      const claim = { first: head(first), second: head(second), proof }
      if (!verifyConsistency(claim)) t.fail(`${first} of ${second}`)
      const forged = { size: first, root: sha256(utf8('another')) }
      if (verifyConsistency({ ...claim, first: forged }) || verifyConsistency({ ...claim, second: { ...forged, size: second } })) t.fail('forged head')
      if (proof.length > 0 && verifyConsistency({ ...claim, proof: proof.slice(1) })) t.fail('shortened')
      if (verifyConsistency({ ...claim, proof: [...proof, sha256(utf8('more'))] })) t.fail('lengthened')
      if (first < second && verifyConsistency({ ...claim, first: head(second), second: head(first) })) t.fail('backwards')
    }
  }
  t.ok(verifyConsistency({ first: head(0), second: head(5), proof: [] }), 'the empty tree')
  t.notOk(verifyConsistency({ first: head(0), second: head(5), proof: [sha256(utf8('x'))] }))
  t.end()
})

t.test('RFC 9162 §2.1.5: the proofs of the tree of seven leaves', (t) => {
  const [a, b, c, d, e, f, j] = leaves
  const root = (...hashes: Array<Uint8Array | undefined>): Uint8Array => merkleRoot(hashes.filter((hash) => hash !== undefined))
  const seven = leaves.slice(0, 7)
  t.same(consistencyProof(seven, 3), [c, d, root(a, b), root(e, f, j)])
  t.same(consistencyProof(seven, 4), [root(e, f, j)])
  t.same(consistencyProof(seven, 6), [root(e, f), j, root(a, b, c, d)])
  t.end()
})

t.test('a changed bit is no proof', (t) => {
  t.doesNotThrow(() => fc.assert(fc.property(fc.integer({ min: 1, max: 32 }), fc.nat(7), fc.nat(255), (size, index, bit) => {
    const proof = consistencyProof(leaves, size)
    const changed = proof.map((hash, i) => i === index % proof.length ? hash.with(bit >> 3, (hash[bit >> 3] ?? 0) ^ (1 << (bit & 7))) : hash)
    return !verifyConsistency({ first: head(size), second: head(33), proof: changed })
  }), { seed: 9162, numRuns: 200 }))
  t.end()
})
