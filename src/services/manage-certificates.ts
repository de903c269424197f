/** A certificate's later life: renewal by its holder, revocation by a platform officer. */
import { toPem } from '../crypto/certificate.ts'
import { readCsr } from '../crypto/csr.ts'
import { BonginError } from '../domain/errors.ts'
import type { ExternalEvidence, RevocationCode } from '../domain/holder.ts'
import type { Thumbprint } from '../domain/ids.ts'
import { appendAudit } from '../storage/audit.ts'
import { getCertificate, revokeCertificate } from '../storage/certificates.ts'
import { deleteSessionsOf } from '../storage/sessions.ts'
import { assertFreeKey, externalIdentity } from './apply-registration.ts'
import { certifiedKey } from './certified-key.ts'
import type { Caller, Context, OfficerCaller } from './context.ts'
import { issueCertificate } from './grant-registration.ts'
import { dropRevocationList } from './revocation-list.ts'

/**
 * A new certificate for the holder that is logged in, under its registered names; the old one stays valid until it
 * expires. The key may be the same or a new one. What another authority says of the holder goes on the audit trail.
 * @throws BonginError `csr-*`, `weak-key`, `key-reused`, and as `checkExternalIdentity`.
 */
export async function renewCertificate (
  context: Context,
  caller: Caller,
  { csr: csrPem, external: evidence }: { csr: string; external?: ExternalEvidence }
): Promise<string> {
  const csr = readCsr(csrPem)
  const now = context.clock.now()
  const external = externalIdentity(context, { evidence, csrDer: csr.der, now })
  return await context.db.write(async (tx) => {
    const current = await certifiedKey(tx, caller.thumbprint, now)
    const stored = await getCertificate(tx, caller.thumbprint)
    if (stored?.publicKeySha256 !== csr.publicKeySha256) await assertFreeKey(tx, csr.publicKeySha256)
    const { commonName, organization } = current
    const thumbprint = await issueCertificate(context, tx, {
      holderId: caller.holderId,
      kind: caller.kind,
      commonName,
      organization,
      publicKeySpki: csr.publicKeySpki,
      publicKeySha256: csr.publicKeySha256,
      now
    })
    await appendAudit(tx, {
      at: now,
      actor: caller.holderId,
      action: 'certificate.renewed',
      code: 'ok',
      field: null,
      tenderId: null,
      detail: { thumbprint, ...(external === null ? {} : { external }) }
    })
    return toPem((await certifiedKey(tx, thumbprint, now)).der)
  })
}

/** Ends the certificate and every session opened with it. @throws BonginError `certificate-unknown`. */
export async function revoke (
  context: Context,
  caller: OfficerCaller,
  { thumbprint, reason, code }: { thumbprint: Thumbprint; reason: string; code: RevocationCode }
): Promise<void> {
  const now = context.clock.now()
  await context.db.write(async (tx) => {
    if (!(await revokeCertificate(tx, { thumbprint, at: now, reason, code }))) {
      throw new BonginError('certificate-unknown', {
        field: '/thumbprint',
        detail: 'There is no valid certificate with this thumbprint.',
        detailKo: '이 지문의 유효한 인증서가 없습니다.'
      })
    }
    context.db.holders.forget()
    await deleteSessionsOf(tx, thumbprint)
    await dropRevocationList(tx)
    await appendAudit(tx, {
      at: now,
      actor: caller.holderId,
      action: 'certificate.revoked',
      code: 'ok',
      field: null,
      tenderId: null,
      detail: { thumbprint, reason, code }
    })
  })
}
