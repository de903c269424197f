/**
 * Joint bids (공동수급): a consortium bids once, under its leader (대표사), and shares the contract in parts per million that
 * sum to the whole. Whether a member agreed is a matter of signatures (`crypto/consortium.ts`); here stand the rules alone.
 * Nobody may take part in two bids for one tender (동일인 중복입찰, 국가계약법 시행규칙 §44): at the opening all of them are void.
 */
import { BonginError } from './errors.ts'
import type { SupplierId } from './ids.ts'
import type { JointBidRule } from './notice.ts'
import { PPM } from './rounding.ts'

/** A member and its part of the contract, in parts per million. */
export interface ConsortiumShare { supplierId: SupplierId, sharePpm: number }

/**
 * @param members the leader first.
 * @throws BonginError `joint-bid-invalid`; the field is a JSON Pointer into the list of members, or empty for the bid itself.
 */
export function checkConsortium ({ members, leaderId, rule }: {
  members: readonly ConsortiumShare[], leaderId: SupplierId, rule: JointBidRule | null
}): void {
  if (rule === null) throw jointBidInvalid('', 'This tender takes bids of single suppliers alone.', '공동수급을 허용하지 않는 공고입니다.')
  const { maxMembers, minimumSharePpm } = rule
  if (members.length < 2 || members.length > maxMembers) {
    throw jointBidInvalid('/members', `A consortium has from 2 to ${maxMembers} members.`, `공동수급체 구성원은 2명 이상 ${maxMembers}명 이하여야 합니다.`)
  }
  if (members[0]?.supplierId !== leaderId) {
    throw jointBidInvalid('/members/0/supplierId', 'The first member is the leader, who bids.', '첫 번째 구성원은 입찰하는 대표사여야 합니다.')
  }
  const seen = new Set<SupplierId>()
  for (const [i, { supplierId, sharePpm }] of members.entries()) {
    if (seen.has(supplierId)) throw jointBidInvalid(`/members/${i}/supplierId`, 'This member stands twice.', '같은 구성원이 중복되어 있습니다.')
    seen.add(supplierId)
    if (!Number.isSafeInteger(sharePpm) || sharePpm < minimumSharePpm || sharePpm > PPM) {
      throw jointBidInvalid(`/members/${i}/sharePpm`, `A share is at least ${minimumSharePpm} parts per million.`, `지분율은 백만분의 ${minimumSharePpm} 이상이어야 합니다.`)
    }
  }
  const totalPpm = members.reduce((sum, { sharePpm }) => sum + sharePpm, 0)
  if (totalPpm !== PPM) throw jointBidInvalid('/members', `The shares sum to ${totalPpm} parts per million instead of ${PPM}.`, `지분율의 합이 백만분의 ${totalPpm}입니다. 합은 100%여야 합니다.`)
}

/** `field` is a pointer into the consortium; callers put the consortium's own place before it. */
export function jointBidInvalid (field: string, detail: string, detailKo: string): BonginError {
  return new BonginError('joint-bid-invalid', { field, detail, detailKo })
}

/**
 * The bids of everybody who takes part in two or more of these, alone, as leader or as member. The order of the bids does
 * not matter, and a bid that is out because of one member counts against its others all the same.
 */
export function duplicateBids<Bid extends { supplierId: SupplierId, members: readonly ConsortiumShare[] }> (bids: readonly Bid[]): Set<Bid> {
  const firstBidOf = new Map<SupplierId, Bid>()
  const duplicates = new Set<Bid>()
  for (const bid of bids) {
    for (const id of [bid.supplierId, ...bid.members.map(({ supplierId }) => supplierId)]) {
      const other = firstBidOf.get(id)
      if (other === undefined) firstBidOf.set(id, bid)
      else if (other !== bid) duplicates.add(other).add(bid)
    }
  }
  return duplicates
}
