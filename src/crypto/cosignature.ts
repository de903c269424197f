/**
 * Cosignatures of checkpoints (c2sp.org/tlog-cosignature): somebody outside the platform who saw this closing record, and no
 * other of this tender that it does not extend, signs it with the time. From then on the platform cannot show different
 * people different records, nor make one afterwards. Runs in a browser.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { BonginError, invariant } from '../domain/errors.ts'
import type { Instant } from '../domain/ids.ts'
import { type Bytes, concat, utf8 } from './bytes.ts'
import { COSIGNATURE_TYPE, type NoteKey, parseNote, signatureLine, signaturesBy } from './signed-note.ts'

const TIME_BYTES = 8
const SIGNATURE_BYTES = 64
/** RFC 3339 has years of four digits. */
const MAX_SECONDS = 253_402_300_799

export interface CosignerKey extends NoteKey { seed: Uint8Array }

export function cosignerKey ({ keyName, seed }: { keyName: string, seed: Uint8Array }): CosignerKey {
  return { keyName, seed, publicKey: ed25519.getPublicKey(seed) }
}

/** The line to add to the note, line feed included; the time is cut to whole seconds. What it says must have been checked before. */
export function cosign ({ text, key, at }: { text: string, key: CosignerKey, at: Instant }): string {
  const seconds = Math.floor(at / 1000)
  invariant(seconds >= 0 && seconds <= MAX_SECONDS, 'a cosignature has a time after 1970')
  const { body } = parseNote(text)
  const time = new Uint8Array(TIME_BYTES)
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds))
  const signature = concat(time, ed25519.sign(cosignedMessage(body, seconds), key.seed))
  return signatureLine({ ...key, signature, type: COSIGNATURE_TYPE })
}

/**
 * When this key cosigned the note, the latest time; null where no line is by it.
 * @throws BonginError `verification-failed` for a line by it that does not hold.
 */
export function cosignedAt ({ text, keyName, publicKey }: { text: string } & NoteKey): Instant | null {
  const note = parseNote(text)
  const times = signaturesBy(note, { keyName, publicKey, type: COSIGNATURE_TYPE }).map((bytes) => {
    const seconds = secondsOf(bytes)
    const holds = seconds !== null && ed25519.verify(bytes.subarray(TIME_BYTES), cosignedMessage(note.body, seconds), publicKey, { zip215: false })
    if (!holds) throw wrongCosignature(keyName)
    return seconds * 1000
  })
  return times.length === 0 ? null : Math.max(...times)
}

function secondsOf (bytes: Uint8Array): number | null {
  if (bytes.length !== TIME_BYTES + SIGNATURE_BYTES) return null
  const seconds = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  return seconds <= BigInt(MAX_SECONDS) ? Number(seconds) : null
}

function cosignedMessage (body: string, seconds: number): Bytes {
  return utf8(`cosignature/v1\ntime ${seconds}\n${body}`)
}

function wrongCosignature (keyName: string): BonginError {
  return new BonginError('verification-failed', {
    detail: `The cosignature of ${keyName} does not hold.`,
    detailKo: `${keyName}의 공동서명이 유효하지 않습니다.`
  })
}
