/**
 * Signed notes (c2sp.org/signed-note): a text, a blank line, and signature lines by named Ed25519 keys. Lines by other keys
 * are left alone, so that cosigners can add theirs. Runs in a browser.
 */
import { BonginError, invariant } from '../domain/errors.ts'
import { type Bytes, concat, equalBytes, sha256, toHex, utf8 } from './bytes.ts'

export interface NoteKey {
  keyName: string
  /** Raw Ed25519 public key, 32 bytes. */
  publicKey: Uint8Array
}

/** What a key signs: the text itself, or a cosignature with its time (c2sp.org/tlog-cosignature). */
export const ED25519_TYPE = 1
export const COSIGNATURE_TYPE = 4
export type NoteKeyType = typeof ED25519_TYPE | typeof COSIGNATURE_TYPE

export interface NoteSignature { name: string, keyId: Bytes, signature: Bytes }
export interface SignedNote { body: string, signatures: NoteSignature[] }

const KEY_ID_BYTES = 4
const PUBLIC_KEY_BYTES = 32
const MAX_NOTE_CHARS = 65_536
const MAX_SIGNATURES = 64
/** Whom an installation may name; with the platform's own line they stay below the signatures of a note. */
export const MAX_COSIGNERS = 32
const KEY_NAME = /^[^\s+]+$/u
// The dash is U+2014; a key name holds neither white space nor a plus sign.
const SIGNATURE_LINE = /^— (?<name>[^\s+]+) (?<signature>[A-Za-z0-9+/]+={0,2})$/u
// eslint-disable-next-line no-control-regex -- a note may hold no control character but the newline
const CONTROL = /[\x00-\x09\x0b-\x1f]/

export function hasControl (text: string): boolean {
  return CONTROL.test(text)
}

export function signatureLine ({ keyName, publicKey, signature, type = ED25519_TYPE }: NoteKey & {
  signature: Uint8Array, type?: NoteKeyType
}): string {
  invariant(isKeyName(keyName), 'a key name holds neither spaces nor a plus sign')
  return `— ${keyName} ${toBase64(concat(keyId({ keyName, publicKey, type }), signature))}\n`
}

export function isKeyName (name: string): boolean {
  return KEY_NAME.test(name) && name.isWellFormed() && !CONTROL.test(name)
}

/** The key as other verifiers of signed notes take it: name, key id and key in one line (a "vkey"). */
export function verifierKey ({ keyName, publicKey, type = ED25519_TYPE }: NoteKey & { type?: NoteKeyType }): string {
  return `${keyName}+${toHex(keyId({ keyName, publicKey, type }))}+${toBase64(concat(Uint8Array.of(type), publicKey))}`
}

/** @throws BonginError `verification-failed` for a line that `verifierKey` does not write for this type. */
export function parseVerifierKey (line: string, type: NoteKeyType): NoteKey {
  const [keyName = '', , ...rest] = line.split('+')
  const bytes = fromBase64(rest.join('+'))
  const key = { keyName, publicKey: bytes.slice(1) }
  if (bytes.length !== 1 + PUBLIC_KEY_BYTES || !isKeyName(keyName) || verifierKey({ ...key, type }) !== line) throw malformedNote()
  return key
}

/** First four bytes of SHA-256(key name ‖ newline ‖ type ‖ public key): a hint, no proof. */
export function keyId ({ keyName, publicKey, type }: NoteKey & { type: NoteKeyType }): Bytes {
  return sha256(concat(utf8(`${keyName}\n`), Uint8Array.of(type), publicKey)).slice(0, KEY_ID_BYTES)
}

/** The signatures that name this key. */
export function signaturesBy (note: SignedNote, key: NoteKey & { type: NoteKeyType }): Bytes[] {
  const id = keyId(key)
  return note.signatures.filter(({ name, keyId: theirs }) => name === key.keyName && equalBytes(theirs, id)).map(({ signature }) => signature)
}

/** @throws BonginError `verification-failed`. */
export function parseNote (text: string): SignedNote {
  if (text.length > MAX_NOTE_CHARS || !text.isWellFormed() || CONTROL.test(text)) throw malformedNote()
  const blank = text.lastIndexOf('\n\n')
  if (blank < 0 || !text.endsWith('\n')) throw malformedNote()
  const lines = text.slice(blank + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) throw malformedNote()
  return { body: text.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) }
}

/** One line without its line feed. @throws BonginError `verification-failed`. */
export function parseSignatureLine (line: string): NoteSignature {
  const { name, signature } = SIGNATURE_LINE.exec(line)?.groups ?? {}
  if (name === undefined || signature === undefined || !isKeyName(name)) throw malformedNote()
  const bytes = fromBase64(signature)
  if (bytes.length <= KEY_ID_BYTES) throw malformedNote()
  return { name, keyId: bytes.slice(0, KEY_ID_BYTES), signature: bytes.slice(KEY_ID_BYTES) }
}

export function toBase64 (bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

/** @throws BonginError `verification-failed`. */
export function fromBase64 (text: string): Bytes {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
    // atob forgives missing padding and stray bits; one byte string shall have one spelling.
    if (toBase64(bytes) === text) return bytes
  } catch {
    // No base64 at all.
  }
  throw malformedNote()
}

export function malformedNote (): BonginError {
  return new BonginError('verification-failed', {
    detail: 'The text is no checkpoint: origin, size and root on three lines, a blank line, signature lines.',
    detailKo: '체크포인트 형식이 아닙니다. 원점, 크기, 루트의 세 줄과 빈 줄, 서명 줄이 있어야 합니다.'
  })
}
