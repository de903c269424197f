/**
 * Recovery shares as they are dealt: a holder opens its own at once and compares it with what the dealer signed. A share that
 * does not open or is another one shows before anybody bids. That all shares together give the dealer's point nobody can see
 * before they are put together: shares that were committed to and are useless show at a recovery, with their dealer's name.
 * Runs in a browser.
 */
import { parseContribution } from '../crypto/contribution.ts'
import { openShare, shareCommitment } from '../crypto/shares.ts'
import { keyContext, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant } from '../domain/ids.ts'
import { ClientError, encryptionOf, type Identity } from './identity.ts'
import type { Trust } from './trust.ts'
import type { CeremonyView } from './types.ts'

export interface DealtShare {
  ownerId: string
  envelope: EnvelopeKind
  /** null for a share that is as it was committed to. */
  fault: 'does-not-open' | 'not-as-committed' | null
}

/** Every share that was dealt to this officer. @throws ClientError `not-trusted` for a contribution that its member did not sign. */
export async function checkDealtShares (ceremony: CeremonyView, trust: Trust, { identity, now }: {
  identity: Identity, now: Instant
}): Promise<DealtShare[]> {
  const recipientId = identity.holderId
  const { privateKey } = encryptionOf(identity)
  const checked: DealtShare[] = []
  for (const contribution of ceremony.contributions.map((text) => parseContribution(text))) {
    const { holderId: ownerId, envelope, shares } = contribution.payload
    const share = shares.find(({ holderId }) => holderId === recipientId)
    const owner = ceremony.members.find(({ officerId }) => officerId === ownerId)
    if (share === undefined || owner === undefined) continue
    trust.verifySigned(contribution.jws, { certificate: owner.certificate, kind: 'officer', holderId: ownerId, at: now })
    const of = { tenderId: keyContext(ceremony.tenderId, envelope), ownerId, recipientId }
    const opened = await openShare({ ...of, share, privateKey }).catch((error: unknown) => {
      if (error instanceof BonginError) return null
      throw error
    })
    const isCommitted = opened !== null && shareCommitment({ ...of, share: opened }) === share.commitment
    checked.push({ ownerId, envelope, fault: opened === null ? 'does-not-open' : isCommitted ? null : 'not-as-committed' })
  }
  return checked
}

/** @throws ClientError `mismatch` naming a dealer whose share is not what it signed. */
export async function expectDealtShares (ceremony: CeremonyView, trust: Trust, who: { identity: Identity, now: Instant }): Promise<void> {
  const bad = (await checkDealtShares(ceremony, trust, who)).find(({ fault }) => fault !== null)
  if (bad === undefined) return
  throw new ClientError('mismatch', `The recovery share of the ${bad.envelope} key that ${bad.ownerId} dealt is not what it signed (${bad.fault ?? ''}): ` +
    'its key could not be recovered. Make a new draft.')
}
