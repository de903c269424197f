/** Receipts: payload and leaf are the same bytes, and only the platform's key makes one. */
import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { fromBase64url, sha256Hex, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { signReceipt } from '../../src/crypto/receipt-signing.ts'
import { signReceiptJws } from '../support/sign-receipt.ts'
import { canonicalJson } from '../../src/crypto/canonical-json.ts'
import { leafHash } from '../../src/crypto/merkle.ts'
import { receiptLeafHash, receiptPayload, receiptText, verifyReceipt } from '../../src/crypto/receipt.ts'
import type { SupplierId, TenderId } from '../../src/domain/ids.ts'

const facts = {
  tenderId: 'R26BK00000001' as TenderId,
  supplierId: '1234567891' as SupplierId,
  envelopeSha256: sha256Hex(utf8('envelope')),
  acceptedAt: Date.parse('2026-11-24T00:59:59.123Z')
}
const kid = 'receipts-1'
const { privateKey, publicKey: publicKeyObject } = generateKeyPairSync('ed25519')
const publicKey = fromBase64url(publicKeyObject.export({ format: 'jwk' }).x ?? '')
const receipt = signReceipt({ privateKey, kid }, facts)
const refused = { code: 'receipt-invalid' }

await t.test('the payload is the leaf, byte for byte', async (t) => {
  const expected = `{"acceptedAt":"2026-11-24T09:59:59.123+09:00","envelopeSha256":"${facts.envelopeSha256}",` +
    '"supplierId":"1234567891","tenderId":"R26BK00000001","type":"bongin-receipt","v":1}'
  t.equal(Buffer.from(fromBase64url(receipt.split('.')[1] ?? '')).toString(), expected)
  t.equal(canonicalJson(receiptPayload(facts)), expected)
  t.equal(receiptText(facts), expected)
  t.equal(receipt, signReceiptJws({ privateKey, kid }, receiptPayload(facts)), 'signed as any payload is')
  t.same(receiptLeafHash(facts), leafHash(utf8(expected)))
  t.same(receiptPayload({ ...facts, amountWon: 1 } as typeof facts), receiptPayload(facts), 'other members stay out of the receipt')
  t.same(verifyReceipt({ receipt, publicKey }), receiptPayload(facts))
})

await t.test('each fact changes the leaf', async (t) => {
  const others = [
    { ...facts, tenderId: 'R26BK00000002' as TenderId },
    { ...facts, supplierId: '1234567896' as SupplierId },
    { ...facts, envelopeSha256: sha256Hex(utf8('other')) },
    { ...facts, acceptedAt: facts.acceptedAt + 1 }
  ]
  t.equal(new Set([facts, ...others].map((other) => toHex(receiptLeafHash(other)))).size, 5)
})

await t.test('forged and damaged receipts', async (t) => {
  const other = generateKeyPairSync('ed25519')
  t.throws(() => verifyReceipt({ receipt: signReceiptJws({ privateKey: other.privateKey, kid }, receiptPayload(facts)), publicKey }), {
    ...refused, context: { field: '/signature' }
  }, 'another key')
  const [header = '', payload = '', signature = ''] = receipt.split('.')
  const late = toBase64url(utf8(JSON.stringify({ ...receiptPayload(facts), acceptedAt: '2026-11-24T10:00:00.000+09:00' })))
  const short = toBase64url(fromBase64url(signature).subarray(1))
  const rs256 = toBase64url(utf8('{"alg":"RS256","typ":"bongin-receipt+jws"}'))
  const damaged = {
    'no receipt': '',
    'two parts': `${header}.${payload}`,
    'another time': `${header}.${late}.${signature}`,
    'a short signature': `${header}.${payload}.${short}`,
    'another algorithm': `${rs256}.${payload}.${signature}`,
    'no base64url': `${header}.${payload}.***`
  }
  for (const [name, text] of Object.entries(damaged)) t.throws(() => verifyReceipt({ receipt: text, publicKey }), refused, name)
})

await t.test('a signed payload of another shape is no receipt', async (t) => {
  const good = receiptPayload(facts)
  const { acceptedAt: _, ...untimed } = good
  const shapes = [
    { ...good, amountWon: 1 }, untimed, { ...good, tenderId: 'R26' }, { ...good, supplierId: 1234567891 },
    { ...good, envelopeSha256: good.envelopeSha256.toUpperCase() }, { ...good, acceptedAt: '2026-11-24T00:59:59.123Z' },
    { ...good, acceptedAt: 1 }, { ...good, acceptedAt: 'now' }
  ]
  for (const shape of shapes) {
    const text = signReceiptJws({ privateKey, kid }, shape)
    t.throws(() => verifyReceipt({ receipt: text, publicKey }), { ...refused, context: { field: '/payload' } }, JSON.stringify(shape))
  }
})
