/** The audit trail. An entry names who, what and why not; it never holds a token, a seed or a bid's content. */
import type { BonginError } from '../domain/errors.ts'
import { appendAudit, listAudit, type AuditEntry } from '../storage/audit.ts'
import type { Context } from './context.ts'
import { readPage, type Page } from './page.ts'

/** Characters of a caller-supplied value that an audit entry keeps. */
const MAX_AUDIT_TEXT = 200
export const MAX_AUDIT_PAGE = 200

export async function recordRefusal (context: Context, { actor, action, error, tenderId }: {
  actor: string, action: string, error: BonginError, tenderId: string | null
}): Promise<void> {
  const at = context.clock.now()
  await context.db.write(async (tx) => {
    await appendAudit(tx, {
      at,
      actor,
      action,
      code: error.code,
      field: error.context.field?.slice(0, MAX_AUDIT_TEXT) ?? null,
      tenderId: tenderId?.slice(0, MAX_AUDIT_TEXT) ?? null,
      detail: { ...(error.context.extra ?? {}) }
    })
  })
}

/** Newest first, from below `before`. */
export async function readAudit (context: Context, { before, limit }: { before: number, limit: number }): Promise<Page<AuditEntry, number>> {
  const read = async (limit: number): Promise<AuditEntry[]> => await listAudit(context.db.read, { before, limit })
  return await readPage({ limit, max: MAX_AUDIT_PAGE, read, placeOf: ({ position }) => position })
}
