/**
 * A day at KONEPS, compressed: tenders of real sizes that all close at one moment, bids over HTTP with a rush before the
 * deadline, all openings at once, feed clients watching; then every receipt is looked for in its closing record. Ends with a
 * report, and with exit code 1 if the server broke a promise. `node bench/day.ts [--tenders N] [--watchers N] [--whole N] [--json FILE]`
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Piscina } from 'piscina'
import { HOUR_MS } from '../src/domain/time.ts'
import { startServer } from '../scripts/demo/server.ts'
import { Town, type Officers, type Person } from '../scripts/demo/people.ts'
import { checkTender, type Checked } from './day/check.ts'
import { MOST_BIDDERS, planDay, TENDERS_AT_ONCE, type PlannedBid } from './day/plan.ts'
import { dayReport, lateFacts, sentFacts, type DayFacts } from './day/report.ts'
import type { SealTask } from './day/seal.ts'
import { Sender, type Answer, type Letter } from './day/send.ts'
import { at, byHands, sleepUntil, step, timed } from './day/steps.ts'
import { BASE_AMOUNT_WON, OPENS_AFTER_MS, publishTender, revealBoth, type OpenTender } from './day/tenders.ts'
import { watchFeed } from './day/watch.ts'
import { sealersOf, UNLIMITED } from './sealers.ts'

const SUPPLIERS = 120
/** The last hour before the deadline, compressed. */
const LAST_HOUR_MS = 15_000
/** Tenders that are published, bid for and left open beforehand, to see how long the day must be. */
const TRIAL_TENDERS = 8
const TRIAL_MARGIN = 1.35
const OPENING_TIMEOUT_MS = 600_000
const SEED = 20_250_131

interface Stage { town: Town, officers: Officers, people: Person[], sealers: Piscina<SealTask, string[]>, sender: Sender }
interface Sealed extends Letter { bid: PlannedBid }

const { values } = parseArgs({
  options: { tenders: { type: 'string' }, watchers: { type: 'string' }, whole: { type: 'string' }, json: { type: 'string' } }
})
const tenderCount = Number(values.tenders ?? TENDERS_AT_ONCE)
const watcherCount = Number(values.watchers ?? 300)
/** Records that are verified as a whole, opening included; of the others the receipts alone. */
const wholeCount = Number(values.whole ?? 50)

