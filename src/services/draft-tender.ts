/**
 * Drafting: everything impossible is refused here, never at the opening. With the draft the platform makes its own part
 * of each joint key; its seeds leave this file only wrapped by the key-encryption key.
 */
import { randomBytes } from 'node:crypto'
import { toBase64url } from '../crypto/bytes.ts'
import { canonicalJson } from '../crypto/canonical-json.ts'
import { makeHolderKey, provePossession } from '../crypto/joint-key.ts'
import { mlKemPublicKey, mlKemSeed } from '../crypto/ml-kem.ts'
import { wrapSecret } from '../crypto/secret-wrap.ts'
import type { TenderDraft } from '../domain/draft.ts'
import { keyContext, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError } from '../domain/errors.ts'
import { PLATFORM_HOLDER_ID, type Instant, type TenderId } from '../domain/ids.ts'
import { withNoticeId } from '../domain/form-rules.ts'
import { checkDraft } from '../domain/notice-rules.ts'
import { checkSchedule } from '../domain/schedule.ts'
import { KST_OFFSET_MS, parseInstant } from '../domain/time.ts'
import { getAttachment } from '../storage/attachments.ts'
import { listContributions } from '../storage/ceremony.ts'
import { nextNumber } from '../storage/counters.ts'
import { getOfficers } from '../storage/officers.ts'
import type { Db } from '../storage/prepare.ts'
import { putSeats } from '../storage/tender-seats.ts'
import { insertTender, updateTender, type Tender } from '../storage/tenders.ts'
import { assertClosingSlot } from './closing-slots.ts'
import type { Context, OfficerCaller } from './context.ts'
import { appendLedger } from './ledger.ts'
import { checkLot, lotColumns } from './lots.ts'
import { currentNotice } from './notice-text.ts'
import { requireSeat, requireState, requireTender } from './tender-access.ts'

/** What a wrapped platform seed is bound to, so that one key's cannot be put in another's place. */
export function seedContext (tenderId: TenderId, kind: EnvelopeKind = 'price'): string {
  return `bongin tender seed v1/${keyContext(tenderId, kind)}`
}

interface PlatformPart { point: string, proof: string, mlKemKey: string, seedWrapped: string }

/**
 * The platform's part of a new key; with its ML-KEM key, whatever suite the draft will end with: the seed is not unwrapped
 * again before the opening.
 */
function makePlatformPart (context: Context, tenderId: TenderId, kind: EnvelopeKind): PlatformPart {
  const seed = randomBytes(32)
  const keyId = keyContext(tenderId, kind)
  return {
    point: toBase64url(makeHolderKey(seed).point),
    proof: toBase64url(provePossession({ seed, tenderId: keyId, holderId: PLATFORM_HOLDER_ID })),
    mlKemKey: toBase64url(mlKemPublicKey(mlKemSeed({ platformSeed: seed, keyId }))),
    seedWrapped: wrapSecret({ kek: context.kek, secret: seed, context: seedContext(tenderId, kind) })
  }
}

/** Columns of the technical key, where this draft is the first to need one. */
function technicalPart (context: Context, { tenderId, draft, has }: { tenderId: TenderId, draft: TenderDraft, has: boolean }):
Partial<Pick<Tender, 'technicalPoint' | 'technicalProof' | 'technicalMlKemKey' | 'technicalSeedWrapped'>> {
  if (draft.technical === null || has) return {}
  const { point, proof, mlKemKey, seedWrapped } = makePlatformPart(context, tenderId, 'technical')
  return { technicalPoint: point, technicalProof: proof, technicalMlKemKey: mlKemKey, technicalSeedWrapped: seedWrapped }
}

/**
 * @throws BonginError `rule-set-invalid`, `lot-invalid`, `invalid-*`, `schedule-invalid`, `attachment-unknown`,
 * `not-committee-member`, `tender-state`.
 */
export async function createDraft (context: Context, caller: OfficerCaller, written: TenderDraft): Promise<TenderId> {
  const now = context.clock.now()
  const times = checkedTimes(context, written, now)
  return await context.db.write(async (tx) => {
    const officer = await checkReferences(tx, caller, written)
    await assertClosingSlot(context, tx, { closesAt: times.closesAt, standingAt: null })
    const rebidRound = await checkPrevious(tx, written)
    const tenderId = await nextTenderId(tx, now)
    const draft = withNoticeId(written, tenderId)
    await checkLot(tx, { tenderId, agencyId: officer.agencyId, draft })
    const { point, proof, mlKemKey, seedWrapped } = makePlatformPart(context, tenderId, 'price')
    await insertTender(tx, {
      tenderId,
      agencyId: officer.agencyId,
      createdBy: caller.holderId,
      createdAt: now,
      state: 'draft',
      draft,
      ...listColumns(draft),
      ...times,
      rebidRound,
      previousTenderId: draft.previousTenderId,
      ...lotColumns(draft),
      platformPoint: point,
      platformProof: proof,
      platformMlKemKey: mlKemKey,
      platformSeedWrapped: seedWrapped,
      ...technicalPart(context, { tenderId, draft, has: false })
    })
    await putSeats(tx, tenderId, draft.committee)
    await appendLedger(tx, { tenderId, at: now, actor: caller.holderId, type: 'drafted', payload: {} })
    return tenderId
  })
}

