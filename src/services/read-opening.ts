/** An opened tender as its opening report (개찰조서) has it: the record, and who everybody is that it names by number. */
import type { OfficerId, SupplierId, TenderId } from '../domain/ids.ts'
import type { Notice } from '../domain/notice.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import { getOpening, type StoredOpening } from '../storage/openings.ts'
import { getOfficers } from '../storage/officers.ts'
import { getSupplier } from '../storage/suppliers.ts'
import type { Tender } from '../storage/tenders.ts'
import type { Context } from './context.ts'
import { noticeInForce } from './notice-text.ts'
import { readWholeOpening } from './opening-records.ts'
import { notYetOpen, requirePublished } from './tender-access.ts'

export interface Opened {
  tender: Tender
  notice: Notice
  opening: StoredOpening
  record: OpeningRecord
  /** Of the committee. */
  officers: Officers
}

export interface Officers { executing: { officerId: OfficerId, name: string }, witness: { officerId: OfficerId, name: string } }

/** @throws BonginError `tender-not-found`, `not-yet-open`. */
export async function readOpening (context: Context, tenderId: TenderId): Promise<Opened> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  const opening = await getOpening(db, tenderId)
  const whole = await readWholeOpening(context, tenderId)
  if (opening === null || whole === null) throw notYetOpen()
  const notice = await noticeInForce(db, tender)
  return { tender, notice, opening, record: whole.record, officers: await readOfficers(context, notice) }
}

/** Whose names stand under an opening report. */
export async function readOfficers (context: Context, { terms: { committee: { executing, witness } } }: Notice): Promise<Officers> {
  const known = await getOfficers(context.db.read, [executing, witness])
  const named = (officerId: OfficerId): { officerId: OfficerId, name: string } =>
    ({ officerId, name: known.find((officer) => officer.officerId === officerId)?.profile.name ?? '' })
  return { executing: named(executing), witness: named(witness) }
}

/** Company names, as registered now. */
export async function companyNames (context: Context, supplierIds: Iterable<SupplierId>): Promise<Map<SupplierId, string>> {
  const names = new Map<SupplierId, string>()
  for (const supplierId of new Set(supplierIds)) {
    const supplier = await getSupplier(context.db.read, supplierId)
    if (supplier !== null) names.set(supplierId, supplier.profile.companyName)
  }
  return names
}
