/**
 * The bytes of an opening record: canonical JSON (RFC 8785), what the ledger commits to and `bongin verify` must reproduce.
 * A large record is written in parts, row by row, and never exists as one tree of objects. Runs in a browser.
 */
import type { OpeningRecord, OpeningRow } from '../domain/opening.ts'
import { rowsOf } from '../domain/opening-rows.ts'
import { invariant } from '../domain/errors.ts'
import type { Bytes } from './bytes.ts'
import { canonicalBytes, canonicalJson } from './canonical-json.ts'
import type { ComputedOpening } from './opening.ts'

/** Rows in one part: some 300 KB. */
const PART_ROWS = 1_000
/** Where the rows go; the only empty list with this name, because names of members are fixed. */
const NO_ROWS = '"rows":[]'

export function openingRecordBytes (record: OpeningRecord): Bytes {
  return canonicalBytes(record)
}

/** The same bytes, as text in parts. */
export function * openingRecordParts ({ head, ranked }: ComputedOpening): Generator<string> {
  const frame = canonicalJson({ ...head, rows: [] })
  const rowsAt = frame.indexOf(NO_ROWS)
  invariant(rowsAt >= 0 && frame.indexOf(NO_ROWS, rowsAt + 1) < 0, 'a record has one list of rows')
  const endAt = rowsAt + NO_ROWS.length - 1
  let part = frame.slice(0, endAt)
  let written = 0
  for (const row of rowsOf(ranked)) {
    part += written === 0 ? rowText(row) : `,${rowText(row)}`
    if (++written % PART_ROWS !== 0) continue
    yield part
    part = ''
  }
  yield part + frame.slice(endAt)
}

/** `canonicalJson(row)`: whole numbers and texts that JSON writes as they are. */
function rowText (row: OpeningRow): string {
  const { rank, supplierId, members, amountWon, bidRateMilliPercent, picks, acceptedAt, envelopeSha256, remark, voidReason } = row
  return `{"acceptedAt":"${acceptedAt}","amountWon":${amountWon},"bidRateMilliPercent":${bidRateMilliPercent},"envelopeSha256":"${envelopeSha256}",` +
    `"members":${members.length === 0 ? '[]' : canonicalJson(members)},"picks":${picks === null ? 'null' : `[${picks.join()}]`},` +
    `"rank":${rank},"remark":"${remark}","supplierId":"${supplierId}","voidReason":${voidReason === null ? 'null' : `"${voidReason}"`}}`
}
