/** Suspension (부정당업자 제재): a period in which a supplier can't bid; lifting it keeps it on record. */
import { BonginError } from '../domain/errors.ts'
import type { Instant, SupplierId } from '../domain/ids.ts'
import { appendAudit } from '../storage/audit.ts'
import { getSupplier, insertSuspension, liftSuspension } from '../storage/suppliers.ts'
import type { Context, OfficerCaller } from './context.ts'

/** @throws BonginError `not-found` (supplier), `invalid-time` (an empty period). */
export async function suspendSupplier (
  context: Context,
  caller: OfficerCaller,
  {
    supplierId,
    fromAt,
    untilAt,
    reason
  }: {
    supplierId: SupplierId
    fromAt: Instant
    untilAt: Instant
    reason: string
  }
): Promise<number> {
  if (untilAt <= fromAt) {
    throw new BonginError('invalid-time', {
      field: '/until',
      detail: 'The suspension must end after it begins.',
      detailKo: '제재 종료일은 시작일보다 늦어야 합니다.'
    })
  }
  const now = context.clock.now()
  return await context.db.write(async (tx) => {
    if ((await getSupplier(tx, supplierId)) === null) throw new BonginError('not-found', { field: '/supplierId' })
    const suspensionId = await insertSuspension(tx, { supplierId, fromAt, untilAt, reason, imposedBy: caller.holderId })
    await appendAudit(tx, {
      at: now,
      actor: caller.holderId,
      action: 'supplier.suspended',
      code: 'ok',
      field: null,
      tenderId: null,
      detail: { supplierId, suspensionId }
    })
    return suspensionId
  })
}

/** @throws BonginError `not-found`. */
export async function liftSupplierSuspension (
  context: Context,
  caller: OfficerCaller,
  {
    supplierId,
    suspensionId,
    reason
  }: {
    supplierId: SupplierId
    suspensionId: number
    reason: string
  }
): Promise<void> {
  const now = context.clock.now()
  await context.db.write(async (tx) => {
    if (!(await liftSuspension(tx, { supplierId, suspensionId, at: now, reason }))) { throw new BonginError('not-found', { field: '/suspensionId' }) }
    await appendAudit(tx, {
      at: now,
      actor: caller.holderId,
      action: 'supplier.suspension-lifted',
      code: 'ok',
      field: null,
      tenderId: null,
      detail: { supplierId, suspensionId }
    })
  })
}
