/**
 * The tables. Only text, integer, blob and JSON text are used, so that PostgreSQL can stand behind the same functions.
 * Instants are epoch milliseconds; money is whole won. Secrets at rest are wrapped (`*_wrapped`) or hashed (`*_sha256`).
 * `migrations/` adds what drizzle cannot say: STRICT tables, CHECKs and the triggers that make records append-only.
 */
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { AgencyId, OfficerId, Sha256Hex, SupplierId, TenderId, Thumbprint } from '../domain/ids.ts'
import type { AwardMethod, TenderKind } from '../domain/notice.ts'
import type { TenderState } from '../domain/tender.ts'
import type { HolderKind, OfficerProfile, OfficerRole, RegistrationStatus, SupplierProfile } from '../domain/holder.ts'
import type { TenderDraft } from '../domain/draft.ts'

/** Next numbers of things that are counted (officers, tenders of a year). */
export const counters = sqliteTable('counters', {
  name: text().primaryKey(),
  value: integer().notNull()
})

/** Facts about this installation, e.g. the hash of the first officer's enrolment code. */
export const settings = sqliteTable('settings', {
  name: text().primaryKey(),
  value: text().notNull()
})

export const agencies = sqliteTable('agencies', {
  agencyId: text('agency_id').$type<AgencyId>().primaryKey(),
  name: text().notNull(),
  createdAt: integer('created_at').notNull()
})

export const registrations = sqliteTable('registrations', {
  registrationId: text('registration_id').primaryKey(),
  kind: text().$type<HolderKind>().notNull(),
  profile: text({ mode: 'json' }).$type<SupplierProfile | OfficerProfile>().notNull(),
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
  revocationReason: text('revocation_reason')
}, (t) => [
  index('certificates_by_holder').on(t.holderId, t.notAfter),
  uniqueIndex('certificates_by_serial').on(t.serialHex),
  index('certificates_by_key').on(t.publicKeySha256)
])

export const challenges = sqliteTable('challenges', {
  challengeSha256: text('challenge_sha256').$type<Sha256Hex>().primaryKey(),
  thumbprint: text().$type<Thumbprint>().notNull(),
  expiresAt: integer('expires_at').notNull()
}, (t) => [index('challenges_by_expiry').on(t.expiresAt)])

export const sessions = sqliteTable('sessions', {
  tokenSha256: text('token_sha256').$type<Sha256Hex>().primaryKey(),
  thumbprint: text().$type<Thumbprint>().notNull().references(() => certificates.thumbprint),
  expiresAt: integer('expires_at').notNull()
}, (t) => [index('sessions_by_expiry').on(t.expiresAt)])

export const attachments = sqliteTable('attachments', {
  sha256: text().$type<Sha256Hex>().primaryKey(),
  sizeBytes: integer('size_bytes').notNull(),
  uploadedBy: text('uploaded_by').notNull(),
  uploadedAt: integer('uploaded_at').notNull(),
  /** Whether a published notice names it; only then may the public fetch it. */
  public: integer({ mode: 'boolean' }).notNull().default(false)
})

export const tenders = sqliteTable('tenders', {
  tenderId: text('tender_id').$type<TenderId>().primaryKey(),
  agencyId: text('agency_id').$type<AgencyId>().notNull().references(() => agencies.agencyId),
  createdBy: text('created_by').$type<OfficerId>().notNull(),
  createdAt: integer('created_at').notNull(),
  state: text().$type<TenderState>().notNull(),
  /** The next notice to publish, or null when nothing is pending. */
  draft: text({ mode: 'json' }).$type<TenderDraft>(),
  /** Revision in force; null while a draft. */
  revision: integer(),
  title: text().notNull(),
  kind: text().$type<TenderKind>().notNull(),
  method: text().$type<AwardMethod>().notNull(),
  estimatedPriceWon: integer('estimated_price_won').notNull(),
  termsSha256: text('terms_sha256').$type<Sha256Hex>(),
  publishedAt: integer('published_at'),
  closesAt: integer('closes_at').notNull(),
  opensAt: integer('opens_at').notNull(),
  rebidRound: integer('rebid_round').notNull().default(0),
  previousTenderId: text('previous_tender_id').$type<TenderId>(),
  platformPoint: text('platform_point').notNull(),
  platformProof: text('platform_proof').notNull(),
  platformSeedWrapped: text('platform_seed_wrapped').notNull(),
  sealedPrices: text('sealed_prices', { mode: 'json' }).$type<{ enc: string, ciphertext: string }>(),
  closingRoot: text('closing_root').$type<Sha256Hex>(),
  closingSize: integer('closing_size'),
  checkpoint: text(),
  failureReason: text('failure_reason'),
  cancellationJws: text('cancellation_jws')
}, (t) => [
  index('tenders_by_closing').on(t.state, t.closesAt),
  index('tenders_by_opening').on(t.state, t.opensAt),
  index('tenders_by_agency').on(t.agencyId, t.tenderId),
  index('tenders_by_previous').on(t.previousTenderId)
])

