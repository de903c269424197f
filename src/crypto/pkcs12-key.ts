/**
 * PKCS#12's own way from a passphrase to keys (RFC 7292, appendix B): for the MAC of every file, and for the
 * encryption of old ones. node:crypto has no such function, only the digests under it.
 */
import { hash } from 'node:crypto'

export type Pkcs12Digest = 'sha1' | 'sha256' | 'sha384' | 'sha512'

const BLOCK_BYTES: Readonly<Record<Pkcs12Digest, number>> = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 }
/** The ID bytes of appendix B.3. */
const PURPOSES = { key: 1, iv: 2, mac: 3 } as const

export interface Pkcs12Derivation {
  digest: Pkcs12Digest
  passphrase: string
  salt: Uint8Array
  iterations: number
  purpose: keyof typeof PURPOSES
  /** Bytes wanted. */
  length: number
}

/** The key derivation of RFC 7292, appendix B.2; its names are kept. */
export function derivePkcs12Key ({ digest, passphrase, salt, iterations, purpose, length }: Pkcs12Derivation): Buffer {
  const v = BLOCK_BYTES[digest]
  const D = Buffer.alloc(v, PURPOSES[purpose])
  const I = Buffer.concat([fillBlocks(salt, v), fillBlocks(bmpBytes(passphrase), v)])
  const derived: Buffer[] = []
  for (let have = 0; have < length; have += derived.at(-1)?.length ?? length) {
    let A: Buffer = hash(digest, Buffer.concat([D, I]), 'buffer')
    for (let i = 1; i < iterations; i++) A = hash(digest, A, 'buffer')
    derived.push(A)
    const B = fillBlocks(A.subarray(0, v), v)
    for (let block = 0; block < I.length; block += v) addPlusOne(I.subarray(block, block + v), B)
  }
  return Buffer.concat(derived).subarray(0, length)
}

/** Repeats `bytes` up to the next multiple of `block`; nothing stays nothing. */
function fillBlocks (bytes: Uint8Array, block: number): Buffer {
  return bytes.length === 0 ? Buffer.alloc(0) : Buffer.alloc(Math.ceil(bytes.length / block) * block, bytes)
}

/** target = (target + addend + 1) mod 2^(8 · length). */
function addPlusOne (target: Buffer, addend: Buffer): void {
  let carry = 1
  for (let i = target.length - 1; i >= 0; i--) {
    carry += (target[i] ?? 0) + (addend[i] ?? 0)
    target[i] = carry & 0xff
    carry >>= 8
  }
}

/** Big-endian UTF-16 with a final zero character. */
function bmpBytes (text: string): Buffer {
  return Buffer.from(`${text}\0`, 'utf16le').swap16()
}
