/** The cosignatures under a record's checkpoints (c2sp.org/tlog-cosignature). Runs in a browser. */
import type { Instant } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { cosignedAt } from './cosignature.ts'
import { expect } from './record-shape.ts'
import type { TenderRecord } from './record.ts'
import { COSIGNATURE_TYPE, ED25519_TYPE, parseNote, parseVerifierKey, signaturesBy } from './signed-note.ts'
import type { CheckedPlatform } from './verify-platform.ts'

/** Who cosigned the closing record, and when; the later the name, the less it proves. */
export interface Cosigned { keyName: string, vkey: string, at: Instant }

/**
 * Every line under every note is the platform's or that of a cosigner whom the record names, and holds; every one named has
 * a line. Whether these are the right cosigners is for whoever knows them: `wanted` are verifier keys that must be among them.
 */
export function checkCosignatures ({ record, platform, closedAt, wanted }: {
  record: TenderRecord, platform: CheckedPlatform, closedAt: Instant, wanted: readonly string[]
}): Cosigned[] {
  const { cosigners, checkpoint, earlierCheckpoints } = record
  expect(cosigners.every((vkey, i) => i === 0 || vkey > (cosigners[i - 1] ?? '')), 'The cosigners are not sorted, or stand twice.')
  const keys = cosigners.map((vkey) => ({ vkey, ...parseVerifierKey(vkey, COSIGNATURE_TYPE) }))
  const used = new Set<string>()
  for (const text of [checkpoint, ...earlierCheckpoints]) {
    const note = parseNote(text)
    const own = signaturesBy(note, { keyName: platform.name, publicKey: platform.checkpointKey.publicKey, type: ED25519_TYPE }).length
    const theirs = keys.filter((key) => cosignedAt({ text, ...key }) !== null)
    const lines = theirs.flatMap((key) => signaturesBy(note, { ...key, type: COSIGNATURE_TYPE }))
    expect(own + lines.length === note.signatures.length, 'A checkpoint has a line by somebody whom the record does not name.')
    for (const { vkey } of theirs) used.add(vkey)
  }
  expect(used.size === keys.length, 'A cosigner is named who signed nothing.')
  const missing = wanted.find((vkey) => !keys.some((key) => key.vkey === vkey && cosignedAt({ text: checkpoint, ...key }) !== null))
  expect(missing === undefined, `The closing record is not cosigned by ${missing ?? ''}.`)
  return keys.flatMap(({ vkey, keyName, publicKey }) => {
    const at = cosignedAt({ text: checkpoint, keyName, publicKey })
    expect(at === null || at + 1000 > closedAt, `${keyName} cosigned the closing record before the deadline.`)
    return at === null ? [] : [{ keyName, vkey, at }]
  })
}

export function cosignedText (cosigned: readonly Cosigned[]): string {
  return cosigned.length === 0 ? 'Cosigned by nobody.' : `Cosigned by ${cosigned.map(({ keyName, at }) => `${keyName} at ${formatKst(at)}`).join(', ')}.`
}
