/**
 * A small opening from end to end: sealed bids by several signers with every kind of void bid among them, the same
 * record each time, and every committed input changed in turn.
 */
import { TERMS_DEFAULTS } from '../../src/domain/draft.ts'
import t from 'tap'
import { fromBase64url, sha256, sha256Hex, toBase64url, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { priceSource, tieSource } from '../../src/crypto/draws.ts'
import { bidAad, bidInfo, type EnvelopePayload, sealBid } from '../../src/crypto/envelope.ts'
import { sealBase } from '../../src/crypto/hpke-seal.ts'
import { jointPublicKey, makeHolderKey, provePossession } from '../../src/crypto/joint-key.ts'
import { rsaSignerFromKey, type Signer, signJws } from '../../src/crypto/jws.ts'
import { merkleRoot } from '../../src/crypto/merkle.ts'
import type { OpeningLeaf } from '../../src/crypto/open-leaves.ts'
import { computeOpening, type OpeningInput, slicesOf, streamOpening } from '../../src/crypto/opening.ts'
import { openingRecordBytes, openingRecordParts } from '../../src/crypto/opening-record.ts'
import { encodePlaintext } from '../../src/crypto/plaintext.ts'
import { receiptLeafHash } from '../../src/crypto/receipt.ts'
import { sealedPricesSha256, sealPrices } from '../../src/crypto/sealed-prices.ts'
import type { Sealed } from '../../src/crypto/sealed.ts'
import { makeEncryptionKey } from '../../src/crypto/shares.ts'
import type { BidContent } from '../../src/domain/bid.ts'
import { drawsPrices, derivePreliminaryPrices, drawOrder } from '../../src/domain/draw.ts'
import { type AgencyId, type OfficerId, PLATFORM_HOLDER_ID, type Sha256Hex, type SupplierId, type TenderId, type Thumbprint } from '../../src/domain/ids.ts'
import type { KeyHolder, NoticeTerms, PriceMethod } from '../../src/domain/notice.ts'
import { type CompetitionPolicy, ruleSetNamed } from '../../src/domain/rule-sets.ts'
import { aValueOf } from '../support/notice-terms.ts'

const tenderId = 'R26BK00000001' as TenderId
const BASE_WON = 29_678_000
const holders = [[PLATFORM_HOLDER_ID, 'platform'], ['O00000001', 'executing'], ['O00000002', 'witness']] as const
const holderSeeds = holders.map(([holderId]) => ({ holderId, seed: sha256(utf8(`opening test ${holderId}`)) }))
const publicKey = jointPublicKey(holderSeeds.map(({ seed }) => makeHolderKey(seed).point))

const keyHolders = holders.map(([holderId, role], i): KeyHolder => {
  const seed = holderSeeds[i]?.seed ?? new Uint8Array(32)
  const proof = toBase64url(provePossession({ seed, tenderId, holderId }))
  return { holderId, role, point: toBase64url(makeHolderKey(seed).point), proof }
})

function termsWith (method: PriceMethod, sealedPricesSha256: Sha256Hex | null = null): NoticeTerms {
  return {
    tenderId,
    rebidRound: 0,
    title: '청사 보수공사',
    agencyId: '1230000' as AgencyId,
    agencyName: '조달청',
    referenceNo: '',
    kind: 'works',
    method: 'restricted-lowest',
    estimatedPriceWon: 26_980_000,
    price: {
      method,
      baseAmountWon: method === 'none' ? null : BASE_WON,
      rangePpm: 20_000,
      slotPlan: 'equal-15',
      decimals: 0,
      priceUnitWon: 100,
      plannedPriceRounding: 'up-1',
      sealedPricesSha256
    },
    ...TERMS_DEFAULTS,
    unitPrices: [],
    floorRatePpm: method === 'none' ? 0 : 880_000,
    eligibility: { linesOfBusiness: [], regions: [] },
    contact: { name: '홍길동', phone: '042-000-0000', email: 'officer@example.kr' },
    attachments: [],
    committee: { executing: 'O00000001' as OfficerId, witness: 'O00000002' as OfficerId, recovery: [], threshold: 2 },
    key: { suite: '0020-0001-0003', holders: keyHolders, publicKey: toBase64url(publicKey) },
    technicalKey: null,
    ruleSet: 'pps-works-2026-01-30'
  }
}

const digestOf = (terms: NoticeTerms): Sha256Hex => sha256Hex(canonicalBytes(terms))

const signers = await Promise.all(['a', 'b', 'c'].map(async (name): Promise<Signer> => {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) }
  const { privateKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
  return rsaSignerFromKey(privateKey, toBase64url(sha256(utf8(`certificate ${name}`))) as Thumbprint)
}))

