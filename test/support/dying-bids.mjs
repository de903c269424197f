/** A worker's file whose thread dies of every batch of bids. For tests of the pool. */
export default function dyingBids () {
  process.exit(1)
}
