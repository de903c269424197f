/**
 * Prints the worked examples of docs/protocol.md (`node scripts/protocol-examples.ts`): the project's own code over fixed
 * inputs, so that a second program has bytes to compare with. test/crypto/protocol-examples.test.ts holds the document to
 * them. The secrets here are SHA-256 of texts that everybody can read: they are examples and nothing else.
 */
import { createPrivateKey } from 'node:crypto'
import { x25519 } from '@noble/curves/ed25519.js'
import { concat, fromBase64url, fromHex, sha256, sha256Hex, toBase64url, toHex, utf8 } from '../src/crypto/bytes.ts'
import { canonicalJson } from '../src/crypto/canonical-json.ts'
import { checkpointOrigin, signCheckpoint, verifierKey } from '../src/crypto/checkpoint.ts'
import { hkdfSeed, priceSource, randomSource, tieSource } from '../src/crypto/draws.ts'
import { bidAad, bidInfo } from '../src/crypto/envelope.ts'
import { checkHolder, jointPrivateKey, jointPublicKey, makeHolderKey, provePossession } from '../src/crypto/joint-key.ts'
import { signReceipt } from '../src/crypto/receipt-signing.ts'
import { inclusionProof, leafHash, merkleRoot } from '../src/crypto/merkle.ts'
import { encodePlaintext } from '../src/crypto/plaintext.ts'
import { encodeProposal } from '../src/crypto/proposal.ts'
import { receiptLeafHash, receiptPayload } from '../src/crypto/receipt.ts'
import { encodePrices, pricesInfo } from '../src/crypto/sealed-prices.ts'
import { sealInfo } from '../src/crypto/sealed.ts'
import { combineShares, shareCommitment, unwrapSeed } from '../src/crypto/shares.ts'
import { technicalInfo } from '../src/crypto/technical-envelope.ts'
import { keyContext } from '../src/domain/envelope-kind.ts'
import { derivePreliminaryPrices, drawOrder, priceSlots } from '../src/domain/draw.ts'
import type { SupplierId, TenderId, Thumbprint } from '../src/domain/ids.ts'
import type { PriceTerms } from '../src/domain/notice.ts'
import { formatKst } from '../src/domain/time.ts'
import { agreementLines, scheduleLines } from './protocol-bids.ts'
import { marksLines } from './protocol-marks.ts'

const TENDER_ID = 'R26BK00000001' as TenderId
const SUPPLIER_ID = '1234567891' as SupplierId
const HOLDERS = ['platform', 'O00000002', 'O00000003'] as const
const PLATFORM_NAME = 'bongin.example'
const ACCEPTED_AT = Date.parse('2026-11-24T09:59:59.123+09:00')
/** Ed25519 private key in PKCS#8 up to its 32-byte seed (RFC 8410 §7). */
const PKCS8_PREFIX = fromHex('302e020100300506032b657004220420')
const PRICE: PriceTerms = {
  method: 'multiple-derived',
  baseAmountWon: 29_678_000,
  rangePpm: 20_000,
  slotPlan: 'equal-15',
  decimals: 0,
  priceUnitWon: 100,
  plannedPriceRounding: 'up-1',
  sealedPricesSha256: null
}
/** Made once by `wrapSeed` from the seed of O00000002; sealing is random, so it stands here as it came out. */
const WRAPPED_SEED = {
  enc: 'kkbJ518oPK4AyTVA1VpalbWiNdRFQvNNDJcEbuJrkGA',
  ciphertext: '4vz4m3eBa1blP72H00mgzvcpb0t2mRV4N9DYucj9P3-PnaNn7pX6lG80m7QmiptQ'
}
/** Two of three shares of the same seed, threshold 2, made once by `makeShares`. */
const SHARES = [
  'eITf51zJV3Vi9lahkWEImjP4G9VBBAq6GoHFP6lmGRTi',
  'z1dKqEZ7WGqd7gI7_h0G-HzF1wqZSt64nr_M7nGedwZ3'
]

const secret = (text: string): Uint8Array => sha256(utf8(text))
const seedOf = (holderId: string): Uint8Array => secret(`example seed of ${holderId}`)
const platformKey = (name: string) => {
  const privateKey = createPrivateKey({ key: Buffer.from(concat(PKCS8_PREFIX, secret(name))), format: 'der', type: 'pkcs8' })
  const publicKey = makeHolderKey(secret(name)).point
  return { privateKey, publicKey, kid: toBase64url(sha256(publicKey).subarray(0, 8)) }
}

