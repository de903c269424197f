/**
 * The cosigner's side: a closing record is cosigned when the platform signed it, and when it is the first that this cosigner
 * sees of the tender or extends the one it saw before. What it saw it remembers before it signs, so that it never signs two
 * records of one tender that contradict each other. Runs in a browser.
 */
import { fromHex } from '../crypto/bytes.ts'
import { checkpointOrigin, openCheckpoint } from '../crypto/checkpoint-verify.ts'
import { cosign, type CosignerKey } from '../crypto/cosignature.ts'
import { verifyConsistency } from '../crypto/merkle-consistency.ts'
import { ED25519_TYPE, parseNote, signatureLine, signaturesBy } from '../crypto/signed-note.ts'
import type { Instant, Sha256Hex, TenderId } from '../domain/ids.ts'
import { tenderPath, type Api } from './api.ts'
import { ClientError } from './identity.ts'
import { getTender } from './tenders.ts'
import type { Trust } from './trust.ts'

/** By tender, the note that was cosigned last, as the platform signed it. */
export interface CosignerMemory {
  seen: (origin: string) => Promise<string | null>
  remember: (origin: string, note: string) => Promise<void>
}

export interface CosignedTender { tenderId: TenderId, size: number, checkpoint: string, extends: number | null }

/**
 * @throws ClientError `mismatch` for a closing record that contradicts the one seen before: both notes are evidence against
 * the platform; BonginError `verification-failed`, `not-yet-open`, `cosignature-invalid`.
 */
export async function cosignTender (api: Api, trust: Trust, { tenderId, key, memory, now }: {
  tenderId: TenderId, key: CosignerKey, memory: CosignerMemory, now: Instant
}): Promise<CosignedTender> {
  const { checkpoint } = await getTender(api, tenderId)
  if (checkpoint === null) throw new ClientError('mismatch', `${tenderId} is not closed: there is no closing record to cosign.`)
  const open = (text: string): ReturnType<typeof openCheckpoint> => openCheckpoint({ text, keyName: trust.name, publicKey: trust.checkpointKey })
  const shown = open(checkpoint)
  const origin = checkpointOrigin({ platformName: trust.name, tenderId })
  if (shown.origin !== origin) throw new ClientError('mismatch', `The closing record shown for ${tenderId} is that of ${shown.origin}.`)
  const before = await memory.seen(origin)
  const first = before === null ? null : open(before)
  if (first !== null) {
    const path = tenderPath(tenderId, '/consistency')
    const { proof } = first.size > shown.size ? { proof: [] } : await api.get<{ proof: Sha256Hex[] }>(path, { from: first.size })
    if (!verifyConsistency({ first, second: shown, proof: proof.map((hash) => fromHex(hash)) })) throw contradiction(tenderId, before ?? '', checkpoint)
  }
  const note = platformNote(checkpoint, trust)
  await memory.remember(origin, note)
  const line = cosign({ text: note, key, at: now }).trimEnd()
  const answer = await api.postRepeatable<{ checkpoint: string }>(
    tenderPath(tenderId, '/cosignatures'), JSON.stringify({ line }), { contentType: 'application/json' }
  )
  return { tenderId, size: shown.size, checkpoint: answer.body.checkpoint, extends: first === null ? null : first.size }
}

/** The note with the platform's own lines alone. */
function platformNote (text: string, { name: keyName, checkpointKey: publicKey }: Trust): string {
  const note = parseNote(text)
  const own = signaturesBy(note, { keyName, publicKey, type: ED25519_TYPE })
  return `${note.body}\n${own.map((signature) => signatureLine({ keyName, publicKey, signature })).join('')}`
}

function contradiction (tenderId: TenderId, before: string, now: string): ClientError {
  return new ClientError('mismatch', `The platform shows another closing record of ${tenderId} than the one cosigned before, and does not extend it.
Keep both: they prove it.\n\nCosigned before:\n${before}\nShown now:\n${now}`)
}
