/**
 * Publication: the server says exactly what would be published, the executing officer signs just that, and the server
 * publishes it only when it would still say the same. The same two steps publish a change notice (변경공고): new terms
 * supersede the bids sealed to the old ones, a moved schedule alone supersedes nothing.
 */
import { equalBytes, sha256Hex, utf8 } from '../crypto/bytes.ts'
import { canonicalBytes } from '../crypto/canonical-json.ts'
import { MAX_SIGNING_DELAY_MS } from '../crypto/story-bids.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { searchedText, type Notice } from '../domain/notice.ts'
import { assertTransition } from '../domain/tender.ts'
import { parseInstant } from '../domain/time.ts'
import { publishAttachments } from '../storage/attachments.ts'
import { supersedeBids } from '../storage/bids.ts'
import { appendEvent } from '../storage/events.ts'
import { lastActAt } from '../storage/ledger.ts'
import type { Db } from '../storage/prepare.ts'
import { indexTender } from '../storage/search.ts'
import { regionsText } from '../storage/tender-regions.ts'
import { insertNotice, updateTender, type Tender } from '../storage/tenders.ts'
import { touch } from '../storage/touched.ts'
import { buildNotice } from './build-notice.ts'
import { technicalInstant } from './check-draft.ts'
import type { Context, OfficerCaller } from './context.ts'
import { appendLedger } from './ledger.ts'
import { noticeOfJws } from './notice-text.ts'
import { readSignedAct } from './signed-act.ts'
import { requireSeat, requireTender } from './tender-access.ts'

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