const termsSha256 = sha256Hex(utf8('example terms'))
const thumbprint = toBase64url(secret('example certificate')) as Thumbprint
const submissionId = toBase64url(secret('example submission').subarray(0, 16))
const points = HOLDERS.map((holderId) => makeHolderKey(seedOf(holderId)).point)
const publicKey = jointPublicKey(points)
const privateKey = jointPrivateKey(HOLDERS.map(seedOf))
const facts = { tenderId: TENDER_ID, supplierId: SUPPLIER_ID, envelopeSha256: sha256Hex(utf8('example envelope')), acceptedAt: ACCEPTED_AT }

type Lines = Array<readonly [name: string, value: string]>

/** One example: a heading, a sentence or two, and named values. */
function example (title: string, text: string, lines: Lines): string {
  const width = Math.max(...lines.map(([name]) => name.length))
  return `#### ${title}\n\n${text}\n\n\`\`\`text\n${lines.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')}\n\`\`\`\n`
}

function possession (): string {
  const [, holderId] = HOLDERS
  const proof = provePossession({ seed: seedOf(holderId), tenderId: TENDER_ID, holderId })
  const [, point = new Uint8Array(0)] = points
  checkHolder({ point, proof, tenderId: TENDER_ID, holderId })
  return example('Proof of possession', 'Seed = SHA-256 of the text `example seed of O00000002`.', [
    ['seed', toHex(seedOf(holderId))],
    ['message', toHex(utf8(`bongin key holder v1\0${TENDER_ID}\0${holderId}`))],
    ['point', toHex(point)],
    ['proof', toHex(proof)]
  ])
}

function jointKey (): string {
  const scalars = HOLDERS.map((holderId) => makeHolderKey(seedOf(holderId)).secretScalar)
  const order = 2n ** 252n + 27742317777372353535851937790883648493n
  const sum = scalars.reduce((total, scalar) => total + scalar, 0n) % order
  return example('Joint key', 'Seeds of the three holders as above, each with its own id. Numbers are hex, keys are little-endian bytes.', [
    ...HOLDERS.map((holderId, i) => [`A (${holderId})`, toHex(points[i] ?? new Uint8Array(0))] as const),
    ['public key', toHex(publicKey)],
    ['s', sum.toString(16)],
    ['t = 3s mod 8', String(3n * sum % 8n)],
    ['private key', toHex(privateKey)],
    ['agrees', String(toHex(x25519.getPublicKey(privateKey)) === toHex(publicKey))]
  ])
}

async function sealedSeed (): Promise<string> {
  const [, holderId] = HOLDERS
  const encryptionKey = secret('example encryption key')
  const seed = await unwrapSeed({ wrapped: WRAPPED_SEED, tenderId: TENDER_ID, holderId, privateKey: encryptionKey })
  const shares = SHARES.map((share) => fromBase64url(share))
  const rebuilt = await combineShares(shares, points[1] ?? new Uint8Array(0))
  return example('Wrapped seed and recovery shares', 'HPKE to an officer\'s encryption key (SHA-256 of `example encryption key`), and two shares of threshold 2.', [
    ['private key', toHex(encryptionKey)],
    ['info', toHex(sealInfo('bongin seed v1', TENDER_ID, holderId))],
    ['enc', WRAPPED_SEED.enc],
    ['ciphertext', WRAPPED_SEED.ciphertext],
    ['opens to', toHex(seed)],
    ['info of a share', toHex(sealInfo('bongin share v1', TENDER_ID, holderId, 'O00000003'))],
    ...shares.map((share, i) => [`share ${i + 1}`, toHex(share)] as const),
    ['commitment 1', shareCommitment({ share: shares[0] ?? new Uint8Array(0), tenderId: TENDER_ID, ownerId: holderId, recipientId: 'O00000003' })],
    ['combine to', toHex(rebuilt)]
  ])
}

function sealedPrices (): string {
  return example('Sealed prices', 'One price of 29,678,000 won: the plaintext\'s first 32 bytes (of 1,024, the rest zero) and the info.', [
    ['plaintext', toHex(encodePrices([29_678_000]).subarray(0, 32))],
    ['info', toHex(pricesInfo({ tenderId: TENDER_ID, publicKey }))]
  ])
}

