/** Many bids of one tender: good ones, every kind that is void, and the same answers out of shared memory. */
import t from 'tap'
import { concat, randomBytes, sha256, sha256Hex, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { bidAad, bidInfo, parseEnvelope, sealBid } from '../../src/crypto/envelope.ts'
import { makeRecipientKey, sealBase } from '../../src/crypto/hpke-seal.ts'
import type { Signer } from '../../src/crypto/jws.ts'
import { type BidSeal, openBids, type OpenedBids } from '../../src/crypto/open-bids.ts'
import { type DecodedBid, encodePlaintext } from '../../src/crypto/plaintext.ts'
import { type BidContent, VOID_REASONS } from '../../src/domain/bid.ts'
import { at, voidReasonOf } from '../../src/domain/bid-columns.ts'
import type { SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'

const { privateKey, publicKey } = makeRecipientKey()
const tender = { tenderId: 'R26BK00000001' as TenderId, termsSha256: sha256Hex(utf8('terms')) }
const info = bidInfo({ ...tender, publicKey })
const expected = { ...tender, drawsPrices: true }
const thumbprint = toBase64url(sha256(utf8('certificate'))) as Thumbprint
const signer: Signer = { thumbprint, sign: async () => new Uint8Array(256).fill(7) }
const supplier = (index: number): SupplierId => String(1_000_000_000 + index) as SupplierId
const content = (index: number): BidContent => ({ amountWon: 1_000_000 + index, picks: [1 + index % 15, 1 + (index + 7) % 15] })

async function bid (index: number, bidContent = content(index)): Promise<BidSeal> {
  const supplierId = supplier(index)
  const { enc, aad, ciphertext } = parseEnvelope(await sealBid({
    ...tender, publicKey, supplierId, content: bidContent, signer, clientTime: '2026-11-24T10:00:00.000+09:00'
  }))
  return { supplierId, enc, aad, ciphertext }
}

/** A seal around any bytes, in the name of a supplier. */
async function sealAround (plaintext: Uint8Array, index: number): Promise<BidSeal> {
  const supplierId = supplier(index)
  const aad = bidAad({ supplierId, thumbprint, submissionId: toBase64url(randomBytes(16)) })
  return { supplierId, aad, ...await sealBase({ publicKey, info, aad, plaintext }) }
}

function bidAt ({ outcomes, amounts, picks }: OpenedBids, index: number): DecodedBid {
  const reason = voidReasonOf(at(outcomes, index))
  if (reason !== null) return { outcome: 'void', reason }
  const [first, second] = [at(picks, 2 * index), at(picks, 2 * index + 1)]
  return { outcome: 'open', content: { amountWon: at(amounts, index), picks: first === 0 ? null : [first, second] } }
}

function plaintext (index: number, changes: Record<number, number> = {}): Uint8Array {
  const bytes = encodePlaintext({ ...tender, supplierId: supplier(index), content: content(index), nonce: randomBytes(16) })
  for (const [at, byte] of Object.entries(changes)) bytes[Number(at)] = byte
  return bytes
}

await t.test('good bids open in their order, whatever stands between them', async (t) => {
  const first = await bid(0)
  const cases: Array<[string, BidSeal, string]> = [
    ['a good bid', first, 'open'],
    ['its ciphertext in another supplier\'s name', { ...first, supplierId: supplier(1), aad: (await bid(1)).aad }, 'undecryptable'],
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
  const slice = openBids(cases.map(([, seal]) => seal), { privateKey, info, expected })
  cases.forEach(([name, , outcome], index) => {
    const opened = bidAt(slice, index)
    t.equal(opened.outcome === 'open' ? 'open' : opened.reason, outcome, name)
    t.equal(slice.outcomes[index], outcome === 'open' ? 0 : 1 + VOID_REASONS.indexOf(outcome as 'undecryptable'))
    if (outcome !== 'open') t.same([slice.amounts[index], slice.picks[2 * index], slice.picks[2 * index + 1]], [0, 0, 0])
  })
  t.same(bidAt(slice, 0), { outcome: 'open', content: content(0) })
  t.same(bidAt(slice, cases.length - 1), { outcome: 'open', content: content(14) })
  t.throws(() => bidAt(slice, cases.length), /invariant/)
})

await t.test('a tender without a draw', async (t) => {
  const bids = [await bid(1, { amountWon: 1_000_000_000_000_000, picks: null }), await bid(2)]
  const slice = openBids(bids, { privateKey, info, expected: { ...tender, drawsPrices: false } })
  t.same(bidAt(slice, 0), { outcome: 'open', content: { amountWon: 1_000_000_000_000_000, picks: null } })
  t.same(bidAt(slice, 1), { outcome: 'void', reason: 'invalid-picks' })
})

await t.test('bids in shared memory, not at its start', async (t) => {
  const shared = (bytes: Uint8Array): Uint8Array => {
    const view = new Uint8Array(new SharedArrayBuffer(bytes.length + 3), 3)
    view.set(bytes)
    return view
  }
  const bids = [await bid(2), await bid(3)]
    .map(({ supplierId, enc, aad, ciphertext }) => ({ supplierId, enc: shared(enc), aad: shared(aad), ciphertext: shared(ciphertext) }))
  const slice = openBids(bids, { privateKey, info, expected })
  t.same([...slice.outcomes], [0, 0])
  t.same([...slice.amounts], [1_000_002, 1_000_003], 'a seal may lie at any offset')
})

await t.test('another key or info opens nothing, and no bids are no work', async (t) => {
  const bids = [await bid(1)]
  t.same(bidAt(openBids(bids, { privateKey: makeRecipientKey().privateKey, info, expected }), 0), { outcome: 'void', reason: 'undecryptable' })
  t.same(bidAt(openBids(bids, { privateKey, info: concat(info, info), expected }), 0), { outcome: 'void', reason: 'undecryptable' })
  t.equal(openBids([], { privateKey, info, expected }).outcomes.length, 0)
})
