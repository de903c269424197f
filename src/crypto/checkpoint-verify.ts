/**
 * The closing record's signed checkpoint, its text form and the verifying half. Runs in a browser.
 * A checkpoint (c2sp.org/tlog-checkpoint) is a signed note of three lines: origin, number of leaves, root in base64. A line
 * by the expected key that does not verify spoils the whole note.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { BonginError, invariant } from '../domain/errors.ts'
import { utf8 } from './bytes.ts'
import { ED25519_TYPE, fromBase64, hasControl, malformedNote, type NoteKey, parseNote, signaturesBy, toBase64 } from './signed-note.ts'

export { type NoteKey, signatureLine, verifierKey } from './signed-note.ts'

/** What a checkpoint says: this tree has `size` leaves and this root. */
export interface Checkpoint {
  origin: string
  size: number
  root: Uint8Array
}

const ROOT_BYTES = 32
const SIGNATURE_BYTES = 64
const SIZE = /^(?:0|[1-9][0-9]{0,15})$/

/** Origin of a tender's closing record: one log per tender. */
export function checkpointOrigin ({ platformName, tenderId }: { platformName: string, tenderId: string }): string {
  return `${platformName}/tenders/${tenderId}`
}

/** The signed bytes, without their signatures. */
export function checkpointBody ({ origin, size, root }: Checkpoint): string {
  invariant(origin !== '' && !origin.includes('\n') && !hasControl(origin), 'an origin is one line')
  invariant(Number.isSafeInteger(size) && size >= 0, 'a tree size is a whole number')
  invariant(root.length === ROOT_BYTES, 'a root has 32 bytes')
  return `${origin}\n${size}\n${toBase64(root)}\n`
}

/** @throws BonginError `verification-failed` for a malformed text, a missing or a wrong signature. */
export function openCheckpoint ({ text, keyName, publicKey }: { text: string } & NoteKey): Checkpoint {
  const note = parseNote(text)
  const own = signaturesBy(note, { keyName, publicKey, type: ED25519_TYPE })
  const message = utf8(note.body)
  const valid = own.length > 0 && own.every((signature) =>
    signature.length === SIGNATURE_BYTES && ed25519.verify(signature, message, publicKey, { zip215: false }))
  if (!valid) {
    throw new BonginError('verification-failed', {
      detail: 'The checkpoint carries no valid signature by the expected key.',
      detailKo: '체크포인트에 지정된 키의 유효한 서명이 없습니다.'
    })
  }
  return parseBody(note.body)
}

function parseBody (body: string): Checkpoint {
  const [origin, sizeText, rootText, ...rest] = body.split('\n')
  // After the three lines stands the empty string behind the last newline; extension lines are not ours.
  if (origin === undefined || origin === '' || sizeText === undefined || rootText === undefined) throw malformedNote()
  if (rest.length !== 1 || rest[0] !== '' || !SIZE.test(sizeText)) throw malformedNote()
  const size = Number(sizeText)
  const root = fromBase64(rootText)
  if (!Number.isSafeInteger(size) || root.length !== ROOT_BYTES) throw malformedNote()
  return { origin, size, root }
}
