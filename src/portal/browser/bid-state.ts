/**
 * The tender of the bid's page, as the page has it, and what is known of this supplier's bid for it: one place, which all that
 * work on the bid read and write.
 */
import type { CheckedTender } from '../../client/tenders.ts'
import type { SupplierId, TenderId } from '../../domain/ids.ts'
import type { JointBidRule, PriceDecimals } from '../../domain/notice.ts'
import type * as Bidding from './bidding.ts'
import type { TypedBid } from './bid-form.ts'
import type { KeptBid } from './kept.ts'
import { element } from './page.ts'
import { serverNow } from './server-clock.ts'
import type { LoggedIn } from './session.ts'

const data = element('bid').dataset
const flag = (name: string): boolean => data[name] === 'true'

export const tender = {
  id: (data['tender'] ?? '') as TenderId,
  title: data['title'] ?? '',
  state: data['state'] ?? '',
  closesAt: Number(data['closes']),
  decimals: Number(data['decimals'] ?? 0) as PriceDecimals,
  /** Units; null where the tender has none. */
  baseAmount: data['base'] === '' ? null : Number(data['base']),
  drawsPrices: flag('draws'),
  hasUnitPrices: flag('lines'),
  wantsProposal: flag('proposal'),
  /** null where only single suppliers may bid. */
  jointBids: data['members'] === undefined ? null : { maxMembers: Number(data['members']), minimumSharePpm: Number(data['share']) } satisfies JointBidRule
} as const

interface Known {
  session: LoggedIn | null
  /** Sealed here, and without a receipt. */
  unsent: KeptBid | null
  /** What stands or waits was sealed in another window or on another device, not from what was typed here. */
  other: boolean
  receipt: { text: string, envelope: string | null } | null
  /** What the summary shows. */
  looked: { typed: TypedBid, tender: CheckedTender } | null
}

export const bid: Known = { session: null, unsent: null, other: false, receipt: null, looked: null }

export const isOpen = (): boolean => tender.state === 'published' && serverNow() < tender.closesAt
export const supplierOf = ({ identity }: LoggedIn): SupplierId => identity.holderId as SupplierId
export const supplierText = (by: LoggedIn): string => `${by.key.subject.organization} (${by.identity.holderId})`

/** Loaded once, when it is first needed. */
export const bidding = async (): Promise<typeof Bidding> => await import('./bidding.ts')
