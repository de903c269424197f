/** Login challenges (used once) and session tokens; both are stored as hashes only. */
import { and, eq, gt, inArray, lte, ne, sql } from 'drizzle-orm'
import type { Instant, Sha256Hex, Thumbprint } from '../domain/ids.ts'
import { prepare, type Db } from './prepare.ts'
import { certificates, challenges, sessions } from './schema.ts'

const sessionByToken = prepare((db) =>
  db
    .select()
    .from(sessions)
    .where(and(eq(sessions.tokenSha256, sql.placeholder('tokenSha256')), gt(sessions.expiresAt, sql.placeholder('now'))))
    .prepare()
)

export async function insertChallenge (tx: Db, row: { challengeSha256: Sha256Hex; thumbprint: Thumbprint; expiresAt: Instant }): Promise<void> {
  tx.insert(challenges).values(row).run()
}

/** Takes the challenge away, whoever asks: false when it was unknown, used, expired, or made for another certificate. */
export async function takeChallenge (
  tx: Db,
  { challengeSha256, thumbprint, now }: { challengeSha256: Sha256Hex; thumbprint: Thumbprint; now: Instant }
): Promise<boolean> {
  const [row] = tx.delete(challenges).where(eq(challenges.challengeSha256, challengeSha256)).returning().all()
  return row !== undefined && row.thumbprint === thumbprint && row.expiresAt > now
}

export interface Session { thumbprint: Thumbprint; expiresAt: Instant; secondFactor: boolean }

export async function insertSession (tx: Db, row: Session & { tokenSha256: Sha256Hex }): Promise<void> {
  tx.insert(sessions).values(row).run()
}

export async function getSession (
  db: Db,
  { tokenSha256, now }: { tokenSha256: Sha256Hex; now: Instant }
): Promise<Session | null> {
  return sessionByToken(db).get({ tokenSha256, now }) ?? null
}

export async function deleteSession (tx: Db, tokenSha256: Sha256Hex): Promise<void> {
  tx.delete(sessions).where(eq(sessions.tokenSha256, tokenSha256)).run()
}

/** Ends every session of a certificate (revocation). */
export async function deleteSessionsOf (tx: Db, thumbprint: Thumbprint): Promise<void> {
  tx.delete(sessions).where(eq(sessions.thumbprint, thumbprint)).run()
}

/** From here on the session counts as opened with both factors. False where it has ended. */
export async function markSecondFactor (tx: Db, tokenSha256: Sha256Hex): Promise<boolean> {
  return tx.update(sessions).set({ secondFactor: true }).where(eq(sessions.tokenSha256, tokenSha256)).run().changes === 1
}

/** Ends every session of a holder, whichever certificate opened it; `except` stays. */
export async function deleteSessionsOfHolder (tx: Db, { holderId, except = null }: { holderId: string; except?: Sha256Hex | null }): Promise<void> {
  const own = tx.select({ thumbprint: certificates.thumbprint }).from(certificates).where(eq(certificates.holderId, holderId))
  tx.delete(sessions).where(and(inArray(sessions.thumbprint, own), except === null ? undefined : ne(sessions.tokenSha256, except))).run()
}

export async function deleteExpired (tx: Db, now: Instant): Promise<void> {
  tx.delete(challenges).where(lte(challenges.expiresAt, now)).run()
  tx.delete(sessions).where(lte(sessions.expiresAt, now)).run()
}
