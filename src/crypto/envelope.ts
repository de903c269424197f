/**
 * The envelope (봉인된 입찰서): a sealed bid, signed. Runs in a browser; client and server use this one file.
 * `info` binds every seal to the tender, its terms and its public key, and is the same for all bids of a tender. `aad`
 * binds a seal to its supplier, the supplier's certificate and the submission: a copied ciphertext that somebody else
 * signs again opens for nobody. Ids hold no zero byte and the other parts have fixed lengths, so both are unambiguous.
 */
import type { BidContent } from '../domain/bid.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import {
  BASE64URL_16_PATTERN, ENC_PATTERN, SHA256_HEX_PATTERN, SUPPLIER_ID_PATTERN, TENDER_ID_PATTERN,
  type Sha256Hex, type SupplierId, type TenderId, type Thumbprint
} from '../domain/ids.ts'
import type { Suite } from '../domain/notice.ts'
import type { Proposal } from '../domain/technical-opening.ts'
import { isKst } from '../domain/time.ts'
import { type Bytes, concat, equalBytes, fromBase64url, fromHex, randomBytes, sha256Hex, toBase64url, utf8 } from './bytes.ts'
import { readConsortium, type Consortium } from './consortium.ts'
import { makeRecipientKey, openSealed, sealBase, SUITE_BYTES, suiteOf, TAG_BYTES } from './hpke-seal.ts'
import { type ParsedJws, parseJws, type Signer, signJws } from './jws.ts'
import { encodePlaintext, MAX_PLAINTEXT_BYTES, NONCE_BYTES, PLAINTEXT_BLOCK_BYTES } from './plaintext.ts'
import type { Sealed } from './sealed.ts'
import { readTechnicalPart, sealProposal } from './technical-envelope.ts'

/** Price and technical part at their longest, and the members of a consortium. */
export const MAX_ENVELOPE_BYTES = 128 * 1024
const SUBMISSION_ID_BYTES = 16
const INFO_PREFIX = utf8('bongin bid v1\0')
const AAD_PREFIX = utf8('bongin aad v1\0')
const ZERO = Uint8Array.of(0)

export interface EnvelopePayload {
  v: 1
  type: 'bongin-bid'
  tenderId: TenderId
  termsSha256: Sha256Hex
  supplierId: SupplierId
  /** 16 random bytes, base64url: the same bid sealed twice is two submissions. */
  submissionId: string
  enc: string
  ciphertext: string
  /** The client's own clock, for the record; only the server's counts. */
  clientTime: string
  /** Of a joint bid, whose leader is the supplier; absent for a single supplier. */
  consortium?: Consortium
  /** The sealed proposal; present exactly where the tender has a technical key. */
  technical?: Sealed
}

export interface Envelope {
  jws: ParsedJws
  payload: EnvelopePayload
  enc: Uint8Array
  ciphertext: Uint8Array
  aad: Uint8Array
  /** Over the ASCII bytes of the compact JWS; stands in the receipt and in the closing record's leaf. */
  sha256: Sha256Hex
}

/** HPKE `info` of all bids of a tender under these terms. */
export function bidInfo ({ tenderId, termsSha256, publicKey }: { tenderId: TenderId, termsSha256: Sha256Hex, publicKey: Uint8Array }): Bytes {
  invariant(publicKey.length === SUITE_BYTES[suiteOf(publicKey)].publicKey, 'the tender\'s public key has a suite\'s length')
  return concat(INFO_PREFIX, utf8(tenderId), ZERO, fromHex(termsSha256), publicKey)
}

/** HPKE `aad` of one bid. */
export function bidAad ({ supplierId, thumbprint, submissionId }: {
  supplierId: SupplierId
  thumbprint: Thumbprint
  submissionId: string
}): Bytes {
  return concat(...aadParts({ supplierId: utf8(supplierId), thumbprint: fromBase64url(thumbprint), submissionId: fromBase64url(submissionId) }))
}

/** What it is joined from, for those who have the bytes. */
export function aadParts ({ supplierId, thumbprint, submissionId }: Record<'supplierId' | 'thumbprint' | 'submissionId', Uint8Array>): Uint8Array[] {
  return [AAD_PREFIX, supplierId, ZERO, thumbprint, submissionId]
}

/**
 * Seals and signs a bid. Before that the very same bytes are sealed to a throw-away key and opened again: a machine on
 * which sealing is broken must find out now and not at the opening.
 * @throws BonginError `invalid-amount`, `invalid-picks`; `invalid-request` for an unusable public key.
 */
