/**
 * Joint bids (공동수급): a member signs that it takes part, the leader puts the agreements of all members together. Both check the
 * notice's rules first. Signatures are the server's to check, which knows the certificates of all suppliers. Runs in a browser.
 */
import { readAgreements, signAgreement, type Consortium } from '../crypto/consortium.ts'
import { parseJws } from '../crypto/jws.ts'
import { checkConsortium, jointBidInvalid, type ConsortiumShare } from '../domain/consortium.ts'
import type { SupplierId, TenderId } from '../domain/ids.ts'
import { ClientError, type Identity } from './identity.ts'
import type { CheckedTender } from './tenders.ts'

/** Signs that this supplier takes part in the bid of `leaderId`, with these shares. @throws BonginError `joint-bid-invalid`. */
export async function agreeToJointBid (tender: CheckedTender, { identity, leaderId, members }: {
  identity: Identity, leaderId: SupplierId, members: readonly ConsortiumShare[]
}): Promise<string> {
  const { tenderId, jointBids } = tender.last.notice.terms
  const ordered = leaderFirst(members, leaderId)
  checkConsortium({ members: ordered, leaderId, rule: jointBids })
  const isMember = members.some(({ supplierId }) => supplierId === identity.holderId)
  if (!isMember || identity.holderId === leaderId) throw new ClientError('mismatch', `${identity.holderId} is no member beside the leader: there is nothing to agree to.`)
  return await signAgreement(identity.signer, { tenderId, leaderId, members: ordered })
}

/** What the leader's envelope carries: every agreement in its member's place. @throws BonginError `joint-bid-invalid`. */
export function assembleConsortium ({ tenderId, leaderId, members, agreements }: {
  tenderId: TenderId, leaderId: SupplierId, members: readonly ConsortiumShare[], agreements: readonly SignedAgreement[]
}): Consortium {
  const consortium: Consortium = {
    members: leaderFirst(members, leaderId).map(({ supplierId, sharePpm }, i) => {
      const signed = agreements.find((agreement) => agreement.supplierId === supplierId)
      if (i > 0 && signed === undefined) throw jointBidInvalid(`/members/${i}/agreement`, `The agreement of ${supplierId} is missing.`, `${supplierId}의 공동수급협정이 없습니다.`)
      return { supplierId, sharePpm, agreement: i === 0 ? null : signed?.jws ?? null }
    })
  }
  readAgreements({ ...consortium, tenderId, leaderId })
  return consortium
}

/** An agreement file: who agreed, to what, and the statement itself. */
export interface SignedAgreement { supplierId: SupplierId, jws: string }

/** The division of shares that an agreement states, unverified. */
export function sharesIn ({ jws }: SignedAgreement): ConsortiumShare[] {
  return (parseJws(jws, 'bongin-consortium').payload as { members?: ConsortiumShare[] }).members ?? []
}

/** As an envelope lists them; what is given may stand in any order. */
function leaderFirst (members: readonly ConsortiumShare[], leaderId: SupplierId): ConsortiumShare[] {
  const isLeader = ({ supplierId }: ConsortiumShare): boolean => supplierId === leaderId
  return [...members.filter(isLeader), ...members.filter((member) => !isLeader(member))]
}
