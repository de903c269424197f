/**
 * The committee's contributions to the joint keys: each member signed its own, it says what the notice says of that
 * member, and its recovery shares went to whom they had to. Without this a server could have put a point of its own in
 * a member's place. Runs in a browser.
 */
import { envelopeKinds, keyOf, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { PLATFORM_HOLDER_ID, type Instant, type OfficerId } from '../domain/ids.ts'
import type { Committee, Notice } from '../domain/notice.ts'
import { parseContribution, type Contribution } from './contribution.ts'
import { expect, expectEqual } from './record-shape.ts'

export interface CheckedContribution extends Contribution { text: string }

/** To whom a member's shares go, in order: the other member, then the recovery officers; nobody where they are too few. */
export function shareRecipients ({ executing, witness, recovery, threshold }: Committee, ownerId: OfficerId): OfficerId[] {
  const recipients = [ownerId === executing ? witness : executing, ...recovery]
  return recipients.length < threshold ? [] : recipients
}

/** Whether a member's contribution says what the notice says of that member; its signature is the caller's to check. */
export function checkContribution ({ payload }: Contribution, notice: Notice): void {
  const { tenderId, committee } = notice.terms
  const { holderId, envelope } = payload
  const what = `The contribution of ${partName(holderId, envelope)}`
  const holder = keyOf(notice.terms, envelope)?.holders.find((entry) => entry.holderId === holderId && entry.role !== 'platform')
  expect(holder !== undefined, `${what} is not by a key holder of this tender.`)
  expectEqual({
    what,
    expected: { tenderId, role: holder.role, point: holder.point, proof: holder.proof, threshold: committee.threshold },
    actual: { tenderId: payload.tenderId, role: payload.role, point: payload.point, proof: payload.proof, threshold: payload.threshold }
  })
  expectEqual({ what: `${what}, recipients of shares`, expected: shareRecipients(committee, holderId), actual: payload.shares.map((share) => share.holderId) })
}

/**
 * Exactly one contribution by each committee member to each key, each as the notice has it.
 * `verify` checks that this officer signed; it gets the text to find out when.
 */
export function checkContributions (texts: readonly string[], notice: Notice, verify: (given: CheckedContribution) => void): CheckedContribution[] {
  const members = notice.terms.key.holders.map(({ holderId }) => holderId).filter((id) => id !== PLATFORM_HOLDER_ID)
  const missing = new Set(envelopeKinds(notice.terms).flatMap((kind) => members.map((id) => partName(id, kind))))
  const checked = texts.map((text) => {
    const contribution = { ...parseContribution(text), text }
    const { holderId, envelope } = contribution.payload
    expect(missing.delete(partName(holderId, envelope)), `There is a contribution by ${holderId}, who is no committee member or contributed before.`)
    checkContribution(contribution, notice)
    verify(contribution)
    return contribution
  })
  expect(missing.size === 0, `There is no contribution by ${[...missing].join(', ')}.`)
  return checked
}

/** One member's part of one key, in words. */
function partName (holderId: string, kind: EnvelopeKind): string {
  return kind === 'price' ? holderId : `${holderId} (${kind} key)`
}

/** Instants at which members contributed must lie before the first notice. */
export function expectBefore (at: Instant, { publishedAt }: { publishedAt: Instant }, what: string): void {
  expect(at <= publishedAt, `${what} came after the notice was published.`)
}
