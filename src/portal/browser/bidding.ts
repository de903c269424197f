/** What makes, sends and checks a bid: loaded when a bid is at hand, since sealing is most of the script of its page. */
export { checkBid, checkInclusion, myBid, readReceipt, sealForTender, submitBid, withdrawBid } from '../../client/bids.ts'
export { getCheckedTender } from '../../client/tenders.ts'
