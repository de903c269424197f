/**
 * The technical opening: from its time on, once the committee's technical seeds are in, the clock releases the platform's
 * and the proposals are opened. What is stored and committed to is their digests; the proposals are opened again for whoever
 * may read them, and lie nowhere in the clear. Where nothing is left to evaluate, the tender fails.
 */
import { sha256Hex } from '../../crypto/bytes.ts'
import type { OpeningOptions } from '../../crypto/opening.ts'
import { unwrapSecret } from '../../crypto/secret-wrap.ts'
import { computeTechnicalOpening, technicalOpeningBytes, type OpenedTechnical } from '../../crypto/technical-opening.ts'
import { invariant } from '../../domain/errors.ts'
import { PLATFORM_HOLDER_ID, type TenderId } from '../../domain/ids.ts'
import { insertReveal } from '../../storage/ceremony.ts'
import { appendEvent } from '../../storage/events.ts'
import { getTechnicalOpening, insertTechnicalOpening } from '../../storage/technical.ts'
import { listTechnicalDue, type Tender } from '../../storage/tenders.ts'
import { CLOCK_ACTOR, MAX_DUE } from '../close-tender.ts'
import type { Context } from '../context.ts'
import { seedContext } from '../platform-part.ts'
import { failTender } from '../fail-tender.ts'
import { appendLedger } from '../ledger.ts'
import { eachDue } from '../each-due.ts'
import { currentNotice } from '../notice-text.ts'
import { closingOf, openingLeaves } from '../opening-input.ts'
import { revealedSeeds } from '../reveals.ts'
import { requireTender } from '../tender-access.ts'
import { turn } from '../turn.ts'

/** Why a tender fails whose proposals are all void or below the pass mark. */
export const TECHNICAL_ALL_FAILED = 'technical-all-failed'

/** Openings under way in this process, so that two triggers do not decrypt twice. */
const running = new Map<TenderId, Promise<boolean>>()

/** Opens the proposals of every tender whose time has come and whose holders have revealed. */
export async function openDueTechnical (context: Context): Promise<void> {
  const due = await listTechnicalDue(context.db.read, { now: context.clock.now(), limit: MAX_DUE })
  const withBids = due.filter(({ closingSize }) => closingSize !== 0)
  await eachDue(context, 'technical opening', withBids, async ({ tenderId }) => await openTechnicalIfReady(context, tenderId))
}

/** True when the proposals were opened now; false when seeds are missing, it is early, or they were opened before. */
export async function openTechnicalIfReady (context: Context, tenderId: TenderId): Promise<boolean> {
  const under = running.get(tenderId)
  if (under !== undefined) return await under
  const run = openNow(context, tenderId).finally(() => { running.delete(tenderId) })
  running.set(tenderId, run)
  return await run
}

async function openNow (context: Context, tenderId: TenderId): Promise<boolean> {
  const tender = await requireTender(context.db.read, tenderId)
  const { technicalOpensAt, state } = tender
  if (state !== 'closed' || technicalOpensAt === null || context.clock.now() < technicalOpensAt) return false
  if ((await getTechnicalOpening(context.db.read, tenderId)) !== null) return false
  const onProgress = context.progress.of(tenderId, closingOf(tender).size)
  const opened = await openProposals(context, tender, { signal: context.stopping, onProgress })
  return opened !== null && await storeOpening(context, tender, opened)
}

/** The proposals, or null while the committee's seeds are not all in. Costs some 50 µs a bid, in turns. */
export async function openProposals (context: Context, tender: Tender, options: OpeningOptions = {}): Promise<OpenedTechnical | null> {
  const { tenderId, technicalSeedWrapped } = tender
  const committee = await revealedSeeds(context, tenderId, 'technical')
  if (committee === null) return null
  invariant(technicalSeedWrapped !== null, 'the platform has its part of the technical key')
  const platformSeed = unwrapSecret({ kek: context.kek, wrapped: technicalSeedWrapped, context: seedContext(tenderId, 'technical') })
  const { terms, termsSha256 } = await currentNotice(context.db.read, tenderId)
  return await computeTechnicalOpening({
    terms,
    termsSha256,
    closing: closingOf(tender),
    slices: openingLeaves(context.db.read, tenderId),
    holderSeeds: [...committee, [PLATFORM_HOLDER_ID, platformSeed] as const].map(([holderId, seed]) => ({ holderId, seed }))
  }, { ...options, turn })
}

async function storeOpening (context: Context, { tenderId, technicalSeedWrapped }: Tender, { opening }: OpenedTechnical): Promise<boolean> {
  const bytes = technicalOpeningBytes(opening)
  const sha256 = sha256Hex(bytes)
  const envelope = 'technical'
  return await context.db.write(async (tx) => {
    const at = context.clock.now()
    invariant(technicalSeedWrapped !== null, 'the platform has its part of the technical key')
    if ((await requireTender(tx, tenderId)).state !== 'closed' || (await getTechnicalOpening(tx, tenderId)) !== null) return false
    await insertReveal(tx, { tenderId, holderId: PLATFORM_HOLDER_ID, envelope, via: 'clock', seedWrapped: technicalSeedWrapped, revealedAt: at })
    await appendLedger(tx, { tenderId, at, actor: CLOCK_ACTOR, type: 'revealed', payload: { envelope, holderId: PLATFORM_HOLDER_ID, via: 'clock' } })
    await insertTechnicalOpening(tx, { tenderId, record: new TextDecoder().decode(bytes), sha256, openedAt: at })
    await appendLedger(tx, { tenderId, at, actor: CLOCK_ACTOR, type: 'technical-opened', payload: { technicalOpeningSha256: sha256 } })
    await appendEvent(tx, { at, type: 'tender.technical-opened', tenderId, data: { technicalOpeningSha256: sha256 } })
    if (opening.proposals.every(({ voidReason }) => voidReason !== null)) await failTender(tx, { tenderId, at, reason: TECHNICAL_ALL_FAILED })
    return true
  })
}
