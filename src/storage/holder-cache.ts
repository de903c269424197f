/**
 * What nearly every request asks: whose session a token is, and which certificate stands behind a thumbprint. Kept in memory,
 * because each read of the file costs as much as checking a signature. Whoever ends a session or revokes a certificate calls
 * `forget` in the same transaction: from there to the commit nothing is taken from here, and after it nothing is left, so a
 * revocation counts from its commit on.
 */
import type { Instant, Sha256Hex, Thumbprint } from '../domain/ids.ts'
import { getCertificate, type StoredCertificate } from './certificates.ts'
import type { Db } from './prepare.ts'
import { getSession } from './sessions.ts'

/** Each a few hundred bytes. */
export const MAX_CACHED_SESSIONS = 50_000
/** Each some 2 KB. */
export const MAX_CACHED_CERTIFICATES = 20_000

export interface Session { thumbprint: Thumbprint, expiresAt: Instant }

export class HolderCache {
  readonly #db: Db
  readonly #sessions = new Map<Sha256Hex, Session>()
  readonly #certificates = new Map<Thumbprint, StoredCertificate>()
  #isChanging = false

  constructor (db: Db) { this.#db = db }

  /** null for an unknown or expired one. */
  async session (tokenSha256: Sha256Hex, now: Instant): Promise<Session | null> {
    const session = this.#sessions.get(tokenSha256) ??
      this.#keep(this.#sessions, MAX_CACHED_SESSIONS, tokenSha256, await getSession(this.#db, { tokenSha256, now }))
    return session === null || session.expiresAt <= now ? null : session
  }

  async certificate (thumbprint: Thumbprint): Promise<StoredCertificate | null> {
    return this.#certificates.get(thumbprint) ??
      this.#keep(this.#certificates, MAX_CACHED_CERTIFICATES, thumbprint, await getCertificate(this.#db, thumbprint))
  }

  forget (): void {
    this.#sessions.clear()
    this.#certificates.clear()
    this.#isChanging = true
  }

  /** Of any transaction; called before anybody is told of it. */
  committed (): void {
    if (this.#isChanging) this.forget()
    this.#isChanging = false
  }

  #keep<Key, Value> (kept: Map<Key, Value>, max: number, key: Key, value: Value | null): Value | null {
    if (value === null || this.#isChanging) return value
    const oldest = kept.size >= max ? kept.keys().next() : null
    if (oldest?.done === false) kept.delete(oldest.value)
    kept.set(key, value)
    return value
  }
}
