/**
 * How fast are bids taken in? Unique, really sealed and signed bids go over loopback to the real server, and every answer must
 * carry a receipt. In turn, under the same load: the real server, the same server with a transaction for each bid, and a
 * Fastify that only echoes the same body. Driven by plain kept-alive connections of node:http: autocannon took twice the processor
 * time for a request, which on two cores is the server's.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startServer, type DemoServer } from '../scripts/demo/server.ts'
import { Sender, type Letter } from './day/send.ts'
import { buildIntakeTown } from './intake-town.ts'
import { figure, printSamples, ratio, type BenchOptions, type Figure, type Sample, type Samples } from './measure.ts'
import { processUsage } from './process-usage.ts'
import { runBenches } from './report.ts'
import { UNLIMITED } from './sealers.ts'

const CONNECTIONS = 64
const SUPPLIERS = 64
/** Tenders whose bids are sent in one turn; each bid goes once. Making a tender takes longer than sending its bids. */
const TENDERS_A_TURN = 25
const TENDERS_A_QUICK_TURN = 6
/** Before what is measured. */
const TENDERS_TO_WARM_UP = 2
/** One fsync each takes its time. */
const SINGLE_COMMIT_SHARE = 4

const ECHO = new URL('echo-server.ts', import.meta.url).pathname

export async function benchIntake ({ quick }: BenchOptions): Promise<Figure[]> {
  const [rounds, tenders] = quick ? [2, TENDERS_A_QUICK_TURN] : [5, TENDERS_A_TURN]
  const folder = mkdtempSync(join(tmpdir(), 'bongin-bench-'))
  const [grouped, single, echo] = await Promise.all([
    startServer(join(folder, 'grouped'), UNLIMITED),
    startServer(join(folder, 'single'), { ...UNLIMITED, BONGIN_MAX_BATCH: '1' }),
    startServer(folder, {}, ECHO)
  ])
  const [town, singleTown] = await Promise.all([buildIntakeTown(grouped, SUPPLIERS), buildIntakeTown(single, SUPPLIERS)])
  try {
    const samples: Samples = { echo: [], intake: [], 'intake, one transaction each': [] }
    const tails: number[] = []
    for (let round = -1; round < rounds; round++) {
      const now = round < 0 ? TENDERS_TO_WARM_UP : tenders
      const letters = await town.letters(now)
      const singles = await singleTown.letters(Math.ceil(now / SINGLE_COMMIT_SHARE))
      const turns = {
        echo: await fire(echo, letters),
        intake: await fire(grouped, letters),
        'intake, one transaction each': await fire(single, singles)
      }
      if (round < 0) continue
      for (const [name, { sample }] of Object.entries(turns)) samples[name]?.push(sample)
      tails.push(turns.intake.p99 / turns.intake.p50)
    }
    printSamples(samples)
    return [
      ratio('intake-vs-echo', samples, ['intake', 'echo']),
      ratio('intake-vs-single-commit', samples, ['intake', 'intake, one transaction each']),
      figure('intake-tail', tails, { numerator: `p99 at ${CONNECTIONS} connections`, denominator: 'p50' })
    ]
  } finally {
    await Promise.all([town.close(), singleTown.close()])
    await Promise.all([grouped.stop(), single.stop(), echo.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Latencies in ms. */
interface Turn { sample: Sample, p50: number, p99: number }

/** Sends each letter once. @throws unless every answer is 201 with a receipt. */
export async function fire (server: DemoServer, letters: readonly Letter[], connections = CONNECTIONS): Promise<Turn> {
  const sender = new Sender(server.baseUrl, connections)
  const before = processUsage(server.process.pid)
  const started = performance.now()
  const answers = await sender.sendAll(letters, () => {})
  const seconds = (performance.now() - started) / 1000
  const after = processUsage(server.process.pid)
  sender.close()
  const receipts = answers.filter(({ status, receipt }) => status === 201 && receipt !== null).length
  if (receipts !== letters.length) throw new Error(`${receipts} receipts for ${letters.length} bids`)
  const times = answers.map(({ ms }) => ms).sort((a, b) => a - b)
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? Number.NaN
  const sample = { rate: letters.length / seconds, cores: (after.cpuSeconds - before.cpuSeconds) / seconds, memoryMb: after.memoryMb }
  return { sample, p50: at(0.5), p99: at(0.99) }
}

if (import.meta.main) await runBenches({ intake: benchIntake })
