/**
 * The second half of second-client.mjs: what a supplier recomputes from the closing record and the public record, for a tender with
 * derived prices and one envelope (docs/protocol.md, sections 6, 9, 11, 13, 14 and 16). Written from the document alone, like the first half.
 */
import { createHash, createHmac, createPublicKey, hkdfSync, verify } from 'node:crypto'
import { ed25519, x25519 } from '@noble/curves/ed25519.js'
import canonicalize from 'canonicalize'

const L = 2n ** 252n + 27742317777372353535851937790883648493n
const PPM = 1_000_000n

const sha256 = (...parts) => createHash('sha256').update(Buffer.concat(parts)).digest()
const hex = (text) => Buffer.from(text, 'hex')
const raw = (text) => Buffer.from(text, 'base64url')
const payloadOf = (jws) => JSON.parse(raw(jws.split('.')[1]).toString('utf8'))
const ceil = (a, b) => (a + b - 1n) / b

function same (found, expected, what) {
  const [a, b] = [canonicalize(found), canonicalize(expected)]
  if (a !== b) throw new Error(`refused: ${what}: ${a} is not ${b}`)
}

// --- §11: checkpoint and inclusion

/** Size and root of a note that the checkpoint key signed for this tender. */
export function readCheckpoint (note, { name, checkpointKey }, tenderId) {
  const split = note.indexOf('\n\n')
  const [text, signatures] = [note.slice(0, split + 1), note.slice(split + 2).split('\n').slice(0, -1)]
  const [origin, size, root, rest] = text.split('\n')
  same([origin, rest], [`${name}/tenders/${tenderId}`, ''], 'origin of the checkpoint')
  const publicKey = raw(checkpointKey.publicKey)
  const keyId = sha256(Buffer.from(`${name}\n\x01`), publicKey).subarray(0, 4)
  const mine = signatures.filter((line) => line.startsWith(`\u2014 ${name} `)).map((line) => Buffer.from(line.split(' ')[2], 'base64'))
    .filter((bytes) => bytes.subarray(0, 4).equals(keyId))
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: checkpointKey.publicKey }, format: 'jwk' })
  same([mine.length, mine.every((bytes) => verify(null, Buffer.from(text), key, bytes.subarray(4)))], [1, true], 'signature of the checkpoint')
  return { size: Number(size), root: Buffer.from(root, 'base64').toString('hex') }
}

/** RFC 9162, section 2.1.3.2, on the leaf that the receipt promises. */
export function checkInclusion ({ leafData, leafIndex, size, proof, root }) {
  let [fn, sn, hash] = [leafIndex, size - 1, sha256(Buffer.of(0), leafData)]
  if (fn > sn) throw new Error('refused: the leaf lies outside the tree')
  for (const sibling of proof.map(hex)) {
    if (sn === 0) throw new Error('refused: the proof is too long')
    if (fn % 2 === 1 || fn === sn) {
      hash = sha256(Buffer.of(1), sibling, hash)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [fn >> 1, sn >> 1]
    } else hash = sha256(Buffer.of(1), hash, sibling)
    ;[fn, sn] = [fn >> 1, sn >> 1]
  }
  same([sn, hash.toString('hex')], [0, root], 'inclusion')
}

/** RFC 9162, section 2.1.1. */
function rootOf (leaves) {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0])
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1))
  return sha256(Buffer.of(1), rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)))
}

// --- §6: the private key from the seeds

const littleEndian = (bytes) => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)

function jointPrivateKey ({ holders, publicKey }, holderSeeds) {
  const sum = holders.reduce((total, { holderId, point }, i) => {
    const [{ holderId: owner, seed }, bytes] = [holderSeeds[i], raw(holderSeeds[i].seed)]
    same([owner, Buffer.from(ed25519.getPublicKey(bytes)).toString('base64url'), bytes.toString('base64url')], [holderId, point, seed], 'a seed')
    const scalar = createHash('sha512').update(bytes).digest().subarray(0, 32)
    scalar[0] &= 248
    scalar[31] = (scalar[31] & 127) | 64
    return total + littleEndian(scalar)
  }, 0n)
  const s = sum % L
  const t = (3n * s) % 8n
  const key = Buffer.from((t >= 4n ? s + t * L : (8n - t) * L - s).toString(16).padStart(64, '0'), 'hex').reverse()
  same(Buffer.from(x25519.getPublicKey(key)).toString('base64url'), publicKey, 'the public key of the private key')
  return key
}

