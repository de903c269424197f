/**
 * What opening many seals costs most, in WebAssembly (`wasm/assembly/`): HPKE's key schedule of four bids at once,
 * ChaCha20-Poly1305 on vectors, and X25519 from tables that were made while only the public halves were known. For the
 * suite of X25519. Where WebAssembly has no relaxed SIMD there is no engine, and seals are opened one by one (`hpke.ts`), to
 * the same bytes. One engine to a thread. Not in constant time: what it opens is published with its key.
 */
import { readFileSync } from 'node:fs'
import { invariant } from '../domain/errors.ts'
import { concat } from './bytes.ts'
import { combDigits } from './comb-digits.ts'
import { hashPadded } from './hpke-kdf.ts'
import { kemMessages, scheduleMessages } from './hpke-messages.ts'
import { KEY_BYTES, TAG_BYTES } from './hpke-seal.ts'
import { MAX_PLAINTEXT_BYTES } from './plaintext.ts'
import type { AgreeLanes } from './x25519-lanes.ts'

/** Bids that share a call of the key schedule. */
export const LANES = 4
/** Bids of two lanes whose tables are copied in at once: some 300 KB, which a core's own cache holds. */
export const GROUP_PAIRS = 32
/** Bytes of the table of two bids. */
export const TABLE_BYTES = 9216
/** Beyond it a seal is opened without the engine. */
export const MAX_AAD_BYTES = 1024
const RESULT_BYTES = 48
const NONCE_AT = 32
const PAGE_BYTES = 65_536
const BLOCK_BYTES = 64

/** d, 2d and a root of -1 modulo 2^255 - 19 (RFC 8032 §5.1), little-endian. */
const CONSTANTS = Buffer.from(
  'a3785913ca4deb75abd841414d0a700098e879777940c78c73fe6f2bee6c0352' +
  '59f1b226949bd6eb56b183829a14e00030d1f3eef2808e19e7fcdf56dcd90624' +
  'b0a00e4a271beec478e42fad0618432fa7d7fb3d99004d2b0bdfc14f8024832b', 'hex')

/** As `wasm/assembly/index.ts` exports them; numbers are places in memory. */
interface Exports {
  memory: WebAssembly.Memory
  freeAt: () => number
  setConstants: (bytes: number) => void
  tableBytes: () => number
  digitsAt: () => number
  makeTable: (u0: number, u1: number, table: number) => number
  agree: (tables: number, pairs: number, shared: number) => void
  kemTemplatesAt: () => number
  hpkeTemplatesAt: () => number
  prepareKeySchedule: () => void
  scheduleKeys: (shared: number, encapsulated: number, to: number) => void
  openSeal: (key: number, nonce: number, aad: number, aadLength: number, ciphertext: number, length: number, plaintext: number) => number
}

const BINARY = new URL('opening.wasm', import.meta.url)

/** null where this machine's WebAssembly has no relaxed SIMD. */
export function makeOpeningEngine (): OpeningEngine | null {
  const bytes = readFileSync(BINARY)
  return WebAssembly.validate(bytes) ? new OpeningEngine(new WebAssembly.Module(bytes)) : null
}

export function hasOpeningEngine (): boolean {
  return WebAssembly.validate(readFileSync(BINARY))
}

export class OpeningEngine {
  readonly #wasm: Exports
  readonly #places: Record<'shared' | 'encs' | 'keys' | 'aad' | 'ciphertext' | 'plaintext' | 'tables', number>
  readonly #memory: Uint8Array

  constructor (module: WebAssembly.Module) {
    const noAbort = (): never => { throw new Error('the opening engine has stopped') }
    this.#wasm = new WebAssembly.Instance(module, { env: { abort: noAbort } }).exports as unknown as Exports
    let end = this.#wasm.freeAt()
    const place = (bytes: number): number => {
      const at = Math.ceil(end / 16) * 16
      end = at + bytes
      return at
    }
    this.#places = {
      shared: place(2 * GROUP_PAIRS * KEY_BYTES),
      encs: place(2 * GROUP_PAIRS * KEY_BYTES),
      keys: place(LANES * RESULT_BYTES),
      aad: place(MAX_AAD_BYTES),
      ciphertext: place(MAX_PLAINTEXT_BYTES + TAG_BYTES),
      plaintext: place(MAX_PLAINTEXT_BYTES),
      tables: place(GROUP_PAIRS * TABLE_BYTES)
    }
    const { memory } = this.#wasm
    if (memory.buffer.byteLength < end) memory.grow(Math.ceil((end - memory.buffer.byteLength) / PAGE_BYTES))
    this.#memory = new Uint8Array(memory.buffer)
    this.#memory.set(CONSTANTS, this.#places.tables)
    this.#wasm.setConstants(this.#places.tables)
    this.#wasm.prepareKeySchedule()
    invariant(this.#wasm.tableBytes() === TABLE_BYTES, 'the engine was built for tables of this size')
  }

