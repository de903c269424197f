/** Numbers that are handed out once, in the caller's transaction, and facts about this installation. */
import { eq, sql } from 'drizzle-orm'
import type { Db } from './prepare.ts'
import { counters, settings } from './schema.ts'

/** The next number of a series, from 1; a rolled-back transaction gives it back. */
export async function nextNumber (tx: Db, name: string): Promise<number> {
  const [row] = tx.insert(counters).values({ name, value: 1 })
    .onConflictDoUpdate({ target: counters.name, set: { value: sql`${counters.value} + 1` } })
    .returning().all()
  return row?.value ?? 1
}

export async function getSetting (db: Db, name: string): Promise<string | null> {
  return db.select().from(settings).where(eq(settings.name, name)).get()?.value ?? null
}

/** Stores or, with null, removes. */
export async function putSetting (tx: Db, name: string, value: string | null): Promise<void> {
  if (value === null) tx.delete(settings).where(eq(settings.name, name)).run()
  else tx.insert(settings).values({ name, value }).onConflictDoUpdate({ target: settings.name, set: { value } }).run()
}
