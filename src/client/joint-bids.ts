/**
 * Joint bids (공동수급): a member signs that it takes part, the leader puts the agreements of all members together. Both check the
 * notice's rules first. Signatures are the server's to check, which knows the certificates of all suppliers. Runs in a browser.
 */
import { canonicalJson } from '../crypto/canonical-json.ts'
import { agreementText, readAgreements, signAgreement, type Consortium, type ConsortiumTerms } from '../crypto/consortium.ts'
import { parseJws } from '../crypto/jws.ts'
import { checkConsortium, jointBidInvalid, type ConsortiumShare } from '../domain/consortium.ts'
import { SUPPLIER_ID_PATTERN, TENDER_ID_PATTERN, type SupplierId, type TenderId } from '../domain/ids.ts'
import { listOf, object, text, whole, type Shape } from '../crypto/record-shape.ts'
import { BonginError } from '../domain/errors.ts'
import { MAX_CONSORTIUM } from '../domain/form-rules.ts'
import { PPM } from '../domain/rounding.ts'
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

/** Whether this member is seen to have agreed to exactly these terms; its signature is the server's to check. */
export function agreementState (terms: ConsortiumTerms, signed: SignedAgreement | undefined): 'signed' | 'differs' | 'missing' {
  if (signed === undefined) return 'missing'
  return canonicalJson(parseJws(signed.jws, 'bongin-consortium').payload) === agreementText(terms) ? 'signed' : 'differs'
}

const supplierText = text({ pattern: SUPPLIER_ID_PATTERN })
const termsShape = object({
  tenderId: text({ pattern: TENDER_ID_PATTERN }),
  leaderId: supplierText,
  members: listOf(object({ supplierId: supplierText, sharePpm: whole(1, PPM) }), { min: 2, max: MAX_CONSORTIUM })
})
const agreementShape = object({ tenderId: text({ pattern: TENDER_ID_PATTERN }), supplierId: supplierText, jws: text() })

/** Of either file; ten members with the longest signatures stay far below. */
export const MAX_JOINT_FILE_BYTES = 64 * 1024

/** The file by which a leader asks its members to agree; the leader stands first. */
export function requestFile ({ tenderId, leaderId, members }: ConsortiumTerms): { name: string, contents: string } {
  return { name: `${tenderId}.joint-bid.json`, contents: fileText({ tenderId, leaderId, members: leaderFirst(members, leaderId) }) }
}

/** The file of a member that agreed, for its leader. */
export function agreementFile ({ tenderId, supplierId, jws }: SignedAgreement & { tenderId: TenderId }): { name: string, contents: string } {
  return { name: `${tenderId}.${supplierId}.agreement.json`, contents: fileText({ tenderId, supplierId, jws }) }
}

const fileText = (value: object): string => `${JSON.stringify(value, null, 2)}\n`

/** What a leader asks for, as its file says it. @throws BonginError `joint-bid-invalid` for any other file. */
export function readRequest (contents: string): ConsortiumTerms {
  const { tenderId, leaderId, members } = readFile<ConsortiumTerms>(contents, termsShape)
  return { tenderId, leaderId, members: leaderFirst(members, leaderId) }
}

/** A member's agreement and what it agrees to, unverified. @throws BonginError `joint-bid-invalid` for any other file. */
export function readAgreement (contents: string): SignedAgreement & { terms: ConsortiumTerms } {
  const { supplierId, jws } = readFile<SignedAgreement>(contents, agreementShape)
  const { tenderId, leaderId, members } = fromFile(() => parseJws(jws, 'bongin-consortium').payload as unknown as ConsortiumTerms)
  return { supplierId, jws, terms: readRequest(JSON.stringify({ tenderId, leaderId, members })) }
}

function readFile<T> (contents: string, shape: Shape): T {
  return fromFile(() => {
    const value: unknown = JSON.parse(contents)
    shape(value, '')
    return value as T
  })
}

function fromFile<T> (read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof BonginError || error instanceof SyntaxError)) throw error
    throw jointBidInvalid('', 'This is not a file of a joint bid that is wanted here.', '여기에 필요한 공동수급 파일이 아닙니다.')
  }
}

/** As an envelope lists them; what is given may stand in any order. */
function leaderFirst (members: readonly ConsortiumShare[], leaderId: SupplierId): ConsortiumShare[] {
  const isLeader = ({ supplierId }: ConsortiumShare): boolean => supplierId === leaderId
  return [...members.filter(isLeader), ...members.filter((member) => !isLeader(member))]
}
