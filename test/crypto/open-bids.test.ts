/** Packed slices of bids: good ones, every kind that is void, and the same answers on a worker thread's shared memory. */
import t from 'tap'
import { concat, randomBytes, sha256, sha256Hex, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { bidAad, bidInfo, type Envelope, parseEnvelope, sealBid } from '../../src/crypto/envelope.ts'
import { makeRecipientKey, sealBase } from '../../src/crypto/hpke-seal.ts'
import type { Signer } from '../../src/crypto/jws.ts'
import { openedBidAt, openInline, openPacked, packBids } from '../../src/crypto/open-bids.ts'
import { encodePlaintext } from '../../src/crypto/plaintext.ts'
import { type BidContent, VOID_REASONS } from '../../src/domain/bid.ts'
import type { SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'

const { privateKey, publicKey } = makeRecipientKey()
const tender = { tenderId: 'R26BK00000001' as TenderId, termsSha256: sha256Hex(utf8('terms')) }
const info = bidInfo({ ...tender, publicKey })
const expected = { ...tender, drawsPrices: true }
const thumbprint = toBase64url(sha256(utf8('certificate'))) as Thumbprint
const signer: Signer = { thumbprint, sign: async () => new Uint8Array(256).fill(7) }
const supplier = (index: number): SupplierId => String(1_000_000_000 + index) as SupplierId
const content = (index: number): BidContent => ({ amountWon: 1_000_000 + index, picks: [1 + index % 15, 1 + (index + 7) % 15] })

type PackedParts = Pick<Envelope, 'enc' | 'aad' | 'ciphertext'>

async function bid (index: number, bidContent = content(index)): Promise<Envelope> {
  return parseEnvelope(await sealBid({
    ...tender, publicKey, supplierId: supplier(index), content: bidContent, signer, clientTime: '2026-11-24T10:00:00.000+09:00'
  }))
}

/** A seal around any bytes, in the name of a supplier. */
async function sealAround (plaintext: Uint8Array, index: number): Promise<PackedParts> {
  const aad = bidAad({ supplierId: supplier(index), thumbprint, submissionId: toBase64url(randomBytes(16)) })
  return { aad, ...await sealBase({ publicKey, info, aad, plaintext }) }
}

function plaintext (index: number, changes: Record<number, number> = {}): Uint8Array {
  const bytes = encodePlaintext({ ...tender, supplierId: supplier(index), content: content(index), nonce: randomBytes(16) })
  for (const [at, byte] of Object.entries(changes)) bytes[Number(at)] = byte
  return bytes
}

await t.test('good bids open in their order, whatever stands between them', async (t) => {
  const first = await bid(0)
  const cases: Array<[string, PackedParts, string]> = [
    ['a good bid', first, 'open'],
    ['its ciphertext in another supplier\'s name', { ...first, aad: (await bid(1)).aad }, 'undecryptable'],
    ['a flipped bit', { ...first, ciphertext: first.ciphertext.with(5, (first.ciphertext[5] ?? 0) ^ 1) }, 'undecryptable'],
    ['a low-order enc', { ...first, enc: new Uint8Array(32) }, 'undecryptable'],
    ['an empty ciphertext', { ...first, ciphertext: new Uint8Array(0) }, 'undecryptable'],
    ['garbage inside', await sealAround(new Uint8Array(1024), 2), 'malformed-plaintext'],
    ['nothing inside', await sealAround(new Uint8Array(0), 2), 'malformed-plaintext'],
    ['another supplier inside', await sealAround(plaintext(4), 3), 'mismatched-plaintext'],
    ['amount zero', await sealAround(plaintext(3, { 8: 0, 9: 0, 10: 0, 11: 0 }), 3), 'invalid-amount'],
    ['equal picks', await sealAround(plaintext(3, { 2: 5, 3: 5 }), 3), 'invalid-picks'],
    ['no picks', await bid(5, { amountWon: 7, picks: null }), 'invalid-picks'],
    ['the first bid again', first, 'open'],
    ['another good bid', await bid(14), 'open']
  ]
  const slice = openPacked({ privateKey, info, expected, bids: packBids(cases.map(([, parts]) => parts)) })
  cases.forEach(([name, , outcome], index) => {
    const opened = openedBidAt(slice, index)
    t.equal(opened.outcome === 'open' ? 'open' : opened.reason, outcome, name)
    t.equal(slice.outcomes[index], outcome === 'open' ? 0 : 1 + VOID_REASONS.indexOf(outcome as 'undecryptable'))
    if (outcome !== 'open') t.same([slice.amounts[index], slice.picks[2 * index], slice.picks[2 * index + 1]], [0n, 0, 0])
  })
  t.same(openedBidAt(slice, 0), { outcome: 'open', content: content(0) })
  t.same(openedBidAt(slice, cases.length - 1), { outcome: 'open', content: content(14) })
  t.throws(() => openedBidAt(slice, cases.length), /invariant/)
})

await t.test('a tender without a draw', async (t) => {
  const bids = packBids([await bid(1, { amountWon: 1_000_000_000_000_000, picks: null }), await bid(2)])
  const slice = await openInline({ privateKey, info, expected: { ...tender, drawsPrices: false }, bids })
  t.same(openedBidAt(slice, 0), { outcome: 'open', content: { amountWon: 1_000_000_000_000_000, picks: null } })
  t.same(openedBidAt(slice, 1), { outcome: 'void', reason: 'invalid-picks' })
})

await t.test('bids in shared memory, not at its start', async (t) => {
  const { bytes, offsets } = packBids([await bid(1), await bid(2), await bid(3)])
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length + 3), 3)
  shared.set(bytes)
  const slice = openPacked({ privateKey, info, expected, bids: { bytes: shared, offsets: offsets.slice(1) } })
  t.same([...slice.outcomes], [0, 0])
  t.same([...slice.amounts], [1_000_002n, 1_000_003n], 'a slice may start at any offset')
})

await t.test('another key or info opens nothing, and no bids are no work', async (t) => {
  const bids = packBids([await bid(1)])
  t.same(openedBidAt(openPacked({ privateKey: makeRecipientKey().privateKey, info, expected, bids }), 0), { outcome: 'void', reason: 'undecryptable' })
  t.same(openedBidAt(openPacked({ privateKey, info: concat(info, info), expected, bids }), 0), { outcome: 'void', reason: 'undecryptable' })
  t.equal(openPacked({ privateKey, info, expected, bids: packBids([]) }).outcomes.length, 0)
})
