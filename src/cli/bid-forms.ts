/** What a bid consists of beside its total: unit prices (단가), and the members of a joint bid (공동수급) with their agreements. */
import { sharesIn, type SignedAgreement } from '../client/joint-bids.ts'
import type { ConsortiumShare } from '../domain/consortium.ts'
import type { NoticeTerms, UnitPriceItem } from '../domain/notice.ts'
import { amountText } from '../domain/price-unit.ts'
import { percentText } from '../domain/rate-text.ts'
import { scheduleTotal, UNIT_PRICE_DECIMALS } from '../domain/unit-prices.ts'
import type { Context } from './context.ts'
import { UsageError } from './exit-codes.ts'
import { table, won } from './output.ts'
import { amountUnits, unitPriceCenti } from './values.ts'

/** `amount` in won, as it was written. */
export interface PriceOptions { amount?: string, unitPrices?: string, unitPrice?: Map<number, number> }

/** The amount in the tender's unit; the unit prices always in hundredths of a won. */
export interface BidPrices { unitPricesCenti: number[], amountWon: number }

/**
 * The unit prices of a bid and the amount that they come to; null where the tender asks for one total.
 * @throws UsageError where prices are missing or superfluous, or an amount is named that is another.
 */
export async function readPrices (
  context: Context, { unitPrices: lines, price: { decimals } }: Pick<NoticeTerms, 'unitPrices' | 'price'>, options: PriceOptions
): Promise<BidPrices | null> {
  const { amount: written, unitPrices: file, unitPrice } = options
  if (lines.length === 0) {
    if (file !== undefined || unitPrice !== undefined) throw new UsageError('This tender asks for one total: leave the unit prices out.')
    return null
  }
  const listed = file === undefined ? [] : await readPriceFile(context, file)
  const unitPricesCenti = lines.map(({ name }, i) => {
    const price = unitPrice?.get(i + 1) ?? listed[i]
    if (price === undefined) throw new UsageError(`The price of line ${i + 1} (${name}) is missing: add --unit-price ${i + 1}=PRICE, or --unit-prices FILE.`)
    return price
  })
  const beyond = [...(unitPrice?.keys() ?? []), listed.length].find((line) => line > lines.length)
  if (beyond !== undefined) throw new UsageError(`This tender has ${lines.length} lines; there is no line ${beyond}.`)
  const amountWon = scheduleTotal({ lines, unitPricesCenti, decimals })
  if (amountWon === null) throw new UsageError('These unit prices come to no possible amount.')
  if (written !== undefined && amountUnits(written, decimals) !== amountWon) {
    throw new UsageError(`The unit prices come to ${amountText(amountWon, decimals)} won, not to ${written}. Leave --amount out.`)
  }
  return { unitPricesCenti, amountWon }
}

/** A JSON list of prices in won, as text or numbers, in the order of the lines. */
async function readPriceFile (context: Context, file: string): Promise<number[]> {
  const prices = await context.readJson<unknown>(file)
  if (Array.isArray(prices)) return prices.map((price) => unitPriceCenti(String(price)))
  throw new UsageError(`${file} must be a JSON list of unit prices in won, such as ["1234.56", "800"].`)
}

export function priceTable (lines: ReadonlyArray<UnitPriceItem & { unitPriceCenti: number }>): string {
  const columns = [
    { name: '번호', align: 'right' }, { name: '품명' }, { name: '단위' }, { name: '수량', align: 'right' }, { name: '단가(원)', align: 'right' }
  ] as const
  return table(columns, lines.map(({ name, unit, quantity, unitPriceCenti: price }, i) =>
    [String(i + 1), name, unit, won(quantity), amountText(price, UNIT_PRICE_DECIMALS)]))
}

/** Parts per million as percent: 333333 → 33.3333 %. */
export function sharesText (members: readonly ConsortiumShare[]): string {
  return members.map(({ supplierId, sharePpm }) => `${supplierId} ${percentText(sharePpm)} %`).join(', ')
}

/** The agreements, and the shares that they state. */
export async function readAgreementFiles (context: Context, files: readonly string[]): Promise<{
  agreements: SignedAgreement[], members: ConsortiumShare[]
}> {
  const agreements = await Promise.all(files.map(async (file) => {
    const { supplierId, jws } = await context.readJson<Partial<SignedAgreement>>(file)
    if (supplierId === undefined || jws === undefined) throw new UsageError(`${file} is no agreement made by "bongin bid agree".`)
    return { supplierId, jws }
  }))
  const [first] = agreements
  return { agreements, members: first === undefined ? [] : sharesIn(first) }
}
