/**
 * Signed statements: compact JWS (RFC 7515) in one fixed shape per type. Runs in a browser.
 * The type decides the algorithm, so a header can choose nothing: RS256 (RFC 7518 §3.3) with the signer's certificate
 * named by thumbprint, or, for receipts alone, Ed25519 (RFC 9864) with the platform's key named by id. The payload is a
 * canonical JSON object that repeats the type, so that one statement can never pass for another.
 */
import { BonginError, invariant } from '../domain/errors.ts'
import { type Thumbprint, THUMBPRINT_PATTERN } from '../domain/ids.ts'
import { fromBase64url, toBase64url, utf8 } from './bytes.ts'
import { canonicalBytes, parseCanonicalJson } from './canonical-json.ts'

export type JwsType =
  'bongin-bid' | 'bongin-notice' | 'bongin-withdrawal' | 'bongin-contribution' | 'bongin-evaluation' | 'bongin-award' |
  'bongin-cancellation' | 'bongin-session' | 'bongin-receipt' | 'bongin-platform-keys' | 'bongin-encryption-key' |
  'bongin-consortium' | 'bongin-answer' | 'bongin-outage' |
  'bongin-evaluators' | 'bongin-technical-marks' | 'bongin-technical-result' |
  'bongin-external-identity' | 'bongin-passkey-reset'

/** A long notice is 30 KB; the HTTP limits are lower where they can be. */
export const MAX_JWS_BYTES = 256 * 1024

/** Version of every signed payload. */
const PAYLOAD_VERSION = 1
const KEY_ID = /^[A-Za-z0-9._-]{1,64}$/
const THUMBPRINT = new RegExp(THUMBPRINT_PATTERN)
const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** Whoever holds a certified RSA key: in memory, or behind a token. */
export interface Signer {
  readonly thumbprint: Thumbprint
  /** RSASSA-PKCS1-v1_5 with SHA-256 over the bytes. */
  sign (input: Uint8Array): Promise<Uint8Array>
}

/** Well-formed, but not verified: see `jws-verify.ts`. */
export interface ParsedJws {
  readonly type: JwsType
  readonly alg: 'RS256' | 'Ed25519'
  /** The signer's certificate; null for Ed25519. */
  readonly thumbprint: Thumbprint | null
  /** The platform's receipt key; null for RS256. */
  readonly kid: string | null
  /** An object with `v` 1 and the `type`; its other members are the caller's to check. */
  readonly payload: unknown
  readonly payloadBytes: Uint8Array
  readonly signingInput: Uint8Array
  readonly signature: Uint8Array
}

/** A signer from a PKCS#8 private key (DER); WebCrypto's own error when it is none of RSA. */
export async function rsaSigner ({ privateKeyPkcs8, thumbprint }: { privateKeyPkcs8: Uint8Array, thumbprint: Thumbprint }): Promise<Signer> {
  const key = await crypto.subtle.importKey('pkcs8', new Uint8Array(privateKeyPkcs8), RS256, false, ['sign'])
  return rsaSignerFromKey(key, thumbprint)
}

/** `key` was made or imported for RSASSA-PKCS1-v1_5 with SHA-256 and may sign. */
export function rsaSignerFromKey (key: CryptoKey, thumbprint: Thumbprint): Signer {
  return {
    thumbprint,
    sign: async (input) => new Uint8Array(await crypto.subtle.sign(RS256.name, key, new Uint8Array(input)))
  }
}

/** `payload` has `v: 1` and the same `type`; it is signed in its canonical form. */
export async function signJws (signer: Signer, type: JwsType, payload: object): Promise<string> {
  invariant(headerFrame(type).alg === 'RS256', 'receipts are signed by signReceipt')
  const input = jwsSigningInput({ type, signer: signer.thumbprint, payload })
  return `${input}.${toBase64url(await signer.sign(utf8(input)))}`
}

