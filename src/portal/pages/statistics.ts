/** Statistics of opened tenders: charts drawn on the server, a table behind each, CSV and JSON of the same figures. */
import { Type } from 'typebox'
import { HIGHEST_RATE_CLASS_PPM, LOWEST_RATE_CLASS_PPM, MONTH_PATTERN, NATIONWIDE, RATE_CLASS_PPM, type Counts } from '../../domain/statistics.ts'
import { readStatistics, type Statistics } from '../../services/read-statistics.ts'
import { columnChart, type ColumnValue } from '../charts.ts'
import { csvText } from '../csv.ts'
import { formats, type Formats } from '../format.ts'
import { languageOf, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'
import type { Texts } from '../texts/ko.ts'
import { Lang, NOTHING, sendCsv } from './parts.ts'

const Month = Type.Optional(Type.Union([NOTHING, Type.String({ pattern: MONTH_PATTERN })]))
const schema = {
  querystring: Type.Object({ from: Month, until: Month, lang: Lang })
}
const CSV_COLUMNS = [
  'dimension', 'value', 'name', 'tenders', 'failed', 'awarded', 'tendersWithBidsKnown', 'bids', 'awardsWithRate', 'awardRatePpmSum'
] as const

export const statisticsPages: PageRoutes = (app, { context, pages }) => {
  const read = async (request: { query: unknown }): Promise<Statistics> => {
    const { from, until } = request.query as { from?: string, until?: string }
    return await readStatistics(context, { ...(from ? { from } : {}), ...(until ? { until } : {}) })
  }

  app.get('/statistics', { schema }, async (request, reply) => {
    const statistics = await read(request)
    const language = languageOf(request)
    const [t, f] = [TEXTS[language], formats(language)]
    const period = new URLSearchParams({ from: statistics.from, until: statistics.until }).toString()
    return await pages.send(request, reply, {
      template: 'statistics.eta',
      title: t.statistics,
      data: {
        statistics,
        months: columnChart(statistics.months.map(monthColumn(t))),
        competition: competitionRows(statistics, t),
        competitionChart: columnChart(competitionRows(statistics, t)),
        rates: rateRows(statistics, t, f),
        rateChart: columnChart(rateRows(statistics, t, f)),
        dimensions: dimensionsOf(statistics, t, f),
        csvUrl: `/statistics.csv?${period}`,
        jsonUrl: `/v1/statistics?${period}`
      }
    })
  })

  app.get('/statistics.csv', { schema }, async (request, reply) => {
    const statistics = await read(request)
    const language = languageOf(request)
    return await sendCsv(reply, `statistics-${statistics.from}-${statistics.until}.csv`, statisticsCsv(statistics, TEXTS[language], formats(language)))
  })
}

const monthColumn = (t: Texts) => ({ value, tenders, failed }: Statistics['months'][number]): ColumnValue => ({
  label: value.slice(2).replace('-', '.'), value: tenders, failed, title: `${value}: ${tenders} (${t.failedTenders} ${failed})`
})

function competitionRows ({ competition }: Statistics, t: Texts): ColumnValue[] {
  return competition.map(({ bids, untilBids, tenders }) => {
    const label = untilBids === null ? `${bids}+` : bids === untilBids ? String(bids) : `${bids}–${untilBids}`
    return { label, value: tenders, title: `${label}: ${tenders} ${t.tendersCount}` }
  })
}

/** Classes without an award between those that have one are there, with nothing. */
function rateRows ({ awardRates }: Statistics, t: Texts, f: Formats): ColumnValue[] {
  const inner = awardRates.filter(({ fromPpm }) => fromPpm > 0)
  const [first, last] = [inner.at(0)?.fromPpm ?? LOWEST_RATE_CLASS_PPM, inner.at(-1)?.fromPpm ?? 0]
  const below = awardRates.filter(({ fromPpm }) => fromPpm === 0)
  const classes = Array.from({ length: Math.max(0, (last - first) / RATE_CLASS_PPM + 1) }, (_, index) => first + index * RATE_CLASS_PPM)
  const percent = (ppm: number): string => (ppm / 10_000).toFixed(1)
  return [
    ...below.map(({ awards }) => ({ label: `<${percent(LOWEST_RATE_CLASS_PPM)}`, value: awards, title: `${f.ppm(LOWEST_RATE_CLASS_PPM)} ${t.below}: ${awards}` })),
    ...classes.map((fromPpm) => {
      const awards = awardRates.find((found) => found.fromPpm === fromPpm)?.awards ?? 0
      const range = fromPpm === HIGHEST_RATE_CLASS_PPM ? `${percent(fromPpm)}+` : `${percent(fromPpm)}–${percent(fromPpm + RATE_CLASS_PPM)}`
      return { label: percent(fromPpm), value: awards, title: `${range} %: ${awards}` }
    })
  ]
}

interface Dimension { id: string, heading: string, column: string, rows: Array<Counts & { value: string, name: string, href: string | null }> }

function dimensionsOf ({ kinds, methods, regions, agencies }: Statistics, t: Texts, f: Formats): Dimension[] {
  const named = (rows: Statistics['kinds'], name: (value: string) => string): Dimension['rows'] =>
    rows.map((row) => ({ ...row, name: name(row.value), href: null }))
  return [
    { id: 'kind', heading: t.byKind, column: t.kind, rows: named(kinds, (value) => f.kind(value as never)) },
    { id: 'method', heading: t.byMethod, column: t.method, rows: named(methods, (value) => f.method(value as never)) },
    { id: 'region', heading: t.byRegion, column: t.regionName, rows: named(regions, (value) => value === NATIONWIDE ? t.nationwideRegion : value) },
    { id: 'agency', heading: t.byAgency, column: t.agency, rows: agencies.map((row) => ({ ...row, href: `/agencies/${row.value}` })) }
  ]
}

function statisticsCsv (statistics: Statistics, t: Texts, f: Formats): string {
  const line = (dimension: string, value: string, name: string, { tenders, failed, awarded, competed, bids, rated, ratePpmSum }: Counts): string[] =>
    [dimension, value, name, ...[tenders, failed, awarded, competed, bids, rated, ratePpmSum].map(String)]
  const only = (dimension: string, { label, value }: ColumnValue): string[] => [dimension, label, '', String(value), '', '', '', '', '', '']
  return csvText(CSV_COLUMNS, [
    line('total', '', '', statistics.total),
    ...statistics.months.map((row) => line('month', row.value, '', row)),
    ...dimensionsOf(statistics, t, f).flatMap(({ id, rows }) => rows.map((row) => line(id, row.value, row.name, row))),
    ...competitionRows(statistics, t).map((row) => only('bids-per-tender', row)),
    ...rateRows(statistics, t, f).map((row) => only('award-rate', row))
  ])
}
