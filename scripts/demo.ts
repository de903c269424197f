/**
 * `npm run demo`: the main job on real input. Starts a real server, registers an agency and suppliers, holds real KONEPS
 * tenders again over HTTP with real sealing, then one with derived prices and 200 bidders; prints each opening beside the
 * published result and verifies each record offline. `-- --keep` leaves the server running.
 */
import { DRAFT_DEFAULTS } from '../src/domain/draft.ts'
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { randomInt } from 'node:crypto'
import { openingText } from '../src/cli/opening-table.ts'
import { progressBar } from '../src/cli/progress.ts'
import { asDemoTender, compare, konepsOpenings } from './demo/koneps.ts'
import { Town, type Person } from './demo/people.ts'
import { runTender, type DemoResult, type DemoTender } from './demo/run-tender.ts'
import { startServer } from './demo/server.ts'

/** A plain one, one with a bid above the planned price, one with a withdrawn bid, one with many bids. */
const REPLAYED = ['R25BK00596147-000', 'R25BK00976477-000', 'R25BK00662369-000', 'R25BK00720663-000']
const GENERATED_BIDDERS = 200
const REPLAY_BIDS_MS = 6_000
const GENERATED_BIDS_MS = 9_000

const started = Date.now()
const visible = process.stderr.isTTY
const say = (text: string): void => {
  console.log(text)
}
const seconds = (): string => `${((Date.now() - started) / 1000).toFixed(1)} s`

const folder = resolve('demo-data', new Date().toISOString().replace(/[:.]/g, '-'))
mkdirSync(folder, { recursive: true })
const records = join(folder, 'records')
const server = await startServer(join(folder, 'server'))
say(`봉인 Bongin at ${server.baseUrl}, data in ${folder}`)
const failures: string[] = []
try {
  await main()
} finally {
  if (process.argv.includes('--keep')) say(`The server goes on at ${server.baseUrl} (API: ${server.baseUrl}/docs). End it with Ctrl-C.`)
  else await server.stop()
}
if (failures.length > 0) {
  console.error(`\n${failures.length} differences:\n${failures.join('\n')}`)
  process.exitCode = 1
} else {
  say(`\nEverything agrees with the published results and verifies offline (${seconds()}). Data and records: ${folder}`)
  say(`Next: npx bongin verify ${join(records, '<tender>')}`)
}

async function main (): Promise<void> {
  const town = await Town.visit(server.baseUrl)
  const officers = await town.enrolOfficers(server.firstOfficerCode)
  say(`Enrolled: platform officer, executing officer, witness, auditor (${seconds()})`)
  const sources = konepsOpenings(REPLAYED)
  const first = await register(town, officers.platform, Math.max(...sources.map(({ bidders }) => bidders.length)))
  // The keys of the 200 are made while the replayed tenders run.
  const others = register(town, officers.platform, GENERATED_BIDDERS - first.length)
  const replays = await Promise.all(
    sources.map(async (source) => ({
      source,
      result: await runTender(town, officers, { tender: asDemoTender(source, first, REPLAY_BIDS_MS), folder: records, onBid: () => {} })
    }))
  )
  for (const { source, result } of replays) {
    const { text, differences } = compare(source, result.opening, first)
    say(`\nKONEPS ${source.noticeNo} held again as ${result.tenderId}: ${result.state} (${seconds()})\n${text}`)
    failures.push(...differences)
    report(result)
  }
  const bidders = [...first, ...(await others)]
  say(`\n${bidders.length} suppliers registered (${seconds()}). Now a tender with derived prices: they exist nowhere before the opening.`)
  const bar = progressBar('bids', visible)
  const result = await runTender(town, officers, {
    tender: derivedTender(bidders),
    folder: records,
    onBid: (done) => {
      bar.update(done, bidders.length)
    }
  })
  bar.stop()
  say(openingText(result.opening, 0))
  report(result)
  await town.close()
}

async function register (town: Town, approver: Person, count: number): Promise<Person[]> {
  const bar = progressBar('suppliers', visible)
  const people = await town.registerSuppliers(approver, count, (done) => {
    bar.update(done, count)
  })
  bar.stop()
  return people
}

function derivedTender (bidders: readonly Person[]): DemoTender {
  const baseAmountWon = 1_234_567_000
  return {
    draft: {
      title: '시연: 복수예비가격 200개사 입찰',
      referenceNo: '',
      kind: 'works',
      method: 'restricted-lowest',
      estimatedPriceWon: 1_122_333_000,
      price: {
        method: 'multiple-derived',
        baseAmountWon,
        rangePpm: 30_000,
        slotPlan: 'upper-7',
        decimals: 0,
        priceUnitWon: 100,
        plannedPriceRounding: 'up-1'
      },
      ...DRAFT_DEFAULTS,
      unitPrices: [],
      aValue: {
        nationalPensionWon: 9_870_000,
        healthInsuranceWon: 7_460_000,
        longTermCareWon: 960_000,
        retirementMutualAidWon: 5_120_000,
        industrialSafetyWon: 14_800_000,
        safetyManagementWon: 3_000_000,
        qualityManagementWon: 2_000_000
      },
      floorRatePpm: 887_450
    },
    prices: null,
    // Around the floor of a planned price near the base amount, as real bidders do.
    bids: bidders.map((bidder) => {
      const pick = randomInt(1, 16)
      const other = ((pick + randomInt(0, 14)) % 15) + 1
      return { bidder, content: { amountWon: Math.round(baseAmountWon * (0.885 + randomInt(0, 20_000) / 1_000_000)), picks: [pick, other] } }
    }),
    bidsMs: GENERATED_BIDS_MS
  }
}

function report ({ report, folder, tenderId }: DemoResult): void {
  const checked = report.steps.reduce((sum, step) => sum + step.checked, 0)
  if (report.ok) say(`Verified offline from ${folder}: ${report.steps.length} steps, ${checked} things checked.`)
  else failures.push(`${tenderId} does not verify: ${report.failure?.step ?? ''}: ${report.failure?.detail ?? ''}`)
}