// --- §13: draws

/** The u64 words of one draw, each read once. */
function generator (key, label, digest) {
  const seed = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), Buffer.concat([Buffer.from(label), hex(digest)]), 32))
  let [block, words] = [0n, []]
  const word = () => {
    if (words.length === 0) {
      const counter = Buffer.alloc(8)
      counter.writeBigUInt64BE(block++)
      const bytes = createHmac('sha256', seed).update(counter).digest()
      words = [0, 8, 16, 24].map((offset) => bytes.readBigUInt64BE(offset))
    }
    return words.shift()
  }
  return (n) => {
    let w = word()
    while (w >= 2n ** 64n - 2n ** 64n % n) w = word()
    return w % n
  }
}

function shuffle (items, uniform) {
  for (let i = items.length - 1; i >= 1; i--) {
    const j = Number(uniform(BigInt(i + 1)))
    ;[items[i], items[j]] = [items[j], items[i]]
  }
}

function preliminaryPrices ({ baseAmountWon, rangePpm, slotPlan, priceUnitWon }, uniform) {
  const [base, range, unit] = [baseAmountWon, rangePpm, priceUnitWon].map(BigInt)
  const [lowest, highest] = [ceil(base * (PPM - range), PPM), base * (PPM + range) / PPM]
  const spans = {
    'equal-15': [[lowest, highest, 15n]],
    'upper-7': [[lowest, base, 8n], [base, highest, 7n]],
    'upper-8': [[lowest, base, 7n], [base, highest, 8n]]
  }[slotPlan]
  const prices = spans.flatMap(([from, to, n]) => Array.from({ length: Number(n) }, (_, i) => {
    const bound = (k) => from + (to - from) * k / n
    const [first, last] = [bound(BigInt(i)) / unit + 1n, bound(BigInt(i) + 1n) / unit]
    return (first + uniform(last - first + 1n)) * unit
  }))
  shuffle(prices, uniform)
  return prices
}

// --- §9, §14: the bids and the row

/** Amount and picks of an envelope, or null where the bid is void. */
async function openBid (jws, leaf, { terms, termsSha256, key, SUITE, infoOf, aadOf }) {
  const [{ tenderId, unitPrices }, bid] = [terms, payloadOf(jws)]
  same([unitPrices, bid.supplierId, bid.termsSha256], [[], leaf.supplierId, termsSha256], 'what the envelope names')
  const thumbprint = JSON.parse(raw(jws.split('.')[0]).toString('utf8'))['x5t#S256']
  const sealing = { info: infoOf({ tenderId, termsSha256, publicKey: terms.key.publicKey }), aad: aadOf({ ...bid, thumbprint }) }
  const privateKey = await SUITE.DeserializePrivateKey(key)
  let plaintext
  try {
    plaintext = Buffer.from(await SUITE.Open(privateKey, raw(bid.enc), raw(bid.ciphertext), sealing))
  } catch {
    return null
  }
  const end = 16 + plaintext.readUInt32BE(12)
  if (plaintext[0] !== 1 || plaintext[1] !== 1 || plaintext.subarray(end).some((byte) => byte !== 0)) return null
  const { supplierId, tenderId: named } = JSON.parse(plaintext.subarray(16, end).toString('utf8'))
  if (supplierId !== leaf.supplierId || named !== tenderId) return null
  return { supplierId, amount: plaintext.readBigUInt64BE(4), picks: [...plaintext.subarray(2, 4)] }
}

function drawNumbers (bids) {
  const counts = Array.from({ length: 15 }, (_, i) => bids.flatMap(({ picks }) => picks).filter((pick) => pick === i + 1).length)
  const numbers = counts.map((_, i) => i + 1).sort((a, b) => counts[b - 1] - counts[a - 1] || a - b).slice(0, 4)
  return { counts, numbers }
}