function bid (): string {
  const nonce = secret('example nonce').subarray(0, 16)
  const plaintext = encodePlaintext({
    content: { amountWon: 29_123_456, picks: [7, 15] }, tenderId: TENDER_ID, termsSha256, supplierId: SUPPLIER_ID, nonce
  })
  const length = new DataView(plaintext.buffer).getUint32(12)
  return example('Bid: info, aad, plaintext', '29,123,456 won, picks 7 and 15. `termsSha256` = SHA-256 of `example terms`, thumbprint = SHA-256 of `example certificate`, ' +
    'submission id and nonce = the first 16 bytes of SHA-256 of `example submission` and of `example nonce`.', [
    ['info', toHex(bidInfo({ tenderId: TENDER_ID, termsSha256, publicKey }))],
    ['submissionId', submissionId],
    ['aad', toHex(bidAad({ supplierId: SUPPLIER_ID, thumbprint, submissionId }))],
    ['header', toHex(plaintext.subarray(0, 16))],
    ['JSON', Buffer.from(plaintext.subarray(16, 16 + length)).toString()],
    ['length', `${plaintext.length} bytes, SHA-256 ${sha256Hex(plaintext)}`]
  ])
}

const bidBinding = { tenderId: TENDER_ID, supplierId: SUPPLIER_ID, termsSha256, nonce: secret('example nonce').subarray(0, 16) }

function schedule (): string {
  return example('Price schedule', 'A bid without picks on a notice with three `unitPrices`: 120 × 12,345.67 + 7 × 0.99 + 1,000 × 3.50 won, rounded down; binding and nonce as ' +
    'above.', scheduleLines(bidBinding))
}

async function agreement (): Promise<string> {
  return example('Agreement and consortium', 'The leader 1234567891 takes 65 %; 2345678919 takes the rest and signs so, with the RSA key of RFC 7515 A.2 and the ' +
    'thumbprint SHA-256 of `example member certificate`. `consortium` is the member of the leader\'s envelope.', await agreementLines(bidBinding))
}

function proposal (): string {
  const keyId = keyContext(TENDER_ID, 'technical')
  const technicalSeed = (holderId: string): Uint8Array => secret(`example technical seed of ${holderId}`)
  const technicalKey = jointPublicKey(HOLDERS.map((holderId) => makeHolderKey(technicalSeed(holderId)).point))
  const [, holderId] = HOLDERS
  const documents = [{ name: '제안서.pdf', sha256: sha256Hex(utf8('example document')), sizeBytes: 16 }]
  const binding = { tenderId: TENDER_ID, termsSha256, supplierId: SUPPLIER_ID }
  const plaintext = encodeProposal({ ...binding, proposal: { summary: '수행 방안', documents }, nonce: secret('example nonce').subarray(0, 16) })
  const length = new DataView(plaintext.buffer).getUint32(0)
  const json = plaintext.subarray(4, 4 + length)
  return example('Proposal: technical key, info, plaintext', 'Technical seeds = SHA-256 of the texts `example technical seed of platform` and so on; ' +
    'terms, nonce and aad as in the bid above; document digest = SHA-256 of `example document`.', [
    ['message of the proof', toHex(utf8(`bongin key holder v1\0${keyId}\0${holderId}`))],
    ['proof', toHex(provePossession({ seed: technicalSeed(holderId), tenderId: keyId, holderId }))],
    ['technical public key', toHex(technicalKey)],
    ['info', toHex(technicalInfo({ tenderId: TENDER_ID, termsSha256, publicKey: technicalKey }))],
    ['JSON', Buffer.from(json).toString()],
    ['proposalSha256', sha256Hex(json)],
    ['length', `${plaintext.length} bytes, SHA-256 ${sha256Hex(plaintext)}`]
  ])
}

function receipt (): string {
  const { privateKey: key, publicKey: point, kid } = platformKey('example receipt key')
  return example('Receipt and leaf', 'Receipt key = the Ed25519 key of the seed SHA-256 of `example receipt key`; envelope digest = SHA-256 of `example envelope`.', [
    ['public key', toBase64url(point)],
    ['kid', kid],
    ['header', Buffer.from(fromBase64url(signReceipt({ privateKey: key, kid }, facts).split('.')[0] ?? '')).toString()],
    ['payload', canonicalJson(receiptPayload(facts))],
    ['leaf hash', toHex(receiptLeafHash(facts))],
    ['receipt', signReceipt({ privateKey: key, kid }, facts)]
  ])
}

