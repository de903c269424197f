/** Signed statements: interchange with `jose`, and the one accepted spelling of each part. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { CompactSign, compactVerify, exportPKCS8 } from 'jose'
import t from 'tap'
import { fromBase64url, sha256, sha256Hex, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { canonicalBytes, canonicalJson } from '../../src/crypto/canonical-json.ts'
import { verifyJws } from '../../src/crypto/jws-verify.ts'
import { signReceipt } from '../../src/crypto/receipt-signing.ts'
import { signReceiptJws } from '../support/sign-receipt.ts'
import { MAX_JWS_BYTES, parseJws, rsaSigner, rsaSignerFromKey, signJws } from '../../src/crypto/jws.ts'
import type { SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'
import rfc7515 from '../vectors/jws-rfc7515.json' with { type: 'json' }

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const platform = generateKeyPairSync('ed25519')
const thumbprint = toBase64url(sha256(utf8('a certificate'))) as Thumbprint
const signer = await rsaSigner({ privateKeyPkcs8: rsa.privateKey.export({ format: 'der', type: 'pkcs8' }), thumbprint })
const payload = { v: 1, type: 'bongin-award', winner: '1234567891', reason: '최저가' }
const header = { alg: 'RS256', typ: 'bongin-award+jws', 'x5t#S256': thumbprint }
const receipt = { v: 1, type: 'bongin-receipt', tenderId: 'R26BK00000001' }

/** A JWS by hand, signed right whatever its parts say. */
function handmade (parts: { protectedText?: string, payloadText?: string }): string {
  const { protectedText = JSON.stringify(header), payloadText = canonicalJson(payload) } = parts
  const input = `${toBase64url(utf8(protectedText))}.${toBase64url(utf8(payloadText))}`
  return `${input}.${sign('sha256', utf8(input), rsa.privateKey).toString('base64url')}`
}

/** The next character of the alphabet: another value for the same bytes where the character's low bits are spare. */
function withStrayBit (part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return part.slice(0, -1) + alphabet.charAt(alphabet.indexOf(part.slice(-1)) + 1)
}

await t.test('a signed statement reads back, verifies, and verifies in jose', async (t) => {
  const jws = await signJws(signer, 'bongin-award', payload)
  t.equal(jws, handmade({}), 'canonical header and payload, deterministic signature')
  const parsed = parseJws(jws, 'bongin-award')
  t.match(parsed, { type: 'bongin-award', alg: 'RS256', thumbprint, kid: null, payload })
  t.same(parsed.payloadBytes, canonicalBytes(payload))
  verifyJws(parsed, rsa.publicKey)
  verifyJws(parseJws(utf8(jws), 'bongin-award'), rsa.publicKey)
  const read = await compactVerify(jws, rsa.publicKey, { algorithms: ['RS256'] })
  t.same(read.protectedHeader, header)
  t.same(JSON.parse(new TextDecoder().decode(read.payload)), payload)
})

await t.test('RFC 7515 A.2: the signature over its input is the published one', async (t) => {
  const privateKeyPkcs8 = createPrivateKey({ key: rfc7515.key, format: 'jwk' }).export({ format: 'der', type: 'pkcs8' })
  const published = await rsaSigner({ privateKeyPkcs8, thumbprint })
  t.equal(toBase64url(await published.sign(utf8(rfc7515.signingInput))), rfc7515.signature)
})

await t.test('a statement made by jose with our header reads and verifies', async (t) => {
  const jws = await new CompactSign(canonicalBytes(payload)).setProtectedHeader(header).sign(rsa.privateKey)
  verifyJws(parseJws(jws, 'bongin-award'), rsa.publicKey)
  t.same(parseJws(jws, 'bongin-award').payload, payload)
})

await t.test('a signer from a key that WebCrypto made', async (t) => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const jws = await signJws(rsaSignerFromKey(pair.privateKey, thumbprint), 'bongin-award', payload)
  const publicKey = createPublicKey(createPrivateKey(await exportPKCS8(pair.privateKey)))
  t.doesNotThrow(() => verifyJws(parseJws(jws, 'bongin-award'), publicKey))
})

