/** A worker thread for bids that come in. It is given the receipt key when it is made. */
import { workerData } from 'piscina'
import { checkBids, type CheckedBid, type PackedBids, type ReceiptKey } from '../services/bid-checks.ts'

const receiptKey = workerData as ReceiptKey

export default (bids: PackedBids): Array<CheckedBid | null> => checkBids(bids, receiptKey)
