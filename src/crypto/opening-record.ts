/**
 * The bytes of an opening record: canonical JSON (RFC 8785), what the ledger commits to and `bongin verify` must reproduce.
 * A large record is made, stored and sent in parts: a frame, which is the record with no rows in it, and texts of some rows each.
 * It never exists as one tree of objects nor as one text. Runs in a browser.
 */
import { at, DIGEST_BYTES, SUPPLIER_ID_DIGITS } from '../domain/bid-columns.ts'
import { invariant } from '../domain/errors.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import { rowFacts } from '../domain/opening-rows.ts'
import type { RankedBids } from '../domain/open-tender.ts'
import { AsciiWriter } from './ascii-writer.ts'
import { type Bytes, utf8 } from './bytes.ts'
import { canonicalBytes, canonicalJson } from './canonical-json.ts'
import type { ComputedOpening } from './opening.ts'

/** Rows in one part: some 300 KB, made in a millisecond. */
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

/** Some rows in their order, as they stand in the record: between brackets they are a JSON list. */
export interface RowsPart { firstRow: number, rowCount: number, bytes: Bytes }

/** What stands before a part, between the two ends of a frame. */
export function separatorOf ({ firstRow }: Pick<RowsPart, 'firstRow'>): '' | ',' {
  return firstRow === 0 ? '' : ','
}

export function * rowParts ({ ranked }: ComputedOpening): Generator<RowsPart> {
  const out = new AsciiWriter(PART_ROWS * TYPICAL_ROW_BYTES)
  const count = ranked.order.length
  for (let firstRow = 0; firstRow < count; firstRow += PART_ROWS) {
    const end = Math.min(count, firstRow + PART_ROWS)
    for (let row = firstRow; row < end; row++) {
      if (row > firstRow) out.ascii(COMMA)
      writeRow(out, ranked, row)
    }
    yield { firstRow, rowCount: end - firstRow, bytes: out.take() }
  }
}

/** The same bytes, in parts. */
export function * openingRecordParts (computed: ComputedOpening): Generator<Bytes> {
  const [before, behind] = frameEnds(openingFrame(computed.head))
  yield utf8(before)
  for (const part of rowParts(computed)) {
    yield utf8(separatorOf(part))
    yield part.bytes
  }
  yield utf8(behind)
}

const TYPICAL_ROW_BYTES = 350
const COMMA = utf8(',')
/** What stands before each member's value, in the order of canonical JSON. */
const BEFORE = {
  acceptedAt: utf8('{"acceptedAt":"'),
  amountWon: utf8('","amountWon":'),
  bidRateMilliPercent: utf8(',"bidRateMilliPercent":'),
  envelopeSha256: utf8(',"envelopeSha256":"'),
  members: utf8('","members":'),
  picks: utf8(',"picks":'),
  rank: utf8(',"rank":'),
  remark: utf8(',"remark":"'),
  supplierId: utf8('","supplierId":"'),
  voidReason: utf8('","voidReason":')
} as const
const END = utf8('}')
const NULL = utf8('null')
const NOBODY = utf8('[]')

/** `canonicalJson` of the row of `rowsOf`. */
function writeRow (out: AsciiWriter, ranked: RankedBids, row: number): void {
  const { columns } = ranked
  const { index, rank, amountWon, bidRateMilliPercent, picks, remark, voidReason } = rowFacts(ranked, row)
  const members = columns.members.get(index)
  out.ascii(BEFORE.acceptedAt)
  out.kst(at(columns.acceptedAt, index))
  out.ascii(BEFORE.amountWon)
  out.number(amountWon)
  out.ascii(BEFORE.bidRateMilliPercent)
  out.number(bidRateMilliPercent)
  out.ascii(BEFORE.envelopeSha256)
  out.hex(columns.digests, DIGEST_BYTES * index, DIGEST_BYTES * (index + 1))
  out.ascii(BEFORE.members)
  out.ascii(members === undefined ? NOBODY : canonicalBytes(members))
  out.ascii(BEFORE.picks)
  out.ascii(picks === null ? NULL : pairOf(picks))
  out.ascii(BEFORE.rank)
  out.number(rank)
  out.ascii(BEFORE.remark)
  out.ascii(wordOf(remark))
  out.ascii(BEFORE.supplierId)
  out.padded(at(columns.supplierIds, index), SUPPLIER_ID_DIGITS)
  out.ascii(BEFORE.voidReason)
  out.ascii(voidReason === null ? NULL : wordOf(`"${voidReason}"`))
  out.ascii(END)
}

/** Remarks and reasons: some thirty texts. */
const words = new Map<string, Bytes>()

function wordOf (text: string): Bytes {
  let word = words.get(text)
  if (word === undefined) words.set(text, word = utf8(text))
  return word
}

/** Numbers that a bidder picks fit into a byte. */
const MAX_PICK = 256
const pairs = new Map<number, Bytes>()

function pairOf ([first, second]: readonly [number, number]): Bytes {
  const number = first * MAX_PICK + second
  let pair = pairs.get(number)
  if (pair === undefined) pairs.set(number, pair = utf8(`[${first},${second}]`))
  return pair
}