const supplier = (n: number): SupplierId => `10000000${String(n).padStart(2, '0')}` as SupplierId
const signerOf = (n: number): Signer => signers[n % signers.length] as Signer
const clientTime = '2026-11-24T09:00:00.000+09:00'

async function bidOf (n: number, content: BidContent, terms: NoticeTerms): Promise<string> {
  const termsSha256 = digestOf(terms)
  return await sealBid({ tenderId, termsSha256, publicKey, supplierId: supplier(n), content, signer: signerOf(n), clientTime })
}

/** An envelope around any plaintext, sealed correctly or to another key: what no honest client makes. */
async function craftedBid (n: number, { plaintext, to = publicKey, terms, change = {} }: {
  plaintext: Uint8Array, to?: Uint8Array, terms: NoticeTerms, change?: Partial<EnvelopePayload>
}): Promise<string> {
  const termsSha256 = digestOf(terms)
  const submissionId = toBase64url(sha256(utf8(`submission ${n}`)).subarray(0, 16))
  const aad = bidAad({ supplierId: supplier(n), thumbprint: signerOf(n).thumbprint, submissionId })
  const { enc, ciphertext } = await sealBase({ publicKey: to, info: bidInfo({ tenderId, termsSha256, publicKey }), aad, plaintext })
  return await signJws(signerOf(n), 'bongin-bid', {
    v: 1,
    type: 'bongin-bid',
    tenderId,
    termsSha256,
    supplierId: supplier(n),
    submissionId,
    enc: toBase64url(enc),
    ciphertext: toBase64url(ciphertext),
    clientTime,
    ...change
  })
}

function plaintextOf (n: number, content: BidContent, terms: NoticeTerms): Uint8Array {
  return encodePlaintext({ content, tenderId, termsSha256: digestOf(terms), supplierId: supplier(n), nonce: new Uint8Array(16) })
}

type Bid = [supplier: number, envelope: string | null, state?: OpeningLeaf['state']]

function inputOf (terms: NoticeTerms, bids: readonly Bid[], sealedPrices: Sealed | null = null): OpeningInput {
  const leaves = bids.map(([n, envelope, state = 'sealed'], i): OpeningLeaf => ({
    supplierId: supplier(n),
    envelopeSha256: sha256Hex(utf8(envelope ?? `kept back ${i}`)),
    acceptedAt: Date.parse('2026-11-24T09:00:00+09:00') + 1_000 * i,
    state,
    envelope: state === 'sealed' ? envelope : null
  }))
  return { terms, termsSha256: digestOf(terms), closing: closingOf(leaves), leaves, sealedPrices, technical: null, holderSeeds }
}

function closingOf (leaves: readonly OpeningLeaf[]): OpeningInput['closing'] {
  return { rootSha256: toHex(merkleRoot(leaves.map((leaf) => receiptLeafHash({ ...leaf, tenderId })))) as Sha256Hex, size: leaves.length }
}

const terms = termsWith('multiple-derived')
const valid: BidContent = { amountWon: 26_500_000, picks: [3, 7] }
const openBidsOf = async (): Promise<Bid[]> => [
  [1, await bidOf(1, valid, terms)],
  [2, await bidOf(2, { amountWon: 26_400_000, picks: [7, 15] }, terms)],
  [3, await bidOf(3, { amountWon: 26_400_000, picks: [1, 7] }, terms)]
]

