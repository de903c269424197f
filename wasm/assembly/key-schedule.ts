/**
 * From the results of X25519 to keys and nonces: DHKEM's ExtractAndExpand and the key schedule of HPKE's base mode (RFC
 * 9180 §4.1, §5.1), five HMAC-SHA256 (RFC 2104) of four bids at once. Messages differ from bid to bid in fixed places
 * only; the host lays them out once for a tender, padded for SHA-256 as they stand behind the HMAC's first block.
 */
import { begin, compress, setBlock, setWord, STATE, storeDigests } from './sha256'

const BLOCK: usize = 64
/** Of DHKEM: `eae_prk` (one block) and `shared_secret` (two), for each of four lanes, because they hold what differs. */
const LANE: usize = 3 * BLOCK
const KEM: usize = memory.data(768, 16)
const DH_AT: usize = 19
const ENC_AT: usize = BLOCK + 27
/** Of HPKE, the same for all: `secret` (one block), `key` (two), `base_nonce` (two). */
const HPKE: usize = memory.data(320, 16)

const NO_SALT_INNER: usize = memory.data(128, 16)
const NO_SALT_OUTER: usize = memory.data(128, 16)
const KEY: usize = memory.data(128, 16)
const INNER: usize = memory.data(128, 16)
const OUTER: usize = memory.data(128, 16)
const INNER_AGAIN: usize = memory.data(128, 16)
const OUTER_AGAIN: usize = memory.data(128, 16)

const INNER_PAD: u32 = 0x36363636
const OUTER_PAD: u32 = 0x5c5c5c5c
const KEY_WORDS: usize = 8
/** Bits of a block and a digest: what the outer hash is taken over. */
const OUTER_BITS: u32 = 768
/** Key and nonce of a bid. */
const RESULT: usize = 48
const RESULT_NONCE: usize = 32

export function kemTemplatesAt (): usize { return KEM }
export function hpkeTemplatesAt (): usize { return HPKE }

/** States of HMAC under SHA-256's empty salt, a key of zeros. */
export function prepareKeySchedule (): void {
  memory.fill(KEY, 0, STATE)
  setKey(KEY, NO_SALT_INNER, NO_SALT_OUTER)
}

/** The two states of an HMAC whose key is a digest (as a state). */
function setKey (key: usize, inner: usize, outer: usize): void {
  padKey(key, INNER_PAD, inner)
  padKey(key, OUTER_PAD, outer)
}

function padKey (key: usize, pad: u32, state: usize): void {
  const padding = i32x4.splat(pad)
  for (let i: usize = 0; i < KEY_WORDS; i++) {
    setWord(i, v128.xor(v128.load(key + 16 * i), padding))
    setWord(KEY_WORDS + i, padding)
  }
  begin(state)
  compress(state)
}

/** `inner` has taken the message; the HMAC is left in `outer`. */
function finish (inner: usize, outer: usize): void {
  for (let i: usize = 0; i < KEY_WORDS; i++) {
    setWord(i, v128.load(inner + 16 * i))
    setWord(KEY_WORDS + i, i32x4.splat(0))
  }
  setWord(KEY_WORDS, i32x4.splat(0x80000000))
  setWord(15, i32x4.splat(OUTER_BITS))
  compress(outer)
}

function take (inner: usize, message: usize, blocks: usize, stride: usize): void {
  for (let block: usize = 0; block < blocks; block++) {
    setBlock(message + block * BLOCK, stride)
    compress(inner)
  }
}

/** From four results of X25519 and four encapsulated keys, 32 bytes each, to four times key (32 bytes), nonce (12) and 4 bytes that mean nothing. */
export function scheduleKeys (shared: usize, encapsulated: usize, to: usize): void {
  for (let lane: usize = 0; lane < 4; lane++) {
    memory.copy(KEM + lane * LANE + DH_AT, shared + 32 * lane, 32)
    memory.copy(KEM + lane * LANE + ENC_AT, encapsulated + 32 * lane, 32)
  }
  memory.copy(INNER, NO_SALT_INNER, STATE)
  memory.copy(OUTER, NO_SALT_OUTER, STATE)
  take(INNER, KEM, 1, LANE)
  finish(INNER, OUTER) // eae_prk
  memory.copy(KEY, OUTER, STATE)
  setKey(KEY, INNER, OUTER)
  take(INNER, KEM + BLOCK, 2, LANE)
  finish(INNER, OUTER) // shared_secret, which is the salt of the next
  memory.copy(KEY, OUTER, STATE)
  setKey(KEY, INNER, OUTER)
  take(INNER, HPKE, 1, 0)
  finish(INNER, OUTER) // secret
  memory.copy(KEY, OUTER, STATE)
  setKey(KEY, INNER, OUTER)
  memory.copy(INNER_AGAIN, INNER, STATE)
  memory.copy(OUTER_AGAIN, OUTER, STATE)
  take(INNER, HPKE + BLOCK, 2, 0)
  finish(INNER, OUTER)
  storeDigests(OUTER, 8, to, RESULT)
  take(INNER_AGAIN, HPKE + 3 * BLOCK, 2, 0)
  finish(INNER_AGAIN, OUTER_AGAIN)
  storeDigests(OUTER_AGAIN, 3, to + RESULT_NONCE, RESULT)
}
