/**
 * The receipt (접수증): the platform's promise that a bid stands in the closing record. Its payload, in canonical JSON, is
 * at the same time the data of the bid's leaf there, so a receipt alone is enough to prove an omission. It says nothing
 * on the bid's validity or on the number of bids. Signed by `signReceipt` (`receipt-signing.ts`). Runs in a browser.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { BonginError } from '../domain/errors.ts'
import { type Instant, type Sha256Hex, SHA256_HEX_PATTERN, SUPPLIER_ID_PATTERN, type SupplierId, TENDER_ID_PATTERN, type TenderId } from '../domain/ids.ts'
import { formatKst, isKst } from '../domain/time.ts'
import { type Bytes, utf8 } from './bytes.ts'
import { type ParsedJws, parseJws } from './jws.ts'
import { leafHash } from './merkle.ts'

/** What was accepted, from whom, and when by the server's clock. */
export interface ReceiptFacts {
  tenderId: TenderId
  supplierId: SupplierId
  envelopeSha256: Sha256Hex
  acceptedAt: Instant
}

export type ReceiptPayload = Omit<ReceiptFacts, 'acceptedAt'> & {
  v: 1
  type: 'bongin-receipt'
  /** RFC 3339 with milliseconds at +09:00. */
  acceptedAt: string
}

const SIGNATURE_BYTES = 64
const MEMBERS = ['acceptedAt', 'envelopeSha256', 'supplierId', 'tenderId', 'type', 'v']

/** Takes the named facts alone: further members of what is handed over stay out. */
export function receiptPayload ({ tenderId, supplierId, envelopeSha256, acceptedAt }: ReceiptFacts): ReceiptPayload {
  return { v: 1, type: 'bongin-receipt', tenderId, supplierId, envelopeSha256, acceptedAt: formatKst(acceptedAt) }
}

/** The payload in canonical JSON, without a general writer: every bid has it written twice, in its receipt and as its leaf. */
export function receiptText ({ tenderId, supplierId, envelopeSha256, acceptedAt }: ReceiptFacts): string {
  return `{"acceptedAt":"${formatKst(acceptedAt)}","envelopeSha256":"${envelopeSha256}","supplierId":"${supplierId}",` +
    `"tenderId":"${tenderId}","type":"bongin-receipt","v":1}`
}

/** The bid's leaf in the closing record. */
export function receiptLeafHash (facts: ReceiptFacts): Bytes {
  return leafHash(utf8(receiptText(facts)))
}

/** @throws BonginError `receipt-invalid` for a malformed receipt or one that the key did not sign. */
export function verifyReceipt ({ receipt, publicKey }: { receipt: string, publicKey: Uint8Array }): ReceiptPayload {
  const jws = parse(receipt)
  const { payload } = jws
  if (!isReceiptPayload(payload)) throw invalidReceipt('/payload')
  // The key comes from the caller, who knows the platform's; the key id in the header decides nothing.
  const signed = jws.signature.length === SIGNATURE_BYTES && ed25519.verify(jws.signature, jws.signingInput, publicKey, { zip215: false })
  if (!signed) throw invalidReceipt('/signature')
  return payload
}

function parse (receipt: string): ParsedJws {
  try {
    return parseJws(receipt, 'bongin-receipt')
  } catch (error) {
    if (error instanceof BonginError) throw invalidReceipt(error.context.field ?? '')
    throw error
  }
}

function isReceiptPayload (payload: unknown): payload is ReceiptPayload {
  const given = payload as Record<string, unknown>
  const { tenderId, supplierId, envelopeSha256, acceptedAt } = given as Partial<ReceiptPayload>
  return Object.keys(given).length === MEMBERS.length && MEMBERS.every((name) => Object.hasOwn(given, name)) &&
    matches(tenderId, TENDER_ID_PATTERN) && matches(supplierId, SUPPLIER_ID_PATTERN) &&
    matches(envelopeSha256, SHA256_HEX_PATTERN) && typeof acceptedAt === 'string' && isKst(acceptedAt)
}

function matches (value: unknown, pattern: string): boolean {
  return typeof value === 'string' && new RegExp(pattern).test(value)
}

function invalidReceipt (field: string): BonginError {
  return new BonginError('receipt-invalid', {
    field,
    detail: 'The receipt is malformed or was not signed by the platform\'s receipt key.',
    detailKo: '접수증의 형식이 잘못되었거나 플랫폼의 접수증 키로 서명되지 않았습니다.'
  })
}