await t.test('receipts are signed by the platform\'s Ed25519 key, and verify in jose', async (t) => {
  const jws = signReceiptJws({ privateKey: platform.privateKey, kid: 'receipts-2026' }, receipt)
  const parsed = parseJws(jws, 'bongin-receipt')
  t.match(parsed, { alg: 'Ed25519', kid: 'receipts-2026', thumbprint: null, payload: receipt })
  t.doesNotThrow(() => verifyJws(parsed, platform.publicKey))
  const read = await compactVerify(jws, platform.publicKey, { algorithms: ['Ed25519'] })
  t.same(read.protectedHeader, { alg: 'Ed25519', kid: 'receipts-2026', typ: 'bongin-receipt+jws' })
  const byJose = await new CompactSign(canonicalBytes(receipt)).setProtectedHeader(read.protectedHeader).sign(platform.privateKey)
  t.equal(byJose, jws)
})

await t.test('a signature by another key, or over other bytes, is invalid', async (t) => {
  const invalid = { code: 'signature-invalid', context: { field: '/signature' } }
  const jws = parseJws(handmade({}), 'bongin-award')
  t.throws(() => verifyJws(jws, otherRsa.publicKey), invalid)
  t.throws(() => verifyJws(jws, platform.publicKey), invalid, 'an Ed25519 key checks no RSA signature')
  t.throws(() => verifyJws({ ...jws, signature: jws.signature.slice(1) }, rsa.publicKey), invalid, 'a short signature')
  t.throws(() => verifyJws({ ...jws, signature: jws.signature.with(9, (jws.signature[9] ?? 0) ^ 1) }, rsa.publicKey), invalid)
  const [head, , signature] = handmade({}).split('.')
  const swapped = `${head}.${toBase64url(canonicalBytes({ ...payload, winner: '1234567908' }))}.${signature}`
  t.throws(() => verifyJws(parseJws(swapped, 'bongin-award'), rsa.publicKey), invalid)
  const receiptJws = parseJws(signReceiptJws({ privateKey: platform.privateKey, kid: 'k' }, receipt), 'bongin-receipt')
  t.throws(() => verifyJws(receiptJws, rsa.publicKey), invalid, 'an RSA key checks no Ed25519 signature')
  t.throws(() => verifyJws(receiptJws, generateKeyPairSync('ed25519').publicKey), invalid)
})

await t.test('a header of any other spelling is refused', async (t) => {
  const headers: Record<string, string> = {
    'extra member': JSON.stringify({ ...header, zip: 'DEF' }),
    'critical extension': JSON.stringify({ ...header, crit: ['b64'], b64: false }),
    'embedded key': JSON.stringify({ ...header, jwk: rsa.publicKey.export({ format: 'jwk' }) }),
    'other order': JSON.stringify({ typ: header.typ, alg: header.alg, 'x5t#S256': thumbprint }),
    'no algorithm': JSON.stringify({ ...header, alg: 'none' }),
    'symmetric algorithm': JSON.stringify({ ...header, alg: 'HS256' }),
    'other RSA algorithm': JSON.stringify({ ...header, alg: 'PS256' }),
    'other hash': JSON.stringify({ ...header, alg: 'RS512' }),
    'key id beside RS256': JSON.stringify({ alg: 'RS256', kid: 'k', typ: header.typ }),
    'receipt header': JSON.stringify({ alg: 'Ed25519', kid: 'k', typ: 'bongin-award+jws' }),
    'other type': JSON.stringify({ ...header, typ: 'bongin-bid+jws' }),
    'short thumbprint': JSON.stringify({ ...header, 'x5t#S256': thumbprint.slice(1) }),
    'thumbprint with stray bits': JSON.stringify({ ...header, 'x5t#S256': withStrayBit(thumbprint) }),
    'thumbprint that closes the header': `{"alg":"RS256","typ":"bongin-award+jws","x5t#S256":"${thumbprint}","a":""}`,
    'another end': JSON.stringify(header).replace(/.$/, ']'),
    'another beginning': JSON.stringify(header).replace('{', '['),
    space: JSON.stringify(header, null, 1),
    'duplicate member': JSON.stringify(header).replace('{', '{"alg":"none",'),
    'no object': 'null',
    empty: ''
  }
  for (const [name, protectedText] of Object.entries(headers)) {
    t.throws(() => parseJws(handmade({ protectedText }), 'bongin-award'), { code: 'envelope-malformed', context: { field: '/protected' } }, name)
  }
  t.throws(() => parseJws(handmade({ protectedText: '{"alg":"Ed25519","kid":"a b","typ":"bongin-receipt+jws"}' }), 'bongin-receipt'),
    { code: 'envelope-malformed', context: { field: '/protected' } }, 'a key id with a space')
  t.throws(() => parseJws(handmade({ protectedText: JSON.stringify({ ...header, typ: 'bongin-receipt+jws' }) }), 'bongin-receipt'),
    { code: 'envelope-malformed', context: { field: '/protected' } }, 'a receipt by RS256')
})

