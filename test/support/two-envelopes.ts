/** Tenders with two envelopes over HTTP, through the client: drafts, proposals, and the steps between closing and award. */
import { submitBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish } from '../../src/client/ceremony.ts'
import { reveal, waitForOpening } from '../../src/client/openings.ts'
import { appointEvaluators, decideTechnical, markProposals } from '../../src/client/technical.ts'
import { getCheckedTender } from '../../src/client/tenders.ts'
import { fromBase64url, randomBytes, toBase64url } from '../../src/crypto/bytes.ts'
import { bidAad, bidInfo } from '../../src/crypto/envelope.ts'
import { makeRecipientKey, sealBase } from '../../src/crypto/hpke-seal.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { encodePlaintext } from '../../src/crypto/plaintext.ts'
import { sealProposal } from '../../src/crypto/technical-envelope.ts'
import { formatKst } from '../../src/domain/time.ts'
import type { EnvelopeKind } from '../../src/domain/envelope-kind.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { OfficerId, Sha256Hex, SupplierId, TenderId } from '../../src/domain/ids.ts'
import type { Proposal } from '../../src/domain/technical-opening.ts'
import { draftFor, type Actor, type Cast } from './actors.ts'
import type { TestApp } from './build-app.ts'
import { bidAs, OPENING_TIMEOUT_MS } from './stage.ts'

export const ESTIMATE_WON = 100_000_000

/** Closes at 10:00, opens proposals at 11:00 and prices at 14:00 of a day. */
export const scheduleOn = (day: string): TenderDraft['schedule'] => ({
  questionsFrom: `${day}T09:00:00+09:00`,
  questionsUntil: `${day}T09:30:00+09:00`,
  closesAt: `${day}T10:00:00+09:00`,
  technicalOpensAt: `${day}T11:00:00+09:00`,
  opensAt: `${day}T14:00:00+09:00`
})

/** 80 technical and 20 price marks, pass mark 68, at least three evaluators, extremes dropped, no planned price. */
export function negotiatedDraft (cast: Cast, change: Partial<TenderDraft> = {}): TenderDraft {
  const draft = draftFor(cast)
  return {
    ...draft,
    title: '정보시스템 구축',
    kind: 'services',
    method: 'negotiated',
    estimatedPriceWon: ESTIMATE_WON,
    price: { ...draft.price, method: 'none', baseAmountWon: null },
    floorRatePpm: 0,
    technical: { marksMilli: 80_000, passMarkMilli: 68_000, minimumEvaluators: 3, dropExtremes: true },
    schedule: scheduleOn('2026-11-24'),
    ...change
  }
}

export const proposalOf = (summary: string): Proposal => ({
  summary, documents: [{ name: '제안서.pdf', sha256: 'ab'.repeat(32) as Sha256Hex, sizeBytes: 1_234_567 }]
})

export async function publishTwo (app: TestApp, cast: Cast, draft: TenderDraft): Promise<TenderId> {
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  const now = app.clock.now()
  const tenderId = await draftTender(executing.api, draft)
  for (const { api, identity } of [executing, witness]) await contribute(api, cast.platform, { identity, tenderId, now })
  await publish(executing.api, cast.platform, { identity: executing.identity, tenderId, expected: draft, now })
  return tenderId
}

export async function bidWith (app: TestApp, cast: Cast, { actor, tenderId, amountWon, proposal }: {
  actor: Actor, tenderId: TenderId, amountWon: number, proposal: Proposal
}): Promise<string> {
  return (await bidAs({ app, cast }, actor, { tenderId, amountWon, picks: null, proposal })).receipt
}

/** A bid as no honest client makes it: the technical part sealed to a key of one's own. */
export async function bidUndecryptable (app: TestApp, cast: Cast, { actor, tenderId, amountWon }: {
  actor: Actor, tenderId: TenderId, amountWon: number
}): Promise<void> {
  const { api, identity } = await cast.login(actor)
  const { terms, termsSha256 } = (await getCheckedTender(cast.publicApi, cast.platform, tenderId)).last.notice
  const supplierId = identity.holderId as SupplierId
  const submissionId = toBase64url(randomBytes(16))
  const aad = bidAad({ supplierId, thumbprint: identity.thumbprint, submissionId })
  const publicKey = fromBase64url(terms.key.publicKey)
  const binding = { tenderId, termsSha256, supplierId }
  const plaintext = encodePlaintext({ ...binding, content: { amountWon, picks: null }, nonce: randomBytes(16) })
  const { enc, ciphertext } = await sealBase({ publicKey, info: bidInfo({ tenderId, termsSha256, publicKey }), aad, plaintext })
  const technical = await sealProposal({ ...binding, proposal: proposalOf('열리지 않는 제안'), publicKey: makeRecipientKey().publicKey, aad })
  const envelope = await signJws(identity.signer, 'bongin-bid', {
    v: 1,
    type: 'bongin-bid',
    ...binding,
    submissionId,
    enc: toBase64url(enc),
    ciphertext: toBase64url(ciphertext),
    clientTime: formatKst(app.clock.now()),
    technical
  })
  await submitBid(api, cast.platform, envelope)
}

/** Moves the clock and lets the scheduler see it. */
export async function moveTo (app: TestApp, time: string): Promise<void> {
  app.clock.set(time)
  await app.scheduler.tick()
}

export async function revealAll (app: TestApp, cast: Cast, tenderId: TenderId, envelope: EnvelopeKind): Promise<string> {
  const members = [await cast.login(cast.executing), await cast.login(cast.witness)]
  for (const { api, identity } of members) await reveal(api, cast.platform, { identity, tenderId, envelope, now: app.clock.now() })
  return (await waitForOpening((members[0] as Actor).api, tenderId, { timeoutMs: OPENING_TIMEOUT_MS, envelope })).state
}

export const idOf = ({ identity }: Actor): OfficerId => identity.holderId as OfficerId
/** A supplier as far as its number goes. */
interface Numbered { identity: { holderId: string } }
export const supplierOf = ({ identity }: Numbered): SupplierId => identity.holderId as SupplierId

/** Marks by supplier in the order of the suppliers, one row for each evaluator; then the result. */
export async function evaluateAll (cast: Cast, { tenderId, evaluators, suppliers, rows }: {
  tenderId: TenderId, evaluators: readonly Actor[], suppliers: readonly Numbered[], rows: ReadonlyArray<readonly number[]>
}): ReturnType<typeof decideTechnical> {
  const executing = await cast.login(cast.executing)
  await appointEvaluators(executing.api, cast.platform, { identity: executing.identity, tenderId, evaluators: evaluators.map(idOf) })
  for (const [i, evaluator] of evaluators.entries()) {
    const { api, identity } = await cast.login(evaluator)
    const marks = suppliers.map((supplier, n) => ({ supplierId: supplierOf(supplier), marksMilli: rows[i]?.[n] ?? 0 }))
    await markProposals(api, cast.platform, { identity, tenderId, marks, reason: '제안서 평가' })
  }
  return await decideTechnical(executing.api, cast.platform, { identity: executing.identity, tenderId })
}
