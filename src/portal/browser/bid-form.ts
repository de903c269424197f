/**
 * The bid's form, put together of the parts that the tender asks for: a price, of one total or line by line, the two numbers of
 * the draw, a proposal, the members of a joint bid. What is typed as a secret stays in the form; it is neither kept nor sent, only
 * sealed. Parts that few tenders have are loaded for those.
 */
import type { BidToSeal } from '../../client/bids.ts'
import type { Consortium } from '../../crypto/consortium.ts'
import type { Picks } from '../../domain/bid.ts'
import type { SupplierId } from '../../domain/ids.ts'
import type { Proposal } from '../../domain/technical-opening.ts'
import { amountPart } from './bid-amount.ts'
import { picksPart } from './bid-picks.ts'
import { tender } from './bid-state.ts'
import { element } from './page.ts'

/** One part of the form, wired when it is made. */
export interface Part<Said extends object> {
  /** What it says, or null with each fault beside its field, which is marked invalid. */
  read: () => Said | null
  /** Nothing secret is left in it. */
  empty: () => void
  /** Whether what is refused at this place (a JSON Pointer) belongs here, where it is then said. */
  refuse: (place: string, text: string) => boolean
}

export interface PriceSaid { amountWon: number, unitPricesCenti: readonly number[] | null }
export type PicksSaid = { picks: Picks | null }
export interface ProposalSaid { proposal: Proposal | undefined }
export interface ConsortiumSaid { consortium: Consortium | undefined }

export type TypedBid = Pick<BidToSeal, 'content'> & Omit<PriceSaid, 'amountWon'> & ProposalSaid & ConsortiumSaid

interface Parts { price: Part<PriceSaid>, picks: Part<PicksSaid>, proposal: Part<ProposalSaid>, joint: Part<ConsortiumSaid> }

let parts: Parts | null = null
let starting: Promise<Parts> | null = null

/** For what the tender does not ask for. */
function nothing<Said extends object> (said: Said): Part<Said> {
  return { read: () => said, empty: () => {}, refuse: () => false }
}

async function makeParts (leaderId: SupplierId): Promise<Parts> {
  const { jointBids } = tender
  return {
    price: tender.hasUnitPrices ? (await import('./bid-unit-prices.ts')).unitPricesPart() : amountPart(),
    picks: tender.drawsPrices ? picksPart() : nothing({ picks: null }),
    proposal: tender.wantsProposal ? (await import('./bid-proposal.ts')).proposalPart() : nothing({ proposal: undefined }),
    joint: jointBids === null ? nothing({ consortium: undefined }) : new (await import('./bid-joint.ts')).JointPart(leaderId, jointBids)
  }
}

export const isStarted = (): boolean => parts !== null

export async function startForm (supplierId: SupplierId): Promise<void> {
  parts = await (starting ??= makeParts(supplierId))
}

/** What the form says, or null with each fault beside its field and the focus on the first. */
export function readForm (): TypedBid | null {
  if (parts === null) return null
  // All are read, so that all faults are said at once.
  const [price, picks, proposal, joint] = [parts.price.read(), parts.picks.read(), parts.proposal.read(), parts.joint.read()]
  if (price === null || picks === null || proposal === null || joint === null) {
    element('bid-form').querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
    return null
  }
  const { amountWon, unitPricesCenti } = price
  return { content: { amountWon, ...picks }, unitPricesCenti, ...proposal, ...joint }
}

/** Says what is refused beside its field; false where no field is at fault. */
export function refuseField (place: string | null, text: string): boolean {
  if (place === null || parts === null) return false
  return [parts.price, parts.picks, parts.proposal, parts.joint].some((part) => part.refuse(place, text))
}

export function emptyForm (): void {
  element<HTMLFormElement>('bid-form').reset()
  if (parts === null) return
  for (const part of [parts.price, parts.picks, parts.proposal, parts.joint]) part.empty()
}
