/**
 * The bytes of an opening record: canonical JSON (RFC 8785), what the ledger commits to and `bongin verify` must reproduce.
 * A large record is made, stored and sent in parts: a frame, which is the record with no rows in it, and texts of some rows each.
 * It never exists as one tree of objects nor as one text. Runs in a browser.
 */
import type { OpeningRecord, OpeningRow } from '../domain/opening.ts'
import { rowsOf } from '../domain/opening-rows.ts'
import { invariant } from '../domain/errors.ts'
import type { Bytes } from './bytes.ts'
import { canonicalBytes, canonicalJson } from './canonical-json.ts'
import type { ComputedOpening } from './opening.ts'

/** Rows in one part: some 300 KB, made in some 5 ms. */
export const PART_ROWS = 1_000
export function openingRecordBytes (record: OpeningRecord): Bytes {
  return canonicalBytes(record)
}

/** The record without its rows. */
export function openingFrame (head: ComputedOpening['head']): string {
  return canonicalJson({ ...head, rows: [] })
}

/** What stands before and behind the items of a document's list that is empty; names of members are fixed, so there is one of that name. */
export function frameEnds (frame: string, list = 'rows'): [before: string, behind: string] {
  const empty = `"${list}":[]`
  const listAt = frame.indexOf(empty)
  invariant(listAt >= 0 && frame.indexOf(empty, listAt + 1) < 0, 'a document has one list of that name')
  const endAt = listAt + empty.length - 1
  return [frame.slice(0, endAt), frame.slice(endAt)]
}

/** Some rows in their order, as they stand in the record: `[${text}]` is a JSON list. */
export interface RowsPart { firstRow: number, rowCount: number, text: string }

/** A part as it stands between the two ends of a frame, after the parts before it. */
export function joinedText ({ firstRow, text }: Pick<RowsPart, 'firstRow' | 'text'>): string {
  return firstRow === 0 ? text : `,${text}`
}

export function * rowParts ({ ranked }: ComputedOpening): Generator<RowsPart> {
  let part: RowsPart = { firstRow: 0, rowCount: 0, text: '' }
  for (const row of rowsOf(ranked)) {
    part.text += part.rowCount === 0 ? rowText(row) : `,${rowText(row)}`
    if (++part.rowCount < PART_ROWS) continue
    yield part
    part = { firstRow: part.firstRow + part.rowCount, rowCount: 0, text: '' }
  }
  if (part.rowCount > 0) yield part
}

/** The same bytes, as text in parts. */
export function * openingRecordParts (computed: ComputedOpening): Generator<string> {
  const [before, behind] = frameEnds(openingFrame(computed.head))
  yield before
  for (const part of rowParts(computed)) yield joinedText(part)
  yield behind
}

/** `canonicalJson(row)`: whole numbers and texts that JSON writes as they are. */
function rowText (row: OpeningRow): string {
  const { rank, supplierId, members, amountWon, bidRateMilliPercent, picks, acceptedAt, envelopeSha256, remark, voidReason } = row
  return `{"acceptedAt":"${acceptedAt}","amountWon":${amountWon},"bidRateMilliPercent":${bidRateMilliPercent},"envelopeSha256":"${envelopeSha256}",` +
    `"members":${members.length === 0 ? '[]' : canonicalJson(members)},"picks":${picks === null ? 'null' : `[${picks[0]},${picks[1]}]`},` +
    `"rank":${rank},"remark":"${remark}","supplierId":"${supplierId}","voidReason":${voidReason === null ? 'null' : `"${voidReason}"`}}`
}
