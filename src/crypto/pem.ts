/**
 * PEM (RFC 7468), read strictly: one block of the wanted kind, canonical base64, nothing but white space around it. Runs in a browser.
 */
import { fromBase64, toBase64 } from '#platform/text'
import type { Bytes } from './bytes.ts'

export type PemLabel = 'CERTIFICATE' | 'CERTIFICATE REQUEST' | 'PUBLIC KEY' | 'X509 CRL'

/** No request or certificate of ours comes near it. */
export const MAX_PEM_CHARS = 32_768

/** Lines of 64 characters, each with its line feed. */
export function toPem (der: Uint8Array, label: PemLabel = 'CERTIFICATE'): string {
  const lines = toBase64(der).match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

/** Characters of `toPem` for so many bytes of a certificate. */
export function pemLength (derBytes: number): number {
  const base64 = 4 * Math.ceil(derBytes / 3)
  return toPem(new Uint8Array(0)).length + base64 + Math.ceil(base64 / 64)
}

/** The bytes of the one block, or null for anything else. */
export function readPem (text: string, label: PemLabel, maxChars = MAX_PEM_CHARS): Bytes | null {
  if (text.length > maxChars) return null
  const trimmed = text.trim()
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`]
  if (!trimmed.startsWith(begin) || !trimmed.endsWith(end) || trimmed.length < begin.length + end.length) return null
  const base64 = trimmed.slice(begin.length, -end.length).replace(/[ \t\r\n]/g, '')
  const der = fromBase64(base64)
  // Decoders skip what isn't base64; writing it again shows that nothing was skipped.
  return der.length > 0 && toBase64(der) === base64 ? der : null
}

/** Blocks in one file, with or without text between them. */
export const MAX_PEM_BLOCKS = 500

/** The bytes of every block with this label; null where there is none, too many, or one is damaged. */
export function readPemBundle (text: string, label: PemLabel): Bytes[] | null {
  const begin = `-----BEGIN ${label}-----`
  const pieces = text.split(begin).slice(1)
  if (pieces.length === 0 || pieces.length > MAX_PEM_BLOCKS) return null
  const end = `-----END ${label}-----`
  const blocks = pieces.map((piece) => readPem(`${begin}${piece.slice(0, piece.indexOf(end) + end.length)}`, label))
  return blocks.every((block) => block !== null) ? blocks : null
}
