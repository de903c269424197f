/**
 * The fast way to read an envelope at the opening. Canonical JSON leaves the envelope of a single supplier for one price one
 * spelling: its members stand at fixed places from either end. Those bytes are compared with a template; whatever deviates is
 * no fault but `parseEnvelope`'s business, which alone decides what an envelope is. For Node.
 */
import { type Sha256Hex, type SupplierId, type TenderId, type Thumbprint, THUMBPRINT_PATTERN } from '../domain/ids.ts'
import { isKst } from '../domain/time.ts'
import { sha256Hex } from './bytes.ts'
import { AAD_PREFIX, type Envelope, type EnvelopePayload, MAX_ENVELOPE_BYTES, parseEnvelope } from './envelope.ts'
import { TAG_BYTES } from './hpke-seal.ts'
import { MAX_PLAINTEXT_BYTES, PLAINTEXT_BLOCK_BYTES } from './plaintext.ts'

/** What the opening of prices needs of an envelope. */
export interface ScannedEnvelope extends Pick<EnvelopePayload, 'tenderId' | 'termsSha256' | 'supplierId'> {
  enc: Uint8Array
  ciphertext: Uint8Array
  aad: Uint8Array
}

/** `parseEnvelope` for the intake: the fast way where it goes. @throws as `parseEnvelope`. */
export function readEnvelope (bytes: Uint8Array): Envelope {
  const parts = partsOf(bytes)
  const scanned = parts === null ? null : readPayload(parts)
  if (parts === null || scanned === null) return parseEnvelope(bytes)
  const { text, thumbprint, payload: payloadBytes, signature, signedBytes } = parts
  const { enc, ciphertext, aad } = scanned
  const payload = JSON.parse(text) as EnvelopePayload
  const jws = { type: 'bongin-bid', alg: 'RS256', thumbprint, kid: null, payload, payloadBytes, signingInput: bytes.subarray(0, signedBytes), signature } as const
  return { jws, payload, enc, ciphertext, aad, sha256: sha256Hex(bytes) }
}

const DOT = '.'.charCodeAt(0)
const HEADER_BEFORE = '{"alg":"RS256","typ":"bongin-bid+jws","x5t#S256":"'
const HEADER_AFTER = '"}'
const THUMBPRINT_CHARS = 43
const HEADER_CHARS = HEADER_BEFORE.length + THUMBPRINT_CHARS + HEADER_AFTER.length
/** Encoded length of the header, which is always the same. */
const HEADER_TEXT_CHARS = Math.ceil(HEADER_CHARS * 4 / 3)
const THUMBPRINT = new RegExp(THUMBPRINT_PATTERN)

/** The payload behind the ciphertext: literals, and between them members of fixed length. */
const MEMBERS = [
  ['","clientTime":"', 29], ['","enc":"', 43], ['","submissionId":"', 22], ['","supplierId":"', 10], ['","tenderId":"', 13], ['","termsSha256":"', 64]
] as const
const PAYLOAD_BEFORE = '{"ciphertext":"'
const PAYLOAD_AFTER = '","type":"bongin-bid","v":1}'
const TAIL_CHARS = MEMBERS.reduce((length, [literal, chars]) => length + literal.length + chars, PAYLOAD_AFTER.length)

const SUPPLIER_ID = /^[0-9]{10}$/
const TENDER_ID = /^R[0-9]{2}BK[0-9]{8}$/
const SHA256_HEX = /^[0-9a-f]{64}$/
const ENC_BYTES = 32
const SUBMISSION_ID_BYTES = 16
const THUMBPRINT_BYTES = 32
const AAD_BYTES = AAD_PREFIX.length + 10 + 1 + THUMBPRINT_BYTES + SUBMISSION_ID_BYTES

/** null where the envelope is not of the common form, well-formed or not. */
export function scanEnvelope (envelope: Uint8Array): ScannedEnvelope | null {
  const parts = partsOf(envelope)
  return parts === null ? null : readPayload(parts)
}

interface Parts { thumbprint: Thumbprint, payload: Buffer, text: string, signature: Buffer, signedBytes: number }

function partsOf (envelope: Uint8Array): Parts | null {
  if (envelope.length > MAX_ENVELOPE_BYTES) return null
  const bytes = Buffer.from(envelope.buffer, envelope.byteOffset, envelope.length)
  const firstDot = HEADER_TEXT_CHARS
  const lastDot = bytes.lastIndexOf(DOT)
  if (bytes[firstDot] !== DOT || lastDot <= firstDot) return null
  const header = decode(bytes.toString('latin1', 0, firstDot))
  const payload = decode(bytes.toString('latin1', firstDot + 1, lastDot))
  const signature = decode(bytes.toString('latin1', lastDot + 1))
  if (header === null || payload === null || signature === null || signature.length === 0) return null
  const thumbprint = readHeader(header.toString('latin1'))
  return thumbprint === null ? null : { thumbprint, payload, text: payload.toString('latin1'), signature, signedBytes: lastDot }
}

function readHeader (header: string): Thumbprint | null {
  const thumbprint = header.slice(HEADER_BEFORE.length, -HEADER_AFTER.length)
  if (!header.startsWith(HEADER_BEFORE) || !header.endsWith(HEADER_AFTER) || !THUMBPRINT.test(thumbprint)) return null
  return thumbprint as Thumbprint
}

function readPayload ({ text, thumbprint }: Parts): ScannedEnvelope | null {
  const tailAt = text.length - TAIL_CHARS
  if (tailAt < PAYLOAD_BEFORE.length || !text.startsWith(PAYLOAD_BEFORE) || !text.endsWith(PAYLOAD_AFTER)) return null
  const values: string[] = []
  let at = tailAt
  for (const [literal, chars] of MEMBERS) {
    if (!text.startsWith(literal, at)) return null
    at += literal.length
    values.push(text.slice(at, at += chars))
  }
  const [clientTime = '', encText = '', submissionText = '', supplierId = '', tenderId = '', termsSha256 = ''] = values
  if (!isKst(clientTime) || !SUPPLIER_ID.test(supplierId) || !TENDER_ID.test(tenderId) || !SHA256_HEX.test(termsSha256)) return null
  const enc = decode(encText)
  const submissionId = decode(submissionText)
  const ciphertext = decode(text.slice(PAYLOAD_BEFORE.length, tailAt))
  if (enc === null || submissionId === null || ciphertext === null) return null
  if (enc.length !== ENC_BYTES || submissionId.length !== SUBMISSION_ID_BYTES || !isSealLength(ciphertext.length)) return null
  const aad = Buffer.allocUnsafe(AAD_BYTES)
  aad.set(AAD_PREFIX)
  aad.write(supplierId, AAD_PREFIX.length, 'latin1')
  aad[AAD_PREFIX.length + supplierId.length] = 0
  aad.set(Buffer.from(thumbprint, 'base64url'), AAD_BYTES - SUBMISSION_ID_BYTES - THUMBPRINT_BYTES)
  aad.set(submissionId, AAD_BYTES - SUBMISSION_ID_BYTES)
  return { tenderId: tenderId as TenderId, termsSha256: termsSha256 as Sha256Hex, supplierId: supplierId as SupplierId, enc, ciphertext, aad }
}

function isSealLength (length: number): boolean {
  const sealed = length - TAG_BYTES
  return sealed > 0 && sealed <= MAX_PLAINTEXT_BYTES && sealed % PLAINTEXT_BLOCK_BYTES === 0
}

/** null unless the text is the one spelling of its bytes: Node's decoder takes more than that, so it is spelled again. */
function decode (text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : null
}
