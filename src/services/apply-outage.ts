/**
 * An outage (장애), signed by a platform officer, moves every tender that it concerns in one transaction: new times, a ledger
 * entry and a public event each. A tender that was closed meanwhile is taken up again: its bids stay, in their order, so
 * that the tree of the next closing extends the one before. The same statement again changes nothing.
 */
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import { parseOutageAct, type OutageAct } from '../crypto/outage-act.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { showExtension } from '../domain/outage.ts'
import { assertTransition } from '../domain/tender.ts'
import { appendAudit } from '../storage/audit.ts'
import { appendEvent } from '../storage/events.ts'
import {
  extensionsByOutage, getOutage, insertExtension, insertOutage, listOutages, type ListedOutage, type StoredExtension, type StoredOutage
} from '../storage/outages.ts'
import type { Db } from '../storage/prepare.ts'
import { takeUpTender } from '../storage/tenders.ts'
import type { Context, OfficerCaller } from './context.ts'
import { releaseHold } from './silence.ts'
import { appendLedger } from './ledger.ts'
import { readPage, type Page } from './page.ts'
import { installationOf, planOutage, type PlannedExtension } from './plan-outage.ts'
import { readSignedAct } from './signed-act.ts'

export const MAX_OUTAGES_PAGE = 100

export interface AppliedOutage { outage: StoredOutage, extensions: StoredExtension[], repeated: boolean }

/** @throws BonginError `outage-invalid`, `outage-exists`, `holidays-unknown`, `signature-invalid`, `envelope-malformed`. */
export async function applyOutage (context: Context, caller: OfficerCaller, jws: string): Promise<AppliedOutage> {
  const sha256 = sha256Hex(utf8(jws))
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const act = parseOutageAct(await readSignedAct(tx, { jws, type: 'bongin-outage', caller, now }))
    const known = await getOutage(tx, sha256)
    if (known !== null) return { outage: known, extensions: await extensionsByOutage(tx, known.position), repeated: true }
    assertOwnAct(context, caller, act)
    const { concerned, passedOver } = await planOutage(tx, act.outage, now)
    const { fromAt, recoveredAt, announcedAt } = act.outage
    const { reason } = act.payload
    await insertOutage(tx, {
      sha256,
      jws,
      fromAt,
      recoveredAt,
      announcedAt,
      reason,
      appliedBy: caller.holderId,
      appliedAt: now,
      passedOver: passedOver.map(({ tenderId }) => tenderId)
    })
    const outage = await getOutage(tx, sha256)
    invariant(outage !== null, 'the outage was stored')
    for (const planned of concerned) await moveTender(tx, outage, planned)
    await releaseHold(tx, { fromAt, recoveredAt })
    await appendAudit(tx, {
      at: now,
      actor: caller.holderId,
      action: 'outage.applied',
      code: 'ok',
      field: null,
      tenderId: null,
      detail: { outageSha256: sha256, tenders: concerned.length }
    })
    return { outage, extensions: await extensionsByOutage(tx, outage.position), repeated: false }
  })
}

/** It names its signer, and the installation's own step and holidays: the rule must not hang on what an officer would like. */
function assertOwnAct (context: Context, caller: OfficerCaller, { payload }: OutageAct): void {
  const { stepMs, extraHolidays } = installationOf(context)
  const facts: Array<[string, boolean]> = [
    ['officerId', payload.officerId === caller.holderId],
    ['stepMs', payload.stepMs === stepMs],
    ['extraHolidays', payload.extraHolidays.join() === extraHolidays.join()]
  ]
  const member = facts.find(([, holds]) => !holds)?.[0]
  if (member === undefined) return
  throw new BonginError('outage-invalid', {
    field: `/payload/${member}`,
    detail: 'The statement names another officer, or another step or other holidays than this installation has.',
    detailKo: '서명자, 마감 시각 단위 또는 추가 공휴일이 이 시스템의 값과 다릅니다.'
  })
}

async function moveTender (tx: Db, { position, sha256, reason, appliedBy, appliedAt }: StoredOutage, planned: PlannedExtension): Promise<void> {
  const { tender, previous, extension } = planned
  const { tenderId, state } = tender
  const { rule, nextWorkingDay, ...times } = extension
  invariant(tender.revision !== null && (state === 'published' || state === 'closed'), 'only published and closed tenders are moved')
  if (state === 'closed') assertTransition(state, 'published')
  await insertExtension(tx, {
    tenderId,
    outagePosition: position,
    revision: tender.revision,
    rule,
    nextWorkingDay,
    previousClosesAt: previous.closesAt,
    previousTechnicalOpensAt: previous.technicalOpensAt,
    previousOpensAt: previous.opensAt,
    ...times,
    earlierCheckpoint: tender.checkpoint
  })
  invariant(await takeUpTender(tx, { tenderId, state, ...times }), 'the tender is as it was planned')
  const said = showExtension(planned)
  await appendLedger(tx, { tenderId, at: appliedAt, actor: appliedBy, type: 'extended', payload: { jwsSha256: sha256, ...said } })
  await appendEvent(tx, { at: appliedAt, type: 'tender.extended', tenderId, data: { outageSha256: sha256, reason, ...said } })
}

/** Newest first, from below `before`. */
export async function readOutages (context: Context, { before, limit }: { before: number, limit: number }): Promise<Page<ListedOutage, number>> {
  const read = async (limit: number): Promise<ListedOutage[]> => await listOutages(context.db.read, { before, limit })
  return await readPage({ limit, max: MAX_OUTAGES_PAGE, read, placeOf: ({ position }) => position })
}
