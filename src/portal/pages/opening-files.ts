/** The opening of a tender to take along: its ranks and its prices as CSV, the opening report as PDF. The JSON is the API's. */
import { Type } from 'typebox'
import { invariant } from '../../domain/errors.ts'
import { amountText } from '../../domain/price-unit.ts'
import { readWholeOpening } from '../../services/opening-records.ts'
import { companyNames, readOpening, type Opened } from '../../services/read-opening.ts'
import { csvText } from '../csv.ts'
import { formats } from '../format.ts'
import { languageOf } from '../locale.ts'
import { openingReport } from '../pdf/opening-report.ts'
import type { PageRoutes } from '../plugin.ts'
import { Lang, sendCsv, TenderParams } from './parts.ts'

const schema = { params: TenderParams, querystring: Type.Object({ lang: Lang }) }
const RANK_COLUMNS = [
  'rank', 'supplierId', 'members', 'amount', 'bidRatePercent', 'pick1', 'pick2', 'acceptedAt', 'remark', 'remarkText', 'envelopeSha256'
] as const

export const openingFiles: PageRoutes = (app, { context }) => {
  app.get('/tenders/:tenderId/ranks.csv', { schema }, async (request, reply) => {
    const { tender, notice } = await readOpening(context, request.params.tenderId)
    const whole = await readWholeOpening(context, tender.tenderId)
    invariant(whole !== null, 'a tender that was opened has a record')
    const f = formats(languageOf(request))
    const { decimals } = notice.terms.price
    const rows = whole.record.rows.map(({ rank, supplierId, members, amountWon, bidRateMilliPercent, picks, acceptedAt, remark, envelopeSha256 }) => [
      String(rank ?? ''), supplierId, members.map((member) => member.supplierId).join(' '), amountWon === null ? '' : plainAmount(amountWon, decimals),
      bidRateMilliPercent === null ? '' : f.rate(bidRateMilliPercent), String(picks?.[0] ?? ''), String(picks?.[1] ?? ''), acceptedAt, remark,
      f.remark(remark), envelopeSha256
    ])
    return await sendCsv(reply, `${tender.tenderId}.ranks.csv`, csvText(RANK_COLUMNS, rows))
  })

  app.get('/tenders/:tenderId/prices.csv', { schema }, async (request, reply) => {
    const { tender, notice, opening: { record: { prices } } } = await readOpening(context, request.params.tenderId)
    const { decimals } = notice.terms.price
    const rows = prices.preliminaryPricesWon.map((won, index) => [
      String(index + 1), plainAmount(won, decimals), String(prices.pickCounts[index] ?? ''), String(prices.drawnNumbers.includes(index + 1))
    ])
    return await sendCsv(reply, `${tender.tenderId}.prices.csv`, csvText(['number', 'price', 'picked', 'drawn'], rows))
  })

  app.get('/tenders/:tenderId/opening.pdf', { schema }, async (request, reply) => {
    const report = await readOpening(context, request.params.tenderId)
    const names = await companyNames(context, report.opening.record.rows.map(({ supplierId }) => supplierId))
    const bytes = await openingReport({ opened: report, names, language: languageOf(request) })
    return await reply.type('application/pdf').header('content-disposition', `inline; filename="${report.tender.tenderId}.opening.pdf"`)
      .header('cache-control', 'no-cache').header('vary', 'accept-language, cookie').header('x-content-type-options', 'nosniff').send(bytes)
  })
}

/** Without the commas that a cell would be quoted for. */
function plainAmount (units: number, decimals: Opened['notice']['terms']['price']['decimals']): string {
  return amountText(units, decimals).replaceAll(',', '')
}
