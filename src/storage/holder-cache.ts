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

interface Source<Value> { max: number, read: () => Promise<Value | null> }

export class HolderCache {
  readonly #db: Db
  readonly #sessions = new Map<Sha256Hex, Session>()
  readonly #certificates = new Map<Thumbprint, StoredCertificate>()
  #isChanging = false
  /** Moves on with every change, so that what was read before one is not kept after it. */
  #changes = 0

  constructor (db: Db) { this.#db = db }

  /** null for an unknown or expired one. */
  async session (tokenSha256: Sha256Hex, now: Instant): Promise<Session | null> {
    const read = async (): Promise<Session | null> => await getSession(this.#db, { tokenSha256, now })
    const session = await this.#through(this.#sessions, tokenSha256, { max: MAX_CACHED_SESSIONS, read })
    return session === null || session.expiresAt <= now ? null : session
  }

  async certificate (thumbprint: Thumbprint): Promise<StoredCertificate | null> {
    const read = async (): Promise<StoredCertificate | null> => await getCertificate(this.#db, thumbprint)
    return await this.#through(this.#certificates, thumbprint, { max: MAX_CACHED_CERTIFICATES, read })
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

  /** What is not there is not remembered; the oldest goes first. */
  async #through<Key, Value> (kept: Map<Key, Value>, key: Key, { max, read }: Source<Value>): Promise<Value | null> {
    const known = kept.get(key)
    if (known !== undefined) return known
    const changes = this.#changes
    const value = await read()
    if (value === null || this.#isChanging || changes !== this.#changes) return value
    const oldest = kept.size >= max ? kept.keys().next() : null
    if (oldest?.done === false) kept.delete(oldest.value)
    kept.set(key, value)
    return value
  }
}