function closing (): string {
  const { privateKey: key, publicKey: point } = platformKey('example checkpoint key')
  const leaves = [receiptLeafHash(facts), leafHash(utf8('second leaf')), leafHash(utf8('third leaf'))]
  const root = merkleRoot(leaves)
  const origin = checkpointOrigin({ platformName: PLATFORM_NAME, tenderId: TENDER_ID })
  const note = signCheckpoint({ keyName: PLATFORM_NAME, privateKey: key, origin, size: leaves.length, root })
  const text = 'Three leaves: the one above, then leaves with the data `second leaf` and `third leaf`. Checkpoint key = the Ed25519 key of the ' +
    'seed SHA-256 of `example checkpoint key`.'
  return `${example('Closing record', text, [
    ...leaves.map((leaf, i) => [`leaf ${i}`, toHex(leaf)] as const),
    ['root', toHex(root)],
    ...[0, 2].flatMap((leaf) => inclusionProof(leaves, leaf).map((hash, i) => [`proof of leaf ${leaf}, ${i}`, toHex(hash)] as const)),
    ['verifier key', verifierKey({ keyName: PLATFORM_NAME, publicKey: point })]
  ])}\n\`\`\`text\n${note}\`\`\`\n`
}

function ledger (): string {
  const payload = canonicalJson({ supplierId: SUPPLIER_ID, envelopeSha256: facts.envelopeSha256, acceptedAt: formatKst(ACCEPTED_AT) })
  const payloadSha256 = sha256Hex(utf8(payload))
  const previousHash = '0'.repeat(64)
  const entry = canonicalJson({ tenderId: TENDER_ID, sequence: 0, at: formatKst(ACCEPTED_AT), actor: 'supplier', type: 'bid', payloadSha256, previousHash })
  return example('Ledger hash', 'A `bid` entry, as if it were the first of its ledger.', [
    ['payload', payload],
    ['payloadSha256', payloadSha256],
    ['hashed', entry],
    ['hash', sha256Hex(utf8(entry))]
  ])
}

function draws (): string {
  const info = concat(utf8('bongin preliminary prices v1'), fromHex(termsSha256))
  const seed = hkdfSeed({ key: privateKey, info })
  const words = randomSource(seed)
  const [first, ...more] = priceSlots(PRICE)
  const closingRoot = secret('example root')
  const suppliers = ['2345678919', '1234567891', '3456789012']
  return example('Draws', 'Key = the private key above. Prices: base amount 29,678,000 won, ±2 %, `equal-15`, unit 100. Tie draw: closing root = SHA-256 of ' +
    '`example root`, three equal bids.', [
    ['info (prices)', toHex(info)],
    ['seed', toHex(seed)],
    ...Array.from({ length: 5 }, (_, i) => [`word ${i}`, words.next64().toString(16).padStart(16, '0')] as const),
    ['first slot', `${first?.first} … ${first?.last} hundred won`],
    ['last slot', `${more.at(-1)?.first} … ${more.at(-1)?.last} hundred won`],
    ['prices 1 … 15', derivePreliminaryPrices(PRICE, priceSource({ jointPrivateKey: privateKey, termsSha256 })).join(' ')],
    ['info (ties)', toHex(concat(utf8('bongin tie draw v1'), closingRoot))],
    ['order', drawOrder(suppliers, tieSource({ jointPrivateKey: privateKey, closingRoot })).join(' ')]
  ])
}

function marks (): string {
  return example('Marks', 'A comprehensive evaluation of one candidate; the same bid against a balanced price; then price marks of a negotiated contract (20 marks, estimate 1,000,000,000 won, lowest bid ' +
    '750,000,000 won). `openingSha256` = SHA-256 of `example opening`.', marksLines({ tenderId: TENDER_ID, supplierId: SUPPLIER_ID }))
}

/** The whole block between the document's two marks. */
export async function protocolExamples (): Promise<string> {
  const setting = `Tender ${TENDER_ID}, supplier ${SUPPLIER_ID}, holders ${HOLDERS.join(', ')}. Bytes are in hex unless said; a line is never wrapped.\n`
  return [
    setting, possession(), jointKey(), await sealedSeed(), sealedPrices(), bid(), schedule(), await agreement(), proposal(),
    receipt(), closing(), ledger(), draws(), marks()
  ].join('\n')
}

if (import.meta.main) process.stdout.write(await protocolExamples())
