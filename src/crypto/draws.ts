/**
 * The documented random generator behind the price draw and the tie draw. Runs in a browser.
 * Everything follows from the joint private key, so nobody can know a draw before the opening and everybody can repeat
 * it afterwards. A seed is HKDF-SHA256 (RFC 5869; the key, no salt, an info that names the draw and what it is for, 32
 * bytes); block i = 0, 1, … is HMAC-SHA256(seed, i as an unsigned 64-bit big-endian integer); the blocks, one after the
 * other, are read as unsigned 64-bit big-endian words. `domain/draw.ts` turns words into numbers without modulo bias.
 */
import { hkdf } from '@noble/hashes/hkdf.js'
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import type { RandomSource } from '../domain/draw.ts'
import { invariant } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import { type Bytes, concat, fromHex, utf8 } from './bytes.ts'

const SEED_BYTES = 32
const BLOCK_BYTES = 32
const WORD_BYTES = 8
const PRICE_CONTEXT = utf8('bongin preliminary prices v1')
const TIE_CONTEXT = utf8('bongin tie draw v1')

export function hkdfSeed ({ key, info }: { key: Uint8Array, info: Uint8Array }): Bytes {
  return hkdf(sha256, key, new Uint8Array(0), info, SEED_BYTES)
}

/** Words without end; the same seed gives the same words. */
export function randomSource (seed: Uint8Array): RandomSource {
  let counter = 0n
  let block = new DataView(new ArrayBuffer(0))
  let offset = 0
  return {
    next64 () {
      if (offset === block.byteLength) {
        block = nextBlock(seed, counter++)
        offset = 0
      }
      const word = block.getBigUint64(offset)
      offset += WORD_BYTES
      return word
    }
  }
}

/** The draw of the 15 preliminary prices (복수예비가격): bound to the terms that were bid on. */
export function priceSource ({ jointPrivateKey, termsSha256 }: { jointPrivateKey: Uint8Array, termsSha256: Sha256Hex }): RandomSource {
  return randomSource(hkdfSeed({ key: jointPrivateKey, info: concat(PRICE_CONTEXT, fromHex(termsSha256)) }))
}

/** The draw among equal lowest bids (동가 추첨): bound to the closing record, which fixes who takes part. */
export function tieSource ({ jointPrivateKey, closingRoot }: { jointPrivateKey: Uint8Array, closingRoot: Uint8Array }): RandomSource {
  return randomSource(hkdfSeed({ key: jointPrivateKey, info: concat(TIE_CONTEXT, closingRoot) }))
}

function nextBlock (seed: Uint8Array, counter: bigint): DataView<ArrayBuffer> {
  const input = new DataView(new ArrayBuffer(WORD_BYTES))
  input.setBigUint64(0, counter)
  const block = hmac(sha256, seed, new Uint8Array(input.buffer))
  invariant(block.length === BLOCK_BYTES, 'a block is one SHA-256 output')
  return new DataView(block.buffer, block.byteOffset, block.length)
}
