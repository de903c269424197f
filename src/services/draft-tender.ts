/** Drafting a tender, and what a change notice will say; with the draft the platform makes its own part of each joint key. */
import { canonicalJson } from '../crypto/canonical-json.ts'
import type { TenderDraft } from '../domain/draft.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { withNoticeId } from '../domain/form-rules.ts'
import { checkDraft } from '../domain/notice-rules.ts'
import { KST_OFFSET_MS } from '../domain/time.ts'
import { nextNumber } from '../storage/counters.ts'
import type { Db } from '../storage/prepare.ts'
import { putSeats } from '../storage/tender-seats.ts'
import { insertTender, updateTender, type Tender } from '../storage/tenders.ts'
import { checkCeremony, checkChange, checkPrevious, checkReferences, checkTimes } from './check-draft.ts'
import { assertClosingSlot } from './closing-slots.ts'
import type { Context, OfficerCaller } from './context.ts'
import { appendLedger } from './ledger.ts'
import { checkLot, lotColumns } from './lots.ts'
import { makePlatformPart, technicalPart } from './platform-part.ts'
import { requireSeat, requireState, requireTender } from './tender-access.ts'

/**
 * @throws BonginError `rule-set-invalid`, `lot-invalid`, `invalid-*`, `schedule-invalid`, `attachment-unknown`,
 * `not-committee-member`, `tender-state`.
 */
export async function createDraft (context: Context, caller: OfficerCaller, written: TenderDraft): Promise<TenderId> {
  const now = context.clock.now()
  checkDraft(written)
  const times = checkTimes(context, written, now)
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
  checkDraft(draft)
  const times = checkTimes(context, draft, now)
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

function listColumns ({
  title,
  kind,
  method,
  estimatedPriceWon
}: TenderDraft): Pick<TenderDraft, 'title' | 'kind' | 'method' | 'estimatedPriceWon'> {
  return { title, kind, method, estimatedPriceWon }
}

/** Notice numbers as KONEPS writes them: R, two digits of the year (KST), BK, eight digits. */
async function nextTenderId (tx: Db, now: Instant): Promise<TenderId> {
  const year = String(new Date(now + KST_OFFSET_MS).getUTCFullYear() % 100).padStart(2, '0')
  const number = await nextNumber(tx, `tender-${year}`)
  return `R${year}BK${String(number).padStart(8, '0')}` as TenderId
}