await t.test('every kind of void bid among good ones', async (t) => {
  const other = makeEncryptionKey().publicKey
  const first = await bidOf(1, valid, terms)
  const { enc, ciphertext } = JSON.parse(Buffer.from(String(Buffer.from(first)).split('.')[1] ?? '', 'base64url').toString()) as EnvelopePayload
  const samePicks = plaintextOf(10, valid, terms).with(3, 3)
  const zeroWon = plaintextOf(11, valid, terms).fill(0, 4, 12)
  const bids: Array<[...Bid, string | null]> = [
    [1, first, 'sealed', null],
    [2, await craftedBid(2, { plaintext: plaintextOf(2, valid, terms), to: other, terms }), 'sealed', 'undecryptable'],
    [3, await craftedBid(3, { plaintext: new Uint8Array(1_024), terms }), 'sealed', 'malformed-plaintext'],
    [4, await craftedBid(4, { plaintext: plaintextOf(1, valid, terms), terms }), 'sealed', 'mismatched-plaintext'],
    [5, first, 'withdrawn', 'withdrawn'],
    [6, null, 'superseded', 'superseded'],
    [6, await bidOf(6, { amountWon: 26_600_000, picks: [3, 4] }, terms), 'sealed', null],
    [7, await craftedBid(7, { plaintext: plaintextOf(7, valid, terms), terms, change: { enc, ciphertext } }), 'sealed', 'undecryptable'],
    [8, await bidOf(9, valid, terms), 'sealed', 'mismatched-plaintext'],
    [9, 'no envelope', 'sealed', 'undecryptable'],
    [10, await craftedBid(10, { plaintext: samePicks, terms }), 'sealed', 'invalid-picks'],
    [11, await craftedBid(11, { plaintext: zeroWon, terms }), 'sealed', 'invalid-amount'],
    [12, await craftedBid(12, { plaintext: plaintextOf(12, valid, terms), terms, change: { enc: toBase64url(new Uint8Array(32)) } }), 'sealed', 'undecryptable'],
    [13, await craftedBid(13, { plaintext: plaintextOf(13, valid, terms), terms, change: { termsSha256: '0'.repeat(64) as Sha256Hex } }), 'sealed', 'mismatched-plaintext'],
    [15, await craftedBid(15, { plaintext: plaintextOf(15, valid, terms), terms, change: { tenderId: 'R26BK00000002' as TenderId } }), 'sealed', 'mismatched-plaintext'],
    [14, await bidOf(14, { amountWon: 26_700_000, picks: null }, terms), 'sealed', 'invalid-picks']
  ]
  const input = inputOf(terms, bids.map(([n, envelope, state = 'sealed']): Bid => [n, envelope, state]))
  const record = await computeOpening(input)
  const expected = input.leaves.map(({ envelopeSha256 }, i) => [envelopeSha256, bids[i]?.[3]]).sort()
  t.same(record.rows.map(({ envelopeSha256, voidReason }) => [envelopeSha256, voidReason]).sort(), expected)
  t.equal(record.outcome, 'ranked')
  t.same(record.rows.slice(0, 2).map(({ supplierId, amountWon, rank }) => [supplierId, amountWon, rank]), [
    [supplier(1), 26_500_000, 1], [supplier(6), 26_600_000, 2]
  ])
  t.same(record.prices.drawnNumbers, [3, 4, 7, 1], 'void bids pick nothing')
  t.same(record.closing, input.closing)
})

await t.test('derived prices, tie draw, and the same bytes each time', async (t) => {
  const input = inputOf(terms, await openBidsOf())
  const record = await computeOpening(input)
  const jointPrivateKey = fromBase64url(record.jointPrivateKey)
  const { termsSha256, closing } = input
  t.same(record.prices.preliminaryPricesWon, derivePreliminaryPrices(terms.price, priceSource({ jointPrivateKey, termsSha256 })))
  const closingRoot = Buffer.from(closing.rootSha256, 'hex')
  t.same(record.tieOrder, drawOrder([supplier(2), supplier(3)], tieSource({ jointPrivateKey, closingRoot })))
  t.same(record.rows.map(({ rank }) => rank), [1, 1, 3])
  t.same(record.holderSeeds, holderSeeds.map(({ holderId, seed }) => ({ holderId, seed: toBase64url(seed) })))

  const bytes = Buffer.from(openingRecordBytes(record))
  const { leaves, ...rest } = input
  const oneByOne = await streamOpening({ ...rest, slices: slicesOf(leaves, 1) })
  t.same(Buffer.from(openingRecordBytes(await computeOpening(input))), bytes, 'a second run')
  t.equal(Buffer.concat([...openingRecordParts(oneByOne)]).toString(), bytes.toString(), 'slices of one bid, and a record in parts')
  t.same(Buffer.from(openingRecordBytes(await computeOpening({ ...input, holderSeeds: holderSeeds.toReversed() }))), bytes, 'seeds in another order')
  t.same(JSON.parse(bytes.toString()), JSON.parse(JSON.stringify(record)), 'nothing is lost in canonical JSON')
})

