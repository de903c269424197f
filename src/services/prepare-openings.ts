/**
 * What an opening can do before its key is there is done between the deadline and the opening: bids are read, hashed and
 * unpacked, and tables of their public keys made where there is no native module (`crypto/open-seals.ts`). It is kept in
 * memory under a limit, those that open first before the others, and given up after the opening; a server that was started
 * anew prepares again, and what was not prepared is opened all the same. Nothing of it is secret.
 */
import { expectedOf, SLICE_BIDS } from '../crypto/opening.ts'
import { packedBytes, type PackedLeaves } from '../crypto/packed-leaves.ts'
import type { TenderId } from '../domain/ids.ts'
import { listDue, type Tender } from '../storage/tenders.ts'
import type { Context } from './context.ts'
import { currentNotice } from './notice-text.ts'
import { slicesOf } from './stored-slices.ts'
import { turn } from './turn.ts'

export const MB = 1_000_000
/** Some 200,000 bids, 40,000 with tables. */
export const DEFAULT_PREPARED_BYTES = 256 * MB
/** Openings further ahead are not looked at. */
const AHEAD_MS = 24 * 3_600_000
/** Tenders looked at in one round. */
const MAX_TENDERS = 2_000

interface Entry { closing: Closing, slices: PackedLeaves[] }
/** A record that was opened again by an outage is another one, even with the same bids: its terms and withdrawals may differ. */
type Closing = Pick<Tender, 'closingRoot' | 'closesAt'>

export class PreparedOpenings {
  readonly #entries = new Map<TenderId, Entry>()
  readonly #maxBytes: number
  #bytes = 0

  constructor (maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get isFull (): boolean {
    return this.#bytes >= this.#maxBytes
  }

  /** Slices of this closing record that are there. */
  count ({ tenderId, closingRoot, closesAt }: Tender): number {
    const entry = this.#entries.get(tenderId)
    return entry?.closing.closingRoot === closingRoot && entry.closing.closesAt === closesAt ? entry.slices.length : 0
  }

  /** The tender's next slice. */
  add (tender: Tender, slice: PackedLeaves): void {
    const { tenderId, closingRoot, closesAt } = tender
    if (this.count(tender) === 0) this.drop(tenderId)
    const entry = this.#entries.get(tenderId) ?? { closing: { closingRoot, closesAt }, slices: [] }
    entry.slices.push(slice)
    this.#entries.set(tenderId, entry)
    this.#bytes += packedBytes(slice)
  }

  /** The slices of a tender that is opened now, which are kept no longer. */
  take (tender: Tender): readonly PackedLeaves[] {
    const slices = this.count(tender) === 0 ? [] : this.#entries.get(tender.tenderId)?.slices ?? []
    this.drop(tender.tenderId)
    return slices
  }

  drop (tenderId: TenderId): void {
    for (const slice of this.#entries.get(tenderId)?.slices ?? []) this.#bytes -= packedBytes(slice)
    this.#entries.delete(tenderId)
  }

  keepOnly (tenderIds: ReadonlySet<TenderId>): void {
    for (const tenderId of [...this.#entries.keys()]) if (!tenderIds.has(tenderId)) this.drop(tenderId)
  }
}

/** Ends when there is nothing left to prepare, no memory for it, or when openings want the threads: those go first. */
export async function prepareOpenings (context: Context): Promise<void> {
  const { db, clock, prepared } = context
  const closed = await listDue(db.read, { state: 'closed', now: clock.now() + AHEAD_MS, limit: MAX_TENDERS })
  prepared.keepOnly(new Set(closed.map(({ tenderId }) => tenderId)))
  for (const tender of closed) if (!await prepareTender(context, tender)) return
}

/** False where the round is to end. */
async function prepareTender ({ db, threads, prepared, stopping }: Context, tender: Tender): Promise<boolean> {
  const isToEnd = (): boolean => stopping.aborted || prepared.isFull || threads.queued() > 0
  if (isToEnd()) return false
  if (prepared.count(tender) * SLICE_BIDS >= (tender.closingSize ?? 0)) return true
  await turn()
  const { terms, termsSha256 } = await currentNotice(db.read, tender.tenderId)
  const slices = await slicesOf(db.read, { tenderId: tender.tenderId, databasePath: db.path })
  for (const slice of slices.slice(prepared.count(tender))) {
    if (isToEnd()) return false
    const number = prepared.count(tender)
    const packed = await threads.prepare(slice, expectedOf(terms, termsSha256))
    // Opened meanwhile, or its deadline moved.
    if (prepared.count(tender) !== number) return true
    prepared.add(tender, packed)
  }
  return true
}
