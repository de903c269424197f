/** The words of unit prices, proposals and joint bids in English, with the same keys as `ko/bidding.ts`. */
import type { BiddingTexts } from '../ko/bidding.ts'

export const biddingEn: BiddingTexts = {
  linesTitle: 'Unit prices',
  linesHint: 'A price for each line, in won, with up to two decimals. Several rows copied from a spreadsheet fill the lines below as well.',
  lineNumber: 'No.',
  lineName: 'Item',
  lineUnit: 'Unit',
  lineQuantity: 'Quantity',
  linePrice: 'Unit price (won)',
  lineTotal: 'Amount (won)',
  linePriceBad: 'Enter a unit price of 0.01 won or more, in digits, with up to two decimals.',
  linesFilled: 'Lines filled in',
  linesSum: 'Sum of the lines (won)',
  linesTruncated: 'Fractions of a won are cut off once, from the sum.'
}
