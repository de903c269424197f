/**
 * A JSON value as a record of published results. A record's members tell its shape, whatever its file is called; each
 * member is checked, so that what follows may rely on its type.
 */
import { arePicks, MAX_AMOUNT_WON, PRELIMINARY_PRICE_COUNT } from '../../domain/bid.ts'
import { DRAWN_COUNT } from '../../domain/draw.ts'
import { decimalsOf, isExact } from './decimals.ts'
import { RecordProblem, type Words } from './faults.ts'
import type { DrawRow, KonepsBid, KonepsOpening, Published, PublishedDraw, WorksFloor } from './published.ts'

/** What a member must be; the words complete "/path must be …" and "/path 값은 … 합니다". */
interface Kind<T> extends Words { is: (value: unknown) => value is T }

const exactUpTo = (most: number) => (value: unknown): value is number => typeof value === 'number' && value <= most && isExact(value)
const isAmount = exactUpTo(MAX_AMOUNT_WON)
const isPercent = exactUpTo(100)
const isList = (value: unknown): value is unknown[] => Array.isArray(value)
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)
const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value)

const AMOUNT: Kind<number> = { is: isAmount, en: 'an amount from 0 to 10^15 of at most 15 digits', ko: '0 이상 1,000조 이하, 15자리 이내의 금액이어야' }
const PRICE: Kind<number> = {
  is: (value): value is number => isAmount(value) && value > 0, en: 'a price above 0 of at most 15 digits', ko: '0보다 큰 15자리 이내의 가격이어야'
}
const FLOOR_RATE: Kind<number> = {
  is: (value): value is number => isPercent(value) && value > 0 && decimalsOf(value) <= 4,
  en: 'a percentage above 0, at most 100, with at most four decimals',
  ko: '0 초과 100 이하, 소수점 이하 4자리 이내의 백분율이어야'
}
const RATE: Kind<number> = { is: exactUpTo(Number.MAX_SAFE_INTEGER), en: 'a percentage', ko: '백분율이어야' }
const TEXT: Kind<string> = { is: (value) => typeof value === 'string', en: 'a text', ko: '문자열이어야' }
const RANK: Kind<number> = { is: isWhole, en: 'a whole number', ko: '정수여야' }
const FLAG: Kind<boolean> = { is: (value) => typeof value === 'boolean', en: 'true or false', ko: 'true 또는 false여야' }
const COUNT: Kind<number> = { is: (value): value is number => isWhole(value) && value >= 0, en: 'a count', ko: '0 이상의 정수여야' }
const NOTICE_NO: Kind<string | number> = {
  is: (value): value is string | number => (typeof value === 'string' && value !== '') || isWhole(value), en: 'the number of a notice', ko: '공고번호여야'
}
const NUMBER: Kind<number> = {
  is: (value): value is number => isWhole(value) && value >= 1 && value <= PRELIMINARY_PRICE_COUNT, en: 'a number from 1 to 15', ko: '1부터 15까지의 번호여야'
}
const PICKS: Kind<number[]> = {
  is: (value): value is number[] => {
    if (!isList(value) || !value.every(isWhole)) return false
    const [first = 0, second = 0, ...others] = value
    return value.length === 0 || (others.length === 0 && arePicks(first, second))
  },
  en: 'two different numbers from 1 to 15, or none',
  ko: '1부터 15까지의 서로 다른 번호 2개이거나 비어 있어야'
}
const prices = (count: number): Kind<number[]> => ({
  is: (value): value is number[] => isList(value) && (value.length === 0 || value.length === count) && value.every(PRICE.is),
  en: `${count} prices, or none`,
  ko: `가격 ${count}개이거나 비어 있어야`
})
const ROWS: Kind<object[]> = { is: (value): value is object[] => isList(value) && value.every(isObject), en: 'a list of rows', ko: '행의 목록이어야' }

const orNull = <T>({ is, en, ko }: Kind<T>): Kind<T | null> => ({ is: (value): value is T | null => value === null || is(value), en: `${en}, or null`, ko })

/** @throws RecordProblem that names the member. */
function member<T> (from: object, name: string, kind: Kind<T>, path = ''): T {
  const value = (from as Record<string, unknown>)[name]
  if (kind.is(value)) return value
  throw new RecordProblem({ en: `${path}/${name} must be ${kind.en}.`, ko: `${path}/${name} 값은 ${kind.ko} 합니다.` })
}

