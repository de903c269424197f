/**
 * The platform as this client trusts it: its root certificate (pinned since the first contact, in the key folder or the
 * browser), the keys that sign receipts and checkpoints, and whose signatures count. Runs in a browser.
 */
import { checkPlatform, Signers, type TrustedRoot } from '../crypto/verify-platform.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import type { Api } from './api.ts'
import type { Trust } from './trust.ts'
import type { PlatformView } from './types.ts'

/** What the rest of the client needs of the platform, and the certificates to keep. */
export interface Platform extends Trust {
  rootDer: Uint8Array
  issuingDer: Uint8Array
  rootCertificate: string
  rootFingerprint: Sha256Hex
  scheduleStepMs: number
  extraHolidays: string[]
  serverTime: string
}

/** At the first contact no root is trusted yet. @throws RecordFault or BonginError for another root, or statements that do not hold. */
export async function fetchPlatform (api: Api, trusted: TrustedRoot = {}): Promise<Platform> {
  const view = await api.getTimed<PlatformView>('/v1/platform')
  const { name, rootCertificate, issuingCertificate, keys } = view
  const checked = checkPlatform({ platform: { name, rootCertificate, issuingCertificate, keys }, ...trusted })
  const { rootDer, issuingDer, rootFingerprint, receiptKey, checkpointKey } = checked
  return {
    name,
    rootDer,
    issuingDer,
    rootCertificate,
    rootFingerprint,
    receiptKey: receiptKey.publicKey,
    checkpointKey: checkpointKey.publicKey,
    scheduleStepMs: view.scheduleStepMs,
    extraHolidays: view.extraHolidays,
    serverTime: view.serverTime,
    verifySigned: (jws, { certificate, ...signer }) => { new Signers(checked, [certificate]).verify(jws, signer) }
  }
}
