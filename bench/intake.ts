/**
 * How fast are bids taken in? autocannon sends unique, really sealed and signed bids to the real server over loopback and
 * every answer is checked for its receipt; the reference is the server's own answer to GET /v1/health under the same load.
 */
import { DRAFT_DEFAULTS } from '../src/domain/draft.ts'
import autocannon from 'autocannon'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sealForTender } from '../src/client/bids.ts'
import { contribute, draftTender, publish } from '../src/client/ceremony.ts'
import { getCheckedTender } from '../src/client/tenders.ts'
import type { OfficerId } from '../src/domain/ids.ts'
import { formatKst } from '../src/domain/time.ts'
import { Town, type Officers, type Person } from '../scripts/demo/people.ts'
import { startServer } from '../scripts/demo/server.ts'
import { figure, printSamples, ratio, type BenchOptions, type Figure, type Samples } from './measure.ts'
import { runBenches } from './report.ts'

const CONNECTIONS = 32
const OPEN_FOR_MS = 3_600_000
const TENDERS_A_ROUND = 6

interface Request { path: string, token: string, body: string }

export async function benchIntake ({ quick }: BenchOptions): Promise<Figure[]> {
  const suppliers = 64
  const rounds = quick ? 2 : 4
  const folder = mkdtempSync(join(tmpdir(), 'bongin-bench-'))
  const server = await startServer(folder)
  try {
    const town = await Town.visit(server.baseUrl)
    const officers = await town.enrolOfficers(server.firstOfficerCode)
    const people = await town.registerSuppliers(officers.platform, suppliers, () => {})
    const samples: Samples = { intake: [], health: [] }
    const tails: number[] = []
    for (let round = 0; round < rounds; round++) {
      const requests: Request[] = []
      for (let tender = 0; tender < TENDERS_A_ROUND; tender++) requests.push(...await sealRound(town, officers, people))
      const intake = await fire(server.baseUrl, requests)
      samples['intake']?.push({ rate: intake.rate, cores: 0, memoryMb: 0 })
      tails.push(intake.tail)
      samples['health']?.push({ rate: (await fire(server.baseUrl, requests.map(() => null))).rate, cores: 0, memoryMb: 0 })
    }
    await town.close()
    printSamples(samples)
    return [ratio('intake-vs-health', samples, ['intake', 'health']), figure('intake-tail', tails, { numerator: 'p99', denominator: 'p50' })]
  } finally {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A fresh tender, one bid from each supplier. */
async function sealRound ({ publicApi, trust }: Town, { executing, witness, audit }: Officers, people: readonly Person[]): Promise<Request[]> {
  const closesAt = Math.ceil((Date.now() + OPEN_FOR_MS) / 1000) * 1000
  const now = formatKst(Date.now())
  const id = ({ identity }: Person): OfficerId => identity.holderId as OfficerId
  const tenderId = await draftTender(executing.api, {
    title: '부하 시험',
    referenceNo: '',
    kind: 'works',
    method: 'restricted-lowest',
    estimatedPriceWon: 90_000_000,
    price: { method: 'multiple-derived', decimals: 0, baseAmountWon: 100_000_000, rangePpm: 30_000, slotPlan: 'upper-7', priceUnitWon: 100, plannedPriceRounding: 'up-1' },
    ...DRAFT_DEFAULTS,
    unitPrices: [],
    floorRatePpm: 880_000,
    eligibility: { linesOfBusiness: [], regions: [] },
    contact: { name: '담당', phone: '1', email: 'a@example.kr' },
    attachments: [],
    committee: { executing: id(executing), witness: id(witness), recovery: [id(audit)], threshold: 2 },
    schedule: { questionsFrom: now, questionsUntil: now, closesAt: formatKst(closesAt), technicalOpensAt: null, opensAt: formatKst(closesAt + 1000) },
    previousTenderId: null,
    changeReason: ''
  })
  for (const { api, identity } of [executing, witness]) await contribute(api, trust, { identity, tenderId, now: Date.now() })
  await publish(executing.api, trust, { identity: executing.identity, tenderId, now: Date.now() })
  const tender = await getCheckedTender(publicApi, trust, tenderId)
  return await Promise.all(people.map(async ({ identity, token }) => {
    const { envelope } = await sealForTender(tender, { identity, content: { amountWon: 89_000_000, picks: [1, 2] }, now: Date.now() })
    return { path: `/v1/tenders/${tenderId}/bids`, token, body: envelope }
  }))
}

function post ({ path, token, body }: Request): autocannon.Request {
  return { method: 'POST', path, headers: { 'content-type': 'application/jose', authorization: `Bearer ${token}` }, body }
}

/** Sends each request once; null stands for the reference. Throws unless every answer is what it should be. */
async function fire (url: string, requests: ReadonlyArray<Request | null>): Promise<{ rate: number, tail: number }> {
  let next = 0
  let last = 0
  // autocannon itself measures whole seconds; what counts is from the first request to the last answer.
  const started = performance.now()
  const result = await autocannon({
    url,
    connections: Math.min(CONNECTIONS, requests.length),
    amount: requests.length,
    setupClient: (client) => { client.on('response', () => { last = performance.now() }) },
    requests: [{
      setupRequest: (request) => {
        const own = requests[next++ % requests.length]
        return own == null ? { ...request, method: 'GET', path: '/v1/health' } : { ...request, ...post(own) }
      }
    }]
  })
  const seconds = (last - started) / 1000
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refused, ${result.errors} broken`)
  return { rate: requests.length / seconds, tail: result.latency.p99 / Math.max(result.latency.p50, 1) }
}

if (import.meta.main) await runBenches({ intake: benchIntake })
