/** An opened tender as its opening report (개찰조서) has it: the record's first rows, and who everybody is that it names by number. */
import type { OfficerId, SupplierId, TenderId } from '../domain/ids.ts'
import type { Notice } from '../domain/notice.ts'
import { getOfficers } from '../storage/officers.ts'
import { getSupplier } from '../storage/suppliers.ts'
import type { Tender } from '../storage/tenders.ts'
import type { Context } from './context.ts'
import { noticeInForce } from './notice-text.ts'
import { readShownOpening, type ShownOpening } from './opening-records.ts'
import { notYetOpen, requirePublished } from './tender-access.ts'

export interface Opened {
  tender: Tender
  notice: Notice
  opening: ShownOpening
  committee: CommitteeNames
}

export interface CommitteeNames { executing: { officerId: OfficerId, name: string }, witness: { officerId: OfficerId, name: string } }

/** @throws BonginError `tender-not-found`, `not-yet-open`. */
export async function readOpening (context: Context, tenderId: TenderId): Promise<Opened> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  const opening = await readShownOpening(db, tenderId)
  if (opening === null) throw notYetOpen()
  const notice = await noticeInForce(db, tender)
  return { tender, notice, opening, committee: await committeeNames(context, notice) }
}

/** Whose names stand under an opening report. */
export async function committeeNames (context: Context, { terms: { committee: { executing, witness } } }: Notice): Promise<CommitteeNames> {
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
