/**
 * Bytes as Latin-1 text and as base64, by what every browser has, and as base64url. Runs in a browser; the names are those of
 * `node/text.ts`.
 */

/** Arguments of one call: some engines take no more than 65,536. */
const CHUNK = 8192

export function toLatin1 (bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += CHUNK) text += String.fromCharCode(...bytes.subarray(i, i + CHUNK))
  return text
}

export function fromLatin1 (text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
  return bytes
}

export function toBase64 (bytes: Uint8Array): string {
  return btoa(toLatin1(bytes))
}

export function fromBase64 (text: string): Uint8Array<ArrayBuffer> {
  try {
    return fromLatin1(atob(text))
  } catch {
    return new Uint8Array()
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const BASE64URL = encoder.encode('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')
/** Six bits by character code; −1, which sets every higher bit, for a character that is not in the alphabet. */
const SEXTETS = new Int8Array(128).fill(-1)
BASE64URL.forEach((code, value) => { SEXTETS[code] = value })

/** Without padding. */
export function toBase64url (bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length * 4 / 3))
  let out = 0
  for (let i = 0; i < bytes.length; i += 3) {
    const triple = ((bytes[i] ?? 0) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    // Writes past the end, for the last one or two bytes, fall away.
    text[out++] = BASE64URL[triple >> 18] ?? 0
    text[out++] = BASE64URL[(triple >> 12) & 63] ?? 0
    text[out++] = BASE64URL[(triple >> 6) & 63] ?? 0
    text[out++] = BASE64URL[triple & 63] ?? 0
  }
  return decoder.decode(text)
}

/** null unless the text is the one spelling of its bytes, without padding. */
export function readBase64url (text: string): Uint8Array<ArrayBuffer> | null {
  const tail = text.length % 4
  const whole = text.length - tail
  const bytes = new Uint8Array(Math.floor(text.length * 3 / 4))
  let out = 0
  /** Stays zero or positive as long as every character is in the alphabet and no stray bit is set. */
  let faults = tail === 1 ? -1 : 0
  for (let i = 0; i < whole; i += 4) {
    const quad = (sextetAt(text, i) << 18) | (sextetAt(text, i + 1) << 12) | (sextetAt(text, i + 2) << 6) | sextetAt(text, i + 3)
    faults |= quad
    bytes[out++] = quad >> 16
    bytes[out++] = quad >> 8
    bytes[out++] = quad
  }
  if (tail >= 2) {
    const last = (sextetAt(text, whole) << 18) | (sextetAt(text, whole + 1) << 12) | (tail === 3 ? sextetAt(text, whole + 2) << 6 : 0)
    const stray = tail === 2 ? last & 0xffff : last & 0xff
    faults |= stray === 0 ? last : -1
    bytes[out++] = last >> 16
    if (tail === 3) bytes[out] = last >> 8
  }
  return faults < 0 ? null : bytes
}

function sextetAt (text: string, index: number): number {
  return SEXTETS[text.charCodeAt(index)] ?? -1
}
