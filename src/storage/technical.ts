/** The technical evaluation: opening, appointments, marks, result. Rows are written once and never altered (triggers). */
import { asc, eq } from 'drizzle-orm'
import type { TenderId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'
import { evaluatorAppointments, technicalMarks, technicalOpenings, technicalResults } from './schema.ts'

export type StoredTechnicalOpening = typeof technicalOpenings.$inferSelect
export type StoredAppointment = typeof evaluatorAppointments.$inferSelect
export type StoredMarks = typeof technicalMarks.$inferSelect
export type StoredTechnicalResult = typeof technicalResults.$inferSelect

export async function insertTechnicalOpening (tx: Db, row: StoredTechnicalOpening): Promise<void> {
  tx.insert(technicalOpenings).values(row).run()
}

export async function getTechnicalOpening (db: Db, tenderId: TenderId): Promise<StoredTechnicalOpening | null> {
  return db.select().from(technicalOpenings).where(eq(technicalOpenings.tenderId, tenderId)).get() ?? null
}

export async function insertAppointment (tx: Db, row: StoredAppointment): Promise<void> {
  tx.insert(evaluatorAppointments).values(row).run()
}

/** In order; the last one counts. */
export async function listAppointments (db: Db, tenderId: TenderId): Promise<StoredAppointment[]> {
  return db.select().from(evaluatorAppointments).where(eq(evaluatorAppointments.tenderId, tenderId))
    .orderBy(asc(evaluatorAppointments.sequence)).all()
}

/** False when this evaluator has marked before. */
export async function insertMarks (tx: Db, row: StoredMarks): Promise<boolean> {
  return tx.insert(technicalMarks).values(row).onConflictDoNothing().run().changes === 1
}

/** In the order in which the evaluators marked. */
export async function listMarks (db: Db, tenderId: TenderId): Promise<StoredMarks[]> {
  return db.select().from(technicalMarks).where(eq(technicalMarks.tenderId, tenderId)).orderBy(asc(technicalMarks.sequence)).all()
}

export async function insertTechnicalResult (tx: Db, row: StoredTechnicalResult): Promise<void> {
  tx.insert(technicalResults).values(row).run()
}

export async function getTechnicalResult (db: Db, tenderId: TenderId): Promise<StoredTechnicalResult | null> {
  return db.select().from(technicalResults).where(eq(technicalResults.tenderId, tenderId)).get() ?? null
}
