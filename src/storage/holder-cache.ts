/**
 * What nearly every request asks: whose session a token is, and which certificate stands behind a thumbprint. Kept in memory,
 * because each read of the file costs as much as checking a signature. Whoever ends a session or revokes a certificate calls
 * `forget` in the same transaction: from there to the commit nothing is taken from here, and after it nothing is left, so a
 * revocation counts from its commit on.
 */
import type { Instant, Sha256Hex, Thumbprint } from '../domain/ids.ts'
import { BoundedMap } from './bounded-map.ts'
import { getCertificate, type StoredCertificate } from './certificates.ts'
import type { Db } from './prepare.ts'
import { getSession, type Session } from './sessions.ts'

/** Each a few hundred bytes. */
export const MAX_CACHED_SESSIONS = 50_000
/** Each some 2 KB. */
export const MAX_CACHED_CERTIFICATES = 20_000

export class HolderCache {
  readonly #db: Db
  readonly #sessions = new BoundedMap<Sha256Hex, Session>(MAX_CACHED_SESSIONS)
  readonly #certificates = new BoundedMap<Thumbprint, StoredCertificate>(MAX_CACHED_CERTIFICATES)
  #isChanging = false
  /** Moves on with every change, so that what was read before one is not kept after it. */
  #changes = 0

  constructor (db: Db) { this.#db = db }

  /** null for an unknown or expired one. */
  async session (tokenSha256: Sha256Hex, now: Instant): Promise<Session | null> {
    const session = await this.#through(this.#sessions, tokenSha256, async () => await getSession(this.#db, { tokenSha256, now }))
    return session === null || session.expiresAt <= now ? null : session
  }

  async certificate (thumbprint: Thumbprint): Promise<StoredCertificate | null> {
    return await this.#through(this.#certificates, thumbprint, async () => await getCertificate(this.#db, thumbprint))
  }

  forget (): void {
    this.#sessions.clear()
    this.#certificates.clear()
    this.#isChanging = true
    this.#changes += 1
  }

  /** Of any transaction; called before anybody is told of it. */
  committed (): void {
    if (this.#isChanging) this.forget()
    this.#isChanging = false
  }

  /** What is not there is not remembered. */
  async #through<Key, Value> (kept: Map<Key, Value>, key: Key, read: () => Promise<Value | null>): Promise<Value | null> {
    const known = kept.get(key)
    if (known !== undefined) return known
    const changes = this.#changes
    const value = await read()
    if (value === null || this.#isChanging || changes !== this.#changes) return value
    kept.set(key, value)
    return value
  }
}
