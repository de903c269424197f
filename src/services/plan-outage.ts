/**
 * What an outage (장애) would move: read only, so that it can be shown before it is signed, and done in the same words when
 * it is. Concerned is every tender whose deadline the rule reaches and whose key nobody has begun to reveal.
 */
import { BonginError } from '../domain/errors.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { checkOutage, extendTimes, outageReach, type ExtensionOf, type Outage } from '../domain/outage.ts'
import { OPENED_STATES, type TenderState } from '../domain/tender.ts'
import { parseInstant } from '../domain/time.ts'
import { hasReveals } from '../storage/ceremony.ts'
import { overlappingOutage, type StoredExtension } from '../storage/outages.ts'
import type { Db } from '../storage/prepare.ts'
import { listClosingBetween, type Tender } from '../storage/tenders.ts'
import type { Context } from './context.ts'

/** Tenders that one outage may reach: eight full hours of closings. More is a slip in the period. */
export const MAX_OUTAGE_TENDERS = 12_000
/** Anything after the publication but a cancellation. */
const REACHABLE: readonly TenderState[] = ['published', 'closed', ...OPENED_STATES]

export interface PlannedExtension extends ExtensionOf { tender: Tender }

export interface OutagePlan {
  concerned: PlannedExtension[]
  /** Their deadline was in reach, but they were opened or failed, or their key is being revealed. */
  passedOver: Array<{ tenderId: TenderId, state: TenderState }>
}

/** @throws BonginError `outage-invalid`, `outage-exists`, `holidays-unknown`. */
export async function planOutage (db: Db, outage: Outage, at: Instant): Promise<OutagePlan> {
  checkOutage(outage, at)
  await assertNew(db, outage)
  const inReach = await listClosingBetween(db, { states: REACHABLE, ...outageReach(outage), limit: MAX_OUTAGE_TENDERS + 1 })
  if (inReach.length > MAX_OUTAGE_TENDERS) {
    throw new BonginError('outage-invalid', {
      field: '/payload/fromAt',
      detail: `The outage reaches more than ${MAX_OUTAGE_TENDERS} tenders.`,
      detailKo: `장애 기간에 해당하는 공고가 ${MAX_OUTAGE_TENDERS}건을 넘습니다.`
    })
  }
  const plan: OutagePlan = { concerned: [], passedOver: [] }
  for (const tender of inReach) {
    const { closesAt, technicalOpensAt, opensAt } = tender
    const previous = { closesAt, technicalOpensAt, opensAt }
    const extension = await isMovable(db, tender) ? extendTimes(outage, previous) : null
    if (extension === null) plan.passedOver.push({ tenderId: tender.tenderId, state: tender.state })
    else plan.concerned.push({ tender, previous, extension })
  }
  return plan
}

/** What a platform officer is shown before signing: the outage as it would be signed now. */
export async function previewOutage (context: Context, { from, recovered }: { from: string, recovered: string }): Promise<OutagePlan> {
  const announcedAt = context.clock.now()
  const period = { fromAt: parseInstant(from, '/from'), recoveredAt: parseInstant(recovered, '/recovered') }
  return await planOutage(context.db.read, { ...period, announcedAt, ...installationOf(context) }, announcedAt)
}

/** What every outage of this installation states. */
export function installationOf ({ policy }: Pick<Context, 'policy'>): Pick<Outage, 'stepMs' | 'extraHolidays'> {
  return { stepMs: policy.scheduleStepMs, extraHolidays: policy.extraHolidays }
}

async function assertNew (db: Db, outage: Outage): Promise<void> {
  const other = await overlappingOutage(db, outage)
  if (other === null) return
  throw new BonginError('outage-exists', {
    field: '/payload/fromAt',
    detail: 'The period overlaps that of an outage on record. State only the time that it does not cover.',
    detailKo: '이미 기록된 장애와 기간이 겹칩니다. 겹치지 않는 기간만 입력하십시오.',
    extra: { outageSha256: other.sha256 }
  })
}

/** Once a seed or a share is out, the closing stands. */
async function isMovable (db: Db, { tenderId, state }: Tender): Promise<boolean> {
  return state === 'published' || (state === 'closed' && !await hasReveals(db, tenderId))
}

/** As it was when it came, and what came of it. */
export function extensionOf (stored: StoredExtension): ExtensionOf {
  const { rule, nextWorkingDay, closesAt, technicalOpensAt, opensAt } = stored
  const previous = { closesAt: stored.previousClosesAt, technicalOpensAt: stored.previousTechnicalOpensAt, opensAt: stored.previousOpensAt }
  return { previous, extension: { rule, nextWorkingDay, closesAt, technicalOpensAt, opensAt } }
}
