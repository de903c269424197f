/**
 * The thread that looks at bids which come in. As with the writer's group commit, what arrives while it is at work is its next
 * batch: no timer, and one message for many bids. A thread that dies is replaced; its bids are looked at by the server itself.
 */
import { Piscina } from 'piscina'
import { BonginError } from '../domain/errors.ts'
import { turn } from '../services/turn.ts'
import { packBids, type BidChecks, type CheckedBid, type PackedBids, type ReceiptKey, type ReceivedBid } from '../services/bid-checks.ts'

/** Bids of one message: some 6 ms of the thread's work. */
const MAX_BATCH_BIDS = 64
/** Bids that may wait for the thread; past it the caller is told to come back. */
export const MAX_WAITING_BIDS = 2048

export interface BidPool extends BidChecks {
  close: () => Promise<void>
}

interface Waiting { bid: ReceivedBid, resolve: (checked: CheckedBid | null) => void }

/** One thread, from the start: a server has no more bids than one can check. `filename` is for tests. */
export function makeBidPool (receiptKey: ReceiptKey, { filename, onThreadLost = () => {} }: {
  filename?: string, onThreadLost?: (error: unknown) => void
} = {}): BidPool {
  const pool = new Piscina<PackedBids, Array<CheckedBid | null>>({
    filename: filename ?? new URL('bid-thread.ts', import.meta.url).href, minThreads: 1, maxThreads: 1, workerData: receiptKey
  })
  const waiting: Waiting[] = []
  let isClosing = false
  let isUnderWay = false

  async function checkBatch (batch: readonly Waiting[]): Promise<void> {
    const packed = packBids(batch.map(({ bid }) => bid))
    let checked: ReadonlyArray<CheckedBid | null> = []
    try {
      checked = await pool.run(packed, { transferList: [packed.bytes.buffer] })
    } catch (error) {
      if (!isClosing) onThreadLost(error)
    }
    batch.forEach(({ resolve }, i) => { resolve(checked[i] ?? null) })
  }

  async function checkAll (): Promise<void> {
    isUnderWay = true
    while (waiting.length > 0) {
      // What this turn of the event loop still reads goes along.
      await turn()
      await checkBatch(waiting.splice(0, MAX_BATCH_BIDS))
    }
    isUnderWay = false
  }

  return {
    check: async (bid) => await new Promise((resolve, reject) => {
      if (waiting.length >= MAX_WAITING_BIDS) {
        reject(new BonginError('overloaded', {
          detail: 'Too many bids are waiting to be checked. Nothing of this one was kept; send it again.',
          detailKo: '확인 대기 중인 입찰서가 많습니다. 이 입찰서는 저장되지 않았으니 다시 보내 주십시오.'
        }))
        return
      }
      waiting.push({ bid, resolve })
      if (!isUnderWay) checkAll().catch(reject)
    }),
    close: async () => {
      isClosing = true
      await pool.destroy()
    }
  }
}
