/** A tender from its draft to its opening at a real server, everybody logged in anew, since the clock moves past sessions. */
import { sealFor, submitBid, type Submitted } from '../../src/client/bids.ts'
import { contribute, draftTender, publish, sealAgencyPrices } from '../../src/client/ceremony.ts'
import { reveal, waitForOpening } from '../../src/client/openings.ts'
import type { Picks } from '../../src/domain/bid.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'
import type { Actor, Cast } from './actors.ts'
import type { TestApp } from './build-app.ts'

/** Bounds a wait that ends by itself, also on a machine under ten times its load. */
export const OPENING_TIMEOUT_MS = 60_000

export interface Stage { app: TestApp, cast: Cast }

/** The committee contributes, the executing officer seals the agency's prices where the draft wants some, and publishes. */
export async function publishDraft (stage: Stage, draft: TenderDraft, prices: readonly number[] = []): Promise<TenderId> {
  const { api } = await stage.cast.login(stage.cast.executing)
  const tenderId = await draftTender(api, draft)
  await publishDrafted(stage, tenderId, prices)
  return tenderId
}

export async function publishDrafted ({ app, cast }: Stage, tenderId: TenderId, prices: readonly number[] = []): Promise<void> {
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  for (const { api, identity } of [executing, witness]) await contribute(api, cast.platform, { identity, tenderId, now: app.clock.now() })
  if (prices.length > 0) await sealAgencyPrices(executing.api, cast.platform, { tenderId, prices, now: app.clock.now() })
  await publish(executing.api, cast.platform, { identity: executing.identity, tenderId, now: app.clock.now() })
}

/** Bids as a supplier that logs in for it. */
export async function bidAs ({ app, cast }: Stage, actor: Actor, { tenderId, amountWon, picks = [3, 7], ...more }: {
  tenderId: TenderId, amountWon: number, picks?: Picks | null
} & Pick<Parameters<typeof sealFor>[2], 'unitPricesCenti' | 'consortium' | 'proposal'>): Promise<Submitted> {
  const { api, identity } = await cast.login(actor)
  const bid = { identity, tenderId, content: { amountWon, picks }, now: app.clock.now(), ...more }
  const { envelope } = await sealFor(cast.publicApi, cast.platform, bid)
  return await submitBid(api, cast.platform, envelope)
}

/** Moves the clock to the opening time and has both members reveal. Returns the executing officer, logged in. */
export async function openAt ({ app, cast }: Stage, tenderId: TenderId, opensAt: string): Promise<Actor> {
  app.clock.set(parseInstant(opensAt))
  await app.scheduler.tick()
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  for (const { api, identity } of [executing, witness]) await reveal(api, cast.platform, { identity, tenderId, now: app.clock.now() })
  await waitForOpening(executing.api, tenderId, { timeoutMs: OPENING_TIMEOUT_MS })
  return executing
}

/** Times of a tender that closes at 10:00 and opens at 11:00 of this day. */
export function scheduleOf (day: string): TenderDraft['schedule'] {
  return {
    questionsFrom: `${day}T09:00:00+09:00`,
    questionsUntil: `${day}T09:30:00+09:00`,
    closesAt: `${day}T10:00:00+09:00`,
    technicalOpensAt: null,
    opensAt: `${day}T11:00:00+09:00`
  }
}

/** Supplier n seals and submits the n-th amount. */
export async function bidAmounts (stage: Stage, tenderId: TenderId, { amounts, picks = null }: {
  amounts: readonly number[], picks?: Picks | null
}): Promise<void> {
  for (const [i, amountWon] of amounts.entries()) {
    const supplier = stage.cast.suppliers[i]
    if (supplier === undefined) throw new Error('more bids than suppliers')
    await bidAs(stage, supplier, { tenderId, amountWon, picks })
  }
}