const folder = mkdtempSync(join(tmpdir(), 'bongin-day-'))
const server = await startServer(folder, UNLIMITED)
try {
  const facts = await holdDay(server.baseUrl)
  console.log(dayReport(facts))
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(facts, null, 2)}\n`)
  if (facts.faults.length > 0) process.exitCode = 1
} finally {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}

async function holdDay (baseUrl: string): Promise<DayFacts> {
  const stage = await setStage(baseUrl)
  const plan = planDay({ tenders: tenderCount, suppliers: SUPPLIERS, baseAmountWon: BASE_AMOUNT_WON, seed: SEED })
  const trial = await holdTrial(stage)
  const neededMs = tenderCount * trial.publishMs + plan.bids.length * (trial.sealMs + trial.sendMs)
  const closesAt = wholeSecond(Date.now() + TRIAL_MARGIN * neededMs + LAST_HOUR_MS)
  const tenders = await step('tenders', tenderCount, async (tick) =>
    await byHands({ count: tenderCount, onOne: tick }, async (number) => await publishTender(stage.town, stage.officers, { number, closesAt })))
  const sealed = await sealBids(stage, tenders, plan.bids)
  const isOfDay = new Set<string>(tenders.map(({ tenderId }) => tenderId))
  const watching = await watchFeed(baseUrl, { watchers: watcherCount, isOfDay: (id) => isOfDay.has(id) })

  const early = sealed.filter(({ bid }) => bid.lastHour === null)
  const late = sealed.filter(({ bid }) => bid.lastHour !== null)
  const startedAt = Date.now()
  const earlyAnswers = await step('bids before the last hour', early.length, async (tick) => await stage.sender.sendAll(early, tick))
  const earlyMs = Date.now() - startedAt
  const lateFrom = closesAt - LAST_HOUR_MS
  const spareMs = lateFrom - Date.now()
  if (spareMs < 0) throw new Error('the machine was slower than in the trial; hold the day again, or one with fewer --tenders')
  console.log(`  ${late.length} bids in the last hour, as ${LAST_HOUR_MS / 1000} s, ${(spareMs / 1000).toFixed(0)} s from now`)
  const lateAnswers = await stage.sender.sendAt(late.map((letter) => ({ ...letter, at: lateFrom + LAST_HOUR_MS * (letter.bid.lastHour ?? 0) })))

  await sleepUntil(closesAt + OPENS_AFTER_MS)
  const opensAt = Date.now()
  await step('keys revealed', tenderCount, async (tick) =>
    await byHands({ count: tenderCount, onOne: tick }, async (i) => { await revealBoth(stage.town, stage.officers, at(tenders, i).tenderId) }))
  const revealedMs = Date.now() - opensAt
  const behind = await watching.waitFor(tenderCount, OPENING_TIMEOUT_MS)
  const openedMs = Math.max(...watching.openedAt.values()) - opensAt
  const faults = behind === 0 ? [] : [`${behind} of ${watcherCount} watchers were not told of every opening`]
  if (watching.faults() > 0) faults.push(`${watching.faults()} watchers were told out of order`)
  watching.close()

  const letters = [...early, ...late]
  const answers = [...earlyAnswers, ...lateAnswers]
  const checked = await checkDay(stage, tenders, { letters, answers })
  await closeStage(stage)
  return {
    tenders: tenderCount,
    bids: letters.length,
    suppliers: SUPPLIERS,
    watchers: watcherCount,
    largest: Math.max(...plan.bidders),
    early: sentFacts(earlyAnswers, earlyMs),
    late: sentFacts(lateAnswers, LAST_HOUR_MS),
    ...lateFacts(answers, closesAt),
    revealedMs,
    openedMs,
    wholeRecords: Math.min(wholeCount, tenderCount),
    leaves: checked.leaves,
    faults: [...faults, ...checked.faults]
  }
}

async function setStage (baseUrl: string): Promise<Stage> {
  const town = await Town.visit(baseUrl)
  const officers = await town.enrolOfficers(server.firstOfficerCode)
  const people = await step('suppliers', SUPPLIERS, async (tick) => await town.registerSuppliers(officers.platform, SUPPLIERS, tick))
  return { town, officers, people, sealers: sealersOf(people), sender: new Sender(baseUrl) }
}

async function closeStage ({ town, sealers, sender }: Stage): Promise<void> {
  sender.close()
  await sealers.destroy()
  await town.close()
}

/** What one tender's publication and one bid's sealing and sending take here, in ms. */
async function holdTrial (stage: Stage): Promise<{ publishMs: number, sealMs: number, sendMs: number }> {
  const closesAt = wholeSecond(Date.now() + 2 * HOUR_MS)
  const [publishMs, tenders] = await timed(async () =>
    await byHands({ count: TRIAL_TENDERS }, async (number) => await publishTender(stage.town, stage.officers, { number, closesAt })))
  const bids = tenders.flatMap((_, tender) => Array.from({ length: MOST_BIDDERS }, (_, supplier): PlannedBid => (
    { tender, supplier, amountWon: BASE_AMOUNT_WON, picks: [1, 2], lastHour: null })))
  const [sealMs, sealed] = await timed(async () => await sealBids(stage, tenders, bids))
  const [sendMs] = await timed(async () => await stage.sender.sendAll(sealed, () => {}))
  return { publishMs: publishMs / TRIAL_TENDERS, sealMs: sealMs / bids.length, sendMs: sendMs / bids.length }
}

async function sealBids ({ sealers, people }: Stage, tenders: readonly OpenTender[], bids: readonly PlannedBid[]): Promise<Sealed[]> {
  const byTender = Map.groupBy(bids, ({ tender }) => tender)
  const sealed = await step('bids sealed', bids.length, async (tick) => {
    let done = 0
    return await Promise.all([...byTender].map(async ([tender, own]) => {
      const open = at(tenders, tender)
      const contents = own.map(({ supplier, amountWon, picks }) => ({ supplier, content: { amountWon, picks } }))
      const envelopes = await sealers.run({ ...open, bids: contents })
      tick(done += own.length)
      return own.map((bid, i): Sealed => ({
        bid, path: `/v1/tenders/${open.tenderId}/bids`, token: at(people, bid.supplier).token, envelope: at(envelopes, i)
      }))
    }))
  })
  return sealed.flat().sort((a, b) => (a.bid.lastHour ?? -1) - (b.bid.lastHour ?? -1))
}

interface Sent { letters: readonly Sealed[], answers: readonly Answer[] }

async function checkDay ({ town, people }: Stage, tenders: readonly OpenTender[], { letters, answers }: Sent): Promise<Checked> {
  const receipts = new Map<number, string[]>(tenders.map((_, i) => [i, []]))
  const refused = new Map<number, Set<string>>(tenders.map((_, i) => [i, new Set()]))
  const faults: string[] = []
  letters.forEach(({ bid }, i) => {
    const { status, receipt, code } = at(answers, i)
    if (receipt !== null) receipts.get(bid.tender)?.push(receipt)
    else if (code === 'bid-late') refused.get(bid.tender)?.add(at(people, bid.supplier).identity.holderId)
    else faults.push(`a bid was answered ${status} ${code ?? ''}`)
  })
  const checked = await step('records checked', tenders.length, async (tick) => await byHands({ count: tenders.length, onOne: tick }, async (i) => {
    const own = receipts.get(i) ?? []
    if (own.length === 0) return { leaves: 0, faults: [] }
    const { tenderId } = at(tenders, i)
    return await checkTender(town.publicApi, town.trust, { tenderId, receipts: own, refused: refused.get(i) ?? new Set(), whole: i < wholeCount })
  }))
  return { leaves: checked.reduce((sum, { leaves }) => sum + leaves, 0), faults: [...faults, ...checked.flatMap(({ faults }) => faults)] }
}

function wholeSecond (ms: number): number { return Math.ceil(ms / 1000) * 1000 }
