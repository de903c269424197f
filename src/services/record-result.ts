/**
 * What came out of a tender, into the lists by agency and supplier and into the statistics: in the transaction that makes it
 * public, never before. Everything follows from the opening record and the award, and nothing is decided by it.
 */
import { invariant } from '../domain/errors.ts'
import type { Instant, SupplierId } from '../domain/ids.ts'
import type { NoticeTerms } from '../domain/notice.ts'
import type { OpeningRow } from '../domain/opening.ts'
import { awardRatePpm, cellsOf, competitionClassOf, monthOf, NO_COUNTS, rateClassOf, type Counts } from '../domain/statistics.ts'
import type { Db } from '../storage/prepare.ts'
import { getResult, insertParticipation, insertResult, updateResult, type StoredResult } from '../storage/results.ts'
import { addToCell } from '../storage/statistics.ts'
import type { Tender } from '../storage/tenders.ts'

export interface Concluded {
  tender: Tender
  terms: NoticeTerms
  at: Instant
  failed: boolean
  /** null where prices were never opened. */
  bids: number | null
  plannedPriceWon: number | null
  rows: Iterable<OpeningRow>
}

export async function recordResult (tx: Db, { tender, terms, at, failed, bids, plannedPriceWon, rows }: Concluded): Promise<void> {
  const { tenderId, agencyId } = tender
  const { regions } = terms.eligibility
  const result: StoredResult = {
    tenderId,
    agencyId,
    concludedAt: at,
    bids,
    plannedPrice: plannedPriceWon,
    decimals: terms.price.decimals,
    failed,
    winnerId: null,
    awardAmount: null,
    awardRatePpm: null,
    regions
  }
  await insertResult(tx, result)
  let row = 0
  for (const { supplierId, members, rank, amountWon, remark } of rows) {
    const all = members.length === 0 ? [supplierId] : members.map((member) => member.supplierId)
    for (const member of new Set(all)) {
      await insertParticipation(tx, { supplierId: member, tenderId, row, leads: member === supplierId, rank, amount: amountWon, remark })
    }
    row++
  }
  const counts = { ...NO_COUNTS, tenders: 1, failed: failed ? 1 : 0, competed: bids === null ? 0 : 1, bids: bids ?? 0 }
  await count(tx, tender, result, counts)
  if (bids !== null) await addToCell(tx, { ...counts, dimension: 'competition', value: String(competitionClassOf(bids)), month: monthOf(at) })
}

/** A tender that failed without an opening: nobody bid, or no proposal passed. */
export async function recordFailure (tx: Db, { tender, terms, at, reason }: Pick<Concluded, 'tender' | 'terms' | 'at'> & { reason: string | null }): Promise<void> {
  await recordResult(tx, { tender, terms, at, failed: true, bids: reason === 'no-bids' ? 0 : null, plannedPriceWon: null, rows: [] })
}

/** The award, or null where nobody qualified. Counted in the month of the opening, so that shares of a month stay shares. */
export async function settleResult (tx: Db, tender: Tender, award: { supplierId: SupplierId, amountWon: number } | null): Promise<void> {
  const result = await getResult(tx, tender.tenderId)
  invariant(result !== null, 'an evaluated tender was opened')
  if (award === null) {
    await updateResult(tx, tender.tenderId, { failed: true, winnerId: null, awardAmount: null, awardRatePpm: null })
    await count(tx, tender, result, { ...NO_COUNTS, failed: 1 })
    return
  }
  const { plannedPrice, concludedAt } = result
  const ratePpm = plannedPrice === null ? null : awardRatePpm({ award: award.amountWon, plannedPrice })
  await updateResult(tx, tender.tenderId, { failed: false, winnerId: award.supplierId, awardAmount: award.amountWon, awardRatePpm: ratePpm })
  const counts = { ...NO_COUNTS, awarded: 1, rated: ratePpm === null ? 0 : 1, ratePpmSum: ratePpm ?? 0 }
  await count(tx, tender, result, counts)
  if (ratePpm !== null) {
    await addToCell(tx, { ...counts, tenders: 1, dimension: 'award-rate', value: String(rateClassOf(ratePpm)), month: monthOf(concludedAt) })
  }
}

async function count (tx: Db, { kind, method }: Tender, { agencyId, regions, concludedAt }: StoredResult, counts: Counts): Promise<void> {
  for (const cell of cellsOf({ kind, method, agencyId, regions })) await addToCell(tx, { ...cell, ...counts, month: monthOf(concludedAt) })
}
