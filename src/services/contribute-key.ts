/**
 * The key ceremony before publication: for each key of the tender every committee member brings its public point with a
 * proof of possession, its seed wrapped to itself, and sealed recovery shares; the agency may add its own sealed prices. No seed and no price
 * ever reaches the server in the clear.
 */
import { fromBase64url, sha256Hex, toBase64url, utf8 } from '../crypto/bytes.ts'
import { parseContribution, type ContributionPayload } from '../crypto/contribution.ts'
import { SUITE_BYTES } from '../crypto/hpke-seal.ts'
import { checkHolder } from '../crypto/joint-key.ts'
import { verifyJws } from '../crypto/jws-verify.ts'
import { SEALED_PRICES_BYTES, sealedPricesSha256 } from '../crypto/sealed-prices.ts'
import { sealsPrices } from '../domain/draw.ts'
import { envelopeKinds, keyContext, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import type { OfficerId, Sha256Hex, TenderId } from '../domain/ids.ts'
import { COMMITTEE_SEATS, SUITE_X25519, type Committee, type CommitteeSeat } from '../domain/notice.ts'
import { insertContribution, listContributions } from '../storage/ceremony.ts'
import { getOfficers } from '../storage/officers.ts'
import type { Db } from '../storage/prepare.ts'
import { updateTender, type Tender } from '../storage/tenders.ts'
import { certifiedKey } from './certified-key.ts'
import type { Context, OfficerCaller } from './context.ts'
import { readOfficer, type OfficerView } from './holders.ts'
import { appendLedger } from './ledger.ts'
import { assertOwnKey } from './signed-act.ts'
import { committeeOf, requireSeat, requireState, requireTender } from './tender-access.ts'

/** Contributions that make a joint key, besides the platform's. */
export const COMMITTEE_SIZE = 2

/** Whether every member has contributed to every key that the draft calls for. */
export async function isCeremonyComplete (db: Db, tender: Tender): Promise<boolean> {
  const contributions = await listContributions(db, tender.tenderId)
  return kindsOf(tender).every((kind) => contributions.filter(({ envelope }) => envelope === kind).length === COMMITTEE_SIZE)
}

function kindsOf ({ draft }: Tender): readonly EnvelopeKind[] {
  invariant(draft !== null, 'keys are made while there is a draft')
  return envelopeKinds(draft)
}

/** Whom a member's shares go to, in order: the other member, then the recovery officers; nobody when too few for the threshold. */
export function shareRecipients (committee: Committee, ownerId: string): OfficerId[] {
  const other = ownerId === committee.executing ? committee.witness : committee.executing
  const recipients = [other, ...committee.recovery]
  return recipients.length >= committee.threshold ? recipients : []
}

/** @throws BonginError `contribution-invalid`, `contribution-exists`, `signature-invalid`, `not-committee-member`, `tender-state`. */
export async function contributeKey (
  context: Context,
  caller: OfficerCaller,
  { tenderId, jws }: { tenderId: TenderId; jws: string }
): Promise<{ complete: boolean }> {
  const { jws: act, payload } = parseContribution(jws)
  const now = context.clock.now()
  return await context.db.write(async (tx) => {
    const tender = await requireTender(tx, tenderId)
    const role = (await requireSeat(tx, tender, caller, 'executing', 'witness')) as 'executing' | 'witness'
    requireState(tender, 'draft')
    assertOwnKey(act, caller)
    verifyJws(act, (await certifiedKey(tx, caller.thumbprint, now)).publicKey)
    checkContribution(payload, { tender, role, committee: await committeeOf(tx, tender), holderId: caller.holderId })
    const { envelope, point, proof } = payload
    if (!(await insertContribution(tx, { tenderId, holderId: caller.holderId, envelope, role, point, proof, jws, contributedAt: now }))) {
      throw new BonginError('contribution-exists', {
        detail: 'You have contributed to this key of the tender before, or this point was used before.',
        detailKo: '이미 이 공고에 키를 제출했거나, 이전에 사용된 키입니다.'
      })
    }
    await appendLedger(tx, {
      tenderId,
      at: now,
      actor: caller.holderId,
      type: 'contributed',
      payload: { envelope, holderId: caller.holderId, jwsSha256: sha256Hex(utf8(jws)) }
    })
    return { complete: await isCeremonyComplete(tx, tender) }
  })
}

function checkContribution (
  payload: ContributionPayload,
  {
    tender,
    role,
    committee,
    holderId
  }: {
    tender: Tender
    role: CommitteeSeat
    committee: Committee
    holderId: string
  }
): void {
  const recipients = shareRecipients(committee, holderId)
  const facts: Array<[string, boolean]> = [
    ['/payload/tenderId', payload.tenderId === tender.tenderId],
    ['/payload/holderId', payload.holderId === holderId],
    ['/payload/role', payload.role === role],
    ['/payload/envelope', kindsOf(tender).includes(payload.envelope)],
    ['/payload/threshold', payload.threshold === committee.threshold],
    ['/payload/shares', payload.shares.length === recipients.length && payload.shares.every((share, i) => share.holderId === recipients[i])]
  ]
  const field = facts.find(([, holds]) => !holds)?.[0]
  if (field !== undefined) {
    throw new BonginError('contribution-invalid', {
      field,
      detail: 'The contribution does not fit this tender, this member or its committee.',
      detailKo: '제출한 키가 이 공고, 담당자 또는 집행위원 구성과 맞지 않습니다.'
    })
  }
  checkHolder({
    point: fromBase64url(payload.point, '/payload/point'),
    proof: fromBase64url(payload.proof, '/payload/proof'),
    tenderId: keyContext(tender.tenderId, payload.envelope),
    holderId
  })
}

/** @throws BonginError `sealed-prices-invalid`, `contribution-missing`, `not-committee-member`, `tender-state`. */
export async function sealAgencyPrices (
  context: Context,
  caller: OfficerCaller,
  { tenderId, enc, ciphertext }: { tenderId: TenderId; enc: string; ciphertext: string }
): Promise<Sha256Hex> {
  const now = context.clock.now()
  const sealed = { enc: toBase64url(fromBase64url(enc, '/enc')), ciphertext: toBase64url(fromBase64url(ciphertext, '/ciphertext')) }
  return await context.db.write(async (tx) => {
    const tender = await requireTender(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    requireState(tender, 'draft')
    const wanted = tender.draft !== null && sealsPrices(tender.draft.price.method)
    const encBytes = SUITE_BYTES[tender.draft?.suite ?? SUITE_X25519].enc
    if (!wanted || fromBase64url(enc).length !== encBytes || fromBase64url(ciphertext).length !== SEALED_PRICES_BYTES) {
      throw new BonginError('sealed-prices-invalid', {
        field: wanted ? '/ciphertext' : '/price/method',
        detail: wanted ? 'Sealed prices have a fixed length.' : "This tender's price method has no sealed prices.",
        detailKo: wanted ? '봉인된 예비가격의 길이가 맞지 않습니다.' : '이 공고의 예정가격 결정 방법에는 봉인된 예비가격이 없습니다.'
      })
    }
    if (!(await isCeremonyComplete(tx, tender))) throw contributionMissing()
    const sha256 = sealedPricesSha256(sealed)
    await updateTender(tx, { tenderId, state: 'draft' }, { sealedPrices: sealed })
    await appendLedger(tx, { tenderId, at: now, actor: caller.holderId, type: 'prices-sealed', payload: { sealedPricesSha256: sha256 } })
    return sha256
  })
}

export function contributionMissing (): BonginError {
  return new BonginError('contribution-missing', {
    detail: "The executing officer and the witness must both contribute to the tender's keys first.",
    detailKo: '입찰집행관과 입회관이 모두 먼저 공고 키를 제출해야 합니다.'
  })
}

export interface Ceremony {
  tender: Tender
  members: Array<OfficerView & { seat: CommitteeSeat }>
  contributions: string[]
}

/** What a member needs for its part, and an audit officer for its shares. @throws BonginError `not-committee-member`. */
export async function readCeremony (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<Ceremony> {
  const db = context.db.read
  const tender = await requireTender(db, tenderId)
  await requireSeat(db, tender, caller, ...COMMITTEE_SEATS)
  const committee = await committeeOf(db, tender)
  const members: Ceremony['members'] = []
  for (const officer of await getOfficers(db, [committee.executing, committee.witness, ...committee.recovery])) {
    const seat = officer.officerId === committee.executing ? 'executing' : officer.officerId === committee.witness ? 'witness' : 'audit'
    members.push({ ...(await readOfficer(context, officer.officerId)), seat })
  }
  return { tender, members, contributions: (await listContributions(db, tenderId)).map(({ jws }) => jws) }
}