/**
 * Replaces the draft; on a published tender, stores what the next change notice will say. The committee and the price
 * method stay as published: the joint key and the sealed prices belong to them.
 * @throws BonginError as `createDraft`.
 */
export async function updateDraft (
  context: Context,
  caller: OfficerCaller,
  { tenderId, draft: written }: { tenderId: TenderId; draft: TenderDraft }
): Promise<Tender['state']> {
  const now = context.clock.now()
  const draft = withNoticeId(written, tenderId)
  const times = checkedTimes(context, draft, now)
  return await context.db.write(async (tx) => {
    const tender = await requireTender(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    requireState(tender, 'draft', 'published')
    await checkReferences(tx, caller, draft)
    await assertClosingSlot(context, tx, { closesAt: times.closesAt, standingAt: tender.state === 'published' ? tender.closesAt : null })
    if (tender.state === 'draft') {
      await checkLot(tx, { tenderId, agencyId: tender.agencyId, draft })
      await checkCeremony(tx, tender, draft)
      const previous = { previousTenderId: draft.previousTenderId, rebidRound: await checkPrevious(tx, draft) }
      // Prices were sealed for the price terms and the suite that they were made under; for others they must be sealed anew.
      const samePrice = canonicalJson(tender.draft?.price ?? null) === canonicalJson(draft.price) && tender.draft?.suite === draft.suite
      const sealedPrices = samePrice ? tender.sealedPrices : null
      const technical = technicalPart(context, { tenderId, draft, has: tender.technicalSeedWrapped !== null })
      await putSeats(tx, tenderId, draft.committee)
      await updateTender(tx, { tenderId, state: 'draft' }, { draft, ...listColumns(draft), ...lotColumns(draft), ...times, ...previous, sealedPrices, ...technical })
    } else {
      if (now >= tender.closesAt) requireState({ ...tender, state: 'closed' }, 'published')
      await checkChange(tx, tender, draft)
      await updateTender(tx, { tenderId, state: 'published' }, { draft })
    }
    return tender.state
  })
}

function checkedTimes (context: Context, draft: TenderDraft, now: Instant): Pick<Tender, 'closesAt' | 'technicalOpensAt' | 'opensAt'> {
  checkDraft(draft)
  const { schedule } = draft
  const closesAt = parseInstant(schedule.closesAt, '/schedule/closesAt')
  const opensAt = parseInstant(schedule.opensAt, '/schedule/opensAt')
  const technicalOpensAt = technicalInstant(schedule)
  checkSchedule({
    now,
    questionsFrom: parseInstant(schedule.questionsFrom, '/schedule/questionsFrom'),
    questionsUntil: parseInstant(schedule.questionsUntil, '/schedule/questionsUntil'),
    closesAt,
    technicalOpensAt,
    opensAt,
    twoEnvelopes: draft.technical !== null,
    stepMs: context.policy.scheduleStepMs
  })
  return { closesAt, technicalOpensAt, opensAt }
}

/** @throws BonginError `invalid-time`. */
export function technicalInstant ({ technicalOpensAt }: Pick<TenderDraft['schedule'], 'technicalOpensAt'>): Instant | null {
  return technicalOpensAt === null ? null : parseInstant(technicalOpensAt, '/schedule/technicalOpensAt')
}

function listColumns ({
  title,
  kind,
  method,
  estimatedPriceWon
}: TenderDraft): Pick<TenderDraft, 'title' | 'kind' | 'method' | 'estimatedPriceWon'> {
  return { title, kind, method, estimatedPriceWon }
}

/** Everybody and everything that the draft names exists and may do its part. */
async function checkReferences (tx: Db, caller: OfficerCaller, draft: TenderDraft): Promise<{ agencyId: Tender['agencyId'] }> {
  const { executing, witness, recovery } = draft.committee
  const seats = [
    { id: executing, role: 'executing' as const, field: '/committee/executing' },
    { id: witness, role: 'witness' as const, field: '/committee/witness' },
    ...recovery.map((id, i) => ({ id, role: 'audit' as const, field: `/committee/recovery/${i}` }))
  ]
  const officers = await getOfficers(
    tx,
    seats.map(({ id }) => id)
  )
  for (const { id, role, field } of seats) {
    const officer = officers.find(({ officerId }) => officerId === id)
    if (officer === undefined || !officer.roles.includes(role) || officer.encryptionKeyJws === null) {
      throw new BonginError('rule-set-invalid', {
        field,
        detail: `There is no officer ${id} with the role "${role}" and a published encryption key.`,
        detailKo: `"${role}" 역할과 공개된 암호화 키를 가진 담당관 ${id}이(가) 없습니다.`
      })
    }
  }
  const own = officers.find(({ officerId }) => officerId === caller.holderId)
  if (own === undefined || executing !== caller.holderId) {
    throw new BonginError('not-committee-member', {
      field: '/committee/executing',
      detail: 'The executing officer drafts the tender itself.',
      detailKo: '입찰집행관 본인이 공고를 작성해야 합니다.'
    })
  }
  for (const [i, { sha256 }] of draft.attachments.entries()) {
    if ((await getAttachment(tx, sha256)) !== null) continue
    throw new BonginError('attachment-unknown', {
      field: `/attachments/${i}/sha256`,
      detail: 'Upload the attachment first.',
      detailKo: '첨부 파일을 먼저 올리십시오.'
    })
  }
  return own
}

/** A re-notice or re-bid takes up a tender that failed. Returns its round. */
async function checkPrevious (tx: Db, draft: TenderDraft): Promise<number> {
  if (draft.previousTenderId === null) return 0
  const previous = await requireTender(tx, draft.previousTenderId)
  if (previous.state === 'failed' || previous.state === 'cancelled') return previous.rebidRound + 1
  throw new BonginError('tender-state', {
    field: '/previousTenderId',
    detail: 'Only a failed or cancelled tender can be taken up again.',
    detailKo: '유찰되었거나 취소된 공고만 다시 공고할 수 있습니다.',
    extra: { state: previous.state }
  })
}

/** A contribution names its committee's shares and is for one key, so committee and keys stand once somebody has contributed. */
async function checkCeremony (tx: Db, tender: Tender, draft: TenderDraft): Promise<void> {
  const sameCommittee = canonicalJson(tender.draft?.committee ?? null) === canonicalJson(draft.committee)
  const sameKeys = (tender.draft?.technical === null) === (draft.technical === null)
  if (sameCommittee && sameKeys) return
  if ((await listContributions(tx, tender.tenderId)).length === 0) return
  throw new BonginError('contribution-exists', {
    field: sameCommittee ? '/technical' : '/committee',
    detail: 'A member has contributed to the key already. Make a new draft for another committee, or for other envelopes.',
    detailKo: '이미 키가 제출되어 집행위원이나 봉투 구성을 바꿀 수 없습니다. 새 공고를 작성하십시오.'
  })
}

async function checkChange (tx: Db, tender: Tender, draft: TenderDraft): Promise<void> {
  const { terms } = await currentNotice(tx, tender.tenderId)
  const fixed: Array<[string, unknown, unknown]> = [
    ['/committee', canonicalJson(draft.committee), canonicalJson(terms.committee)],
    ['/suite', draft.suite, terms.key.suite],
    ['/price/method', draft.price.method, terms.price.method],
    ['/price/decimals', draft.price.decimals, terms.price.decimals],
    ['/technical', draft.technical === null, terms.technical === null],
    ['/lot', canonicalJson(draft.lot), canonicalJson(terms.lot)],
    ['/previousTenderId', draft.previousTenderId, tender.previousTenderId]
  ]
  const changed = fixed.find(([, now, before]) => now !== before)
  const field = changed?.[0] ?? (draft.changeReason.trim() === '' ? '/changeReason' : null)
  if (field === null) return
  throw new BonginError('rule-set-invalid', {
    field,
    detail: 'A change notice needs a reason and keeps the committee, the suite, the price method and its decimals, the envelopes, the lot and the tender it follows.',
    detailKo: '변경공고에는 사유가 필요하며, 집행위원, 암호 방식, 예정가격 결정 방법과 금액의 소수 자릿수, 봉투 구성, 분류와 이전 공고는 바꿀 수 없습니다.'
  })
}

/** Notice numbers as KONEPS writes them: R, two digits of the year (KST), BK, eight digits. */
async function nextTenderId (tx: Db, now: Instant): Promise<TenderId> {
  const year = String(new Date(now + KST_OFFSET_MS).getUTCFullYear() % 100).padStart(2, '0')
  const number = await nextNumber(tx, `tender-${year}`)
  return `R${year}BK${String(number).padStart(8, '0')}` as TenderId
}
