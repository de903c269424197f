/**
 * What a seal holds: the bid's own bytes. Runs in a browser.
 *
 *   0  version (1)     1  flags (bit 0: picks present)     2, 3  the two picks, or 0, 0     4–11  amount in the tender's unit, u64
 *   12–15  length of the JSON, u32     16–  canonical JSON, then zeros up to a multiple of 1,024
 *
 * Integers are big-endian. One bid has one encoding: at the opening any deviation makes the bid void, and no plaintext
 * whatever makes `decodePlaintext` throw, because one bad bid must never stop an opening.
 */
import { arePicks, assertBidContent, type BidContent, isAmountWon, type Picks, type VoidReason } from '../domain/bid.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { BASE64URL_16_PATTERN, type Sha256Hex, type SupplierId, type TenderId } from '../domain/ids.ts'
import type { PriceDecimals } from '../domain/notice.ts'
import { isUnitPriceCenti, scheduleTotal } from '../domain/unit-prices.ts'
import { toBase64url } from './bytes.ts'
import { canonicalBytes, parseCanonicalJson } from './canonical-json.ts'

/** A plaintext's length is a multiple of this, so that a ciphertext's length tells nothing of the amount. */
export const PLAINTEXT_BLOCK_BYTES = 1024
/** With its seal and signature this stays under `MAX_ENVELOPE_BYTES`. */
export const MAX_PLAINTEXT_BYTES = 48 * PLAINTEXT_BLOCK_BYTES
export const NONCE_BYTES = 16

const [AMOUNT_AT, LENGTH_AT, HEADER_BYTES] = [4, 12, 16]
const VERSION = 1
const FLAG_PICKS = 1
const NONCE = new RegExp(BASE64URL_16_PATTERN)
const MEMBERS: readonly string[] = ['nonce', 'priceSchedule', 'supplierId', 'tenderId', 'termsSha256']

/** Whose bid for what; it must be the same inside the seal and outside. */
export interface BidBinding {
  tenderId: TenderId
  termsSha256: Sha256Hex
  supplierId: SupplierId
}

/** 산출내역: what is in the list was not looked at. */
interface PriceSchedule { unitPricesCenti: readonly unknown[] }

/** A text of ASCII that JSON writes as it is. */
const PLAIN = '[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*'
/** Without a price schedule the JSON has this one spelling, which is read without the general reader; whatever deviates goes there. */
const COMMON_JSON = new RegExp(
  `^\\{"nonce":"${BASE64URL_16_PATTERN.slice(1, -1)}","supplierId":"(${PLAIN})","tenderId":"(${PLAIN})","termsSha256":"(${PLAIN})"\\}$`
)
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

interface SealedJson extends BidBinding { priceSchedule?: PriceSchedule }

export type DecodedBid = { outcome: 'open', content: BidContent } | { outcome: 'void', reason: VoidReason }

/**
 * `unitPricesCenti` (단가, hundredths of a won) of a unit-price contract; that they come to the amount is the caller's to check.
 * @throws BonginError `invalid-amount`, `invalid-picks`, or `envelope-malformed` for too many unit prices.
 */
export function encodePlaintext (
  bid: BidBinding & { content: BidContent, nonce: Uint8Array, unitPricesCenti?: readonly number[] | null }
): Uint8Array {
  const { content: { amountWon, picks }, unitPricesCenti = null } = bid
  assertBidContent(bid.content, picks !== null)
  invariant(bid.nonce.length === NONCE_BYTES, 'the nonce is 16 bytes long')
  const json = canonicalBytes({
    nonce: toBase64url(bid.nonce),
    supplierId: bid.supplierId,
    tenderId: bid.tenderId,
    termsSha256: bid.termsSha256,
    ...(unitPricesCenti === null ? {} : { priceSchedule: { unitPricesCenti } })
  })
  const length = paddedLength(json.length)
  if (length > MAX_PLAINTEXT_BYTES) {
    throw new BonginError('envelope-malformed', {
      field: '/unitPricesCenti',
      detail: `A sealed bid has at most ${MAX_PLAINTEXT_BYTES} bytes; there are too many unit prices.`,
      detailKo: `봉인할 입찰서는 최대 ${MAX_PLAINTEXT_BYTES}바이트입니다. 단가가 너무 많습니다.`
    })
  }
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  bytes[0] = VERSION
  if (picks !== null) bytes.set([FLAG_PICKS, ...picks], 1)
  view.setBigUint64(AMOUNT_AT, BigInt(amountWon))
  view.setUint32(LENGTH_AT, json.length)
  bytes.set(json, HEADER_BYTES)
  return bytes
}

/** What the notice asks for. */
export interface Asked {
  /** Whether its price method wants picks. */
  drawsPrices: boolean
  /** Lines of a unit-price contract, and the decimals of their total; absent, or without lines, where one total is bid for. */
  schedule?: { lines: ReadonlyArray<{ quantity: number }>, decimals: PriceDecimals }
}