await t.test('an opening without bids fails, and does not throw', async (t) => {
  const record = await computeOpening(inputOf(terms, []))
  t.match(record, { outcome: 'failed', outcomeReason: 'no-bids', rows: [], closing: { size: 0 } })
})

await t.test('the seeds must be those of the holders, all of them', async (t) => {
  const input = inputOf(terms, await openBidsOf())
  const [platform, executing, witness] = holderSeeds
  if (platform === undefined || executing === undefined || witness === undefined) throw new Error('three holders')
  const wrong: Record<string, [string, OpeningInput['holderSeeds']]> = {
    'a wrong seed': ['/holderSeeds/O00000002', [platform, executing, { ...witness, seed: sha256(witness.seed) }]],
    'a short seed': ['/holderSeeds/O00000002', [platform, executing, { ...witness, seed: witness.seed.subarray(1) }]],
    'two exchanged': ['/holderSeeds/O00000001', [platform, { ...executing, seed: witness.seed }, { ...witness, seed: executing.seed }]],
    'one missing': ['/holderSeeds', [platform, executing]],
    'one twice': ['/holderSeeds/O00000002', [platform, executing, executing]],
    'one too many': ['/holderSeeds', [...holderSeeds, witness]],
    none: ['/holderSeeds', []]
  }
  for (const [name, [field, seeds]] of Object.entries(wrong)) {
    await t.rejects(computeOpening({ ...input, holderSeeds: seeds }), { code: 'reveal-mismatch', context: { field } }, name)
  }
  const foreign = { ...terms, key: { ...terms.key, publicKey: toBase64url(makeEncryptionKey().publicKey) } }
  const otherKey = { ...input, terms: foreign, termsSha256: digestOf(foreign) }
  await t.rejects(computeOpening(otherKey), { code: 'reveal-mismatch', context: { field: '/terms/key/publicKey' } })
  try {
    await computeOpening({ ...input, holderSeeds: [platform, executing, { ...witness, seed: sha256(witness.seed) }] })
  } catch (error) {
    const shown = JSON.stringify(error, Object.getOwnPropertyNames(error))
    t.notOk(holderSeeds.some(({ seed }) => shown.includes(toHex(seed)) || shown.includes(toBase64url(seed))), 'no seed in the refusal')
  }
})

await t.test('whatever was committed to and is different stops the opening', async (t) => {
  const input = inputOf(terms, await openBidsOf())
  const changedAt = (index: number, change: Partial<OpeningLeaf>): OpeningInput =>
    ({ ...input, leaves: input.leaves.map((leaf, i) => i === index ? { ...leaf, ...change } : leaf) })
  const other = await bidOf(1, { amountWon: 26_300_000, picks: [1, 2] }, terms)
  const root = '/closing/rootSha256'
  const changes: Record<string, [string, OpeningInput]> = {
    'another time': [root, changedAt(1, { acceptedAt: 0 })],
    'another supplier': [root, changedAt(1, { supplierId: supplier(9) })],
    'another hash': [root, changedAt(1, { envelopeSha256: sha256Hex(utf8(other)) })],
    'another envelope': ['/leaves/0/envelope', changedAt(0, { envelope: other })],
    'an envelope kept back': ['/leaves/2/envelope', changedAt(2, { envelope: null })],
    'another order': [root, { ...input, leaves: input.leaves.toReversed() }],
    'a bid dropped': ['/closing/size', { ...input, leaves: input.leaves.slice(1) }],
    'a bid added': ['/closing/size', { ...input, leaves: [...input.leaves, ...input.leaves.slice(0, 1)] }],
    'another root': [root, { ...input, closing: { ...input.closing, rootSha256: sha256Hex(utf8(other)) } }],
    'other terms': ['/terms', { ...input, terms: { ...terms, aValue: aValueOf(1) } }],
    'another tender': ['/terms', { ...input, terms: { ...terms, tenderId: 'R26BK00000002' as TenderId } }],
    'prices that nobody committed to': ['/sealedPrices', { ...input, sealedPrices: await sealPrices({ prices: [1], tenderId, publicKey }) }]
  }
  for (const [name, [field, changed]] of Object.entries(changes)) {
    await t.rejects(computeOpening(changed), { code: 'verification-failed', context: { field } }, name)
  }
})

