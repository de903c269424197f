/**
 * A small real record of a tender, made with the crypto functions alone: a change of terms that supersedes two bids, a
 * withdrawal, equal lowest bids, an opening, an evaluation, an award.
 * `rechain`, `resign` and `reopen` are what a dishonest platform can do to a record that it altered: it has every key but
 * the suppliers', and here the executing officer helps it.
 */
import { TERMS_DEFAULTS } from '../../src/domain/draft.ts'
import { sha256Hex, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { checkpointOrigin } from '../../src/crypto/checkpoint-verify.ts'
import { signCheckpoint } from '../../src/crypto/checkpoint.ts'
import { makeContribution } from '../../src/crypto/contribution.ts'
import { sealBid } from '../../src/crypto/envelope.ts'
import { jointPublicKey, makeHolderKey, provePossession } from '../../src/crypto/joint-key.ts'
import { signReceipt } from '../../src/crypto/receipt-signing.ts'
import { parseJws, signJws } from '../../src/crypto/jws.ts'
import { merkleRoot } from '../../src/crypto/merkle.ts'
import { computeOpening } from '../../src/crypto/opening.ts'
import { openingRecordBytes } from '../../src/crypto/opening-record.ts'
import { receiptLeafHash } from '../../src/crypto/receipt.ts'
import type { LedgerEntry, RecordLeaf, TenderRecord } from '../../src/crypto/record.ts'
import { sealedPricesSha256, sealPrices } from '../../src/crypto/sealed-prices.ts'
import { makeEncryptionKey } from '../../src/crypto/shares.ts'
import type { AgencyId, Sha256Hex, SupplierId, TenderId } from '../../src/domain/ids.ts'
import type { Notice, NoticeTerms } from '../../src/domain/notice.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { AUDIT, EXECUTING, holderOf, PLATFORM_NAME, signerOf, sortCertificates, SUPPLIERS, WITNESS, type World } from './make-world.ts'

export const TENDER_ID = 'R26BK00000001' as TenderId
const [FIRST, SECOND, THIRD, FOURTH] = SUPPLIERS
const HOLDERS = ['platform', EXECUTING, WITNESS] as const
const BASE_AMOUNT = 29_678_000
const PRICES = Array.from({ length: 15 }, (_, i) => 29_100_000 + i * 80_000)

export const kst = (local: string): string => `${local}.000+09:00`
const DRAFTED = kst('2026-11-19T09:00:00')
const OPENED = kst('2026-11-24T11:00:05')
const DECIDED = kst('2026-11-24T15:00:00')

type Entry = Pick<LedgerEntry, 'at' | 'actor' | 'type' | 'payload'>

/** The chain over these entries, whatever they say. */
export function chain (entries: readonly Entry[]): LedgerEntry[] {
  let previousHash = '0'.repeat(64) as Sha256Hex
  return entries.map(({ at: time, actor, type, payload }, sequence) => {
    const payloadSha256 = sha256Hex(canonicalBytes(payload))
    const hash = sha256Hex(canonicalBytes({ tenderId: TENDER_ID, sequence, at: time, actor, type, payloadSha256, previousHash }))
    const entry = { tenderId: TENDER_ID, sequence, at: time, actor, type, payload, payloadSha256, previousHash, hash }
    previousHash = hash
    return entry
  })
}

/** Makes the ledger's hashes fit again after its entries were altered. */
export function rechain (record: TenderRecord): void { record.ledger = chain(record.ledger) }

/** Signs the closing record anew over altered leaves, and lets opening and ledger name its root. */
export function resign (world: World, record: TenderRecord): void {
  const root = merkleRoot(record.leaves.map((leaf) => receiptLeafHash({ ...leaf, tenderId: TENDER_ID, acceptedAt: parseInstant(leaf.acceptedAt) })))
  const closing = { rootSha256: toHex(root) as Sha256Hex, size: record.leaves.length }
  record.checkpoint = checkpointOf(world, { size: closing.size, root })
  record.opening.closing = closing
  for (const entry of record.ledger) if (entry.type === 'closed') entry.payload = { ...closing }
  rechain(record)
}

function checkpointOf (world: World, { size, root }: { size: number, root: Uint8Array }): string {
  const origin = checkpointOrigin({ platformName: PLATFORM_NAME, tenderId: TENDER_ID })
  return signCheckpoint({ keyName: PLATFORM_NAME, privateKey: world.checkpointKey, origin, size, root })
}

export function receiptOf (world: World, leaf: Pick<RecordLeaf, 'supplierId' | 'envelopeSha256' | 'acceptedAt'>): string {
  return signReceipt({ privateKey: world.receiptKey, kid: 'receipt-1' }, { ...leaf, tenderId: TENDER_ID, acceptedAt: parseInstant(leaf.acceptedAt) })
}

export const jwsDigest = (jws: string): Sha256Hex => sha256Hex(utf8(jws))

/** Seeds that are the same in every run. */
export const seedOf = (holderId: string): Uint8Array => Uint8Array.from(utf8(holderId.padEnd(32, '.')))

function termsOf (sealedPrices: Sha256Hex | null, title: string): NoticeTerms {
  const holders = ([['platform', 'platform'], [EXECUTING, 'executing'], [WITNESS, 'witness']] as const).map(([holderId, role]) => ({
    holderId,
    role,
    point: toBase64url(makeHolderKey(seedOf(holderId)).point),
    proof: toBase64url(provePossession({ seed: seedOf(holderId), tenderId: TENDER_ID, holderId }))
  }))
  return {
    tenderId: TENDER_ID,
    rebidRound: 0,
    title,
    agencyId: '1230000' as AgencyId,
    agencyName: '조달청',
    referenceNo: 'R25BK00580667-000',
    kind: 'works',
    method: 'restricted-lowest',
    estimatedPriceWon: 26_980_000,
    price: {
      method: sealedPrices === null ? 'multiple-derived' : 'multiple-sealed',
      baseAmountWon: BASE_AMOUNT,
      rangePpm: 30_000,
      slotPlan: 'upper-7',
      decimals: 0,
      priceUnitWon: 100,
      plannedPriceRounding: 'up-1',
      sealedPricesSha256: sealedPrices
    },
    ...TERMS_DEFAULTS,
    unitPrices: [],
    jointBids: { maxMembers: 3, minimumSharePpm: 100_000 },
    floorRatePpm: 880_000,
    eligibility: { linesOfBusiness: [], regions: [] },
    contact: { name: '담당자', phone: '070-0000-0000', email: 'officer@example.kr' },
    attachments: [],
    committee: { executing: EXECUTING, witness: WITNESS, recovery: [AUDIT], threshold: 2 },
    key: { suite: '0020-0001-0003', holders, publicKey: toBase64url(jointPublicKey(holders.map(({ holderId }) => makeHolderKey(seedOf(holderId)).point))) },
    technicalKey: null,
    ruleSet: 'pps-works-2026-01-30'
  }
}

export function noticeOf (terms: NoticeTerms, { revision, publishedAt, closesAt = kst('2026-11-24T10:00:00') }: {
  revision: string, publishedAt: string, closesAt?: string
}): Notice {
  return {
    v: 1,
    type: 'bongin-notice',
    revision,
    termsSha256: sha256Hex(canonicalBytes(terms)),
    previousTenderId: null,
    changeReason: revision === '000' ? '' : '과업 내용 변경',
    terms,
    schedule: { publishedAt, questionsFrom: publishedAt, questionsUntil: kst('2026-11-24T09:00:00'), closesAt, technicalOpensAt: null, opensAt: kst('2026-11-24T11:00:00') }
  }
}

interface PlannedBid { supplierId: SupplierId, time: string, amountWon: number, notice: Notice, state: RecordLeaf['state'] }

async function sealAll (world: World, bids: readonly PlannedBid[]): Promise<Array<{ envelope: string, leaf: RecordLeaf }>> {
  return await Promise.all(bids.map(async ({ supplierId, time, amountWon, notice, state }, i) => {
    const envelope = await sealBid({
      tenderId: TENDER_ID,
      termsSha256: notice.termsSha256,
      publicKey: jointPublicKey(notice.terms.key.holders.map(({ holderId }) => makeHolderKey(seedOf(holderId)).point)),
      supplierId,
      content: { amountWon, picks: [1 + i, 2 + i] },
      signer: signerOf(world, supplierId),
      clientTime: time
    })
    return { envelope, leaf: { supplierId, envelopeSha256: jwsDigest(envelope), acceptedAt: time, state } }
  }))
}

function jointKey (): Uint8Array {
  return jointPublicKey(HOLDERS.map((id) => makeHolderKey(seedOf(id)).point))
}

async function contributionsOf (world: World): Promise<string[]> {
  return await Promise.all(([[EXECUTING, 'executing', WITNESS], [WITNESS, 'witness', EXECUTING]] as const).map(async ([holderId, role, other]) =>
    await contributionBy(world, { holderId, role, other, signedBy: holderId })))
}

/** A member's contribution, honest where it signs it itself. */
export async function contributionBy (world: World, { holderId, role, other, signedBy, seed = seedOf(holderId) }: {
  holderId: typeof EXECUTING, role: 'executing' | 'witness', other: string, signedBy: string, seed?: Uint8Array
}): Promise<string> {
  const recipients = [other, AUDIT].map((id) => ({ holderId: id, encryptionKey: makeEncryptionKey().publicKey }))
  const ownEncryptionKey = makeEncryptionKey().publicKey
  const signer = signerOf(world, signedBy)
  return await makeContribution({ seed, tenderId: TENDER_ID, holderId, role, ownEncryptionKey, recipients, threshold: 2, signer })
}

/** A signed request for withdrawal; `signedBy` somebody else makes it a forgery. */
export async function withdrawalOf (world: World, { supplierId, envelopeSha256 }: RecordLeaf, signedBy: string = supplierId): Promise<string> {
  const payload = { v: 1, type: 'bongin-withdrawal', tenderId: TENDER_ID, supplierId, envelopeSha256, reason: '오기' }
  return await signJws(signerOf(world, signedBy), 'bongin-withdrawal', payload)
}

export interface RecordOptions {
  /** Prices come from the joint key instead of from the agency. */
  derived?: boolean
  /** A supplier whose last bid the platform drops as if it had never come. */
  omit?: SupplierId
  /** The smallest record that has a winner: one notice, two bids, no withdrawal. */
  bare?: boolean
}

/** Everything from the draft to the award. */
export async function makeRecord (world: World, { derived = false, omit, bare = false }: RecordOptions = {}): Promise<TenderRecord> {
  const sealedPrices = derived ? null : await sealPrices({ prices: PRICES, tenderId: TENDER_ID, publicKey: jointKey() })
  const commitment = sealedPrices === null ? null : sealedPricesSha256(sealedPrices)
  const first = noticeOf(termsOf(commitment, '청사 보수공사'), { revision: '000', publishedAt: kst('2026-11-20T09:00:00') })
  const second = noticeOf(termsOf(commitment, '청사 보수공사 (정정)'), { revision: '001', publishedAt: kst('2026-11-22T09:00:00') })
  const notices = await Promise.all((bare ? [first] : [first, second]).map(async (notice) => await signJws(signerOf(world, EXECUTING), 'bongin-notice', notice)))
  const contributions = await contributionsOf(world)
  const all: PlannedBid[] = [
    { supplierId: FIRST, time: kst('2026-11-21T09:00:00'), amountWon: 26_500_000, notice: first, state: 'superseded' },
    { supplierId: SECOND, time: kst('2026-11-21T09:00:01'), amountWon: 26_600_000, notice: first, state: 'superseded' },
    { supplierId: SECOND, time: kst('2026-11-23T09:00:00'), amountWon: 26_300_000, notice: second, state: 'sealed' },
    { supplierId: THIRD, time: kst('2026-11-23T09:00:01'), amountWon: 27_000_000, notice: second, state: 'withdrawn' },
    { supplierId: FIRST, time: kst('2026-11-23T09:00:02'), amountWon: 26_300_000, notice: second, state: 'sealed' },
    { supplierId: FOURTH, time: kst('2026-11-23T09:00:03'), amountWon: 28_000_000, notice: second, state: 'sealed' }
  ]
  const planned = bare ? all.filter(({ supplierId, state }) => state === 'sealed' && supplierId !== FIRST).map((bid) => ({ ...bid, notice: first })) : all
  const bids = await sealAll(world, planned.filter(({ supplierId, notice }) => supplierId !== omit || notice === first))
  const leaves = bids.map(({ leaf }) => leaf)
  const bidders = SUPPLIERS.filter((id) => !bare || leaves.some(({ supplierId }) => supplierId === id))
  const withdrawals = await Promise.all(leaves.filter(({ state }) => state === 'withdrawn').map(async (leaf) => await withdrawalOf(world, leaf)))
  const record: TenderRecord = {
    v: 1,
    type: 'bongin-record',
    platform: world.platform,
    certificates: sortCertificates([EXECUTING, WITNESS, ...bidders].map((id) => holderOf(world, id).certificate)),
    notices,
    contributions,
    sealedPrices,
    outages: [],
    earlierCheckpoints: [],
    checkpoint: '',
    cosigners: [],
    leaves,
    envelopes: bids.map(({ envelope, leaf }) => leaf.state === 'sealed' ? envelope : null),
    withdrawals,
    technical: null,
    opening: {} as TenderRecord['opening'],
    evaluations: [],
    award: null,
    ledger: chain(storyOf({ notices, contributions, commitment, leaves, withdrawals }))
  }
  resign(world, record)
  await reopen(world, record)
  return record
}

/** The ledger of an honest course of events; digests that come later are filled in by `resign` and `reopen`. */
function storyOf ({ notices, contributions, commitment, leaves, withdrawals }: {
  notices: string[], contributions: string[], commitment: Sha256Hex | null, leaves: RecordLeaf[], withdrawals: string[]
}): Entry[] {
  const act = (at: string, actor: string, type: string, payload: Record<string, unknown>): Entry => ({ at, actor, type, payload })
  const published = notices.map((jws, i) => {
    const { revision, termsSha256, schedule } = noticeIn(jws)
    return act(schedule.publishedAt, EXECUTING, i === 0 ? 'published' : 'revised', { revision, noticeSha256: jwsDigest(jws), termsSha256 })
  })
  const bid = ({ supplierId, envelopeSha256, acceptedAt }: RecordLeaf): Entry[] =>
    [act(acceptedAt, 'supplier', 'bid', { supplierId, envelopeSha256, acceptedAt })]
  const withdrawn = ({ supplierId, envelopeSha256, acceptedAt, state }: RecordLeaf): Entry[] => state !== 'withdrawn'
    ? []
    : [act(acceptedAt, 'supplier', 'withdrawn', { supplierId, envelopeSha256, jwsSha256: jwsDigest(withdrawals[0] ?? '') })]
  const old = leaves.filter(({ state }) => state === 'superseded')
  return [
    act(DRAFTED, EXECUTING, 'drafted', {}),
    ...[EXECUTING, WITNESS].map((holderId, i) => act(DRAFTED, holderId, 'contributed', { envelope: 'price', holderId, jwsSha256: jwsDigest(contributions[i] ?? '') })),
    ...(commitment === null ? [] : [act(DRAFTED, EXECUTING, 'prices-sealed', { sealedPricesSha256: commitment })]),
    ...published.slice(0, 1),
    ...old.flatMap(bid),
    ...published.slice(1),
    ...old.map(({ supplierId, envelopeSha256 }) => act(published[1]?.at ?? '', EXECUTING, 'superseded', { supplierId, envelopeSha256 })),
    ...leaves.filter(({ state }) => state !== 'superseded').flatMap((leaf) => [...bid(leaf), ...withdrawn(leaf)]),
    act(kst('2026-11-24T10:00:00'), 'clock', 'closed', {}),
    ...[EXECUTING, WITNESS].map((holderId) => act(OPENED, holderId, 'revealed', { envelope: 'price', holderId, via: 'holder' })),
    act(OPENED, 'clock', 'revealed', { envelope: 'price', holderId: 'platform', via: 'clock' }),
    act(OPENED, 'clock', 'opened', {}),
    act(DECIDED, EXECUTING, 'evaluated', {}),
    act(DECIDED, EXECUTING, 'awarded', {})
  ]
}

export const noticeIn = (jws: string): Notice => parseJws(jws, 'bongin-notice').payload as Notice

/** Opens the altered record again, evaluates, awards, and lets the ledger tell so. */
export async function reopen (world: World, record: TenderRecord): Promise<void> {
  const { terms, termsSha256 } = noticeIn(record.notices.at(-1) ?? '')
  const opening = await computeOpening({
    terms,
    termsSha256,
    closing: record.opening.closing,
    leaves: record.leaves.map((leaf, i) => ({ ...leaf, acceptedAt: parseInstant(leaf.acceptedAt), envelope: record.envelopes[i] ?? '' })),
    sealedPrices: record.sealedPrices,
    technical: null,
    holderSeeds: HOLDERS.map((holderId) => ({ holderId, seed: seedOf(holderId) }))
  })
  const winner = opening.rows[0]
  if (winner === undefined || winner.rank !== 1) throw new Error('somebody wins in these records')
  const openingSha256 = sha256Hex(openingRecordBytes(opening))
  const { supplierId, amountWon } = winner
  const evaluation = await evaluationBy(world, { openingSha256, supplierId })
  const award = await awardBy(world, { openingSha256, supplierId, amountWon })
  // As it comes over the wire.
  record.opening = JSON.parse(new TextDecoder().decode(openingRecordBytes(opening))) as TenderRecord['opening']
  record.evaluations = [evaluation]
  record.award = award
  for (const entry of record.ledger) {
    if (entry.type === 'opened') entry.payload = { openingSha256 }
    if (entry.type === 'evaluated') entry.payload = { jwsSha256: jwsDigest(evaluation), supplierId, passes: true }
    if (entry.type === 'awarded') entry.payload = { jwsSha256: jwsDigest(award), supplierId, amountWon }
  }
  rechain(record)
}

interface Decision { openingSha256: Sha256Hex, supplierId: SupplierId | null, signedBy?: string }

export async function evaluationBy (world: World, input: Decision & { qualified?: boolean }): Promise<string> {
  const { signedBy = EXECUTING, qualified = true, ...about } = input
  const payload = { v: 1, type: 'bongin-evaluation', tenderId: TENDER_ID, ...about, qualified, remark: null, capabilityMarksMilli: null, socialMarksMilli: null, reason: '심사 결과' }
  return await signJws(signerOf(world, signedBy), 'bongin-evaluation', payload)
}

export async function awardBy (world: World, { signedBy = EXECUTING, ...about }: Decision & { amountWon: number | null }): Promise<string> {
  const decision = about.supplierId === null ? 'failed' : 'awarded'
  const payload = { v: 1, type: 'bongin-award', tenderId: TENDER_ID, ...about, decision, reason: '낙찰자 결정' }
  return await signJws(signerOf(world, signedBy), 'bongin-award', payload)
}
