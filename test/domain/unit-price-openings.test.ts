/**
 * The published unit-price tenders (단가) of the collection, held again in hundredths of a won by terms that the notice rules
 * accept: the server's own opening gives the published planned price, floor, ranks and remarks. The collection is read from
 * ../shared/cases where it exists; in two of its three such tenders the mean is no whole hundredth.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { REMARKS, type OpenedBid } from '../../src/domain/bid.ts'
import { checkDraft } from '../../src/domain/notice-rules.ts'
import { openTender, type OpenedTender } from '../../src/domain/open-tender.ts'
import { PRICE_POLICIES } from '../../src/domain/rule-sets.ts'
import { ppmOf, unitsOf } from '../../src/cli/replay/decimals.ts'
import { identifyDrawn, numberPrices } from '../../src/cli/replay/number-prices.ts'
import { picksOf, type KonepsOpening } from '../../src/cli/replay/published.ts'
import { rangeOf } from '../../src/cli/replay/recompute.ts'
import { makeTerms, openBid, supplier, voidBid } from '../support/notice-terms.ts'
import { seededSource } from '../support/seeded-source.ts'

const FILE = join(import.meta.dirname, '../../../shared/cases/openings.jsonl')
/** Published planned and floor prices in hundredths of a won. */
const PUBLISHED: Readonly<Record<string, readonly [plannedPrice: number, floorPrice: number]>> = {
  '20230802246-00': [4_370_586_001, 3_846_115_681],
  '20240232382-00': [15_248_178, 13_418_397],
  'R25BK00744309-000': [12_448_120, 10_953_724]
}
const centi = (won: number): number => unitsOf(won, 2)

function bidsOf ({ bidders }: KonepsOpening): OpenedBid[] {
  return bidders.map((bid, i) => bid.amount === 0 || bid.remark === REMARKS.missingDocuments ? voidBid(i, 'invalid-amount') : openBid(i, centi(bid.amount), picksOf(bid)))
}

function hold (opening: KonepsOpening): OpenedTender {
  const { baseAmount, floorRatePct, preliminarySortedDesc, drawn } = opening
  const drawnPrices = identifyDrawn(preliminarySortedDesc, drawn)
  if (!Array.isArray(drawnPrices)) throw new Error(`${opening.noticeNo}: ${drawnPrices}`)
  const [bids, prices, baseAmountWon] = [bidsOf(opening), preliminarySortedDesc.map(centi), centi(baseAmount)]
  const steps = PRICE_POLICIES['koneps-unit-price']
  const terms = makeTerms({
    kind: 'services',
    method: 'private-quote',
    price: { method: 'multiple-sealed', baseAmountWon, rangePpm: rangeOf(baseAmountWon, prices), ...steps },
    floorRatePpm: ppmOf(floorRatePct ?? 0)
  })
  checkDraft(terms)
  const picks = bids.flatMap((bid) => bid.outcome === 'open' && bid.content.picks !== null ? [bid.content.picks] : [])
  const preliminaryPricesWon = numberPrices({ pricesWon: prices, drawnWon: drawnPrices.map(centi), picks })
  return openTender({ terms, bids: bids.toReversed(), preliminaryPricesWon, tieSource: seededSource(1n) })
}

t.test('unit prices of the collection', { ...existsSync(FILE) ? {} : { skip: '../shared/cases/openings.jsonl is not here' } }, async (t) => {
  const openings = readFileSync(FILE, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as KonepsOpening)
  for (const [noticeNo, [plannedPriceWon, floorPriceWon]] of Object.entries(PUBLISHED)) {
    const opening = openings.find((each) => each.noticeNo === noticeNo)
    if (opening === undefined) throw new Error(`${noticeNo} is not in the collection`)
    const { prices, rows, outcome } = hold(opening)
    t.match({ outcome, prices }, { outcome: 'ranked', prices: { plannedPriceWon, floorPriceWon } }, noticeNo)
    t.same([centi(opening.plannedPrice), centi(opening.floorPrice ?? 0)], [plannedPriceWon, floorPriceWon], `${noticeNo}: as published`)
    const bySupplier = new Map(rows.map((row) => [row.supplierId, row]))
    const isVoid = (i: number): boolean => bySupplier.get(supplier(i))?.voidReason !== null
    t.same(
      opening.bidders.map((_, i) => bySupplier.get(supplier(i))).map((row) => [row?.rank, row?.amountWon]),
      opening.bidders.map(({ rank, amount }, i) => isVoid(i) ? [null, null] : [rank > 0 ? rank : null, centi(amount)]),
      `${noticeNo}: every rank and amount`
    )
  }
})