function limits (terms, prices, drawn) {
  const sum = drawn.reduce((total, number) => total + prices[number - 1], 0n)
  const up = ceil(sum, 4n)
  const planned = { 'up-1': up, 'up-1000': ceil(up, 1000n) * 1000n, 'down-1': sum / 4n }[terms.price.plannedPriceRounding]
  const a = Object.values(terms.aValue ?? {}).reduce((total, won) => total + BigInt(won), 0n)
  const floor = terms.floorRatePpm === 0 ? null : ceil((planned - a) * BigInt(terms.floorRatePpm), PPM) + a
  const net = terms.netCostWon === null ? null : ceil(ceil(BigInt(terms.netCostWon) * planned, BigInt(terms.price.baseAmountWon)) * 98n, 100n)
  return { planned, floor, net }
}

/** §16: nothing hidden, and every hash follows from the one before. */
function checkLedger (entries) {
  let before = '0'.repeat(64)
  for (const [index, { hash, payload, ...hashed }] of entries.entries()) {
    const payloadSha256 = sha256(Buffer.from(canonicalize(payload))).toString('hex')
    same([hashed.sequence, hashed.previousHash, hashed.payloadSha256], [index, before, payloadSha256], 'the ledger')
    same(hash, before = sha256(Buffer.from(canonicalize(hashed))).toString('hex'), 'a hash of the ledger')
  }
}

/** Everything that leads to this supplier's row, computed again; the row as it was found. */
export async function recomputeRow (record, { notice: { terms, termsSha256 }, supplierId, SUITE, infoOf, aadOf }) {
  const { opening, leaves, ledger, envelopes } = record
  checkLedger(ledger)
  const opened = ledger.find(({ type }) => type === 'opened')
  same(opened.payload.openingSha256, sha256(Buffer.from(canonicalize(opening))).toString('hex'), 'the digest of the opening')
  const data = leaves.map(({ state, ...leaf }) => Buffer.from(canonicalize({ v: 1, type: 'bongin-receipt', tenderId: terms.tenderId, ...leaf })))
  same(opening.closing, { rootSha256: rootOf(data).toString('hex'), size: data.length }, 'the closing record')
  const key = jointPrivateKey(terms.key, opening.holderSeeds)
  same(opening.jointPrivateKey, key.toString('base64url'), 'the joint private key')
  const tools = { terms, termsSha256, key, SUITE, infoOf, aadOf }
  const outcomes = await Promise.all(leaves.map(async (leaf, i) => envelopes[i] === null ? null : await openBid(envelopes[i], leaf, tools)))
  const bids = outcomes.filter((bid) => bid !== null)
  const prices = preliminaryPrices(terms.price, generator(key, 'bongin preliminary prices v1', termsSha256))
  const { counts, numbers } = drawNumbers(bids)
  const { planned, floor, net } = limits(terms, prices, numbers)
  const won = (amount) => amount === null ? null : Number(amount)
  same(opening.prices, {
    preliminaryPricesWon: prices.map(won),
    pickCounts: counts,
    drawnNumbers: numbers,
    plannedPriceWon: won(planned),
    floorPriceWon: won(floor),
    netCostFloorWon: won(net)
  }, 'the prices')
  const row = opening.rows.find((one) => one.supplierId === supplierId)
  const own = bids.find((bid) => bid.supplierId === supplierId)
  if (own === undefined) return row
  const remarkOf = ({ amount }) => {
    if (amount > planned) return 'abovePlanned'
    if (floor !== null && amount < floor) return 'belowFloor'
    return net !== null && amount < net ? 'belowNetCost' : 'normal'
  }
  const ranked = bids.filter((bid) => ['normal', 'abovePlanned'].includes(remarkOf(bid)))
  same([row.amountWon, row.picks, row.remark, row.voidReason, row.bidRateMilliPercent, row.rank], [
    Number(own.amount), own.picks, remarkOf(own), null, Number(own.amount * 100_000n / planned),
    ranked.includes(own) ? 1 + ranked.filter(({ amount }) => amount < own.amount).length : null
  ], 'the row')
  return row
}
