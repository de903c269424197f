/**
 * Publication: the server says exactly what would be published, the executing officer signs just that, and the server
 * publishes it only when it would still say the same. The same two steps publish a change notice (변경공고): new terms
 * supersede the bids sealed to the old ones, a moved schedule alone supersedes nothing.
 */
import { canonicalBytes } from '../crypto/canonical-json.ts'
import { equalBytes, fromBase64url, sha256Hex, toBase64url, utf8 } from '../crypto/bytes.ts'
import { sealedPricesSha256 } from '../crypto/sealed-prices.ts'
import { tenderPublicKey } from '../crypto/tender-key.ts'
import { MAX_SIGNING_DELAY_MS } from '../crypto/story-bids.ts'
import { sealsPrices } from '../domain/draw.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { envelopeKinds, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { PLATFORM_HOLDER_ID, type Instant, type Sha256Hex, type TenderId } from '../domain/ids.ts'
import { searchedText, SUITE_XWING, type Attachment, type JointKey, type KeyHolder, type Notice, type NoticeTerms } from '../domain/notice.ts'
import { checkTerms } from '../domain/notice-rules.ts'
import { ruleSetFor } from '../domain/rule-sets.ts'
import { checkSchedule } from '../domain/schedule.ts'
import { assertTransition } from '../domain/tender.ts'
import { formatKst, parseInstant } from '../domain/time.ts'
import { getAttachment, publishAttachments } from '../storage/attachments.ts'
import { supersedeBids } from '../storage/bids.ts'
import { listContributions } from '../storage/ceremony.ts'
import { appendEvent } from '../storage/events.ts'
import { lastActAt } from '../storage/ledger.ts'
import { getAgency } from '../storage/officers.ts'
import type { Db } from '../storage/prepare.ts'
import { indexTender } from '../storage/search.ts'
import { regionsText } from '../storage/tender-regions.ts'
import { insertNotice, listNotices, updateTender, type Tender } from '../storage/tenders.ts'
import { touch } from '../storage/touched.ts'
import { assertClosingSlot } from './closing-slots.ts'
import type { Context, OfficerCaller } from './context.ts'
import { COMMITTEE_SIZE, contributionMissing } from './contribute-key.ts'
import { technicalInstant } from './draft-tender.ts'
import { appendLedger } from './ledger.ts'
import { checkLot } from './lots.ts'
import { noticeOfJws } from './notice-text.ts'
import { readSignedAct } from './signed-act.ts'
import { requireSeat, requireState, requireTender } from './tender-access.ts'

/** What the officer must sign. @throws BonginError `contribution-missing`, `sealed-prices-missing`, `schedule-invalid`, `tender-state`. */
export async function readNoticeDraft (context: Context, caller: OfficerCaller, tenderId: TenderId): Promise<Notice> {
  const tender = await requireTender(context.db.read, tenderId)
  await requireSeat(context.db.read, tender, caller, 'executing')
  const now = context.clock.now()
  return await buildNotice(context, context.db.read, { tender, publishedAt: now, now })
}

