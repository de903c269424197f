/**
 * How fast are bids opened? The whole slice pipeline (HPKE, plaintext checks) on one thread and on all, against the bare
 * X25519 of the same number of bids on one thread.
 */
import sodium from 'sodium-native'
import { envelopes, job } from './sealed-bids.ts'
import { openPacked } from '../src/crypto/open-bids.ts'
import { makeOpeningPool } from '../src/workers/pool.ts'
import { interleave, printSamples, ratio, type BenchOptions, type Figure } from './measure.ts'
import { runBenches } from './report.ts'

export async function benchOpening ({ quick }: BenchOptions): Promise<Figure[]> {
  const bids = 4_000
  const rounds = quick ? 3 : 5
  const work = await job(bids)
  const pool = makeOpeningPool()
  await pool.openBids(work)
  const shared = Buffer.alloc(32)
  const samples = await interleave(rounds, {
    scalarmult: () => {
      for (const { enc } of envelopes(work)) sodium.crypto_scalarmult(shared, Buffer.from(work.privateKey), Buffer.from(enc))
      return bids
    },
    'opening, one thread': () => openPacked(work).outcomes.length,
    'opening, all threads': async () => (await pool.openBids(work)).outcomes.length
  })
  await pool.close()
  const figures = [
    ratio('opening-one-vs-scalarmult', samples, ['opening, one thread', 'scalarmult']),
    ratio('opening-two-threads', samples, ['opening, all threads', 'opening, one thread'])
  ]
  printSamples(samples)
  return figures
}

if (import.meta.main) await runBenches({ opening: benchOpening })