  /** Which recipient and `info` the next seals are for. */
  begin ({ privateKey, publicKey, info }: { privateKey: Uint8Array, publicKey: Uint8Array, info: Uint8Array }): void {
    const { extract, expand } = kemMessages(publicKey)
    const { secret, key, nonce } = scheduleMessages('0020-0001-0003', info)
    const ofLane = concat(hashPadded(extract, BLOCK_BYTES), hashPadded(expand, BLOCK_BYTES))
    for (let lane = 0; lane < LANES; lane++) this.#memory.set(ofLane, this.#wasm.kemTemplatesAt() + lane * ofLane.length)
    this.#memory.set(concat(...[secret, key, nonce].map((message) => hashPadded(message, BLOCK_BYTES))), this.#wasm.hpkeTemplatesAt())
    this.#memory.set(combDigits(privateKey), this.#wasm.digitsAt())
  }

  /**
   * The table of two public keys (32 bytes each), `TABLE_BYTES` to `table`.
   * @returns of each whether it has one; keys on the twist or of low order have none. Without both nothing is written.
   */
  makeTable (keys: readonly [Uint8Array, Uint8Array], table: Uint8Array): [boolean, boolean] {
    const { encs, tables } = this.#places
    this.#memory.set(keys[0], encs)
    this.#memory.set(keys[1], encs + KEY_BYTES)
    const made = this.#wasm.makeTable(encs, encs + KEY_BYTES, tables)
    if (made === 3) table.set(this.#memory.subarray(tables, tables + TABLE_BYTES))
    return [(made & 1) === 1, (made & 2) === 2]
  }

  /** X25519 of up to `GROUP_PAIRS` pairs by their tables, to where `sharedAt` shows. */
  agreeByTables (tables: Uint8Array): void {
    const pairs = tables.length / TABLE_BYTES
    invariant(Number.isInteger(pairs) && pairs <= GROUP_PAIRS, 'whole tables, not more than a group')
    this.#memory.set(tables, this.#places.tables)
    this.#wasm.agree(this.#places.tables, pairs, this.#places.shared)
  }

  /** Place of a bid of the group for its X25519 result, 32 bytes, to be read or written. */
  sharedAt (index: number): Uint8Array {
    const at = this.#places.shared + index * KEY_BYTES
    return this.#memory.subarray(at, at + KEY_BYTES)
  }

  setEnc (index: number, enc: Uint8Array): void {
    this.#memory.set(enc, this.#places.encs + index * KEY_BYTES)
  }

  /** X25519 of the first `count` bids of the group, whose `enc` are in place, by the native module. */
  agreeByLanes (agree: AgreeLanes, privateKey: Uint8Array, count: number): void {
    const of = (at: number): Uint8Array => this.#memory.subarray(at, at + count * KEY_BYTES)
    agree(privateKey, of(this.#places.encs), of(this.#places.shared))
  }

  /** Keys of `LANES` bids from `first` on, whose X25519 results and `enc` are in place. */
  schedule (first: number): void {
    const { shared, encs, keys } = this.#places
    this.#wasm.scheduleKeys(shared + first * KEY_BYTES, encs + first * KEY_BYTES, keys)
  }

  /** The plaintext by the key of one lane, overwritten by the next call; null where it does not open, or there is no room for it. */
  open (lane: number, { aad, ciphertext }: { aad: Uint8Array, ciphertext: Uint8Array }): Uint8Array | null {
    if (aad.length > MAX_AAD_BYTES || ciphertext.length < TAG_BYTES || ciphertext.length > MAX_PLAINTEXT_BYTES + TAG_BYTES) return null
    const { keys, aad: aadAt, ciphertext: from, plaintext } = this.#places
    this.#memory.set(aad, aadAt)
    this.#memory.set(ciphertext, from)
    const key = keys + lane * RESULT_BYTES
    const opened = this.#wasm.openSeal(key, key + NONCE_AT, aadAt, aad.length, from, ciphertext.length, plaintext)
    return opened === 0 ? null : this.#memory.subarray(plaintext, plaintext + ciphertext.length - TAG_BYTES)
  }
}
