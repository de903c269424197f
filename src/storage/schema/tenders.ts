/** Tenders up to the closing: notices, contributions to the keys and their reveals, sealed bids. */
import { isNotNull } from 'drizzle-orm'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { AgencyId, OfficerId, Sha256Hex, SupplierId, TenderId, Thumbprint } from '../../domain/ids.ts'
import type { EnvelopeKind } from '../../domain/envelope-kind.ts'
import type { AwardMethod, CommitteeSeat, TenderKind } from '../../domain/notice.ts'
import type { TenderState } from '../../domain/tender.ts'
import type { TenderDraft } from '../../domain/draft.ts'
import { agencies } from './holders.ts'

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
  /** Of the notice in force, by `regionsText`; empty for the whole country. */
  regions: text().notNull().default(''),
  termsSha256: text('terms_sha256').$type<Sha256Hex>(),
  publishedAt: integer('published_at'),
  closesAt: integer('closes_at').notNull(),
  /** null where there is one envelope. */
  technicalOpensAt: integer('technical_opens_at'),
  opensAt: integer('opens_at').notNull(),
  rebidRound: integer('rebid_round').notNull().default(0),
  previousTenderId: text('previous_tender_id').$type<TenderId>(),
  /** Tender of lot 1, and the lot's number; null for a tender by itself. */
  lotNoticeId: text('lot_notice_id').$type<TenderId>(),
  lotNumber: integer('lot_number'),
  platformPoint: text('platform_point').notNull(),
  platformProof: text('platform_proof').notNull(),
  platformMlKemKey: text('platform_ml_kem_key').notNull(),
  platformSeedWrapped: text('platform_seed_wrapped').notNull(),
  /** The platform's part of the technical key; all null where no draft had technical envelopes. */
  technicalPoint: text('technical_point'),
  technicalProof: text('technical_proof'),
  technicalMlKemKey: text('technical_ml_kem_key'),
  technicalSeedWrapped: text('technical_seed_wrapped'),
  sealedPrices: text('sealed_prices', { mode: 'json' }).$type<{ enc: string, ciphertext: string }>(),
  closingRoot: text('closing_root').$type<Sha256Hex>(),
  closingSize: integer('closing_size'),
  checkpoint: text(),
  failureReason: text('failure_reason'),
  cancellationJws: text('cancellation_jws')
}, (t) => [
  index('tenders_by_closing').on(t.state, t.closesAt, t.tenderId),
  index('tenders_by_opening').on(t.state, t.opensAt),
  index('tenders_by_technical_opening').on(t.state, t.technicalOpensAt),
  index('tenders_by_agency').on(t.agencyId, t.tenderId),
  index('tenders_by_state').on(t.state, t.tenderId),
  index('tenders_by_kind').on(t.kind, t.tenderId),
  index('tenders_by_method').on(t.method, t.tenderId),
  index('tenders_by_state_kind').on(t.state, t.kind, t.tenderId),
  index('tenders_closing').on(t.closesAt, t.tenderId),
  index('tenders_closing_by_agency').on(t.agencyId, t.closesAt, t.tenderId),
  index('tenders_closing_by_kind').on(t.kind, t.closesAt, t.tenderId),
  index('tenders_closing_by_state_kind').on(t.state, t.kind, t.closesAt, t.tenderId),
  index('tenders_by_previous').on(t.previousTenderId),
  index('tenders_by_lot').on(t.lotNoticeId, t.lotNumber)
])

export const notices = sqliteTable('notices', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  revision: integer().notNull(),
  jws: text().notNull(),
  termsSha256: text('terms_sha256').$type<Sha256Hex>().notNull(),
  publishedAt: integer('published_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.revision] })])

/** Who sits on a tender's committee: what an officer's list of its own tenders goes by. The signed notice stays what decides. */
export const tenderSeats = sqliteTable('tender_seats', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  officerId: text('officer_id').$type<OfficerId>().notNull(),
  seat: text().$type<CommitteeSeat>().notNull()
}, (t) => [
  primaryKey({ columns: [t.tenderId, t.officerId] }),
  index('tender_seats_of_officer').on(t.officerId, t.tenderId)
])

export const contributions = sqliteTable('contributions', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  holderId: text('holder_id').notNull(),
  envelope: text().$type<EnvelopeKind>().notNull(),
  role: text().$type<'executing' | 'witness'>().notNull(),
  point: text().notNull(),
  proof: text().notNull(),
  jws: text().notNull(),
  contributedAt: integer('contributed_at').notNull()
}, (t) => [
  primaryKey({ columns: [t.tenderId, t.holderId, t.envelope] }),
  uniqueIndex('contributions_by_point').on(t.point)
])

export const reveals = sqliteTable('reveals', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  holderId: text('holder_id').notNull(),
  envelope: text().$type<EnvelopeKind>().notNull(),
  via: text().$type<'holder' | 'shares' | 'clock'>().notNull(),
  seedWrapped: text('seed_wrapped').notNull(),
  revealedAt: integer('revealed_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.holderId, t.envelope] })])

export const shareReveals = sqliteTable('share_reveals', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  ownerId: text('owner_id').notNull(),
  recipientId: text('recipient_id').notNull(),
  envelope: text().$type<EnvelopeKind>().notNull(),
  shareWrapped: text('share_wrapped').notNull(),
  revealedAt: integer('revealed_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.ownerId, t.recipientId, t.envelope] })])

/** Accepted bids in order of acceptance; `bidNo` never leaves the server. */
export const bids = sqliteTable('bids', {
  bidNo: integer('bid_no').primaryKey({ autoIncrement: true }),
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  thumbprint: text().$type<Thumbprint>().notNull(),
  termsSha256: text('terms_sha256').$type<Sha256Hex>().notNull(),
  enc: text().notNull(),
  /** Of the technical part; null where there is one envelope. */
  technicalEnc: text('technical_enc'),
  envelope: blob({ mode: 'buffer' }).notNull(),
  envelopeSha256: text('envelope_sha256').$type<Sha256Hex>().notNull(),
  acceptedAt: integer('accepted_at').notNull(),
  receipt: text().notNull(),
  state: text().$type<'sealed' | 'withdrawn' | 'superseded'>().notNull()
}, (t) => [
  uniqueIndex('bids_by_supplier').on(t.tenderId, t.supplierId, t.termsSha256),
  uniqueIndex('bids_by_enc').on(t.tenderId, t.enc),
  uniqueIndex('bids_by_technical_enc').on(t.tenderId, t.technicalEnc).where(isNotNull(t.technicalEnc)),
  index('bids_of_supplier').on(t.supplierId, t.tenderId)
])

export const withdrawals = sqliteTable('withdrawals', {
  tenderId: text('tender_id').$type<TenderId>().notNull().references(() => tenders.tenderId),
  supplierId: text('supplier_id').$type<SupplierId>().notNull(),
  jws: text().notNull(),
  withdrawnAt: integer('withdrawn_at').notNull()
}, (t) => [primaryKey({ columns: [t.tenderId, t.supplierId] })])
