/** Bytes as Latin-1 text and as base64, by what every browser has. Runs in a browser; the names are those of `node/text.ts`. */

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
