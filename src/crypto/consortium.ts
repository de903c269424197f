/**
 * Who bids together (공동수급협정): the members of a joint bid as its envelope names them. Every member but the leader has signed
 * an agreement that says exactly the same, so that nobody can name a rival in order to make its bid void. The leader signs
 * the envelope itself. An agreement binds to the tender, not to its terms: a change notice leaves it standing. Runs in a browser.
 */
import { jointBidInvalid, type ConsortiumShare } from '../domain/consortium.ts'
import { BonginError } from '../domain/errors.ts'
import { MAX_CONSORTIUM } from '../domain/form-rules.ts'
import { SUPPLIER_ID_PATTERN, type SupplierId, type TenderId } from '../domain/ids.ts'
import { canonicalJson } from './canonical-json.ts'
import { parseJws, signJws, type ParsedJws, type Signer } from './jws.ts'

/** `agreement` is the member's own JWS; null for the leader. */
export interface ConsortiumMember extends ConsortiumShare { agreement: string | null }
/** The leader first. */
export interface Consortium { members: ConsortiumMember[] }

/** What a member agrees to. */
export interface ConsortiumTerms { tenderId: TenderId, leaderId: SupplierId, members: readonly ConsortiumShare[] }

/** Ten members with RSA-4096 signatures stay far below. */
const MAX_AGREEMENT_LENGTH = 4096
const SUPPLIER_ID = new RegExp(SUPPLIER_ID_PATTERN)
const MEMBER_COUNT = 3

/** The payload of a `bongin-consortium` statement. */
export function agreementPayload ({ tenderId, leaderId, members }: ConsortiumTerms): object {
  const shares = members.map(({ supplierId, sharePpm }) => ({ supplierId, sharePpm }))
  return { v: 1, type: 'bongin-consortium', tenderId, leaderId, members: shares }
}

/** The very text that a member signs: whoever signs another one agrees to something else. */
export function agreementText (terms: ConsortiumTerms): string {
  return canonicalJson(agreementPayload(terms))
}

/** A member's consent, signed with its certified key. */
export async function signAgreement (signer: Signer, terms: ConsortiumTerms): Promise<string> {
  return await signJws(signer, 'bongin-consortium', agreementPayload(terms))
}

/** Whether the value has a consortium's form; the rules of the notice are looked at elsewhere. @throws BonginError `envelope-malformed`. */
export function readConsortium (value: unknown, field: string): Consortium {
  const members = isObject(value) && Object.keys(value).length === 1 ? value['members'] : undefined
  if (!Array.isArray(members) || members.length < 1 || members.length > MAX_CONSORTIUM) throw malformed(`${field}/members`)
  members.forEach((member: unknown, i) => { if (!isMember(member, i === 0)) throw malformed(`${field}/members/${i}`) })
  return value as unknown as Consortium
}

function isMember (value: unknown, isLeader: boolean): boolean {
  if (!isObject(value) || Object.keys(value).length !== MEMBER_COUNT) return false
  const { supplierId, sharePpm, agreement } = value
  const agrees = isLeader ? agreement === null : typeof agreement === 'string' && agreement.length <= MAX_AGREEMENT_LENGTH
  return typeof supplierId === 'string' && SUPPLIER_ID.test(supplierId) && Number.isSafeInteger(sharePpm) && agrees
}

function isObject (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A member's consent as it stands in the envelope; its signature is the caller's to check. */
export interface Agreement { index: number, supplierId: SupplierId, jws: ParsedJws }

/**
 * The agreements of all members but the leader, each saying what the envelope says.
 * @throws BonginError `joint-bid-invalid`, or as `parseJws`; the field is a JSON Pointer into the consortium.
 */
export function readAgreements ({ tenderId, leaderId, members }: Consortium & { tenderId: TenderId, leaderId: SupplierId }): Agreement[] {
  const agreed = agreementText({ tenderId, leaderId, members })
  return members.slice(1).map(({ supplierId, agreement }, i) => {
    const index = i + 1
    const field = `/members/${index}/agreement`
    const jws = within(field, () => parseJws(agreement ?? '', 'bongin-consortium'))
    if (canonicalJson(jws.payload) !== agreed) {
      throw jointBidInvalid(field, `The agreement of ${supplierId} is for another tender, leader, or division of shares.`, `${supplierId}의 공동수급협정이 이 입찰의 공고, 대표사 또는 지분과 다릅니다.`)
    }
    return { index, supplierId, jws }
  })
}

/** Refusals of the work come out with this place in front of their field. */
export function within<T> (place: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw placed(place, error)
  }
}

/** The same refusal at `place`; anything else as it is. */
export function placed (place: string, error: unknown): unknown {
  if (!(error instanceof BonginError)) return error
  return new BonginError(error.code, { ...error.context, field: `${place}${error.context.field ?? ''}` })
}

function malformed (field: string): BonginError {
  return new BonginError('envelope-malformed', {
    field,
    detail: 'The consortium in this envelope does not have the form it should.',
    detailKo: '입찰서의 공동수급체 구성이 형식에 맞지 않습니다.'
  })
}