/** Each shape by members that no other has; null for what has none of them. */
export function formatOf (value: unknown): Published['format'] | null {
  if (!isObject(value)) return null
  const has = (...names: string[]): boolean => names.some((name) => Object.hasOwn(value, name))
  if (has('bidders', 'preliminarySortedDesc')) return 'opening'
  if (has('firstAmount', 'netCost')) return 'works'
  return has('rows') && has('noticeNo', 'plannedPrice') ? 'draw' : null
}

/** The number of a record's notice, for a message about it; null where it has none. */
export function noticeNoOf (value: unknown): string | null {
  const number = isObject(value) ? (value as Record<string, unknown>)['noticeNo'] : null
  return NOTICE_NO.is(number) ? String(number) : null
}

/** @throws RecordProblem unless the value is a record of one of the three shapes, complete and possible. */
export function readPublished (value: unknown): Published {
  const format = formatOf(value)
  if (format === null || !isObject(value)) throw new RecordProblem({ en: 'This is a record of no known format.', ko: '알 수 없는 형식의 레코드입니다.' })
  switch (format) {
    case 'opening': return { format, record: readOpening(value) }
    case 'works': return { format, record: readWorks(value) }
    case 'draw': return { format, record: readDraw(value) }
  }
}

function readOpening (from: object): KonepsOpening {
  return {
    noticeNo: String(member(from, 'noticeNo', NOTICE_NO)),
    baseAmount: member(from, 'baseAmount', PRICE),
    floorRatePct: member(from, 'floorRatePct', orNull(FLOOR_RATE)),
    plannedPrice: member(from, 'plannedPrice', PRICE),
    floorPrice: member(from, 'floorPrice', orNull(PRICE)),
    preliminarySortedDesc: member(from, 'preliminarySortedDesc', prices(PRELIMINARY_PRICE_COUNT)),
    drawn: member(from, 'drawn', prices(DRAWN_COUNT)),
    bidders: member(from, 'bidders', ROWS).map((row, index) => readBid(row, `/bidders/${index}`))
  }
}

function readBid (from: object, path: string): KonepsBid {
  return {
    rank: member(from, 'rank', RANK, path),
    bidder: member(from, 'bidder', TEXT, path),
    amount: member(from, 'amount', AMOUNT, path),
    ratePct: member(from, 'ratePct', orNull(RATE), path),
    picks: member(from, 'picks', PICKS, path),
    at: member(from, 'at', TEXT, path),
    remark: member(from, 'remark', orNull(TEXT), path)
  }
}

function readWorks (from: object): WorksFloor {
  return {
    noticeNo: String(member(from, 'noticeNo', NOTICE_NO)),
    baseAmount: member(from, 'baseAmount', orNull(PRICE)),
    aValue: member(from, 'aValue', orNull(AMOUNT)),
    netCost: member(from, 'netCost', orNull(PRICE)),
    plannedPrice: member(from, 'plannedPrice', PRICE),
    floorRatePct: member(from, 'floorRatePct', orNull(FLOOR_RATE)),
    floorPrice: member(from, 'floorPrice', orNull(PRICE)),
    firstAmount: member(from, 'firstAmount', PRICE)
  }
}

function readDraw (from: object): PublishedDraw {
  const rows = member(from, 'rows', ROWS).map((row, index): DrawRow => {
    const path = `/rows/${index}`
    return {
      no: member(row, 'no', NUMBER, path),
      price: member(row, 'price', PRICE, path),
      drawn: member(row, 'drawn', FLAG, path),
      count: member(row, 'count', COUNT, path)
    }
  })
  if (new Set(rows.map(({ no }) => no)).size !== rows.length) {
    throw new RecordProblem({ en: '/rows holds a number twice.', ko: '/rows에 같은 번호가 두 번 있습니다.' })
  }
  if (member(from, 'complete', FLAG) && rows.length !== PRELIMINARY_PRICE_COUNT) {
    throw new RecordProblem({ en: '/rows lacks rows, though the draw is said to be complete.', ko: '완전한 추첨표라고 되어 있으나 /rows에 빠진 행이 있습니다.' })
  }
  return { noticeNo: String(member(from, 'noticeNo', NOTICE_NO)), plannedPrice: member(from, 'plannedPrice', PRICE), rows }
}
