/**
 * The platform officer's desk for outages (장애): look first, then sign. What the server says that it moved is computed
 * again on this side.
 */
import { makeOutageAct } from '../crypto/outage-act.ts'
import { expect, expectEqual } from '../crypto/record-shape.ts'
import type { Instant } from '../domain/ids.ts'
import { extendTimes, showExtension, type Outage, type ShownTimes, type TenderTimes } from '../domain/outage.ts'
import { formatKst, parseInstant } from '../domain/time.ts'
import type { Api } from './api.ts'
import type { Identity } from './identity.ts'
import type { Platform } from './platform.ts'
import type { AppliedOutageView, ClosingHoldView, ExtensionView, OutagePage, OutagePreview } from './types.ts'

export interface OutagePeriod { fromAt: Instant, recoveredAt: Instant }

/** What the outage would move if its recovery were announced now; nothing is changed. */
export async function previewOutage (session: Api, { fromAt, recoveredAt }: OutagePeriod): Promise<OutagePreview> {
  return await session.get('/v1/outages/preview', { from: formatKst(fromAt), recovered: formatKst(recoveredAt) })
}

/**
 * Announces the recovery now, by the server's clock, and moves what the outage concerns.
 * @throws RecordFault where the server's new times are not those of the rule.
 */
export async function applyOutage (session: Api, platform: Pick<Platform, 'serverTime' | 'scheduleStepMs' | 'extraHolidays'>, { identity, period, reason }: {
  identity: Identity, period: OutagePeriod, reason: string
}): Promise<AppliedOutageView & { jws: string, repeated: boolean }> {
  const { scheduleStepMs: stepMs, extraHolidays } = platform
  const outage: Outage = { ...period, announcedAt: parseInstant(platform.serverTime), stepMs, extraHolidays }
  const jws = await makeOutageAct(identity.signer, { officerId: identity.holderId, outage, reason })
  const { status, body } = await session.postRepeatable<AppliedOutageView>('/v1/outages', JSON.stringify({ jws }), { contentType: 'application/json' })
  for (const extension of body.extensions) checkExtension(outage, extension)
  return { ...body, jws, repeated: status === 200 }
}

function checkExtension (outage: Outage, { tenderId, ...shown }: ExtensionView): void {
  const previous = timesOf(shown.previous)
  const extension = extendTimes(outage, previous)
  expect(extension !== null, `The server moved ${tenderId}, which the outage does not concern.`)
  expectEqual({ what: `The new times of ${tenderId}`, expected: showExtension({ previous, extension }), actual: shown })
}

function timesOf ({ closesAt, technicalOpensAt, opensAt }: ShownTimes): TenderTimes {
  const technical = technicalOpensAt === null ? null : parseInstant(technicalOpensAt)
  return { closesAt: parseInstant(closesAt), technicalOpensAt: technical, opensAt: parseInstant(opensAt) }
}

/** Newest first; the next page begins at the cursor. */
export async function listOutages (api: Api, query: { cursor?: number, limit?: number } = {}): Promise<OutagePage> {
  return await api.get('/v1/outages', { ...query })
}

/** Closings that wait for an officer because the server was away, or null. */
export async function closingHold (session: Api): Promise<ClosingHoldView | null> {
  return (await session.get<{ hold: ClosingHoldView | null }>('/v1/outages/hold')).hold
}

/** That the time in which the server was away was no outage: what is held is closed. Null where nothing was held. */
export async function dismissHold (session: Api, reason: string): Promise<ClosingHoldView | null> {
  return (await session.post<{ hold: ClosingHoldView | null }>('/v1/outages/hold/dismissal', { reason })).hold
}
