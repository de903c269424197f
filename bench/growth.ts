/**
 * How do time and memory grow with the load? Openings of 100 … 1,000,000 bids, intake over 1 … 512 connections, news to
 * 100 … 10,000 readers, lists and searches over 1,000 … 1,000,000 tenders:
 * `npm run bench:growth [-- --quick] [-- --json FILE] [opening|intake|feed|reading …]`. One turn a point, so the curves
 * show the shape; what is compared, `npm run bench` measures in rounds. `scripts/draw-curves.ts` draws them.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startServer } from '../scripts/demo/server.ts'
import { buildOpeningTown } from '../test/support/opening-town.ts'
import type { Curve, Growth, Series } from './curves.ts'
import { startSide } from './feed.ts'
import { fire } from './intake.ts'
import { buildIntakeTown } from './intake-town.ts'
import { median, type Contestant, takeTurn } from './measure.ts'
import { openInChild } from './opening.ts'
import { pageOf, PAGE, searchFor, serverWith } from './reading.ts'
import { machine } from './report.ts'
import { UNLIMITED } from './sealers.ts'

type Point = Series['points'][number]

const WARM_UP_BIDS = 10_000
const SUPPLIERS = 64
/** Tenders whose bids go over so many connections: more connections, more bids. */
const LETTERS_A_CONNECTION = 8
const MIN_TENDERS = 2
const EVENTS = 8
const READING_TURNS = 5

const opening: Growth = async ({ quick, folder }) => {
  const warmUp = await buildOpeningTown(folder, WARM_UP_BIDS)
  const [seconds, megabytes]: [Point[], Point[]] = [[], []]
  const sizes = [100, 1_000, 10_000, 100_000, ...(quick ? [] : [1_000_000])]
  const towns = await Promise.all(sizes.map(async (bids) => bids === WARM_UP_BIDS ? warmUp : await buildOpeningTown(folder, bids)))
  for (const { bids, seconds: took, peakMb, idleMb } of openInChild(folder, warmUp, towns)) {
    seconds.push([bids, took])
    // Small openings fit in what is there already.
    megabytes.push([bids, Math.max(1, peakMb - idleMb)])
    console.log(`  ${bids} bids: ${took.toFixed(3)} s, ${(peakMb - idleMb).toFixed(0)} MB over idle`)
  }
  return [
    { name: 'opening-time', title: 'Opening, from rows to the record', xLabel: 'bids', yLabel: 'seconds', series: [{ label: 'all threads', points: seconds }] },
    { name: 'opening-memory', title: 'Memory of an opening over idle', xLabel: 'bids', yLabel: 'MB', series: [{ label: 'peak', points: megabytes }] }
  ]
}

const intake: Growth = async ({ quick, folder }) => {
  const server = await startServer(join(folder, 'intake'), UNLIMITED)
  const town = await buildIntakeTown(server, SUPPLIERS)
  const [rates, middle, tail]: [Point[], Point[], Point[]] = [[], [], []]
  try {
    await fire(server, await town.letters(MIN_TENDERS))
    for (const connections of [1, 4, 16, 64, ...(quick ? [] : [256, 512])]) {
      const letters = await town.letters(Math.max(MIN_TENDERS, Math.ceil(connections * LETTERS_A_CONNECTION / SUPPLIERS)))
      const { sample, p50, p99 } = await fire(server, letters, connections)
      rates.push([connections, sample.rate])
      middle.push([connections, p50])
      tail.push([connections, p99])
      console.log(`  ${connections} connections: ${sample.rate.toFixed(0)} bids/s, p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`)
    }
  } finally {
    await town.close()
    await server.stop()
  }
  return [
    { name: 'intake-rate', title: 'Bids taken in, verified and durable', xLabel: 'connections', yLabel: 'bids a second', series: [{ label: 'bids', points: rates }] },
    {
      name: 'intake-latency',
      title: 'From the first byte to the receipt',
      xLabel: 'connections',
      yLabel: 'ms',
      series: [{ label: 'p50', points: middle }, { label: 'p99', points: tail }]
    }
  ]
}

const feed: Growth = async ({ quick }) => {
  const [ours, bare, held]: [Point[], Point[], Point[]] = [[], [], []]
  for (const readers of [100, 1_000, ...(quick ? [] : [3_000, 10_000])]) {
    for (const [kind, path, points] of [['ours', '/v1/feed', ours], ['ws', '/', bare]] as const) {
      const side = await startSide(kind, path, readers)
      await side.broadcast(EVENTS)
      const { sample, heldMs } = await side.broadcast(EVENTS)
      side.end()
      points.push([readers, sample.rate])
      if (kind === 'ours') held.push([readers, heldMs])
      console.log(`  ${readers} readers, ${kind}: ${sample.rate.toFixed(0)} messages/s, loop held for ${heldMs.toFixed(1)} ms`)
    }
  }
  return [
    {
      name: 'feed-rate',
      title: 'News to all readers',
      xLabel: 'readers',
      yLabel: 'messages a second',
      series: [{ label: 'feed', points: ours }, { label: 'bare ws', points: bare }]
    },
    { name: 'feed-block', title: 'Longest turn of the event loop', xLabel: 'readers', yLabel: 'ms', series: [{ label: 'feed', points: held }] }
  ]
}

const reading: Growth = async ({ quick, folder }) => {
  const [lists, searches]: [Point[], Point[]] = [[], []]
  for (const tenders of [1_000, 10_000, 100_000, ...(quick ? [] : [1_000_000])]) {
    const app = await serverWith(join(folder, `reading-${tenders}`), tenders)
    const list = await milliseconds(pageOf(app))
    const search = await milliseconds(searchFor(app, '보수'))
    await app.close()
    lists.push([tenders, list])
    searches.push([tenders, search])
    console.log(`  ${tenders} tenders: page of ${PAGE} in ${list.toFixed(2)} ms, search in ${search.toFixed(2)} ms`)
  }
  const series = [{ label: 'first page', points: lists }, { label: 'Korean search', points: searches }]
  return [{ name: 'reading-time', title: `A page of ${PAGE} tenders, whole request`, xLabel: 'tenders', yLabel: 'ms', series }]
}

/** Median of some turns after one that warms up. */
async function milliseconds (contestant: Contestant): Promise<number> {
  const times: number[] = []
  for (let turn = 0; turn <= READING_TURNS; turn++) times.push(1000 / (await takeTurn(contestant)).rate)
  return median(times.slice(1))
}

const GROWTHS: Readonly<Record<string, Growth>> = { opening, intake, feed, reading }

const { values: { quick, json }, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, json: { type: 'string' } }, allowPositionals: true
})
const names = positionals.length === 0 ? Object.keys(GROWTHS) : positionals
const folder = mkdtempSync(join(tmpdir(), 'bongin-growth-'))
const curves: Curve[] = []
try {
  for (const name of names) {
    const growth = GROWTHS[name]
    if (growth === undefined) throw new Error(`no growth is called ${name}: ${Object.keys(GROWTHS).join(', ')}`)
    console.log(`\n${name}`)
    curves.push(...await growth({ quick, folder }))
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine: machine(), curves }, null, 2)}\n`)
