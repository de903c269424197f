/**
 * How fast does news reach everybody? Events are committed by the real server and must arrive at 10,000 readers, against a
 * bare `ws` server with the loop that one would write, both in turn with as many readers; and how long a broadcast holds the
 * event loop. Once in a burst, as at the hour when tenders open, where the server sends together what comes while it is at it;
 * and once each when the one before has arrived, where it cannot.
 */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { figure, medianSample, printSamples, ratio, type BenchOptions, type Figure, type Sample, type Samples } from './measure.ts'
import type { ReadersOrder } from './feed-readers.ts'
import type { Order } from './feed-server.ts'
import { runBenches } from './report.ts'

const READERS = 10_000
const READERS_QUICK = 2_000
const EVENTS_A_TURN = 8
const LONE_EVENTS_A_TURN = 4

export async function benchFeed ({ quick }: BenchOptions): Promise<Figure[]> {
  const readers = quick ? READERS_QUICK : READERS
  const [ours, bare] = await Promise.all([startSide('ours', '/v1/feed', readers), startSide('ws', '/', readers)])
  try {
    const samples: Samples = { feed: [], ws: [], 'feed, one event at a time': [], 'ws, one event at a time': [] }
    const held: number[] = []
    for (let round = -1; round < (quick ? 2 : 5); round++) {
      const [own, other] = [await ours.broadcast(EVENTS_A_TURN), await bare.broadcast(EVENTS_A_TURN)]
      const [lone, otherLone] = [await oneAtATime(ours), await oneAtATime(bare)]
      if (round < 0) continue
      samples['feed']?.push(own.sample)
      samples['ws']?.push(other.sample)
      samples['feed, one event at a time']?.push(lone)
      samples['ws, one event at a time']?.push(otherLone)
      held.push(own.heldMs)
    }
    printSamples(samples)
    return [
      ratio('feed-vs-ws', samples, ['feed', 'ws']),
      ratio('feed-lone-vs-ws', samples, ['feed, one event at a time', 'ws, one event at a time']),
      figure('feed-block-ms', held, { numerator: `longest turn of the event loop, ${readers} readers, ms`, denominator: '1' })
    ]
  } finally {
    ours.end()
    bare.end()
  }
}

async function oneAtATime (side: Side): Promise<Sample> {
  const taken: Sample[] = []
  for (let i = 0; i < LONE_EVENTS_A_TURN; i++) taken.push((await side.broadcast(1)).sample)
  return medianSample(taken)
}

export interface Side { broadcast: (events: number) => Promise<{ sample: Sample, heldMs: number }>, end: () => void }

/** A server and its readers, each a process. */
export async function startSide (kind: 'ours' | 'ws', path: string, readers: number): Promise<Side> {
  const server = fork(new URL('feed-server.ts', import.meta.url), [kind])
  const { port } = await told<{ port: number }>(server)
  const reading = fork(new URL('feed-readers.ts', import.meta.url))
  const ready = told<{ ready: number }>(reading)
  reading.send({ port, path, readers } satisfies ReadersOrder)
  await ready
  return {
    async broadcast (events) {
      const started = performance.now()
      const seconds = new Promise<number>((resolve) => {
        let frames = 0
        reading.on('message', function count (report: { frames: number }) {
          frames += report.frames
          if (frames < events * readers) return
          reading.off('message', count)
          resolve((performance.now() - started) / 1000)
        })
      })
      server.send({ broadcast: events } satisfies Order)
      const took = await seconds
      const report = told<{ heldMs: number, rssMb: number, cpuSeconds: number }>(server)
      server.send('report' satisfies Order)
      const { heldMs, rssMb, cpuSeconds } = await report
      return { sample: { rate: events * readers / took, cores: cpuSeconds / took, memoryMb: rssMb }, heldMs }
    },
    end: () => {
      reading.disconnect()
      server.disconnect()
    }
  }
}

async function told<T> (child: ChildProcess): Promise<T> {
  const [answer] = await once(child, 'message') as [T]
  return answer
}

if (import.meta.main) await runBenches({ feed: benchFeed })
