/** Second factors: passkeys, what waits for an authenticator's answer, and resets by officers. */
import { blob, index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { OfficerId, Sha256Hex, Thumbprint } from '../../domain/ids.ts'

export const passkeys = sqliteTable('passkeys', {
  /** As the authenticator names it, base64url. */
  credentialId: text('credential_id').primaryKey(),
  holderId: text('holder_id').notNull(),
  name: text().notNull(),
  /** COSE_Key (RFC 9052 §7). */
  publicKey: blob('public_key', { mode: 'buffer' }).notNull(),
  counter: integer().notNull(),
  /** How the browser reaches the authenticator, in its own words. */
  transports: text({ mode: 'json' }).$type<string[]>().notNull(),
  /** Its private key is kept by a provider as well (a synced passkey). */
  backedUp: integer('backed_up', { mode: 'boolean' }).notNull(),
  createdAt: integer('created_at').notNull(),
  lastUsedAt: integer('last_used_at')
}, (t) => [index('passkeys_by_holder').on(t.holderId, t.createdAt)])

export const PASSKEY_PURPOSES = ['register', 'login', 'remove'] as const
export type PasskeyPurpose = typeof PASSKEY_PURPOSES[number]

/** One try each, soon over. Of the id and the challenge only hashes are here. */
export const passkeyCeremonies = sqliteTable('passkey_ceremonies', {
  ceremonySha256: text('ceremony_sha256').$type<Sha256Hex>().primaryKey(),
  purpose: text().$type<PasskeyPurpose>().notNull(),
  holderId: text('holder_id').notNull(),
  /** Of the certificate that was shown first. */
  thumbprint: text().$type<Thumbprint>().notNull(),
  /** What is to be removed; null for the other purposes. */
  credentialId: text('credential_id'),
  challengeSha256: text('challenge_sha256').$type<Sha256Hex>().notNull(),
  expiresAt: integer('expires_at').notNull()
}, (t) => [
  index('passkey_ceremonies_by_expiry').on(t.expiresAt),
  index('passkey_ceremonies_by_holder').on(t.holderId, t.expiresAt)
])

/** A holder's passkeys taken away by a platform officer, as signed. */
export const passkeyResets = sqliteTable('passkey_resets', {
  sha256: text().$type<Sha256Hex>().primaryKey(),
  holderId: text('holder_id').notNull(),
  jws: text().notNull(),
  reason: text().notNull(),
  resetBy: text('reset_by').$type<OfficerId>().notNull(),
  resetAt: integer('reset_at').notNull(),
  removed: integer().notNull()
}, (t) => [index('passkey_resets_by_holder').on(t.holderId, t.resetAt)])
