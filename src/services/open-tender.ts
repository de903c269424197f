/**
 * The opening of prices (개찰). Once the committee's seeds are in and the clock has released the platform's, the pure
 * `computeOpening` makes the record from committed inputs; this use case gathers them and stores what comes out. Where
 * proposals are evaluated, nothing is released before that result is signed, and only the prices of those that pass.
 * It may be started any number of times and by anybody: only the first result is stored, and any other would be the same.
 */
import { streamOpening, type StreamedOpening } from '../crypto/opening.ts'
import { unwrapSecret } from '../crypto/secret-wrap.ts'
import { invariant } from '../domain/errors.ts'
import { PLATFORM_HOLDER_ID, type TenderId } from '../domain/ids.ts'
import { listDue, type Tender } from '../storage/tenders.ts'
import { MAX_DUE } from './close-tender.ts'
import type { Context } from './context.ts'
import { seedContext } from './platform-part.ts'
import { eachDue } from './each-due.ts'
import { failTender } from './fail-tender.ts'
import { currentNotice } from './notice-text.ts'
import { closingOf } from './opening-input.ts'
import { storedSlices } from './stored-slices.ts'
import { isPriceKeyDue, revealedSeeds } from './reveals.ts'
import { technicalOutcome } from './technical/evaluation.ts'
import { storeOpening } from './store-opening.ts'
import { requireTender } from './tender-access.ts'
import { turn } from './turn.ts'

/** Openings under way in this process, so that two triggers do not decrypt twice. */
const running = new Map<TenderId, Promise<boolean>>()

/** Opens every tender whose time has come and whose holders have revealed; fails those that nobody bid for. */
export async function openDueTenders (context: Context): Promise<void> {
  const now = context.clock.now()
  // All of them, page by page: those that wait for their holders must not keep the others from being looked at.
  for (let due: Tender[] = [], isFirst = true; isFirst || due.length === MAX_DUE; isFirst = false) {
    due = await listDue(context.db.read, { state: 'closed', now, limit: MAX_DUE, after: due.at(-1) })
    await eachDue(context, 'opening', due, async ({ tenderId, closingSize }) => {
      if (closingSize === 0) await failWithoutBids(context, tenderId)
      else await openIfReady(context, tenderId)
    })
  }
}

/** True when the tender was opened now; false when seeds are missing, it is early, or it was opened before. */
export async function openIfReady (context: Context, tenderId: TenderId): Promise<boolean> {
  const under = running.get(tenderId)
  if (under !== undefined) return await under
  const run = openNow(context, tenderId).finally(() => {
    running.delete(tenderId)
  })
  running.set(tenderId, run)
  return await run
}

async function openNow (context: Context, tenderId: TenderId): Promise<boolean> {
  const tender = await requireTender(context.db.read, tenderId)
  if (tender.state !== 'closed' || context.clock.now() < tender.opensAt || !(await isPriceKeyDue(context.db.read, tender))) return false
  const committee = await revealedSeeds(context, tenderId, 'price')
  if (committee === null) return false
  const platformSeed = unwrapSecret({ kek: context.kek, wrapped: tender.platformSeedWrapped, context: seedContext(tenderId) })
  const seeds = new Map([...committee, [PLATFORM_HOLDER_ID, platformSeed]])
  const input = await gatherInput(context, tender, seeds)
  const computed = await streamOpening(input, { signal: context.stopping, onProgress: context.progress.of(tenderId, input.closing.size), turn })
  await turn()
  return await storeOpening(context, tender, { computed, terms: input.terms })
}

async function gatherInput (context: Context, tender: Tender, seeds: Map<string, Uint8Array>): Promise<StreamedOpening> {
  const db = context.db.read
  const { terms, termsSha256 } = await currentNotice(db, tender.tenderId)
  return {
    terms,
    termsSha256,
    closing: closingOf(tender),
    slices: await storedSlices(db, {
      tenderId: tender.tenderId, databasePath: context.db.path, threads: context.threads, prepared: context.prepared.take(tender)
    }),
    sealedPrices: tender.sealedPrices,
    technical: await technicalOutcome(db, tender),
    holderSeeds: terms.key.holders.map(({ holderId }) => {
      const seed = seeds.get(holderId)
      invariant(seed !== undefined, 'every holder has revealed')
      return { holderId, seed }
    })
  }
}

async function failWithoutBids (context: Context, tenderId: TenderId): Promise<void> {
  await context.db.write(async (tx) => {
    const at = context.clock.now()
    const tender = await requireTender(tx, tenderId)
    if (tender.state === 'closed' && tender.closingSize === 0 && at >= tender.opensAt) await failTender(tx, { tenderId, at, reason: 'no-bids' })
  })
}
