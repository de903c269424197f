/**
 * The envelopes of a bid (투찰 봉투): everybody's holds a price; where the method evaluates proposals, a second one holds the
 * proposal (규격·기술 제안) and is opened first. Each kind has a joint key of its own, made by the same holders from seeds of
 * their own, so that opening the proposals tells nothing of the prices.
 */
import type { TenderId } from './ids.ts'
import type { JointKey, NoticeTerms } from './notice.ts'

export const ENVELOPE_KINDS = ['price', 'technical'] as const
export type EnvelopeKind = typeof ENVELOPE_KINDS[number]

/** The kinds of a tender, in the order in which its keys are made. */
export function envelopeKinds ({ technical }: Pick<NoticeTerms, 'technical'>): readonly EnvelopeKind[] {
  return technical === null ? ['price'] : ENVELOPE_KINDS
}

/** The joint key of that kind, or null where the tender has none. */
export function keyOf ({ key, technicalKey }: Pick<NoticeTerms, 'key' | 'technicalKey'>, kind: EnvelopeKind): JointKey | null {
  return kind === 'price' ? key : technicalKey
}

/**
 * What proofs, wrapped seeds and recovery shares are bound to: the tender's id, with a suffix for the technical key. Ids
 * hold no slash, so neither key's parts can stand in for the other's.
 */
export function keyContext (tenderId: TenderId, kind: EnvelopeKind): string {
  return kind === 'price' ? tenderId : `${tenderId}/technical`
}
