/** Questions and answers of a tender, by number; neither is ever changed. */
import { and, asc, count, eq, gt, sql } from 'drizzle-orm'
import type { SupplierId, TenderId } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { answers, questions } from './schema.ts'

export type StoredQuestion = typeof questions.$inferSelect
export type StoredAnswer = typeof answers.$inferSelect

export async function insertQuestion (tx: Db, row: StoredQuestion): Promise<void> {
  tx.insert(questions).values(row).run()
}

export async function insertAnswer (tx: Db, row: StoredAnswer): Promise<void> {
  tx.insert(answers).values(row).run()
}

export async function countQuestions (db: Db, tenderId: TenderId, supplierId?: SupplierId): Promise<number> {
  const own = supplierId === undefined ? undefined : eq(questions.supplierId, supplierId)
  return db.select({ asked: count() }).from(questions).where(and(eq(questions.tenderId, tenderId), own)).get()?.asked ?? 0
}

const one = prepare((db) => db.select().from(questions)
  .leftJoin(answers, and(eq(answers.tenderId, questions.tenderId), eq(answers.number, questions.number)))
  .where(and(eq(questions.tenderId, sql.placeholder('tenderId')), eq(questions.number, sql.placeholder('number')))).prepare())

/** With its answer, where there is one. */
export async function getQuestion (db: Db, key: { tenderId: TenderId, number: number }): Promise<{
  questions: StoredQuestion, answers: StoredAnswer | null
} | null> {
  return one(db).get(key) ?? null
}

/** What the public may see: not who asked. */
const listed = {
  number: questions.number,
  text: questions.text,
  sha256: questions.sha256,
  askedAt: questions.askedAt,
  answer: { text: answers.text, jws: answers.jws, answeredAt: answers.answeredAt }
}

const page = prepare((db) => db.select(listed).from(questions)
  .leftJoin(answers, and(eq(answers.tenderId, questions.tenderId), eq(answers.number, questions.number)))
  .where(and(eq(questions.tenderId, sql.placeholder('tenderId')), gt(questions.number, sql.placeholder('after'))))
  .orderBy(asc(questions.number)).limit(sql.placeholder('limit')).prepare())

export type ListedQuestion = ReturnType<ReturnType<typeof page>['all']>[number]

export async function listQuestions (db: Db, query: { tenderId: TenderId, after: number, limit: number }): Promise<ListedQuestion[]> {
  return page(db).all(query)
}
