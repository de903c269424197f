/** Signing receipts with the platform's Ed25519 key. For Node: libsodium where its addon loads, else node:crypto. */
import { type KeyObject, sign } from 'node:crypto'
import { invariant } from '../domain/errors.ts'
import { toBase64url, utf8 } from './bytes.ts'
import { encodedHeader } from './jws.ts'
import { type ReceiptFacts, receiptText } from './receipt.ts'
import { loadSodium } from './sodium.ts'

/** A receipt (`receipt.ts`) by the platform's Ed25519 key; synchronous, as it stands inside the writer's transaction. */
export function signReceipt ({ privateKey, kid }: { privateKey: KeyObject, kid: string }, facts: ReceiptFacts): string {
  invariant(isEd25519(privateKey), 'the receipt key is an Ed25519 key')
  const input = `${headerOf(kid)}.${Buffer.from(receiptText(facts)).toString('base64url')}`
  return `${input}.${toBase64url(signBytes(utf8(input), privateKey))}`
}

/** Of the last key: a platform has one for years. */
let lastHeader = { kid: '', text: '' }

function headerOf (kid: string): string {
  if (lastHeader.kid !== kid) lastHeader = { kid, text: encodedHeader('bongin-receipt', kid) }
  return lastHeader.text
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

/** Asking a key for its type costs a fifth of a signature. */
function isEd25519 (key: KeyObject): boolean {
  return secretKeys.has(key) || key.asymmetricKeyType === 'ed25519'
}
