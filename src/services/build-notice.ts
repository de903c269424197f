/** The notice as it would be published now, from the draft, the committee's contributions and the rules in force: what the officer signs. */
import { fromBase64url, sha256Hex, toBase64url } from '../crypto/bytes.ts'
import { canonicalBytes } from '../crypto/canonical-json.ts'
import { sealedPricesSha256 } from '../crypto/sealed-prices.ts'
import { tenderPublicKey } from '../crypto/tender-key.ts'
import { sealsPrices } from '../domain/draw.ts'
import { envelopeKinds, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { PLATFORM_HOLDER_ID, type Instant, type Sha256Hex } from '../domain/ids.ts'
import { SUITE_XWING, type Attachment, type JointKey, type KeyHolder, type Notice, type NoticeTerms } from '../domain/notice.ts'
import { checkTerms } from '../domain/notice-rules.ts'
import { ruleSetFor } from '../domain/rule-sets.ts'
import { formatKst, parseInstant } from '../domain/time.ts'
import { getAttachment } from '../storage/attachments.ts'
import { listContributions } from '../storage/ceremony.ts'
import { getAgency } from '../storage/officers.ts'
import type { Db } from '../storage/prepare.ts'
import { listNotices, type Tender } from '../storage/tenders.ts'
import { checkTimes } from './check-draft.ts'
import { assertClosingSlot } from './closing-slots.ts'
import type { Context } from './context.ts'
import { COMMITTEE_SIZE, contributionMissing } from './contribute-key.ts'
import { checkLot } from './lots.ts'
import { requireState } from './tender-access.ts'

/** @throws BonginError `tender-state`, `schedule-invalid`, `rule-set-invalid`, `lot-invalid`, `contribution-missing`, `sealed-prices-missing`. */
export async function buildNotice (
  context: Context,
  db: Db,
  { tender, publishedAt, now }: { tender: Tender; publishedAt: Instant; now: Instant }
): Promise<Notice> {
  requireState(tender, 'draft', 'published')
  const { draft } = tender
  if (draft === null || (tender.state === 'published' && now >= tender.closesAt)) {
    throw new BonginError('tender-state', {
      detail: 'There is no change to publish, or the deadline has passed.',
      detailKo: '게시할 변경 사항이 없거나 마감되었습니다.',
      extra: { state: tender.state }
    })
  }
  const { closesAt } = checkTimes(context, draft, now)
  const standingAt = tender.state === 'published' ? tender.closesAt : null
  await assertClosingSlot(context, db, { closesAt, standingAt })
  if (tender.state === 'draft') await checkLot(db, { tenderId: tender.tenderId, agencyId: tender.agencyId, draft, publishing: true })
  const terms = await buildTerms(db, tender, publishedAt)
  checkTerms(terms)
  const termsSha256 = sha256Hex(canonicalBytes(terms))
  await assertNewTerms(db, tender, termsSha256)
  return {
    v: 1,
    type: 'bongin-notice',
    revision: String(tender.revision === null ? 0 : tender.revision + 1).padStart(3, '0'),
    termsSha256,
    previousTenderId: draft.previousTenderId,
    changeReason: draft.changeReason,
    terms,
    schedule: { publishedAt: formatKst(publishedAt), ...normalTimes(draft.schedule) }
  }
}

/**
 * A change notice keeps the terms in force or brings new ones. Terms that were superseded do not come back: the bids that
 * were sealed to them are void, and would stand in their owners' way.
 */
async function assertNewTerms (db: Db, tender: Tender, termsSha256: Sha256Hex): Promise<void> {
  const earlier = (await listNotices(db, tender.tenderId)).some((notice) => notice.termsSha256 === termsSha256)
  if (!earlier || termsSha256 === tender.termsSha256) return
  throw new BonginError('rule-set-invalid', {
    field: '/changeReason',
    detail: 'These are the terms of an earlier revision, word for word. Change the wording, e.g. of the title.',
    detailKo: '이전 차수와 내용이 완전히 같습니다. 공고명 등 문구를 달리하여 변경하십시오.'
  })
}

/** One instant, one spelling. */
function normalTimes<Times extends Record<keyof Times, string | null>> (times: Times): Times {
  const normal = ([name, text]: [string, string | null]): [string, string | null] =>
    [name, text === null ? null : formatKst(parseInstant(text, `/schedule/${name}`))]
  return Object.fromEntries(Object.entries<string | null>(times).map(normal)) as Times
}

async function buildTerms (db: Db, tender: Tender, publishedAt: Instant): Promise<NoticeTerms> {
  const { draft, tenderId } = tender
  invariant(draft !== null, 'a notice is made from a draft')
  const agency = await getAgency(db, tender.agencyId)
  const keys = await jointKeys(db, tender)
  const { previousTenderId: _previous, changeReason: _reason, schedule: _schedule, suite: _suite, ...stated } = draft
  const sealedMethod = sealsPrices(draft.price.method)
  if (sealedMethod && tender.sealedPrices === null) {
    throw new BonginError('sealed-prices-missing', {
      detail: "This price method needs the agency's sealed prices before publication.",
      detailKo: '이 예정가격 결정 방법에는 게시 전에 봉인된 예비가격이 필요합니다.'
    })
  }
  return {
    ...stated,
    tenderId,
    rebidRound: tender.rebidRound,
    agencyId: tender.agencyId,
    agencyName: agency?.name ?? '',
    attachments: await describeAttachments(db, draft.attachments),
    price: { ...draft.price, sealedPricesSha256: sealedMethod && tender.sealedPrices !== null ? sealedPricesSha256(tender.sealedPrices) : null },
    ...keys,
    // A tender keeps the rules of its first notice for ever.
    ruleSet: ruleSetFor({ ...draft, noticeAt: tender.publishedAt ?? publishedAt })
  }
}

async function jointKeys (db: Db, tender: Tender): Promise<Pick<NoticeTerms, 'key' | 'technicalKey'>> {
  invariant(tender.draft !== null, 'a notice is made from a draft')
  const key = await jointKey(db, tender, 'price')
  const technicalKey = envelopeKinds(tender.draft).includes('technical') ? await jointKey(db, tender, 'technical') : null
  return { key, technicalKey }
}

async function jointKey (db: Db, tender: Tender, kind: EnvelopeKind): Promise<JointKey> {
  invariant(tender.draft !== null, 'a notice is made from a draft')
  const contributions = (await listContributions(db, tender.tenderId)).filter(({ envelope }) => envelope === kind)
  if (contributions.length < COMMITTEE_SIZE) throw contributionMissing()
  const { suite } = tender.draft
  const [point, proof, mlKemKey] = kind === 'price'
    ? [tender.platformPoint, tender.platformProof, tender.platformMlKemKey]
    : [tender.technicalPoint, tender.technicalProof, tender.technicalMlKemKey]
  invariant(point !== null && proof !== null && mlKemKey !== null, 'the platform has its part of every key that the draft calls for')
  const holders: KeyHolder[] = [
    { holderId: PLATFORM_HOLDER_ID, role: 'platform', point, proof },
    ...contributions.map(({ holderId, role, point, proof }) => ({ holderId, role, point, proof }))
  ]
  const publicKey = tenderPublicKey({
    points: holders.map(({ point }) => fromBase64url(point)),
    mlKemKey: suite === SUITE_XWING ? fromBase64url(mlKemKey) : null
  })
  return { suite, holders, publicKey: toBase64url(publicKey) }
}

async function describeAttachments (db: Db, named: ReadonlyArray<Pick<Attachment, 'name' | 'sha256'>>): Promise<Attachment[]> {
  const described: Attachment[] = []
  for (const { name, sha256 } of named) {
    const stored = await getAttachment(db, sha256)
    invariant(stored !== null, 'a draft names stored attachments')
    described.push({ name, sha256, sizeBytes: stored.sizeBytes })
  }
  return described
}
