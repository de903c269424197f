/** What is known of holders: public views, and an officer's encryption key. */
import { toPem } from '../crypto/certificate.ts'
import { parseJws } from '../crypto/jws.ts'
import { fromBase64url } from '../crypto/bytes.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, OfficerId, SupplierId } from '../domain/ids.ts'
import { latestCertificate } from '../storage/certificates.ts'
import { getAgency, getOfficer, setEncryptionKey, type Officer } from '../storage/officers.ts'
import { getSupplier, suspendedUntil, type Supplier } from '../storage/suppliers.ts'
import { certifiedKey } from './certified-key.ts'
import type { Caller, Context, OfficerCaller } from './context.ts'
import { isString, readMembers, readSignedAct } from './signed-act.ts'

const X25519_KEY_BYTES = 32

export interface OfficerView {
  officer: Officer
  agencyName: string
  certificatePem: string
}

/** @throws BonginError `not-found`. */
export async function readOfficer (context: Context, officerId: OfficerId): Promise<OfficerView> {
  const db = context.db.read
  const officer = await getOfficer(db, officerId)
  const certificate = await latestCertificate(db, officerId)
  if (officer === null || certificate === null) throw new BonginError('not-found', { field: '/officerId' })
  const agency = await getAgency(db, officer.agencyId)
  return { officer, agencyName: agency?.name ?? '', certificatePem: toPem(certificate.der) }
}

/** @throws BonginError `not-found`. */
export async function readSupplier (context: Context, supplierId: SupplierId): Promise<{ supplier: Supplier; suspendedUntil: Instant | null }> {
  const supplier = await getSupplier(context.db.read, supplierId)
  if (supplier === null) throw new BonginError('not-found', { field: '/supplierId' })
  return { supplier, suspendedUntil: await suspendedUntil(context.db.read, supplierId, context.clock.now()) }
}

/**
 * Publishes the officer's X25519 key, signed by its certified key so that the operator cannot slip in another.
 * The key cannot be replaced, since shares sealed to the old one would be lost; it may be stated anew after a renewal.
 * @throws BonginError `key-reused`, `envelope-malformed`, `signature-invalid`.
 */
export async function publishEncryptionKey (context: Context, caller: OfficerCaller, jws: string): Promise<void> {
  const now = context.clock.now()
  await context.db.write(async (tx) => {
    const act = await readSignedAct(tx, { jws, type: 'bongin-encryption-key', caller, now })
    const payload = readMembers<{ officerId: string; publicKey: string }>(act, { officerId: isString, publicKey: isString })
    const officer = await getOfficer(tx, caller.holderId)
    if (payload.officerId !== caller.holderId || officer === null) throw new BonginError('forbidden', { field: '/payload/officerId' })
    if (fromBase64url(payload.publicKey, '/payload/publicKey').length !== X25519_KEY_BYTES) {
      throw new BonginError('envelope-malformed', { field: '/payload/publicKey' })
    }
    if (officer.encryptionKeyJws !== null && !sameKey(officer.encryptionKeyJws, payload.publicKey)) {
      throw new BonginError('key-reused', {
        field: '/payload/publicKey',
        detail: 'An encryption key was published before and cannot be replaced.',
        detailKo: '이미 공개한 암호화 키는 바꿀 수 없습니다.'
      })
    }
    // The same key under a renewed certificate takes the place of the statement under the old one.
    await setEncryptionKey(tx, caller.holderId, jws)
  })
}

function sameKey (jws: string, publicKey: string): boolean {
  return (parseJws(jws, 'bongin-encryption-key').payload as { publicKey: string }).publicKey === publicKey
}

export interface Me {
  caller: Caller
  certificateExpiresAt: Instant
  profile: unknown
}

export async function readMe (context: Context, caller: Caller): Promise<Me> {
  const certificate = await certifiedKey(context.db.read, caller.thumbprint, context.clock.now())
  const profile =
    caller.kind === 'supplier'
      ? (await getSupplier(context.db.read, caller.holderId))?.profile
      : (await getOfficer(context.db.read, caller.holderId))?.profile
  return { caller, certificateExpiresAt: certificate.notAfter, profile: profile ?? null }
}
