/**
 * A joint bid that is being put together, kept in this browser until the members have signed: who takes part, with which shares,
 * and the agreements that came. Nothing of it is sealed in a bid, whose envelope names the members openly.
 */
import type { SignedAgreement } from '../../client/joint-bids.ts'
import type { SupplierId, TenderId } from '../../domain/ids.ts'

/** As it was typed. */
export interface MemberRow { supplierId: string, share: string }
export interface KeptJointBid { joint: boolean, rows: MemberRow[], agreements: SignedAgreement[] }

const nameOf = (tenderId: TenderId, leaderId: SupplierId): string => `bongin-joint-${tenderId}-${leaderId}`

export function keptJointBid (tenderId: TenderId, leaderId: SupplierId): KeptJointBid {
  const text = localStorage.getItem(nameOf(tenderId, leaderId))
  return text === null
    ? { joint: false, rows: [{ supplierId: leaderId, share: '' }, { supplierId: '', share: '' }], agreements: [] }
    : JSON.parse(text) as KeptJointBid
}

export function keepJointBid (tenderId: TenderId, leaderId: SupplierId, bid: KeptJointBid): void {
  localStorage.setItem(nameOf(tenderId, leaderId), JSON.stringify(bid))
}
