/**
 * PKCS#12's own way from a passphrase to keys (RFC 7292, appendix B): for the MAC of every file, and for the
 * encryption of old ones. Neither node:crypto nor a browser has such a function, only the digests under
 * it. Runs in a browser.
 */
import { digestOf } from '#platform/passwords'
import { concat, type Bytes } from './bytes.ts'
import type { PasswordDigest } from './platform/types.ts'

const BLOCK_BYTES: Readonly<Record<PasswordDigest, number>> = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 }
/** The ID bytes of appendix B.3. */
const PURPOSES = { key: 1, iv: 2, mac: 3 } as const

export interface Pkcs12Derivation {
  digest: PasswordDigest
  passphrase: string
  salt: Uint8Array
  iterations: number
  purpose: keyof typeof PURPOSES
  /** Bytes wanted. */
  length: number
}

/** The key derivation of RFC 7292, appendix B.2; its names are kept. */
export function derivePkcs12Key ({ digest, passphrase, salt, iterations, purpose, length }: Pkcs12Derivation): Bytes {
  const v = BLOCK_BYTES[digest]
  const D = new Uint8Array(v).fill(PURPOSES[purpose])
  const I = concat(fillBlocks(salt, v), fillBlocks(bmpBytes(passphrase), v))
  const derived: Uint8Array[] = []
  for (let have = 0; have < length; have += derived.at(-1)?.length ?? length) {
    let A = digestOf(digest, concat(D, I))
    for (let i = 1; i < iterations; i++) A = digestOf(digest, A)
    derived.push(A)
    const B = fillBlocks(A.subarray(0, v), v)
    for (let block = 0; block < I.length; block += v) addPlusOne(I.subarray(block, block + v), B)
  }
  return concat(...derived).slice(0, length)
}

/** Repeats `bytes` up to the next multiple of `block`; nothing stays nothing. */
function fillBlocks (bytes: Uint8Array, block: number): Bytes {
  const filled = new Uint8Array(Math.ceil(bytes.length / block) * block)
  for (let i = 0; i < filled.length; i++) filled[i] = bytes[i % bytes.length] ?? 0
  return filled
}

/** target = (target + addend + 1) mod 2^(8 · length). */
function addPlusOne (target: Uint8Array, addend: Uint8Array): void {
  let carry = 1
  for (let i = target.length - 1; i >= 0; i--) {
    carry += (target[i] ?? 0) + (addend[i] ?? 0)
    target[i] = carry & 0xff
    carry >>= 8
  }
}

/** Big-endian UTF-16 with a final zero character. */
function bmpBytes (text: string): Bytes {
  const units = `${text}\0`
  const bytes = new Uint8Array(2 * units.length)
  for (let i = 0; i < units.length; i++) bytes.set([units.charCodeAt(i) >> 8, units.charCodeAt(i) & 0xff], 2 * i)
  return bytes
}