await t.test('a payload is a canonical object that states its version and type', async (t) => {
  const cases: Array<[string, string, string, string]> = [
    ['space', '{"reason":"", "type":"bongin-award","v":1}', 'malformed-json', '/payload'],
    ['order', '{"v":1,"type":"bongin-award"}', 'malformed-json', '/payload'],
    ['duplicate', '{"type":"bongin-award","v":1,"v":1}', 'malformed-json', '/payload'],
    ['not JSON', 'award', 'malformed-json', '/payload'],
    ['empty', '', 'malformed-json', '/payload'],
    ['list', '[]', 'envelope-malformed', '/payload'],
    ['null', 'null', 'envelope-malformed', '/payload'],
    ['text', '"bongin-award"', 'envelope-malformed', '/payload'],
    ['other version', '{"type":"bongin-award","v":2}', 'envelope-malformed', '/payload/v'],
    ['version as text', '{"type":"bongin-award","v":"1"}', 'envelope-malformed', '/payload/v'],
    ['no version', '{"type":"bongin-award"}', 'envelope-malformed', '/payload/v'],
    ['other type', '{"type":"bongin-bid","v":1}', 'envelope-malformed', '/payload/type'],
    ['no type', '{"v":1}', 'envelope-malformed', '/payload/type']
  ]
  for (const [name, payloadText, code, field] of cases) {
    t.throws(() => parseJws(handmade({ payloadText }), 'bongin-award'), { code, context: { field } }, name)
  }
})

await t.test('three parts in strict base64url', async (t) => {
  const good = handmade({})
  const [head = '', body = '', signature = ''] = good.split('.')
  const cases: Array<[string, string | Uint8Array, string, string]> = [
    ['two parts', `${head}.${body}`, 'envelope-malformed', ''],
    ['four parts', `${good}.`, 'envelope-malformed', ''],
    ['nothing', '', 'envelope-malformed', ''],
    ['no signature', `${head}.${body}.`, 'envelope-malformed', '/signature'],
    ['too long', 'A'.repeat(MAX_JWS_BYTES + 1), 'envelope-malformed', ''],
    ['stray bits in the signature', `${head}.${body}.${withStrayBit(signature)}`, 'invalid-base64url', '/signature'],
    ['padded signature', `${good}==`, 'invalid-base64url', '/signature'],
    ['newline at the end', `${good}\n`, 'invalid-base64url', '/signature'],
    ['space in front', ` ${good}`, 'invalid-base64url', '/protected'],
    ['plain base64 in the payload', `${head}.${body.slice(0, -1)}+.${signature}`, 'invalid-base64url', '/payload'],
    ['byte order mark', Uint8Array.of(0xef, 0xbb, 0xbf, ...utf8(good)), 'invalid-base64url', '/protected'],
    ['bytes that are not UTF-8', Uint8Array.of(...utf8(good), 0xff), 'invalid-base64url', '/signature']
  ]
  t.equal(fromBase64url(signature).length, 256, 'the last character of a signature has spare bits')
  for (const [name, jws, code, field] of cases) t.throws(() => parseJws(jws, 'bongin-award'), { code, context: { field } }, name)
})

await t.test('we sign nothing that we would not read', async (t) => {
  await t.rejects(signJws(signer, 'bongin-award', { ...payload, type: 'bongin-bid' }), /invariant/)
  await t.rejects(signJws(signer, 'bongin-award', { type: 'bongin-award' }), /invariant/)
  await t.rejects(signJws(signer, 'bongin-receipt', receipt), /invariant/)
  await t.rejects(signJws({ ...signer, thumbprint: '"' as Thumbprint }, 'bongin-award', payload), /invariant/)
  const facts = { tenderId: 'R26BK00000001' as TenderId, supplierId: '1234567891' as SupplierId, envelopeSha256: sha256Hex(utf8('envelope')), acceptedAt: 0 }
  t.throws(() => signReceipt({ privateKey: rsa.privateKey, kid: 'k' }, facts), /invariant/)
  t.throws(() => signReceipt({ privateKey: platform.privateKey, kid: '"' }, facts), /invariant/)
})
