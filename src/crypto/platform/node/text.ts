/** Bytes as Latin-1 text and as base64, by Buffer. For Node; the names are those of `browser/text.ts`. */

/** One character, 0–255, for each byte. */
export function toLatin1 (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

/** Of a character over 255 the lowest byte. */
export function fromLatin1 (text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'latin1'))
}

/** With padding. */
export function toBase64 (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')
}

/** Of a text that is no base64, any bytes or none: writing them again tells. */
export function fromBase64 (text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(text, 'base64'))
}
