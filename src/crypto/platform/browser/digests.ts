/** Digests by noble. Runs in a browser; the names are those of `node/digests.ts`. */
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import type { DigestName, Hash } from '../types.ts'
import { toBase64url } from './text.ts'

const DIGESTS: Readonly<Record<DigestName, (message: Uint8Array) => Uint8Array>> = { sha256, sha384, sha512 }
const encoder = new TextEncoder()

export const hash = ((algorithm, data, encoding) => {
  const digest = DIGESTS[algorithm](bytesOf(data))
  if (encoding === 'buffer') return digest
  return encoding === 'hex' ? hexOf(digest) : toBase64url(digest)
}) as (...args: [DigestName, string | Uint8Array, 'buffer' | 'hex' | 'base64url']) => Uint8Array | string as Hash

export function allocate (length: number): Uint8Array {
  return new Uint8Array(length)
}

export function sha256Into (input: string | Uint8Array, target: Uint8Array, offset: number): void {
  target.set(sha256(bytesOf(input)), offset)
}

function bytesOf (data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? encoder.encode(data) : data
}

function hexOf (bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
