/** A small installation with something to see on every public page: a tender open for bids, a changed one, an opened one. */
import type { Test } from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast, type Cast } from './actors.ts'
import { buildApp, type TestApp } from './build-app.ts'
import { openAt, publishDraft, scheduleOf } from './stage.ts'

export interface PortalTown { app: TestApp, cast: Cast, opened: TenderId, open: TenderId }

/** A title that would do harm were it not shown as text. */
export const HOSTILE_TITLE = '도로 <script>alert(1)</script> & "포장" 공사'

export async function makePortalTown (t: Test): Promise<PortalTown> {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 4 })
  const stage = { app, cast }
  const { schedule } = draftFor(cast)
  const opened = await publishDraft(stage, draftFor(cast))
  // Two between any floor and any planned price of this notice, one below, one above.
  const amounts = [27_500_000, 27_900_000, 25_000_000, 30_600_000]
  for (const [index, supplier] of cast.suppliers.entries()) {
    const { api, identity } = await cast.login(supplier)
    const content = { amountWon: amounts[index] ?? 27_600_000, picks: [1 + index, 8] as const }
    const { envelope } = await sealFor(cast.publicApi, cast.platform, { identity, tenderId: opened, content, now: app.clock.now() })
    await submitBid(api, cast.platform, envelope)
  }
  await openAt(stage, opened, schedule.opensAt)
  const open = await publishDraft(stage, draftFor(cast, { title: HOSTILE_TITLE, schedule: scheduleOf(laterDay(app)) }))
  return { app, cast, opened, open }
}

function laterDay (app: TestApp): string {
  const day = new Date(app.clock.now() + 14 * 24 * 3_600_000)
  // No tender closes on a weekend.
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6) day.setUTCDate(day.getUTCDate() + 1)
  return day.toISOString().slice(0, 10)
}
