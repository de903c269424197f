/**
 * The agency's own prices: 15 numbered preliminary prices (`multiple-sealed`) or one price (`single-sealed`), sealed to
 * the tender's joint key and committed to by hash in the notice, so that they can neither be read nor exchanged before
 * the opening. Plaintext, always 1,024 bytes: version (1 byte) ‖ count (1) ‖ 14 zero bytes ‖ count × price in the tender's
 * unit as an unsigned 64-bit big-endian integer ‖ zeros, so that the length is the same for both. Runs in a browser.
 */
import { isAmountWon, PRELIMINARY_PRICE_COUNT } from '../domain/bid.ts'
import { BonginError } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import { type Bytes, concat, sha256Hex, utf8 } from './bytes.ts'
import { type Sealed, sealedBytes, sealValue, TAG_BYTES } from './sealed.ts'

const PLAINTEXT_BYTES = 1_024
/** Length of the ciphertext, tag included. */
export const SEALED_PRICES_BYTES = PLAINTEXT_BYTES + TAG_BYTES

const VERSION = 1
const HEADER_BYTES = 16
const PRICE_BYTES = 8

/** Binds the sealed prices to their tender and its key; the terms cannot be in it, because they hold the prices' hash. */
export function pricesInfo ({ tenderId, publicKey }: { tenderId: string, publicKey: Uint8Array }): Bytes {
  return concat(utf8(`bongin prices v1\0${tenderId}\0`), publicKey)
}

/** @throws BonginError `sealed-prices-invalid` unless there are 15 prices or one, each a possible amount. */
export async function sealPrices ({ prices, tenderId, publicKey }: {
  prices: readonly number[], tenderId: string, publicKey: Uint8Array
}): Promise<Sealed> {
  return await sealValue({ publicKey, info: pricesInfo({ tenderId, publicKey }), plaintext: encodePrices(prices) })
}

/** What the notice commits to: SHA-256(enc ‖ ciphertext). */
export function sealedPricesSha256 (sealed: Sealed): Sha256Hex {
  return sha256Hex(sealedBytes(sealed))
}

export function encodePrices (prices: readonly number[]): Bytes {
  if (!isPriceCount(prices.length)) throw invalidPrices('/prices')
  const bytes = new Uint8Array(PLAINTEXT_BYTES)
  const view = new DataView(bytes.buffer)
  bytes[0] = VERSION
  bytes[1] = prices.length
  prices.forEach((price, i) => {
    if (!isAmountWon(price)) throw invalidPrices(`/prices/${i}`)
    view.setBigUint64(HEADER_BYTES + PRICE_BYTES * i, BigInt(price))
  })
  return bytes
}

/** The prices in the order of their numbers, or null for anything that `encodePrices` does not write. Never throws. */
export function decodePrices (bytes: Uint8Array): number[] | null {
  const count = bytes[1] ?? 0
  if (bytes.length !== PLAINTEXT_BYTES || bytes[0] !== VERSION || !isPriceCount(count)) return null
  const end = HEADER_BYTES + PRICE_BYTES * count
  const isZero = (byte: number): boolean => byte === 0
  if (!bytes.subarray(2, HEADER_BYTES).every(isZero) || !bytes.subarray(end).every(isZero)) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const prices = Array.from({ length: count }, (_, i) => Number(view.getBigUint64(HEADER_BYTES + PRICE_BYTES * i)))
  return prices.every(isAmountWon) ? prices : null
}

function isPriceCount (count: number): boolean {
  return count === 1 || count === PRELIMINARY_PRICE_COUNT
}

function invalidPrices (field: string): BonginError {
  return new BonginError('sealed-prices-invalid', {
    field,
    detail: 'Sealed prices are 15 numbers, or one, each a whole number of the tender\'s unit from 1 to 10^15.',
    detailKo: '봉인할 예비가격은 15개 또는 1개이며, 각각 공고의 금액 단위로 1 이상 1,000조 이하의 정수여야 합니다.'
  })
}
