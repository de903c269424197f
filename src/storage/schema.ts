/**
 * The tables. Only text, integer, blob and JSON text are used, so that PostgreSQL can stand behind the same functions.
 * Instants are epoch milliseconds; money is whole won. Secrets at rest are wrapped (`*_wrapped`) or hashed (`*_sha256`).
 * `migrations/` adds what drizzle cannot say: STRICT tables, CHECKs and the triggers that make records append-only.
 */
export * from './schema/holders.ts'
export * from './schema/passkeys.ts'
export * from './schema/tenders.ts'
export * from './schema/openings.ts'
export * from './schema/journals.ts'
export * from './schema/results.ts'
export * from './schema/questions.ts'
export * from './schema/notifications.ts'