export const notices = sqliteTable('notices', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  revision: integer().notNull(),
  jws: text().notNull(),
  termsSha256: text('terms_sha256').$type<Sha256Hex>().notNull(),
  publishedAt: integer('published_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.revision] })])

export const contributions = sqliteTable('contributions', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  holderId: text('holder_id').notNull(),
  role: text().$type<'executing' | 'witness'>().notNull(),
  point: text().notNull(),
  proof: text().notNull(),
  jws: text().notNull(),
  contributedAt: integer('contributed_at').notNull()
}, (t) => [
  primaryKey({ columns: [t.tenderId, t.holderId] }),
  uniqueIndex('contributions_by_point').on(t.point)
])

export const reveals = sqliteTable('reveals', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  holderId: text('holder_id').notNull(),
  via: text().$type<'holder' | 'shares' | 'clock'>().notNull(),
  seedWrapped: text('seed_wrapped').notNull(),
  revealedAt: integer('revealed_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.holderId] })])

export const shareReveals = sqliteTable('share_reveals', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  ownerId: text('owner_id').notNull(),
  recipientId: text('recipient_id').notNull(),
  shareWrapped: text('share_wrapped').notNull(),
  revealedAt: integer('revealed_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.ownerId, t.recipientId] })])

/** Accepted bids in order of acceptance; `bidNo` never leaves the server. */
export const bids = sqliteTable('bids', {
  bidNo: integer('bid_no').primaryKey({ autoIncrement: true }),
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  thumbprint: text().$type<Thumbprint>().notNull(),
  termsSha256: text('terms_sha256').$type<Sha256Hex>().notNull(),
  enc: text().notNull(),
  envelope: blob({ mode: 'buffer' }).notNull(),
  envelopeSha256: text('envelope_sha256').$type<Sha256Hex>().notNull(),
  acceptedAt: integer('accepted_at').notNull(),
  receipt: text().notNull(),
  state: text().$type<'sealed' | 'withdrawn' | 'superseded'>().notNull()
}, (t) => [
  uniqueIndex('bids_by_supplier').on(t.tenderId, t.supplierId, t.termsSha256),
  uniqueIndex('bids_by_enc').on(t.tenderId, t.enc)
])

export const withdrawals = sqliteTable('withdrawals', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  jws: text().notNull(),
  withdrawnAt: integer('withdrawn_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.supplierId] })])

export const openings = sqliteTable('openings', {
  tenderId: text('tender_id').$type<TenderId>().primaryKey().references(() => tenders.tenderId),
  /** Canonical JSON of the opening record, byte for byte what its hash and `verify` are about. */
  record: text().notNull(),
  sha256: text().$type<Sha256Hex>().notNull(),
  openedAt: integer('opened_at').notNull()
})

export const evaluations = sqliteTable('evaluations', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  sequence: integer().notNull(),
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  jws: text().notNull(),
  result: text({ mode: 'json' }).$type<unknown>().notNull(),
  evaluatedAt: integer('evaluated_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.sequence] })])

export const awards = sqliteTable('awards', {
  tenderId: text('tender_id').$type<TenderId>().primaryKey().references(() => tenders.tenderId),
  jws: text().notNull(),
  decision: text().$type<'awarded' | 'failed'>().notNull(),
  awardedAt: integer('awarded_at').notNull()
})

export const ledger = sqliteTable('ledger', {
  tenderId: text('tender_id').$type<TenderId>().notNull(),
  sequence: integer().notNull(),
  at: integer().notNull(),
  actor: text().notNull(),
  type: text().notNull(),
  payload: text().notNull(),
  payloadSha256: text('payload_sha256').$type<Sha256Hex>().notNull(),
  previousHash: text('previous_hash').$type<Sha256Hex>().notNull(),
  hash: text().$type<Sha256Hex>().notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.sequence] })])

/** Public events; `position` grows in commit order because there is one writer. */
export const events = sqliteTable('events', {
  position: integer().primaryKey({ autoIncrement: true }),
  at: integer().notNull(),
  type: text().notNull(),
  tenderId: text('tender_id').$type<TenderId>().notNull(),
  data: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull()
}, (t) => [index('events_by_tender').on(t.tenderId, t.position)])

/** Refusals and decisions, for platform officers; never holds a secret or a bid's content. */
export const audit = sqliteTable('audit', {
  position: integer().primaryKey({ autoIncrement: true }),
  at: integer().notNull(),
  actor: text().notNull(),
  action: text().notNull(),
  code: text().notNull(),
  field: text(),
  tenderId: text('tender_id'),
  detail: text({ mode: 'json' }).$type<Record<string, unknown>>().notNull()
}, (t) => [index('audit_by_tender').on(t.tenderId, t.position)])
