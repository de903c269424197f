/**
 * The files that a record may have: a fixed list of paths, each with the most bytes that it can hold, known before a single
 * byte of a file is read. A path of the list leads nowhere but into the record's own folder. Runs in a browser.
 */
import { BonginError } from '../domain/errors.ts'
import { MAX_RECORD_LEAVES } from './record.ts'

/** Path → contents. */
export type RecordFiles = Map<string, Uint8Array>

/** All files together. A text of 512 MiB is more than a JavaScript engine holds; a bid takes about 10 KB of its record. */
export const MAX_RECORD_BYTES = 512 * 1024 * 1024
/** Envelope, certificate and withdrawal of every leaf, and as much again for what stands around them. */
export const MAX_RECORD_FILES = 6 * MAX_RECORD_LEAVES

/** Digits of the numbers in these folders, at least. */
export const INDEX_DIGITS = { notices: 3, outages: 3, envelopes: 6, withdrawals: 6, evaluators: 3, marks: 3, evaluations: 3 } as const
export type Numbered = keyof typeof INDEX_DIGITS

const MAX_JWS_FILE_BYTES = 1_000_000
const MAX_CERTIFICATE_FILE_BYTES = 20_000
/** A JWS and two certificates. */
const MAX_PLATFORM_FILE_BYTES = MAX_JWS_FILE_BYTES + 3 * MAX_CERTIFICATE_FILE_BYTES
const MAX_CHECKPOINT_FILE_BYTES = 65_536
const MAX_JSON_FILE_BYTES = 256 * 1024 * 1024

const KINDS: ReadonlyArray<{ pattern: RegExp, maxBytes: number }> = [
  { pattern: /^(?:tender|opening|technical-opening)\.json$/, maxBytes: MAX_JSON_FILE_BYTES },
  { pattern: /^ledger\.jsonl$/, maxBytes: MAX_JSON_FILE_BYTES },
  { pattern: /^platform\.json$/, maxBytes: MAX_PLATFORM_FILE_BYTES },
  { pattern: /^checkpoint$/, maxBytes: MAX_CHECKPOINT_FILE_BYTES },
  { pattern: /^certificates\/[A-Za-z0-9_-]{43}\.pem$/, maxBytes: MAX_CERTIFICATE_FILE_BYTES },
  { pattern: /^contributions\/O[0-9]{8}(?:\.technical)?\.jws$/, maxBytes: MAX_JWS_FILE_BYTES },
  { pattern: /^(?:award|technical-result)\.jws$/, maxBytes: MAX_JWS_FILE_BYTES },
  { pattern: /^(?:notices|outages|evaluators|marks|evaluations)\/[0-9]{3,6}\.jws$/, maxBytes: MAX_JWS_FILE_BYTES },
  { pattern: /^(?:envelopes|withdrawals)\/[0-9]{6}\.jws$/, maxBytes: MAX_JWS_FILE_BYTES }
]

/** The most bytes that the file can have, or null where no record has a file of that path. */
export function maxBytesOf (path: string): number | null {
  return KINDS.find(({ pattern }) => pattern.test(path))?.maxBytes ?? null
}

/** The files by path, in the order of character codes. */
export function inOrder (files: RecordFiles): RecordFiles {
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1))
}

/** What is wrong with one file of a record. `place` is its path, which may be anybody's invention. */
export function fileFault (place: string, what: string): BonginError {
  const path = printable(place)
  return new BonginError('verification-failed', {
    field: `/${path}`,
    detail: `The record's file ${path} ${what}.`,
    detailKo: `기록 파일 ${path}에 문제가 있습니다.`
  })
}

const MAX_SHOWN = 120

/** A name from outside, fit for a terminal: plain ASCII, other characters by their code, cut where it goes on and on. */
export function printable (name: string): string {
  const plain = name.slice(0, MAX_SHOWN).replace(/[^\x21-\x7e]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
  return name.length > MAX_SHOWN ? `${plain}...` : plain
}
