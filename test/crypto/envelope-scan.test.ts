/** The fast way to read an envelope agrees with the slow one on whatever it does not leave to it, valid and hostile. */
import fc from 'fast-check'
import t from 'tap'
import { sha256, sha256Hex, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { parseEnvelope, sealBid } from '../../src/crypto/envelope.ts'
import { scanEnvelope } from '../../src/crypto/envelope-scan.ts'
import { makeRecipientKey } from '../../src/crypto/hpke-seal.ts'
import type { Sha256Hex, SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'

const signer = { thumbprint: toBase64url(sha256(utf8('signer'))) as Thumbprint, sign: async () => new Uint8Array(256).fill(7) }
const bid = {
  tenderId: 'R26BK00000001' as TenderId,
  termsSha256: sha256Hex(utf8('terms')),
  publicKey: makeRecipientKey().publicKey,
  supplierId: '1018116406' as SupplierId,
  content: { amountWon: 26_500_000, picks: [3, 7] as const },
  signer,
  clientTime: '2026-11-24T09:00:00.000+09:00'
}
const text = await sealBid(bid)
const [header = '', body = '', signature = ''] = text.split('.')
const payload = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, string>

/** That both say the same, or that the fast one says nothing. */
function agree (envelope: Uint8Array): 'scanned' | 'left' {
  const scanned = scanEnvelope(Buffer.from(envelope).toString('latin1'))
  if (scanned === null) return 'left'
  const parsed = parseEnvelope(Uint8Array.from(envelope))
  const { tenderId, termsSha256, supplierId } = parsed.payload
  const same = Buffer.compare(scanned.enc, parsed.enc) === 0 && Buffer.compare(scanned.ciphertext, parsed.ciphertext) === 0 &&
    Buffer.compare(scanned.aad, parsed.aad) === 0 && scanned.tenderId === tenderId && scanned.termsSha256 === termsSha256 &&
    scanned.supplierId === supplierId
  if (!same) throw new Error('the two ways differ')
  return 'scanned'
}

function withPayload (change: Record<string, unknown>): Uint8Array {
  return utf8(`${header}.${toBase64url(canonicalBytes({ ...payload, ...change }))}.${signature}`)
}

t.test('an ordinary envelope is read the fast way', async (t) => {
  t.equal(agree(utf8(text)), 'scanned')
  const shared = new Uint8Array(new SharedArrayBuffer(text.length + 10), 5, text.length)
  shared.set(utf8(text))
  t.equal(agree(shared), 'scanned', 'also out of shared memory')
})

t.test('what is not ordinary is left to the slow way', async (t) => {
  const cases: Array<[string, Uint8Array]> = [
    ['a consortium', withPayload({ consortium: { members: [], agreements: [] } })],
    ['a proposal', withPayload({ technical: { enc: payload['enc'], ciphertext: payload['ciphertext'] } })],
    ['another member', withPayload({ z: 1 })],
    ['another version', withPayload({ v: 2 })],
    ['another type', withPayload({ type: 'bongin-bit' })],
    ['no such time', withPayload({ clientTime: '2026-13-24T09:00:00.000+09:00' })],
    ['an odd supplier', withPayload({ supplierId: '10181164o6' })],
    ['an odd tender', withPayload({ tenderId: 'R26BX00000001' })],
    ['an odd digest', withPayload({ termsSha256: 'F'.repeat(64) as Sha256Hex })],
    ['a short seal', withPayload({ ciphertext: toBase64url(new Uint8Array(100)) })],
    ['a seal out of the alphabet', withPayload({ ciphertext: `${payload['ciphertext']?.slice(0, -2)}+/` })],
    ['stray bits', withPayload({ submissionId: `${payload['submissionId']?.slice(0, -1)}B` })],
    ['spaces', utf8(`${header}.${toBase64url(utf8(JSON.stringify(payload, null, 1)))}.${signature}`)],
    ['padding', utf8(`${header}.${body}.${signature}==`)],
    ['no signature', utf8(`${header}.${body}.`)],
    ['two parts', utf8(`${header}.${body}`)],
    ['four parts', utf8(`${text}.${signature}`)],
    ['nothing', new Uint8Array(0)]
  ]
  for (const [name, envelope] of cases) t.equal(agree(envelope), 'left', name)
})

t.test('a changed byte never makes the two differ', async () => {
  const bytes = utf8(text)
  await fc.assert(fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), async (at, byte) => { agree(bytes.with(at, byte)) }), { numRuns: 3_000 })
})

t.test('a changed byte of the payload never makes the two differ', async () => {
  const bytes = Buffer.from(body, 'base64url')
  const members = bytes.indexOf('clientTime')
  const places = fc.oneof(fc.nat(bytes.length - 1), fc.integer({ min: members, max: bytes.length - 1 }))
  const insert = fc.oneof(fc.constant(Buffer.alloc(0)), fc.uint8Array({ maxLength: 3 }).map((part) => Buffer.from(part)))
  await fc.assert(fc.asyncProperty(places, insert, fc.nat(2), async (at, part, drop) => {
    const changed = Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at + drop)])
    try {
      agree(utf8(`${header}.${changed.toString('base64url')}.${signature}`))
    } catch (error) {
      // Taken by the fast way and refused by the slow one is a difference too.
      throw new Error('the two ways differ', { cause: error })
    }
  }), { numRuns: 3_000 })
})