/** Never throws. */
export function decodePlaintext (bytes: Uint8Array, expected: BidBinding & Asked): DecodedBid {
  const binding = readBinding(bytes)
  if (binding === null) return voided('malformed-plaintext')
  const { tenderId, termsSha256, supplierId } = expected
  if (binding.tenderId !== tenderId || binding.termsSha256 !== termsSha256 || binding.supplierId !== supplierId) {
    return voided('mismatched-plaintext')
  }
  const amountWon = readUint(bytes, AMOUNT_AT, LENGTH_AT)
  if (!isAmountWon(amountWon)) return voided('invalid-amount')
  const picks: Picks | null = bytes[1] === FLAG_PICKS ? [bytes[2] ?? 0, bytes[3] ?? 0] : null
  const picksFit = expected.drawsPrices ? picks !== null && arePicks(...picks) : picks === null
  if (!picksFit) return voided('invalid-picks')
  return scheduleFits(binding.priceSchedule, expected.schedule, amountWon) ? { outcome: 'open', content: { amountWon, picks } } : voided('schedule-mismatch')
}

/** A schedule just where the notice has lines, and then one that comes to the amount. */
function scheduleFits (schedule: PriceSchedule | undefined, asked: Asked['schedule'], amountWon: number): boolean {
  const isAsked = asked !== undefined && asked.lines.length > 0
  if (schedule === undefined || !isAsked) return schedule === undefined && !isAsked
  return scheduleTotal({ ...asked, unitPricesCenti: schedule.unitPricesCenti }) === amountWon
}

function voided (reason: VoidReason): DecodedBid {
  return { outcome: 'void', reason }
}

/** The unit prices of a bid that was found open before; null for one without. */
export function readUnitPrices (bytes: Uint8Array): number[] | null {
  const prices = readBinding(bytes)?.priceSchedule?.unitPricesCenti
  return prices === undefined || !prices.every(isUnitPriceCenti) ? null : [...prices]
}

/** What the JSON says, or null unless every byte is as `encodePlaintext` would have written it. */
function readBinding (bytes: Uint8Array): SealedJson | null {
  if (bytes.length < HEADER_BYTES || bytes[0] !== VERSION) return null
  const flags = bytes[1]
  if (flags !== FLAG_PICKS && (flags !== 0 || bytes[2] !== 0 || bytes[3] !== 0)) return null
  const jsonLength = readUint(bytes, LENGTH_AT, HEADER_BYTES)
  const end = HEADER_BYTES + jsonLength
  if (bytes.length !== paddedLength(jsonLength) || bytes.length > MAX_PLAINTEXT_BYTES || !areZeros(bytes, end)) return null
  return readJson(bytes.subarray(HEADER_BYTES, end))
}

const WORD = Int32Array.BYTES_PER_ELEMENT

/** Up to the end; by words, where the buffer is divided into them, because most of a plaintext is zeros. */
function areZeros (bytes: Uint8Array, from: number): boolean {
  const first = Math.min(bytes.length, from + (-(bytes.byteOffset + from) & (WORD - 1)))
  const count = Math.floor((bytes.length - first) / WORD)
  let bits = 0
  for (let i = from; i < first; i++) bits |= bytes[i] ?? 0
  if (count > 0) bits |= joinedBits(new Int32Array(bytes.buffer, bytes.byteOffset + first, count))
  for (let i = first + WORD * count; i < bytes.length; i++) bits |= bytes[i] ?? 0
  return bits === 0
}

function joinedBits (words: Int32Array): number {
  let bits = 0
  for (let i = 0; i < words.length; i++) bits |= words[i] ?? 0
  return bits
}

/** Above 2^53 the number loses digits, but not its being too large. */
function readUint (bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) value = 256 * value + (bytes[i] ?? 0)
  return value
}

function readJson (bytes: Uint8Array): SealedJson | null {
  const text = decoder.decode(bytes)
  const common = COMMON_JSON.exec(text)
  if (common !== null) {
    return { supplierId: common[1] as SupplierId, tenderId: common[2] as TenderId, termsSha256: common[3] as Sha256Hex }
  }
  try {
    const json = parseCanonicalJson(bytes)
    return isSealedJson(json) ? json : null
  } catch (error) {
    if (error instanceof BonginError) return null
    throw error
  }
}

function isSealedJson (json: unknown): json is SealedJson {
  if (!isObject(json)) return false
  const { nonce, supplierId, tenderId, termsSha256, priceSchedule } = json as { [name in keyof SealedJson | 'nonce']?: unknown }
  return Object.keys(json).every((name) => MEMBERS.includes(name)) &&
    typeof nonce === 'string' && NONCE.test(nonce) &&
    typeof supplierId === 'string' && typeof tenderId === 'string' && typeof termsSha256 === 'string' &&
    (priceSchedule === undefined || isPriceSchedule(priceSchedule))
}

function isPriceSchedule (value: unknown): value is PriceSchedule {
  return isObject(value) && Object.keys(value).length === 1 && Array.isArray((value as { unitPricesCenti?: unknown }).unitPricesCenti)
}

function isObject (value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function paddedLength (jsonLength: number): number {
  return Math.ceil((HEADER_BYTES + jsonLength) / PLAINTEXT_BLOCK_BYTES) * PLAINTEXT_BLOCK_BYTES
}
