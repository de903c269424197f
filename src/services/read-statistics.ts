/**
 * Statistics of opened tenders, for everybody. They are read from cells that only openings and awards add to, so that no
 * number here can move because of a bid that is still sealed. A query costs as many cells as its months have, at most
 * `MAX_STATISTICS_MONTHS`; an answer is kept until the next public event.
 */
import { BonginError } from '../domain/errors.ts'
import type { AgencyId } from '../domain/ids.ts'
import { COMPETITION_CLASSES, monthAfter, monthOf, monthsBetween, NO_COUNTS, type Counts } from '../domain/statistics.ts'
import { BoundedMap } from '../storage/bounded-map.ts'
import { lastPosition } from '../storage/events.ts'
import type { Db } from '../storage/prepare.ts'
import { getAgency } from '../storage/officers.ts'
import { sumByMonth, sumByValue, type ReadCounts } from '../storage/statistics.ts'
import type { Context } from './context.ts'

export const MAX_STATISTICS_MONTHS = 60
export const DEFAULT_STATISTICS_MONTHS = 12
/** Agencies and regions named; the others are in the totals alone. */
export const MAX_STATISTICS_NAMES = 30
/** More than any dimension besides agencies has. */
const MAX_CLASSES = 200
/** Answers kept in memory: the usual range and a few more. */
const MAX_KEPT = 50

export interface Period { from: string, until: string }
export interface Statistics extends Period {
  total: Counts
  months: ReadCounts[]
  kinds: ReadCounts[]
  methods: ReadCounts[]
  regions: ReadCounts[]
  /** With most tenders first. */
  agencies: Array<ReadCounts & { name: string }>
  /** Lower bound of the class → tenders. */
  competition: Array<{ bids: number, untilBids: number | null, tenders: number }>
  /** Lower bound of the class in parts per million → awards. */
  awardRates: Array<{ fromPpm: number, awards: number }>
}

const kept = new WeakMap<Db, BoundedMap<string, { position: number, statistics: Statistics }>>()

/** @throws BonginError `invalid-time` for a period that is empty or too long. */
export async function readStatistics (context: Context, { from, until }: Partial<Period>): Promise<Statistics> {
  const db = context.db.read
  const last = until ?? monthOf(context.clock.now())
  const period = { from: from ?? monthAfter(last, 1 - DEFAULT_STATISTICS_MONTHS), until: last }
  const months = monthsBetween(period.from, period.until)
  if (months < 1 || months > MAX_STATISTICS_MONTHS) {
    throw new BonginError('invalid-time', {
      field: '/from',
      detail: `A period has 1 to ${MAX_STATISTICS_MONTHS} months.`,
      detailKo: `기간은 1개월 이상 ${MAX_STATISTICS_MONTHS}개월 이하로 정하십시오.`
    })
  }
  const position = await lastPosition(db)
  let ofDb = kept.get(db)
  if (ofDb === undefined) kept.set(db, ofDb = new BoundedMap(MAX_KEPT))
  const key = `${period.from}/${period.until}`
  const known = ofDb.get(key)
  if (known?.position === position) return known.statistics
  const statistics = await computeStatistics(db, period)
  ofDb.set(key, { position, statistics })
  return statistics
}

async function computeStatistics (db: Db, period: Period): Promise<Statistics> {
  const named = { ...period, limit: MAX_STATISTICS_NAMES }
  const all = { ...period, limit: MAX_CLASSES }
  const agencies = await sumByValue(db, { ...named, dimension: 'agency' })
  const rates = await sumByValue(db, { ...all, dimension: 'award-rate' })
  const competition = new Map((await sumByValue(db, { ...all, dimension: 'competition' })).map(({ value, tenders }) => [Number(value), tenders]))
  const [total] = await sumByValue(db, { ...all, dimension: 'all' })
  return {
    ...period,
    total: total === undefined ? NO_COUNTS : countsOf(total),
    months: filled(period, await sumByMonth(db, all)),
    kinds: await sumByValue(db, { ...all, dimension: 'kind' }),
    methods: await sumByValue(db, { ...all, dimension: 'method' }),
    regions: await sumByValue(db, { ...named, dimension: 'region' }),
    agencies: await Promise.all(agencies.map(async (agency) => {
      const known = await getAgency(db, agency.value as AgencyId)
      return { ...agency, name: known?.name ?? agency.value }
    })),
    competition: COMPETITION_CLASSES.map((bids, index) => {
      const next = COMPETITION_CLASSES[index + 1]
      return { bids, untilBids: next === undefined ? null : next - 1, tenders: competition.get(bids) ?? 0 }
    }),
    awardRates: rates.map(({ value, rated }) => ({ fromPpm: Number(value), awards: rated })).sort((a, b) => a.fromPpm - b.fromPpm)
  }
}

function countsOf ({ value: _, ...counts }: ReadCounts): Counts {
  return counts
}

/** Months without an opening are there, with nothing. */
function filled ({ from, until }: Period, months: readonly ReadCounts[]): ReadCounts[] {
  return Array.from({ length: monthsBetween(from, until) }, (_, index) => {
    const month = monthAfter(from, index)
    return months.find(({ value }) => value === month) ?? { ...NO_COUNTS, value: month }
  })
}