/** The two parts that are signed, with the dot between them. */
export function jwsSigningInput ({ type, signer, payload }: { type: JwsType, signer: string, payload: object }): string {
  const stated = payload as { v?: unknown, type?: unknown }
  invariant(stated.v === PAYLOAD_VERSION && stated.type === type, 'the payload states its version and type')
  return `${encodedHeader(type, signer)}.${toBase64url(canonicalBytes(payload))}`
}

/** The first part; names the signer by certificate thumbprint, or by key id. */
export function encodedHeader (type: JwsType, signer: string): string {
  const { before, after, name } = headerFrame(type)
  invariant(name.test(signer), 'the name of a signer is a thumbprint or a key id')
  return toBase64url(utf8(before + signer + after))
}

interface HeaderFrame { alg: 'RS256' | 'Ed25519', before: string, after: string, name: RegExp }

/** A header has one spelling around the signer's name, in canonical order. Also for `envelope-scan.ts`. */
export function headerFrame (type: JwsType): HeaderFrame {
  return type === 'bongin-receipt'
    ? { alg: 'Ed25519', before: '{"alg":"Ed25519","kid":"', after: `","typ":"${type}+jws"}`, name: KEY_ID }
    : { alg: 'RS256', before: `{"alg":"RS256","typ":"${type}+jws","x5t#S256":"`, after: '"}', name: THUMBPRINT }
}

/**
 * Reads a JWS of the type wanted and of no other; its signature is not checked here.
 * @throws BonginError `envelope-malformed`, `invalid-base64url`, `malformed-json`; the field is `/protected`, `/payload`
 * (or a member of it) or `/signature`.
 */
export function parseJws (jws: string | Uint8Array, type: JwsType): ParsedJws {
  if (jws.length > MAX_JWS_BYTES) throw malformed('', `A signed statement has at most ${MAX_JWS_BYTES} bytes`)
  const text = typeof jws === 'string' ? jws : decoder.decode(jws)
  const [header, body, signature, ...more] = text.split('.', 4)
  if (header === undefined || body === undefined || signature === undefined || more.length > 0) {
    throw malformed('', 'A compact JWS has three parts separated by dots')
  }
  const signer = parseHeader(decoder.decode(fromBase64url(header, '/protected')), type)
  const payloadBytes = fromBase64url(body, '/payload')
  const signatureBytes = fromBase64url(signature, '/signature')
  if (signatureBytes.length === 0) throw malformed('/signature', 'The signature is empty')
  return {
    type,
    ...signer,
    payload: parsePayload(payloadBytes, type),
    payloadBytes,
    signingInput: utf8(`${header}.${body}`),
    signature: signatureBytes
  }
}

/** As a header has one spelling, it is compared as text instead of being understood. */
function parseHeader (header: string, type: JwsType): Pick<ParsedJws, 'alg' | 'thumbprint' | 'kid'> {
  const { alg, before, after, name } = headerFrame(type)
  const signer = header.slice(before.length, -after.length)
  if (!header.startsWith(before) || !header.endsWith(after) || !name.test(signer)) {
    throw malformed('/protected', `The protected header must be exactly that of a ${type} statement, ${alg}, without further members`)
  }
  return alg === 'RS256' ? { alg, thumbprint: signer as Thumbprint, kid: null } : { alg, thumbprint: null, kid: signer }
}

function parsePayload (bytes: Uint8Array, type: JwsType): unknown {
  const payload = parseCanonicalJson(bytes, '/payload')
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) throw malformed('/payload', 'The payload must be an object')
  const stated = payload as { v?: unknown, type?: unknown }
  if (stated.v !== PAYLOAD_VERSION) throw malformed('/payload/v', `The payload's version must be ${PAYLOAD_VERSION}`)
  if (stated.type !== type) throw malformed('/payload/type', `The payload's type must be ${type}`)
  return payload
}

/** `field` is a JSON Pointer; empty: the statement as a whole. */
function malformed (field: string, detail: string): BonginError {
  return new BonginError('envelope-malformed', {
    field,
    detail: `${detail}.`,
    detailKo: `전자서명문${field === '' ? '' : `의 ${field} 부분`}의 형식이 올바르지 않습니다.`
  })
}
