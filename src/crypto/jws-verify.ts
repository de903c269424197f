/**
 * Checking signed statements, and signing receipts, by node:crypto. The key must be of the kind that the statement's
 * type calls for: an RSA key never checks an Ed25519 statement, or the other way round.
 */
import { type KeyObject, constants, sign, verify } from 'node:crypto'
import { BonginError, invariant } from '../domain/errors.ts'
import { toBase64url, utf8 } from './bytes.ts'
import { jwsSigningInput, type ParsedJws } from './jws.ts'
import { loadSodium } from './sodium.ts'

/**
 * Whether the certificate behind `publicKey` may be trusted is another question (`certificate.ts`).
 * @throws BonginError `signature-invalid`.
 */
export function verifyJws (parsed: ParsedJws, publicKey: KeyObject): void {
  if (isSignedBy(parsed, publicKey)) return
  throw new BonginError('signature-invalid', {
    field: '/signature',
    detail: 'The signature was not made over these bytes by the key that the statement names.',
    detailKo: '전자서명이 명시된 키로 이 내용에 서명한 것이 아닙니다.'
  })
}

/** Asking a key for its type costs a fifth of a verification, and the same keys come again and again. */
const keyTypes = new WeakMap<KeyObject, KeyObject['asymmetricKeyType']>()

function keyTypeOf (key: KeyObject): KeyObject['asymmetricKeyType'] {
  let type = keyTypes.get(key)
  if (type === undefined) keyTypes.set(key, type = key.asymmetricKeyType)
  return type
}

function isSignedBy ({ alg, signingInput, signature }: ParsedJws, publicKey: KeyObject): boolean {
  const keyType = keyTypeOf(publicKey)
  if (alg === 'RS256') {
    return keyType === 'rsa' && verify('sha256', signingInput, { key: publicKey, padding: constants.RSA_PKCS1_PADDING }, signature)
  }
  return keyType === 'ed25519' && verify(null, signingInput, publicKey, signature)
}

/** A receipt (`receipt.ts`) by the platform's Ed25519 key; synchronous, as it stands inside the writer's transaction. */
export function signReceiptJws ({ privateKey, kid }: { privateKey: KeyObject, kid: string }, payload: object): string {
  invariant(keyTypeOf(privateKey) === 'ed25519', 'the receipt key is an Ed25519 key')
  const input = jwsSigningInput({ type: 'bongin-receipt', signer: kid, payload })
  return `${input}.${toBase64url(signBytes(utf8(input), privateKey))}`
}

const SIGNATURE_BYTES = 64
const sodium = loadSodium()
/** Seed and public key of each key, as libsodium wants them. */
const secretKeys = new WeakMap<KeyObject, Uint8Array>()

/** The same bytes either way, as Ed25519 draws nothing; libsodium takes a third of the time. */
function signBytes (input: Uint8Array, privateKey: KeyObject): Uint8Array {
  if (sodium === null) return sign(null, input, privateKey)
  const signature = new Uint8Array(SIGNATURE_BYTES)
  sodium.crypto_sign_detached(signature, input, secretKeys.get(privateKey) ?? keepSecretKey(privateKey))
  return signature
}

function keepSecretKey (privateKey: KeyObject): Uint8Array {
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' })
  const secretKey = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')])
  secretKeys.set(privateKey, secretKey)
  return secretKey
}
