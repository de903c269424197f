/** Who acts: agencies, officers and suppliers, their registrations, certificates and sessions. */
import { blob, index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { AgencyId, OfficerId, Sha256Hex, SupplierId, Thumbprint } from '../../domain/ids.ts'
import type { ExternalIdentity, HolderKind, OfficerProfile, OfficerRole, RegistrationStatus, RevocationCode, SupplierProfile } from '../../domain/holder.ts'

export const agencies = sqliteTable('agencies', {
  agencyId: text('agency_id').$type<AgencyId>().primaryKey(),
  name: text().notNull(),
  createdAt: integer('created_at').notNull()
})

export const registrations = sqliteTable('registrations', {
  registrationId: text('registration_id').primaryKey(),
  kind: text().$type<HolderKind>().notNull(),
  profile: text({ mode: 'json' }).$type<SupplierProfile | OfficerProfile>().notNull(),
  /** A certificate of another authority that the applicant showed to have, or null. */
  external: text({ mode: 'json' }).$type<ExternalIdentity>(),
  publicKeySpki: blob('public_key_spki', { mode: 'buffer' }).notNull(),
  publicKeySha256: text('public_key_sha256').$type<Sha256Hex>().notNull(),
  status: text().$type<RegistrationStatus>().notNull(),
  reason: text().notNull().default(''),
  holderId: text('holder_id'),
  thumbprint: text().$type<Thumbprint>(),
  decidedBy: text('decided_by'),
  decidedAt: integer('decided_at'),
  createdAt: integer('created_at').notNull()
}, (t) => [
  index('registrations_by_status').on(t.status, t.createdAt),
  index('registrations_by_key').on(t.publicKeySha256)
])

export const suppliers = sqliteTable('suppliers', {
  supplierId: text('supplier_id').$type<SupplierId>().primaryKey(),
  profile: text({ mode: 'json' }).$type<SupplierProfile>().notNull(),
  createdAt: integer('created_at').notNull()
})

/** 부정당업자 제재: from ≤ t < until the supplier can't bid. */
export const suspensions = sqliteTable('suspensions', {
  suspensionId: integer('suspension_id').primaryKey({ autoIncrement: true }),
  supplierId: text('supplier_id').$type<SupplierId>().notNull().references(() => suppliers.supplierId),
  fromAt: integer('from_at').notNull(),
  untilAt: integer('until_at').notNull(),
  reason: text().notNull(),
  imposedBy: text('imposed_by').notNull(),
  liftedAt: integer('lifted_at'),
  liftReason: text('lift_reason')
}, (t) => [index('suspensions_by_supplier').on(t.supplierId, t.untilAt)])

export const officers = sqliteTable('officers', {
  officerId: text('officer_id').$type<OfficerId>().primaryKey(),
  agencyId: text('agency_id').$type<AgencyId>().notNull().references(() => agencies.agencyId),
  profile: text({ mode: 'json' }).$type<OfficerProfile>().notNull(),
  roles: text({ mode: 'json' }).$type<OfficerRole[]>().notNull(),
  /** The officer's own JWS over its X25519 key, to which recovery shares are sealed. */
  encryptionKeyJws: text('encryption_key_jws'),
  createdAt: integer('created_at').notNull()
})

export const certificates = sqliteTable('certificates', {
  thumbprint: text().$type<Thumbprint>().primaryKey(),
  kind: text().$type<HolderKind>().notNull(),
  holderId: text('holder_id').notNull(),
  serialHex: text('serial_hex').notNull(),
  der: blob({ mode: 'buffer' }).notNull(),
  publicKeySha256: text('public_key_sha256').$type<Sha256Hex>().notNull(),
  notBefore: integer('not_before').notNull(),
  notAfter: integer('not_after').notNull(),
  revokedAt: integer('revoked_at'),
  revocationReason: text('revocation_reason'),
  revocationCode: text('revocation_code').$type<RevocationCode>()
}, (t) => [
  index('certificates_by_holder').on(t.holderId, t.notAfter),
  uniqueIndex('certificates_by_serial').on(t.serialHex),
  index('certificates_by_key').on(t.publicKeySha256),
  index('certificates_by_revocation').on(t.revokedAt)
])

export const challenges = sqliteTable('challenges', {
  challengeSha256: text('challenge_sha256').$type<Sha256Hex>().primaryKey(),
  thumbprint: text().$type<Thumbprint>().notNull(),
  expiresAt: integer('expires_at').notNull()
}, (t) => [index('challenges_by_expiry').on(t.expiresAt)])

export const sessions = sqliteTable('sessions', {
  tokenSha256: text('token_sha256').$type<Sha256Hex>().primaryKey(),
  thumbprint: text().$type<Thumbprint>().notNull().references(() => certificates.thumbprint),
  expiresAt: integer('expires_at').notNull(),
  /** A passkey was shown in it. */
  secondFactor: integer('second_factor', { mode: 'boolean' }).notNull().default(false)
}, (t) => [index('sessions_by_expiry').on(t.expiresAt)])
