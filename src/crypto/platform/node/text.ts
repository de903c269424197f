/** Bytes as Latin-1 text, as base64 and as base64url (RFC 4648 §4, §5), by Buffer. For Node; the names are those of `browser/text.ts`. */
import { decodeBase64url } from '../../buffer-base64url.ts'

/** One character, 0–255, for each byte. */
export function toLatin1 (bytes: Uint8Array): string {
  return bufferOf(bytes).toString('latin1')
}

/** Of a character over 255 the lowest byte. */
export function fromLatin1 (text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

/** With padding. */
export function toBase64 (bytes: Uint8Array): string {
  return bufferOf(bytes).toString('base64')
}

/** Of a text that is no base64, any bytes or none: writing them again tells. */
export function fromBase64 (text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64'))
}

/** Without padding. */
export function toBase64url (bytes: Uint8Array): string {
  return bufferOf(bytes).toString('base64url')
}

/** null unless the text is the one spelling of its bytes, without padding. */
export function readBase64url (text: string): Uint8Array<ArrayBuffer> | null {
  const bytes = BEYOND_LATIN1.test(text) ? null : decodeBase64url(text)
  return bytes === null ? null : new Uint8Array(bytes)
}

/** Node's decoder takes such a character for the one of its lower byte. */
const BEYOND_LATIN1 = /[\u0100-\uffff]/

function bufferOf (bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