export async function sealBid (bid: {
  tenderId: TenderId
  termsSha256: Sha256Hex
  /** The tender's public key from the notice, raw; its length tells the suite. */
  publicKey: Uint8Array
  supplierId: SupplierId
  content: BidContent
  signer: Signer
  /** As `formatKst` writes it. */
  clientTime: string
  consortium?: Consortium | undefined
  /** With the raw technical key of the notice, where it has one. */
  technical?: { proposal: Proposal, publicKey: Uint8Array } | undefined
  /** Hundredths of a won, in the order of the notice's lines; null for a tender without lines. */
  unitPricesCenti?: readonly number[] | null | undefined
}): Promise<string> {
  const { tenderId, termsSha256, publicKey, supplierId, content, signer, clientTime, consortium, technical, unitPricesCenti = null } = bid
  const submissionId = toBase64url(randomBytes(SUBMISSION_ID_BYTES))
  const plaintext = encodePlaintext({ content, tenderId, termsSha256, supplierId, unitPricesCenti, nonce: randomBytes(NONCE_BYTES) })
  const aad = bidAad({ supplierId, thumbprint: signer.thumbprint, submissionId })
  await probe({ suite: suiteOf(publicKey), tenderId, termsSha256, aad, plaintext })
  const { enc, ciphertext } = await sealBase({ publicKey, info: bidInfo({ tenderId, termsSha256, publicKey }), aad, plaintext })
  const sealedProposal = technical === undefined ? undefined : await sealProposal({ ...technical, tenderId, termsSha256, supplierId, aad })
  const payload: EnvelopePayload = {
    v: 1,
    type: 'bongin-bid',
    tenderId,
    termsSha256,
    supplierId,
    submissionId,
    enc: toBase64url(enc),
    ciphertext: toBase64url(ciphertext),
    clientTime,
    ...(consortium === undefined ? {} : { consortium }),
    ...(sealedProposal === undefined ? {} : { technical: sealedProposal })
  }
  const jws = await signJws(signer, payload.type, payload)
  // What the server will do first: a wrong clock text or id shows here.
  parseEnvelope(jws)
  return jws
}

async function probe ({ suite, tenderId, termsSha256, aad, plaintext }: {
  suite: Suite
  tenderId: TenderId
  termsSha256: Sha256Hex
  aad: Uint8Array
  plaintext: Uint8Array
}): Promise<void> {
  const { privateKey, publicKey } = makeRecipientKey(suite)
  const info = bidInfo({ tenderId, termsSha256, publicKey })
  const { enc, ciphertext } = await sealBase({ publicKey, info, aad, plaintext })
  const opened = await openSealed({ suite, privateKey, enc, info, aad, ciphertext })
  invariant(opened !== null && equalBytes(opened, plaintext), 'a seal made on this machine opens to what was sealed')
}

/**
 * Reads an envelope; its signature, and whether it belongs to this tender and supplier, are the caller's to check.
 * @throws BonginError `envelope-malformed`, `invalid-base64url`, `malformed-json`, each with the field.
 */
export function parseEnvelope (envelope: Uint8Array | string): Envelope {
  const bytes = typeof envelope === 'string' ? utf8(envelope) : envelope
  if (bytes.length > MAX_ENVELOPE_BYTES) throw malformed('', `The envelope has more than ${MAX_ENVELOPE_BYTES} bytes`)
  const jws = parseJws(bytes, 'bongin-bid')
  invariant(jws.thumbprint !== null, 'an envelope is signed by a certified key')
  const payload = readPayload(jws.payload as Record<string, unknown>)
  const enc = fromBase64url(payload.enc, '/payload/enc')
  const ciphertext = fromBase64url(payload.ciphertext, '/payload/ciphertext')
  if (!isSealLength(ciphertext.length)) {
    throw malformed('/payload/ciphertext', 'The ciphertext has an impossible length')
  }
  const aad = bidAad({ supplierId: payload.supplierId, thumbprint: jws.thumbprint, submissionId: payload.submissionId })
  return { jws, payload, enc, ciphertext, aad, sha256: sha256Hex(bytes) }
}

/** Whether a sealed plaintext, which fills whole blocks, can be so long with its tag. */
export function isSealLength (length: number): boolean {
  const sealed = length - TAG_BYTES
  return sealed > 0 && sealed <= MAX_PLAINTEXT_BYTES && sealed % PLAINTEXT_BLOCK_BYTES === 0
}

/** What each member of the payload must look like; `v` and `type` are checked with the JWS. */
const MEMBERS: Readonly<Record<Exclude<keyof EnvelopePayload, 'v' | 'type' | 'consortium' | 'technical'>, (text: string) => boolean>> = {
  tenderId: matching(TENDER_ID_PATTERN),
  termsSha256: matching(SHA256_HEX_PATTERN),
  supplierId: matching(SUPPLIER_ID_PATTERN),
  submissionId: matching(BASE64URL_16_PATTERN),
  enc: matching(ENC_PATTERN),
  ciphertext: () => true,
  clientTime: isKst
}
const KNOWN: ReadonlySet<string> = new Set(['v', 'type', ...Object.keys(MEMBERS), 'consortium', 'technical'])

function readPayload (payload: Record<string, unknown>): EnvelopePayload {
  for (const [name, fits] of Object.entries(MEMBERS)) {
    const value = payload[name]
    if (typeof value !== 'string' || !fits(value)) throw malformed(`/payload/${name}`, `The envelope's "${name}" is missing or malformed`)
  }
  const unknown = Object.keys(payload).find((name) => !KNOWN.has(name))
  if (unknown !== undefined) {
    const pointer = unknown.replaceAll('~', '~0').replaceAll('/', '~1')
    throw malformed(`/payload/${pointer}`, 'The envelope has an unknown member')
  }
  if (Object.hasOwn(payload, 'consortium')) readConsortium(payload['consortium'], '/payload/consortium')
  if (Object.hasOwn(payload, 'technical')) readTechnicalPart(payload['technical'], '/payload/technical')
  return payload as unknown as EnvelopePayload
}

function matching (pattern: string): (text: string) => boolean {
  const expression = new RegExp(pattern)
  return (text) => expression.test(text)
}

function malformed (field: string, detail: string): BonginError {
  return new BonginError('envelope-malformed', {
    field,
    detail: `${detail}.`,
    detailKo: `입찰서 봉투${field === '' ? '' : `의 ${field} 항목`}의 형식이 올바르지 않습니다.`
  })
}
