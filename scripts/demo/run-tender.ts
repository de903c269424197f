/** One tender from draft to award and offline verification, everything over HTTP through the client. */
import { join } from 'node:path'
import { sealFor, submitBid, withdrawBid, checkInclusion } from '../../src/client/bids.ts'
import { contribute, draftTender, publish, sealAgencyPrices } from '../../src/client/ceremony.ts'
import { award, evaluate, reveal, waitForOpening } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { readRecord, writeRecord } from '../../src/client/record-folder.ts'
import { getOpening, getTender } from '../../src/client/tenders.ts'
import { verifyRecord, type VerifyReport } from '../../src/crypto/verify-record.ts'
import type { BidContent } from '../../src/domain/bid.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { OfficerId, TenderId } from '../../src/domain/ids.ts'
import type { OpeningRecord } from '../../src/domain/opening.ts'
import { formatKst } from '../../src/domain/time.ts'
import type { Officers, Person, Town } from './people.ts'

const OPENING_TIMEOUT_MS = 30_000
const OPENS_AFTER_MS = 1_000

/** `content` null: the bidder submits and then withdraws (전자입찰취소신청). */
export interface DemoBid {
  bidder: Person
  content: BidContent | null
}

export interface DemoTender {
  draft: Omit<TenderDraft, 'committee' | 'schedule' | 'contact' | 'eligibility' | 'attachments' | 'previousTenderId' | 'changeReason'>
  /** Numbered prices of the agency (`multiple-sealed`), or null. */
  prices: number[] | null
  bids: DemoBid[]
  /** Time given to the bidders. */
  bidsMs: number
}

export interface DemoResult {
  tenderId: TenderId
  opening: OpeningRecord
  state: string
  report: VerifyReport
  folder: string
}

export async function runTender (
  town: Town,
  officers: Officers,
  {
    tender,
    folder,
    onBid
  }: {
    tender: DemoTender
    folder: string
    onBid: (done: number) => void
  }
): Promise<DemoResult> {
  const { tenderId, closesAt } = await publishTender(town, officers, tender)
  const receipts = await submitAll(town, tenderId, tender.bids, onBid)
  invariant(Date.now() < closesAt, 'the bids were in before the deadline')
  await sleepUntil(closesAt + OPENS_AFTER_MS)
  await open(town, officers, tenderId)
  const { state: opened } = await getTender(town.publicApi, tenderId)
  const opening = await getOpening(town.publicApi, tenderId)
  const last = receipts.at(-1)
  if (last !== undefined) await checkInclusion(last.bidder.api, town.trust, last.receipt)
  const state = opening.outcome === 'ranked' ? await decide(officers, tenderId) : opened
  const target = join(folder, tenderId)
  await writeRecord(target, await downloadRecord(town.publicApi, tenderId))
  const report = await verifyRecord(await readRecord(target), {
    trustedRootDer: town.trust.rootDer,
    receipts: receipts.map(({ receipt }) => receipt)
  })
  return { tenderId, opening, state, report, folder: target }
}

async function publishTender (
  { trust }: Town,
  { executing, witness, audit }: Officers,
  { draft, prices, bidsMs }: DemoTender
): Promise<{ tenderId: TenderId; closesAt: number }> {
  const closesAt = Math.ceil((Date.now() + bidsMs) / 1000) * 1000
  const id = ({ identity }: Person): OfficerId => identity.holderId as OfficerId
  const now = formatKst(Date.now())
  const complete: TenderDraft = {
    ...draft,
    committee: { executing: id(executing), witness: id(witness), recovery: [id(audit)], threshold: 2 },
    schedule: {
      questionsFrom: now, questionsUntil: now, closesAt: formatKst(closesAt), technicalOpensAt: null, opensAt: formatKst(closesAt + OPENS_AFTER_MS)
    },
    contact: { name: '계약담당', phone: '070-0000-0000', email: 'contract@example.kr' },
    eligibility: { linesOfBusiness: [], regions: [] },
    attachments: [],
    previousTenderId: null,
    changeReason: ''
  }
  const tenderId = await draftTender(executing.api, complete)
  for (const { api, identity } of [executing, witness]) await contribute(api, trust, { identity, tenderId, now: Date.now() })
  if (prices !== null) await sealAgencyPrices(executing.api, trust, { tenderId, prices, now: Date.now() })
  await publish(executing.api, trust, { identity: executing.identity, tenderId, expected: complete, now: Date.now() })
  return { tenderId, closesAt }
}

async function submitAll (
  { publicApi, trust }: Town,
  tenderId: TenderId,
  bids: readonly DemoBid[],
  onBid: (done: number) => void
): Promise<Array<{ bidder: Person; receipt: string }>> {
  let done = 0
  return await Promise.all(
    bids.map(async ({ bidder, content }) => {
      const { identity, api } = bidder
      const placeholder: BidContent = { amountWon: 1, picks: [1, 2] }
      const { envelope } = await sealFor(publicApi, trust, { identity, tenderId, content: content ?? placeholder, now: Date.now() })
      const { receipt } = await submitBid(api, trust, envelope)
      if (content === null) await withdrawBid(api, trust, { identity, tenderId, reason: '입력 착오' })
      onBid(++done)
      return { bidder, receipt }
    })
  )
}

async function open ({ trust }: Town, { executing, witness }: Officers, tenderId: TenderId): Promise<void> {
  for (const { api, identity } of [executing, witness]) await reveal(api, trust, { identity, tenderId, now: Date.now() })
  const { state } = await waitForOpening(executing.api, tenderId, { timeoutMs: OPENING_TIMEOUT_MS })
  invariant(state !== 'closed', 'the opening ended in time')
}

async function decide ({ executing }: Officers, tenderId: TenderId): Promise<string> {
  await evaluate(executing.api, executing.identity, { tenderId, qualified: true, capabilityMarksMilli: null, reason: '제출 서류 적격' })
  return (await award(executing.api, executing.identity, { tenderId, reason: '최저가 적격 업체' })).state
}

async function sleepUntil (at: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - Date.now())))
}