/** @throws BonginError `notice-mismatch`, `signature-invalid` and as `readNoticeDraft`. */
export async function publishNotice (
  context: Context,
  caller: OfficerCaller,
  { tenderId, jws }: { tenderId: TenderId; jws: string }
): Promise<Notice> {
  const now = context.clock.now()
  return await context.db.write(async (tx) => {
    const tender = await requireTender(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    const act = await readSignedAct(tx, { jws, type: 'bongin-notice', caller, now })
    const publishedAt = signedTime(act.payload, now)
    if (publishedAt < (await lastActAt(tx, tenderId))) throw mismatch('/payload/schedule/publishedAt')
    const notice = await buildNotice(context, tx, { tender, publishedAt, now })
    if (!equalBytes(act.payloadBytes, canonicalBytes(notice))) throw mismatch('/payload')
    await storeNotice(tx, { tender, notice, jws, publishedAt, actor: caller.holderId })
    return notice
  })
}

function signedTime (payload: unknown, now: Instant): Instant {
  const text = (payload as { schedule?: { publishedAt?: unknown } }).schedule?.publishedAt
  if (typeof text !== 'string') throw mismatch('/payload/schedule/publishedAt')
  const at = parseInstant(text, '/payload/schedule/publishedAt')
  if (at > now || now - at > MAX_SIGNING_DELAY_MS) throw mismatch('/payload/schedule/publishedAt')
  return at
}

function mismatch (field: string): BonginError {
  return new BonginError('notice-mismatch', {
    field,
    detail: 'This is not what would be published now. Fetch the notice again, read it, and sign that.',
    detailKo: '지금 게시될 공고와 다릅니다. 공고를 다시 받아 확인한 뒤 서명하십시오.'
  })
}

async function buildNotice (
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
  const { schedule } = draft
  checkSchedule({
    now,
    questionsFrom: parseInstant(schedule.questionsFrom, '/schedule/questionsFrom'),
    questionsUntil: parseInstant(schedule.questionsUntil, '/schedule/questionsUntil'),
    closesAt: parseInstant(schedule.closesAt, '/schedule/closesAt'),
    technicalOpensAt: technicalInstant(schedule),
    opensAt: parseInstant(schedule.opensAt, '/schedule/opensAt'),
    twoEnvelopes: draft.technical !== null,
    stepMs: context.policy.scheduleStepMs
  })
  const standingAt = tender.state === 'published' ? tender.closesAt : null
  await assertClosingSlot(context, db, { closesAt: parseInstant(schedule.closesAt), standingAt })
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
    schedule: { publishedAt: formatKst(publishedAt), ...normalTimes(schedule) }
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

async function storeNotice (
  tx: Db,
  { tender, notice, jws, publishedAt, actor }: { tender: Tender; notice: Notice; jws: string; publishedAt: Instant; actor: string }
): Promise<void> {
  const { tenderId } = tender
  const first = tender.revision === null
  if (first) assertTransition(tender.state, 'published')
  const revision = Number(notice.revision)
  const { terms, termsSha256, schedule } = notice
  // From now on its page names this one as the next.
  if (first && tender.previousTenderId !== null) touch(tx, tender.previousTenderId)
  await insertNotice(tx, { tenderId, revision, jws, termsSha256, publishedAt })
  await updateTender(
    tx,
    { tenderId, state: tender.state },
    {
      state: 'published',
      draft: null,
      revision,
      title: terms.title,
      kind: terms.kind,
      method: terms.method,
      estimatedPriceWon: terms.estimatedPriceWon,
      regions: regionsText(terms.eligibility.regions),
      termsSha256,
      publishedAt: tender.publishedAt ?? publishedAt,
      closesAt: parseInstant(schedule.closesAt),
      technicalOpensAt: technicalInstant(schedule),
      opensAt: parseInstant(schedule.opensAt)
    }
  )
  await publishAttachments(
    tx,
    terms.attachments.map(({ sha256 }) => sha256)
  )
  await indexTender(tx, { tenderId, text: searchedText(terms), agencyId: terms.agencyId, kind: terms.kind, method: terms.method })
  const said = { revision: notice.revision, noticeSha256: sha256Hex(utf8(jws)), termsSha256 }
  await appendLedger(tx, { tenderId, at: publishedAt, actor, type: first ? 'published' : 'revised', payload: said })
  for (const bid of await supersedeBids(tx, { tenderId, termsSha256 })) {
    await appendLedger(tx, {
      tenderId,
      at: publishedAt,
      actor,
      type: 'superseded',
      payload: { supplierId: bid.supplierId, envelopeSha256: bid.envelopeSha256 }
    })
  }
  const { closesAt, opensAt } = schedule
  await appendEvent(tx, {
    at: publishedAt,
    type: first ? 'tender.published' : 'tender.revised',
    tenderId,
    data: { title: terms.title, revision: notice.revision, closesAt, opensAt }
  })
  noticeOfJws(jws)
}
