/**
 * The opening report (개찰조서) as PDF, with the figures of the page: both go through `boardOf`, `drawOf` and the same formats.
 * It is made from the record alone and dated by the opening, so that it is the same bytes each time.
 */
import { BonginError } from '../../domain/errors.ts'
import type { Opened } from '../../services/read-opening.ts'
import { boardOf, type Board } from '../board.ts'
import { formats } from '../format.ts'
import { TEXTS, type Language } from '../locale.ts'
import type { Texts } from '../texts/ko.ts'
import { roundingText } from '../draw.ts'
import { PdfPages, type Column } from './document.ts'

/** Reports made or waiting to be made; they are made one after the other, because each holds the server for a while. */
const MAX_WAITING = 20
let waiting = 0
let last: Promise<unknown> = Promise.resolve()

export interface Report { opened: Opened, names: ReadonlyMap<string, string>, language: Language }

/** @throws BonginError `overloaded`. */
export async function openingReport (report: Report): Promise<Buffer> {
  if (waiting >= MAX_WAITING) throw new BonginError('overloaded', { extra: { retryAfterSeconds: 5 } })
  waiting++
  const made = last.then(async () => await makeReport(report)).finally(() => { waiting-- })
  last = made.catch(() => {})
  return await made
}

async function makeReport ({ opened, names, language }: Report): Promise<Buffer> {
  const { tender, notice, opening, committee } = opened
  const { record } = opening
  const [t, f] = [TEXTS[language], formats(language)]
  const board = boardOf(opening, notice.terms.price)
  const { terms } = notice
  const title = `${t.report} ${tender.tenderId}`
  const pages = new PdfPages({ title, language, footer: `${t.siteName}  ${tender.tenderId}-${notice.revision}  ${opening.sha256}`, createdAt: opening.openedAt })
  pages.title(t.report)
  pages.fact(t.title, terms.title)
  pages.facts([
    [t.tenderId, `${tender.tenderId}-${notice.revision}`], [t.agency, terms.agencyName],
    [t.kind, f.kind(terms.kind)], [t.method, f.method(terms.method)],
    [t.closesAt, f.time(tender.closesAt)], [t.opensAt, f.time(tender.opensAt)],
    [t.openedAt, f.second(opening.openedAt)], [t.rowsCount, String(opening.rowCount)],
    [t.baseAmount, f.amount(terms.price.baseAmountWon, board.decimals)], [t.floorRate, f.ppm(terms.floorRatePpm)],
    [t.plannedPrice, f.amount(record.prices.plannedPriceWon, board.decimals)], [t.floorPrice, f.amount(record.prices.floorPriceWon, board.decimals)]
  ])
  pages.fact(t.outcome, f.outcome(record.outcome) + (record.outcomeReason === null ? '' : `: ${f.reason(record.outcomeReason)}`))
  await addPrices(pages, { board, t, f })
  await addRanks(pages, { board, t, f, names })
  pages.heading(t.recordSha256)
  pages.paragraph(opening.sha256)
  pages.paragraph(t.reportNote)
  pages.signatures([
    `${t.executingOfficer}  ${committee.executing.name}  ${t.seal}`, `${t.witness}  ${committee.witness.name}  ${t.seal}`
  ])
  return await pages.end((page, count) => language === 'ko' ? `${page} / ${count}${t.page}` : `${t.page} ${page} of ${count}`)
}

interface Part { board: Board, t: Texts, f: ReturnType<typeof formats> }

async function addPrices (pages: PdfPages, { board, t, f }: Part): Promise<void> {
  if (board.preliminary.length === 0) return
  pages.heading(t.preliminaryPrices)
  const columns: Column[] = [
    { title: t.number, width: 0.15, align: 'center' }, { title: t.price, width: 0.35, align: 'right' },
    { title: t.picked, width: 0.25, align: 'right' }, { title: t.drawn, width: 0.25, align: 'center' }
  ]
  await pages.table(columns, board.preliminary.map(({ number, won, picked, drawn }) => ({
    cells: [String(number), f.amount(won, board.decimals), picked === null ? '–' : String(picked), drawn ? t.drawn : ''], marked: drawn
  })))
  if (board.draw === null) return
  const { drawn, mean, plannedPrice } = board.draw
  pages.paragraph(t.drawSteps)
  pages.paragraph(`(${drawn.map(({ price }) => price).join(' + ')}) ÷ ${drawn.length} = ${mean}`)
  pages.paragraph(`${t.plannedPrice}: ${plannedPrice} (${roundingText(board.draw, t)})`)
}

async function addRanks (pages: PdfPages, { board, t, f, names }: Part & { names: ReadonlyMap<string, string> }): Promise<void> {
  pages.heading(t.openingBoard)
  const columns: Column[] = [
    { title: t.rank, width: 0.06, align: 'right' }, { title: t.supplier, width: 0.23 }, { title: t.businessNumber, width: 0.14 },
    { title: t.amount, width: 0.17, align: 'right' }, { title: t.rate, width: 0.11, align: 'right' }, { title: t.picks, width: 0.09, align: 'center' },
    { title: t.remark, width: 0.2 }
  ]
  await pages.table(columns, board.rows.map(({ rank, supplierId, amountWon, bidRateMilliPercent, picks, remark }) => ({
    cells: [
      rank === null ? '–' : String(rank), names.get(supplierId) ?? '', supplierId, f.amount(amountWon, board.decimals), f.rate(bidRateMilliPercent),
      picks === null ? '–' : picks.join(', '), f.remark(remark)
    ],
    marked: rank === 1
  })))
  if (board.hiddenRows > 0) pages.paragraph(t.moreRows)
}
