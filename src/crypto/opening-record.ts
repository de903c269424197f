/**
 * The bytes of an opening record: canonical JSON (RFC 8785), what the ledger commits to and `bongin verify` must reproduce.
 * A large record is made, stored and sent in parts: a frame, which is the record with no rows in it, and texts of some rows each.
 * It never exists as one tree of objects nor as one text. Runs in a browser.
 */
import type { Picks, RemarkCode, VoidReason } from '../domain/bid.ts'
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
/** What stands between the values of a row, in the order of canonical JSON; what follows `envelopeSha256` has words that hold their values. */
const BEFORE = {
  acceptedAt: utf8('{"acceptedAt":"'),
  amountWon: utf8('","amountWon":'),
  bidRateMilliPercent: utf8(',"bidRateMilliPercent":'),
  envelopeSha256: utf8(',"envelopeSha256":"')
} as const

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
  out.ascii(members === undefined ? membersAndPicks(pairOf(picks)) : utf8(membersAndPicksText(canonicalJson(members), picks)))
  out.number(rank)
  out.ascii(remarkWord(remark))
  out.padded(at(columns.supplierIds, index), SUPPLIER_ID_DIGITS)
  out.ascii(endWord(voidReason))
}

/** Texts that come again and again, as bytes; there are some 250 of them. */
function kept<Key> (textOf: (key: Key) => string): (key: Key) => Bytes {
  const words = new Map<Key, Bytes>()
  return (key) => {
    let word = words.get(key)
    if (word === undefined) words.set(key, word = utf8(textOf(key)))
    return word
  }
}

const remarkWord = kept((remark: RemarkCode) => `,"remark":"${remark}","supplierId":"`)
const endWord = kept((reason: VoidReason | null) => `","voidReason":${reason === null ? 'null' : `"${reason}"`}}`)
/** Of a single bidder, by the number of its pair. */
const membersAndPicks = kept((pair: number) => membersAndPicksText('[]', pair === NO_PICKS ? null : [Math.floor(pair / PAIRS), pair % PAIRS]))

function membersAndPicksText (members: string, picks: Picks | null): string {
  return `","members":${members},"picks":${picks === null ? 'null' : `[${picks.join()}]`},"rank":`
}

/** Numbers that a bidder picks, from 1, fit into a byte. */
const PAIRS = 256
const NO_PICKS = 0

function pairOf (picks: Picks | null): number {
  return picks === null ? NO_PICKS : picks[0] * PAIRS + picks[1]
}
