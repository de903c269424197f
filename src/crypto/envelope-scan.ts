/**
 * The fast way to read an envelope, at the intake and at the opening. Canonical JSON leaves the envelope of a single supplier for one price one
 * spelling: its members stand at fixed places from either end. They are compared with a template; whatever deviates is
 * no fault but `parseEnvelope`'s business, which alone decides what an envelope is. For Node.
 */
import {
  BASE64URL_16_PATTERN, SHA256_HEX_PATTERN, SUPPLIER_ID_PATTERN, TENDER_ID_PATTERN,
  type Sha256Hex, type SupplierId, type TenderId, type Thumbprint
} from '../domain/ids.ts'
import { isKst } from '../domain/time.ts'
import { decodeBase64url } from './buffer-base64url.ts'
import { sha256Hex } from './bytes.ts'
import { aadParts, type Envelope, type EnvelopePayload, isSealLength, MAX_ENVELOPE_BYTES, parseEnvelope } from './envelope.ts'
import { headerFrame } from './jws.ts'

/** What the opening of prices needs of an envelope. */
export interface ScannedEnvelope extends Pick<EnvelopePayload, 'tenderId' | 'termsSha256' | 'supplierId'> {
  enc: Uint8Array
  ciphertext: Uint8Array
  aad: Uint8Array
}

/** `parseEnvelope` for the intake: the fast way where it goes. @throws as `parseEnvelope`. */
export function readEnvelope (bytes: Uint8Array): Envelope {
  const parts = partsOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1'))
  const scanned = parts === null ? null : readPayload(parts)
  if (parts === null || scanned === null) return parseEnvelope(bytes)
  const { thumbprint, payload: payloadBytes, signature, signedBytes } = parts
  const { enc, ciphertext, aad } = scanned
  const payload = JSON.parse(payloadBytes.toString('latin1')) as EnvelopePayload
  const jws = { type: 'bongin-bid', alg: 'RS256', thumbprint, kid: null, payload, payloadBytes, signingInput: bytes.subarray(0, signedBytes), signature } as const
  return { jws, payload, enc, ciphertext, aad, sha256: sha256Hex(bytes) }
}

const DOT = '.'
const { before: HEADER_BEFORE, after: HEADER_AFTER, name: THUMBPRINT } = headerFrame('bongin-bid')
const THUMBPRINT_CHARS = 43
/** Encoded length of the header, which is always the same. */
const HEADER_TEXT_CHARS = Math.ceil((HEADER_BEFORE.length + THUMBPRINT_CHARS + HEADER_AFTER.length) * 4 / 3)

/** `^…$` of an id without its ends. */
const inner = (pattern: string): string => pattern.slice(1, -1)
/** The payload behind the ciphertext: literals, and between them members of fixed length. */
const TAIL = new RegExp(`^","clientTime":"([^"]{29})","enc":"([A-Za-z0-9_-]{43})","submissionId":"(${inner(BASE64URL_16_PATTERN)})"` +
  `,"supplierId":"(${inner(SUPPLIER_ID_PATTERN)})","tenderId":"(${inner(TENDER_ID_PATTERN)})","termsSha256":"(${inner(SHA256_HEX_PATTERN)})","type":"bongin-bid","v":1\\}$`)
/** What it matches is always so long. */
const TAIL_CHARS = 299
const PAYLOAD_BEFORE = '{"ciphertext":"'

/** null where the envelope is not of the common form, well-formed or not. */
export function scanEnvelope (envelope: string): ScannedEnvelope | null {
  const parts = partsOf(envelope)
  return parts === null ? null : readPayload(parts)
}

interface Parts { thumbprint: Thumbprint, payload: Buffer, signature: Buffer, signedBytes: number }

function partsOf (envelope: string): Parts | null {
  if (envelope.length > MAX_ENVELOPE_BYTES) return null
  const firstDot = HEADER_TEXT_CHARS
  const lastDot = envelope.lastIndexOf(DOT)
  if (envelope[firstDot] !== DOT || lastDot <= firstDot) return null
  const header = decodeBase64url(envelope.slice(0, firstDot))
  const payload = decodeBase64url(envelope.slice(firstDot + 1, lastDot))
  const signature = decodeBase64url(envelope.slice(lastDot + 1))
  if (header === null || payload === null || signature === null || signature.length === 0) return null
  const thumbprint = readHeader(header.toString('latin1'))
  return thumbprint === null ? null : { thumbprint, payload, signature, signedBytes: lastDot }
}

function readHeader (header: string): Thumbprint | null {
  const thumbprint = header.slice(HEADER_BEFORE.length, -HEADER_AFTER.length)
  if (!header.startsWith(HEADER_BEFORE) || !header.endsWith(HEADER_AFTER) || !THUMBPRINT.test(thumbprint)) return null
  return thumbprint as Thumbprint
}

function readPayload ({ payload, thumbprint }: Parts): ScannedEnvelope | null {
  const tailAt = payload.length - TAIL_CHARS
  if (tailAt < PAYLOAD_BEFORE.length || payload.toString('latin1', 0, PAYLOAD_BEFORE.length) !== PAYLOAD_BEFORE) return null
  const members = TAIL.exec(payload.toString('latin1', tailAt))
  if (members === null) return null
  const [, clientTime = '', encText = '', submissionId = '', supplierId = '', tenderId = '', termsSha256 = ''] = members
  const enc = decodeBase64url(encText)
  const ciphertext = decodeBase64url(payload.toString('latin1', PAYLOAD_BEFORE.length, tailAt))
  if (!isKst(clientTime) || enc === null || ciphertext === null || !isSealLength(ciphertext.length)) return null
  const ids = { tenderId: tenderId as TenderId, termsSha256: termsSha256 as Sha256Hex, supplierId: supplierId as SupplierId }
  return { ...ids, enc, ciphertext, aad: aadOf({ supplierId, thumbprint, submissionId }) }
}

/** `bidAad` by Node's own decoder, in memory that is not asked for anew. */
function aadOf ({ supplierId, thumbprint, submissionId }: Record<'supplierId' | 'thumbprint' | 'submissionId', string>): Buffer {
  return Buffer.concat(aadParts({
    supplierId: Buffer.from(supplierId, 'latin1'), thumbprint: Buffer.from(thumbprint, 'base64url'), submissionId: Buffer.from(submissionId, 'base64url')
  }))
}
