/**
 * The closing record's signed checkpoint, its text form and the verifying half. Runs in a browser.
 * A checkpoint (c2sp.org/tlog-checkpoint) is a signed note (c2sp.org/signed-note) of three lines: origin, number of
 * leaves, root in base64. Signature lines of other keys are left alone, so that witnesses can add theirs; a line by
 * the expected key that does not verify spoils the whole note.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { BonginError, invariant } from '../domain/errors.ts'
import { type Bytes, concat, equalBytes, sha256, toHex, utf8 } from './bytes.ts'

/** What a checkpoint says: this tree has `size` leaves and this root. */
export interface Checkpoint {
  origin: string
  size: number
  root: Uint8Array
}

export interface NoteKey {
  keyName: string
  /** Raw Ed25519 public key, 32 bytes. */
  publicKey: Uint8Array
}

const ROOT_BYTES = 32
const KEY_ID_BYTES = 4
const SIGNATURE_BYTES = 64
const ED25519_TYPE = 1
const MAX_CHECKPOINT_CHARS = 65_536
const MAX_SIGNATURES = 64

const SIZE = /^(?:0|[1-9][0-9]{0,15})$/
const KEY_NAME = /^[^\s+]+$/u
// The dash is U+2014; a key name holds neither white space nor a plus sign.
const SIGNATURE_LINE = /^— (?<name>[^\s+]+) (?<signature>[A-Za-z0-9+/]+={0,2})$/u
// eslint-disable-next-line no-control-regex -- a note may hold no control character but the newline
const CONTROL = /[\x00-\x09\x0b-\x1f]/

/** Origin of a tender's closing record: one log per tender. */
export function checkpointOrigin ({ platformName, tenderId }: { platformName: string, tenderId: string }): string {
  return `${platformName}/tenders/${tenderId}`
}

/** The signed bytes, without their signatures. */
export function checkpointBody ({ origin, size, root }: Checkpoint): string {
  invariant(origin !== '' && !origin.includes('\n') && !CONTROL.test(origin), 'an origin is one line')
  invariant(Number.isSafeInteger(size) && size >= 0, 'a tree size is a whole number')
  invariant(root.length === ROOT_BYTES, 'a root has 32 bytes')
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

export function signatureLine ({ keyName, publicKey, signature }: NoteKey & { signature: Uint8Array }): string {
  invariant(KEY_NAME.test(keyName), 'a key name holds neither spaces nor a plus sign')
  return `— ${keyName} ${toBase64(concat(keyId({ keyName, publicKey }), signature))}\n`
}

/** The key as other verifiers of signed notes take it: name, key id and key in one line (a "vkey"). */
export function verifierKey ({ keyName, publicKey }: NoteKey): string {
  return `${keyName}+${toHex(keyId({ keyName, publicKey }))}+${toBase64(concat(Uint8Array.of(ED25519_TYPE), publicKey))}`
}

/** @throws BonginError `verification-failed` for a malformed text, a missing or a wrong signature. */
export function openCheckpoint ({ text, keyName, publicKey }: { text: string } & NoteKey): Checkpoint {
  const { body, signatures } = splitNote(text)
  const expectedId = keyId({ keyName, publicKey })
  const own = signatures.filter(({ name, bytes }) => name === keyName && equalBytes(bytes.subarray(0, KEY_ID_BYTES), expectedId))
  const message = utf8(body)
  const valid = own.length > 0 && own.every(({ bytes }) => {
    const signature = bytes.subarray(KEY_ID_BYTES)
    return signature.length === SIGNATURE_BYTES && ed25519.verify(signature, message, publicKey, { zip215: false })
  })
  if (!valid) {
    throw new BonginError('verification-failed', {
      detail: 'The checkpoint carries no valid signature by the expected key.',
      detailKo: '체크포인트에 지정된 키의 유효한 서명이 없습니다.'
    })
  }
  return parseBody(body)
}

/** First four bytes of SHA-256(key name ‖ newline ‖ 0x01 ‖ public key): a hint, no proof. */
function keyId ({ keyName, publicKey }: NoteKey): Bytes {
  return sha256(concat(utf8(`${keyName}\n`), Uint8Array.of(ED25519_TYPE), publicKey)).slice(0, KEY_ID_BYTES)
}

interface NoteSignature { name: string, bytes: Bytes }

function splitNote (text: string): { body: string, signatures: NoteSignature[] } {
  if (text.length > MAX_CHECKPOINT_CHARS || !text.isWellFormed() || CONTROL.test(text)) throw malformed()
  const blank = text.lastIndexOf('\n\n')
  if (blank < 0 || !text.endsWith('\n')) throw malformed()
  const lines = text.slice(blank + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES) throw malformed()
  return { body: text.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) }
}

function parseSignatureLine (line: string): NoteSignature {
  const { name, signature } = SIGNATURE_LINE.exec(line)?.groups ?? {}
  if (name === undefined || signature === undefined) throw malformed()
  const bytes = fromBase64(signature)
  if (bytes.length <= KEY_ID_BYTES) throw malformed()
  return { name, bytes }
}

function parseBody (body: string): Checkpoint {
  const [origin, sizeText, rootText, ...rest] = body.split('\n')
  // After the three lines stands the empty string behind the last newline; extension lines are not ours.
  if (origin === undefined || origin === '' || sizeText === undefined || rootText === undefined) throw malformed()
  if (rest.length !== 1 || rest[0] !== '' || !SIZE.test(sizeText)) throw malformed()
  const size = Number(sizeText)
  const root = fromBase64(rootText)
  if (!Number.isSafeInteger(size) || root.length !== ROOT_BYTES) throw malformed()
  return { origin, size, root }
}

function toBase64 (bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
}

function fromBase64 (text: string): Bytes {
  try {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
    // atob forgives missing padding and stray bits; one byte string shall have one spelling.
    if (toBase64(bytes) === text) return bytes
  } catch {
    // No base64 at all.
  }
  throw malformed()
}

function malformed (): BonginError {
  return new BonginError('verification-failed', {
    detail: 'The text is no checkpoint: origin, size and root on three lines, a blank line, signature lines.',
    detailKo: '체크포인트 형식이 아닙니다. 원점, 크기, 루트의 세 줄과 빈 줄, 서명 줄이 있어야 합니다.'
  })
}
