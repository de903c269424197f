/**
 * The award (낙찰자 결정) or the failure when nobody passed: signed by the executing officer, exactly what the evaluation says,
 * and final.
 */
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import type { SupplierId, TenderId } from '../domain/ids.ts'
import type { PriceDecimals } from '../domain/notice.ts'
import { assertTransition } from '../domain/tender.ts'
import { appendEvent } from '../storage/events.ts'
import { insertAward } from '../storage/openings.ts'
import type { Db } from '../storage/prepare.ts'
import { updateTender, type Tender } from '../storage/tenders.ts'
import type { Context, OfficerCaller } from './context.ts'
import { appendLedger } from './ledger.ts'
import { settleResult } from './record-result.ts'
import { isReason, isString, isWholeNumberOrNull, readMembers, readSignedAct } from './signed-act.ts'
import { requirePublished, requireSeat, requireState } from './tender-access.ts'
import { assertAbout, awardMismatch, loadEvaluation, openingFor } from './evaluation.ts'

/** The signed decision: the winner that the evaluation names, or failure when nobody passed. @throws as `evaluateBid`. */
export async function awardTender (
  context: Context,
  caller: OfficerCaller,
  { tenderId, jws }: { tenderId: TenderId; jws: string }
): Promise<'awarded' | 'failed'> {
  const opening = await openingFor(context, caller, { tenderId, seats: ['executing'], states: ['evaluated'] })
  return await context.db.write(async (tx) => {
    const now = context.clock.now()
    const tender = await requirePublished(tx, tenderId)
    await requireSeat(tx, tender, caller, 'executing')
    requireState(tender, 'evaluated')
    const act = await readSignedAct(tx, { jws, type: 'bongin-award', caller, now })
    const said = readMembers<{
      tenderId: string
      openingSha256: string
      decision: string
      supplierId: string | null
      amountWon: number | null
      reason: string
    }>(act, {
      tenderId: isString,
      openingSha256: isString,
      decision: isString,
      supplierId: (v): v is string | null => v === null || isString(v),
      amountWon: isWholeNumberOrNull,
      reason: isReason
    })
    const { openingSha256, decimals, outcome, order } = await loadEvaluation(tx, tender, opening)
    assertAbout(said, { tenderId, openingSha256 })
    const decision = outcome.winner === null ? 'failed' : 'awarded'
    const amountWon = order.find(({ supplierId }) => supplierId === outcome.winner)?.amountWon ?? null
    const wrong = (
      [
        ['decision', decision],
        ['supplierId', outcome.winner],
        ['amountWon', amountWon]
      ] as const
    ).find(([name, value]) => said[name] !== value)
    if (wrong !== undefined) throw awardMismatch(`/payload/${wrong[0]}`)
    const decided = { decision, supplierId: outcome.winner, amountWon, decimals, reason: said.reason } as const
    await storeDecision(tx, { tender, jws, ...decided, now, actor: caller.holderId })
    return decision
  })
}

async function storeDecision (
  tx: Db,
  {
    tender,
    jws,
    decision,
    supplierId,
    amountWon,
    decimals,
    reason,
    now,
    actor
  }: {
    tender: Tender
    jws: string
    decision: 'awarded' | 'failed'
    supplierId: SupplierId | null
    amountWon: number | null
    decimals: PriceDecimals
    reason: string
    now: number
    actor: string
  }
): Promise<void> {
  const { tenderId } = tender
  const jwsSha256 = sha256Hex(utf8(jws))
  assertTransition(tender.state, decision)
  await insertAward(tx, { tenderId, jws, decision, awardedAt: now })
  await updateTender(
    tx,
    { tenderId, state: tender.state },
    { state: decision, failureReason: decision === 'failed' ? 'nobody-qualified' : null }
  )
  await settleResult(tx, tender, decision === 'awarded' && supplierId !== null && amountWon !== null ? { supplierId, amountWon } : null)
  const payload = decision === 'awarded' ? { jwsSha256, supplierId, amountWon } : { jwsSha256, reason: 'nobody-qualified' }
  await appendLedger(tx, { tenderId, at: now, actor, type: decision, payload })
  await appendEvent(tx, { at: now, type: `tender.${decision}`, tenderId, data: decision === 'awarded' ? { supplierId, decimals, amountWon } : { reason } })
}
