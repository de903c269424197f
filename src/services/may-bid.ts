/**
 * Who may bid (참가 자격): nobody who is suspended, and only whom the notice lets in. Of a consortium every member is registered,
 * free to bid and has signed that it takes part; the leader's region counts, and one member's line of business is enough.
 * That a member stands in another bid too is no reason to refuse here: the answer would tell one rival of another. The opening
 * makes both void.
 */
import { placed, readAgreements, within } from '../crypto/consortium.ts'
import { verifyJws } from '../crypto/jws-verify.ts'
import { checkConsortium, jointBidInvalid } from '../domain/consortium.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, SupplierId } from '../domain/ids.ts'
import type { NoticeTerms } from '../domain/notice.ts'
import { formatKst } from '../domain/time.ts'
import type { Db } from '../storage/prepare.ts'
import { getSupplier, suspendedUntil, type Supplier } from '../storage/suppliers.ts'
import type { CheckedBid } from './bid-checks.ts'
import { certifiedKey } from './certified-key.ts'

const CONSORTIUM = '/payload/consortium'

/** @throws BonginError `supplier-suspended`, `supplier-ineligible`, `joint-bid-invalid`, `signature-invalid`, `certificate-*`. */
export async function assertMayBid (tx: Db, { payload, terms, at }: { payload: CheckedBid['payload'], terms: NoticeTerms, at: Instant }): Promise<void> {
  const { supplierId } = payload
  await assertNotSuspended(tx, { supplierId, at, field: undefined })
  const partners = await partnersOf(tx, { payload, terms, at })
  if (letsEverybodyIn(terms)) return
  const own = await getSupplier(tx, supplierId)
  assertEligible(terms, own, [...(own === null ? [] : [own]), ...partners])
}

function letsEverybodyIn ({ eligibility: { linesOfBusiness, regions } }: NoticeTerms): boolean {
  return linesOfBusiness.length === 0 && regions.length === 0
}

/** The members beside the leader; none for a single supplier. */
async function partnersOf (tx: Db, { payload, terms, at }: { payload: CheckedBid['payload'], terms: NoticeTerms, at: Instant }): Promise<Supplier[]> {
  const { consortium, supplierId: leaderId, tenderId } = payload
  if (consortium === undefined) return []
  const agreements = within(CONSORTIUM, () => {
    checkConsortium({ members: consortium.members, leaderId, rule: terms.jointBids })
    return readAgreements({ ...consortium, tenderId, leaderId })
  })
  const partners: Supplier[] = []
  for (const { index, supplierId, jws } of agreements) {
    const member = `${CONSORTIUM}/members/${index}`
    const partner = await getSupplier(tx, supplierId)
    if (partner === null) throw jointBidInvalid(`${member}/supplierId`, `${supplierId} is not registered.`, `${supplierId}은(는) 등록되지 않은 업체입니다.`)
    await assertNotSuspended(tx, { supplierId, at, field: `${member}/supplierId` })
    await verifyAgreement(tx, { jws, supplierId, at }).catch((error: unknown) => { throw placed(`${member}/agreement`, error) })
    partners.push(partner)
  }
  return partners
}

async function verifyAgreement (tx: Db, { jws, supplierId, at }: {
  jws: ReturnType<typeof readAgreements>[number]['jws'], supplierId: SupplierId, at: Instant
}): Promise<void> {
  if (jws.thumbprint === null) throw jointBidInvalid('', 'An agreement is signed with a certificate.', '공동수급협정에는 인증서 서명이 필요합니다.')
  const { kind, holderId, publicKey } = await certifiedKey(tx, jws.thumbprint, at)
  if (kind !== 'supplier' || holderId !== supplierId) {
    throw jointBidInvalid('', `Signed by ${holderId}, where ${supplierId} must agree.`, `${supplierId}이(가) 아닌 ${holderId}이(가) 서명한 협정입니다.`)
  }
  verifyJws(jws, publicKey)
}

async function assertNotSuspended (tx: Db, { supplierId, at, field }: {
  supplierId: SupplierId, at: Instant, field: string | undefined
}): Promise<void> {
  const until = await suspendedUntil(tx, supplierId, at)
  if (until === null) return
  throw new BonginError('supplier-suspended', {
    ...(field === undefined ? {} : { field }),
    detail: field === undefined ? 'You are suspended from bidding.' : `${supplierId} is suspended from bidding.`,
    detailKo: field === undefined ? '부정당업자 제재 기간에는 투찰할 수 없습니다.' : `${supplierId}은(는) 부정당업자 제재 기간이라 투찰할 수 없습니다.`,
    extra: { suspendedUntil: formatKst(until) }
  })
}

function assertEligible ({ eligibility: { linesOfBusiness, regions } }: NoticeTerms, leader: Supplier | null, bidders: readonly Supplier[]): void {
  const lineFits = linesOfBusiness.length === 0 ||
    bidders.some(({ profile }) => linesOfBusiness.some((line) => profile.linesOfBusiness.includes(line)))
  const regionFits = regions.length === 0 || (leader !== null && regions.includes(leader.profile.region))
  if (lineFits && regionFits) return
  throw new BonginError('supplier-ineligible', {
    field: lineFits ? '/profile/region' : '/profile/linesOfBusiness',
    detail: lineFits ? 'This tender is for suppliers of other regions.' : 'This tender needs a line of business that you have not registered.',
    detailKo: lineFits ? '지역 제한으로 참가할 수 없는 공고입니다.' : '이 공고에 필요한 업종이 등록되어 있지 않습니다.'
  })
}
