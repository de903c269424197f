/**
 * The tenders whose proposals one officer is appointed to mark, in keyset pages, newest first: those between their technical opening
 * and their opening of prices, of which there are never more than are under way. The last appointment counts.
 */
import { and, desc, eq, isNotNull, lt, sql } from 'drizzle-orm'
import type { OfficerId, TenderId } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { evaluatorAppointments, technicalMarks, technicalResults, tenders } from './schema.ts'

const page = prepare((db) => db
  .select({
    tenderId: tenders.tenderId,
    title: tenders.title,
    opensAt: tenders.opensAt,
    marked: sql<number>`EXISTS (SELECT 1 FROM ${technicalMarks} WHERE ${technicalMarks.tenderId} = ${tenders.tenderId}
      AND ${technicalMarks.evaluatorId} = ${sql.placeholder('officerId')})`,
    evaluated: sql<number>`EXISTS (SELECT 1 FROM ${technicalResults} WHERE ${technicalResults.tenderId} = ${tenders.tenderId})`
  })
  .from(tenders)
  .where(and(
    eq(tenders.state, 'closed'),
    isNotNull(tenders.technicalOpensAt),
    lt(tenders.tenderId, sql.placeholder('before')),
    sql`EXISTS (SELECT 1 FROM json_each((SELECT ${evaluatorAppointments.evaluators} FROM ${evaluatorAppointments}
      WHERE ${evaluatorAppointments.tenderId} = ${tenders.tenderId} ORDER BY ${evaluatorAppointments.sequence} DESC LIMIT 1))
      WHERE value = ${sql.placeholder('officerId')})`
  ))
  .orderBy(desc(tenders.tenderId))
  .limit(sql.placeholder('limit'))
  .prepare())

/** Behind every tender number. */
const BEFORE_ALL = '~'

export type OwnEvaluation = ReturnType<ReturnType<typeof page>['all']>[number]

/** At most `limit` of them with a number below `after`. */
export async function listOwnEvaluations (
  db: Db, { officerId, after, limit }: { officerId: OfficerId, after: TenderId | undefined, limit: number }
): Promise<OwnEvaluation[]> {
  return page(db).all({ officerId, before: after ?? BEFORE_ALL, limit })
}
