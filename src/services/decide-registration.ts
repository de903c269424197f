/** A platform officer approves an application, or rejects it with a reason; and reads what waits. */
import { toPem } from '../crypto/certificate.ts'
import { BonginError } from '../domain/errors.ts'
import type { Thumbprint } from '../domain/ids.ts'
import type { RegistrationStatus } from '../domain/holder.ts'
import { appendAudit } from '../storage/audit.ts'
import { getCertificate } from '../storage/certificates.ts'
import { decideRegistration, getRegistration, listRegistrations, type Registration } from '../storage/registrations.ts'
import type { Context, OfficerCaller } from './context.ts'
import { grantRegistration, registrationDecided } from './grant-registration.ts'

export const MAX_REGISTRATIONS_PAGE = 200

/** @throws BonginError `not-found`, `registration-decided`. */
export async function approveRegistration (context: Context, caller: OfficerCaller, registrationId: string): Promise<{ holderId: string }> {
  const now = context.clock.now()
  return await context.db.write(async (tx) => {
    const { holderId } = await grantRegistration(context, tx, { registrationId, decidedBy: caller.holderId, now })
    await appendAudit(tx, {
      at: now,
      actor: caller.holderId,
      action: 'registration.approved',
      code: 'ok',
      field: null,
      tenderId: null,
      detail: { registrationId, holderId }
    })
    return { holderId }
  })
}

/** @throws BonginError `not-found`, `registration-decided`. */
export async function rejectRegistration (
  context: Context,
  caller: OfficerCaller,
  { registrationId, reason }: { registrationId: string; reason: string }
): Promise<void> {
  const now = context.clock.now()
  await context.db.write(async (tx) => {
    if ((await getRegistration(tx, registrationId)) === null) throw new BonginError('not-found', { field: '/registrationId' })
    const decision = { status: 'rejected' as const, reason, holderId: null, thumbprint: null, decidedBy: caller.holderId, decidedAt: now }
    if (!(await decideRegistration(tx, registrationId, decision))) throw registrationDecided()
    await appendAudit(tx, {
      at: now,
      actor: caller.holderId,
      action: 'registration.rejected',
      code: 'ok',
      field: null,
      tenderId: null,
      detail: { registrationId }
    })
  })
}

export async function listApplications (context: Context, status: RegistrationStatus): Promise<Registration[]> {
  return await listRegistrations(context.db.read, { status, after: 0, limit: MAX_REGISTRATIONS_PAGE })
}

export interface RegistrationView extends Pick<Registration, 'registrationId' | 'kind' | 'status' | 'reason' | 'holderId'> {
  /** PEM, once approved. */
  certificate: string | null
}

/** For whoever knows the application's unguessable id. @throws BonginError `not-found`. */
export async function readRegistration (context: Context, registrationId: string): Promise<RegistrationView> {
  const registration = await getRegistration(context.db.read, registrationId)
  if (registration === null) throw new BonginError('not-found', { field: '/registrationId' })
  const { kind, status, reason, holderId, thumbprint } = registration
  return { registrationId, kind, status, reason, holderId, certificate: await certificateOf(context, thumbprint) }
}

async function certificateOf (context: Context, thumbprint: Thumbprint | null): Promise<string | null> {
  const stored = thumbprint === null ? null : await getCertificate(context.db.read, thumbprint)
  return stored === null ? null : toPem(stored.der)
}
