/** What one can take along of an opening: the same figures in the record, on the page, in the CSV and, by its extracted text, in the PDF. */
import t from 'tap'
import type { OpeningRecord } from '../../src/domain/opening.ts'
import { pdfText } from '../support/pdf-text.ts'
import { makePortalTown } from '../support/portal-town.ts'

const { app, opened, open } = await makePortalTown(t)
const get = async (path: string): Promise<Response> => await fetch(app.baseUrl + path)
const record = await (await get(`/v1/tenders/${opened}/opening`)).json() as OpeningRecord
const { openingSha256 } = await (await get(`/v1/tenders/${opened}`)).json() as { openingSha256: string }
const { preliminaryPricesWon, drawnNumbers, pickCounts, plannedPriceWon, floorPriceWon } = record.prices
const amount = (won: number | null): string => (won ?? 0).toLocaleString('en-US')
const rate = (milli: number | null): string => ((milli ?? 0) / 1000).toFixed(3)
/** A mean of four whole numbers has quarters. */
const sum = drawnNumbers.reduce((total, number) => total + (preliminaryPricesWon[number - 1] ?? 0), 0)
const mean = (sum / 4).toLocaleString('en-US', { maximumFractionDigits: 2 })

for (const [lang, words] of [
  ['ko', ['개찰조서', '청사 보수공사', '조달청', '복수예비가격', '원 미만 올림', '입찰집행관', '이집행', '박입회', '주식회사 1호']],
  ['en', ['Opening report', '청사 보수공사', '조달청', 'Preliminary prices', 'rounded up to a won', 'Executing officer', '이집행', '박입회', '주식회사 1호']]
] as const) {
  t.test(`the PDF in ${lang} has the figures of the record and of the page`, async (t) => {
    const response = await get(`/tenders/${opened}/opening.pdf?lang=${lang}`)
    t.equal(response.headers.get('content-type'), 'application/pdf')
    const bytes = new Uint8Array(await response.arrayBuffer())
    const { text, pages } = await pdfText(bytes)
    const html = await (await get(`/tenders/${opened}?lang=${lang}`)).text()
    t.ok(pages <= 2, `${pages} pages`)
    const figures = [
      opened, openingSha256, amount(plannedPriceWon), amount(floorPriceWon), mean, ...preliminaryPricesWon.map(amount),
      ...record.rows.flatMap(({ supplierId, amountWon, bidRateMilliPercent, picks }) => [supplierId, amount(amountWon), rate(bidRateMilliPercent), picks?.join(', ') ?? ''])
    ]
    for (const figure of figures) {
      t.ok(text.includes(figure), `${figure} is in the PDF`)
      t.ok(html.includes(figure), `${figure} is on the page`)
    }
    for (const word of words) t.ok(text.includes(word), word)
    t.same(new Uint8Array(await (await get(`/tenders/${opened}/opening.pdf?lang=${lang}`)).arrayBuffer()), bytes, 'the same bytes each time')
    t.ok(bytes.length < 200_000, `${bytes.length} bytes: the font is a subset`)
  })
}

t.test('CSV has every row and every price', async (t) => {
  const lines = async (path: string): Promise<string[]> => (await (await get(path)).text()).replace(/^\uFEFF/, '').trim().split('\r\n')
  const ranks = await lines(`/tenders/${opened}/ranks.csv?lang=en`)
  t.match(ranks[0], /^rank,supplierId,/)
  t.same(ranks.slice(1).map((line) => line.split(',').slice(0, 5)), record.rows.map(({ rank, supplierId, amountWon, bidRateMilliPercent }) =>
    [String(rank ?? ''), supplierId, '', String(amountWon ?? ''), rate(bidRateMilliPercent)]))
  const prices = await lines(`/tenders/${opened}/prices.csv`)
  t.same(prices.slice(1), preliminaryPricesWon.map((won, index) =>
    [index + 1, won, pickCounts[index], drawnNumbers.includes(index + 1)].join(',')))
})

t.test('before the opening there is nothing to take along', async (t) => {
  for (const name of ['opening.pdf', 'ranks.csv', 'prices.csv']) {
    const answer = await get(`/tenders/${open}/${name}`)
    t.equal(answer.status, 409, name)
    t.match(answer.headers.get('content-type'), 'text/html')
  }
})