await t.test('sealed prices of the agency', async (t) => {
  const prices = Array.from({ length: 15 }, (_, i) => 29_100_000 + 80_000 * i)
  const open = async (method: PriceMethod, sealed: Sealed, content: BidContent): Promise<Awaited<ReturnType<typeof computeOpening>>> => {
    const own = termsWith(method, sealedPricesSha256(sealed))
    return await computeOpening(inputOf(own, [[1, await bidOf(1, content, own)], [2, await bidOf(2, content, own)]], sealed))
  }
  const sealed = await sealPrices({ prices, tenderId, publicKey })
  const record = await open('multiple-sealed', sealed, { amountWon: 26_500_000, picks: [15, 1] })
  t.same(record.prices.preliminaryPricesWon, prices)
  t.same(record.prices.drawnNumbers, [1, 15, 2, 3])
  t.equal(record.prices.plannedPriceWon, (29_100_000 * 4 + 80_000 * (0 + 14 + 1 + 2)) / 4)
  const single = await open('single-sealed', await sealPrices({ prices: [29_600_875], tenderId, publicKey }), { amountWon: 26_500_000, picks: null })
  t.same([single.prices.plannedPriceWon, single.prices.floorPriceWon], [29_600_875, 26_048_770])
  const wrongCount = await open('multiple-sealed', await sealPrices({ prices: [1], tenderId, publicKey }), { amountWon: 26_500_000, picks: [15, 1] })
  t.match(wrongCount, { outcome: 'failed', outcomeReason: 'sealed-prices-invalid' }, 'one price where fifteen are wanted')
  const unopenable = await sealPrices({ prices, tenderId, publicKey: makeEncryptionKey().publicKey })
  t.match(await open('multiple-sealed', unopenable, { amountWon: 26_500_000, picks: [15, 1] }), { outcomeReason: 'sealed-prices-invalid' })

  const own = termsWith('multiple-sealed', sealedPricesSha256(sealed))
  const refused = { code: 'verification-failed', context: { field: '/sealedPrices' } }
  await t.rejects(computeOpening(inputOf(own, [])), refused, 'kept back')
  await t.rejects(computeOpening(inputOf(own, [], unopenable)), refused, 'exchanged')
})

await t.test('no price method: the lowest bid, without picks', async (t) => {
  const own = termsWith('none')
  const bids: Bid[] = [[1, await bidOf(1, { amountWon: 3, picks: null }, own)], [2, await bidOf(2, { amountWon: 2, picks: null }, own)]]
  const record = await computeOpening(inputOf(own, bids))
  t.same(record.rows.map(({ supplierId, rank }) => [supplierId, rank]), [[supplier(2), 1], [supplier(1), 2]])
  t.same(['multiple-derived', 'multiple-sealed', 'single-sealed', 'none'].map((method) => drawsPrices(method as PriceMethod)), [true, true, false, false])
})

await t.test('what makes a competition is read from the rule set that the terms name', async (t) => {
  const own = { ...terms, ruleSet: 'no such set' }
  await t.rejects(computeOpening(inputOf(own, [])), { code: 'rule-set-invalid', context: { field: '/ruleSet' } })
  // No set of the book asks for another policy, so one is lent to this set while the test runs.
  const set: { competition: CompetitionPolicy } = ruleSetNamed(terms.ruleSet)
  const { competition } = set
  t.teardown(() => { set.competition = competition })
  const input = inputOf(terms, await openBidsOf())
  t.equal((await computeOpening(input)).outcome, 'ranked')
  set.competition = { ...competition, minimumBids: 4 }
  t.match(await computeOpening(input), { outcome: 'failed', outcomeReason: 'fewer-than-two-valid' }, 'three bids where four are wanted')
})
