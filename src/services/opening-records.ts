/**
 * Reading opening records, which may have a hundred thousand rows: as text in parts, byte for byte; a page of rows; the first rows
 * alone, for those who show a tender; and as one value for those who need all of it. Nothing here holds the event loop for longer than
 * one part takes.
 */
import { frameEnds, separatorOf } from '../crypto/opening-record.ts'
import type { Instant, Sha256Hex, TenderId } from '../domain/ids.ts'
import type { OpeningRecord, OpeningRow } from '../domain/opening.ts'
import { getOpening, partWithRow, type StoredOpening, type StoredPart } from '../storage/openings.ts'
import type { Db } from '../storage/prepare.ts'
import type { Context } from './context.ts'
import { notYetOpen, requirePublished } from './tender-access.ts'
import { turn } from './turn.ts'

/** Rows of one answer of `readOutcomes`. */
export const MAX_OUTCOMES_PAGE = 1_000

/** A record as it is sent: its size and digest are known before its first byte. */
export interface OpeningText { sha256: Sha256Hex, sizeBytes: number, parts: AsyncIterable<string> }

/** @throws BonginError `tender-not-found`, `not-yet-open`. */
export async function readOpeningText (context: Context, tenderId: TenderId): Promise<OpeningText> {
  const opening = await requireOpening(context.db.read, tenderId)
  return { sha256: opening.sha256, sizeBytes: opening.sizeBytes, parts: openingTexts(context.db.read, opening) }
}

/** The whole record's text. A reader that is slow holds nothing but its place. */
export async function * openingTexts (db: Db, { tenderId, frame }: StoredOpening): AsyncGenerator<string> {
  const [before, behind] = frameEnds(frame)
  yield before
  for await (const part of eachPart(db, tenderId)) yield separatorOf(part) + part.text
  yield behind
}

async function * eachPart (db: Db, tenderId: TenderId): AsyncGenerator<StoredPart> {
  for (let row = 0; ;) {
    const part = await partWithRow(db, { tenderId, row })
    if (part === null) return
    yield part
    row += part.rowCount
    await turn()
  }
}

export interface OutcomesPage {
  openingSha256: Sha256Hex
  rowCount: number
  rows: OpeningRow[]
  /** Where the next page begins; null behind the last row. */
  next: number | null
}

/** Rows of the record from the one with this index on. @throws BonginError `tender-not-found`, `not-yet-open`. */
export async function readOutcomes (context: Context, { tenderId, from, limit }: {
  tenderId: TenderId, from: number, limit: number
}): Promise<OutcomesPage> {
  const { sha256, rowCount } = await requireOpening(context.db.read, tenderId)
  const rows = await rowsFrom(context.db.read, { tenderId, from, limit: Math.min(limit, MAX_OUTCOMES_PAGE) })
  const next = from + rows.length
  return { openingSha256: sha256, rowCount, rows, next: next < rowCount && rows.length > 0 ? next : null }
}

async function rowsFrom (db: Db, { tenderId, from, limit }: { tenderId: TenderId, from: number, limit: number }): Promise<OpeningRow[]> {
  const rows: OpeningRow[] = []
  while (rows.length < limit) {
    const row = from + rows.length
    const part = await partWithRow(db, { tenderId, row })
    if (part === null) break
    const start = row - part.firstRow
    rows.push(...rowsIn(part).slice(start, start + limit - rows.length))
  }
  return rows
}

function rowsIn ({ text }: StoredPart): OpeningRow[] {
  return JSON.parse(`[${text}]`) as OpeningRow[]
}

/** The record with its first rows alone, and how many there are. */
export interface ShownOpening { record: OpeningRecord, sha256: Sha256Hex, rowCount: number, openedAt: Instant }

/** null before the opening. */
export async function readShownOpening (db: Db, tenderId: TenderId): Promise<ShownOpening | null> {
  const opening = await getOpening(db, tenderId)
  if (opening === null) return null
  const { frame, sha256, rowCount, openedAt } = opening
  const rows = await rowsFrom(db, { tenderId, from: 0, limit: MAX_OUTCOMES_PAGE })
  return { record: { ...JSON.parse(frame) as OpeningRecord, rows }, sha256, rowCount, openedAt }
}

export interface LoadedOpening { openingSha256: Sha256Hex, openedAt: Instant, record: OpeningRecord }

/** The whole record as a value, read in turns; null before the opening. */
export async function readWholeOpening (context: Context, tenderId: TenderId): Promise<LoadedOpening | null> {
  const db = context.db.read
  const opening = await getOpening(db, tenderId)
  if (opening === null) return null
  const rows: OpeningRow[] = []
  for await (const part of eachPart(db, tenderId)) rows.push(...rowsIn(part))
  return loaded(opening, rows)
}

/** The same at once, for a transaction, which may not wait. */
export async function loadOpening (db: Db, tenderId: TenderId): Promise<LoadedOpening | null> {
  const opening = await getOpening(db, tenderId)
  return opening === null ? null : loaded(opening, await rowsFrom(db, { tenderId, from: 0, limit: opening.rowCount }))
}

function loaded ({ frame, sha256, openedAt }: StoredOpening, rows: OpeningRow[]): LoadedOpening {
  return { openingSha256: sha256, openedAt, record: { ...JSON.parse(frame) as OpeningRecord, rows } }
}

async function requireOpening (db: Db, tenderId: TenderId): Promise<StoredOpening> {
  await requirePublished(db, tenderId)
  const opening = await getOpening(db, tenderId)
  if (opening === null) throw notYetOpen()
  return opening
}
