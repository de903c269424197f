/**
 * The thread that looks at bids as they come in: what it passes is signed, read as the server reads it, and gets the receipt that the
 * server would sign; what it does not pass is null; a thread that dies, or is asked too much, loses nothing.
 */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { sha256, sha256Hex, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { parseEnvelope, sealBid } from '../../src/crypto/envelope.ts'
import { makeRecipientKey } from '../../src/crypto/hpke-seal.ts'
import { rsaSigner } from '../../src/crypto/jws.ts'
import { verifyReceipt } from '../../src/crypto/receipt.ts'
import type { SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'
import type { ReceivedBid } from '../../src/services/bid-checks.ts'
import { makeBidPool, MAX_WAITING_BIDS } from '../../src/workers/bid-pool.ts'

const NOW = Date.parse('2026-11-24T09:00:00.123+09:00')
const thumbprint = toBase64url(sha256(utf8('certificate'))) as Thumbprint
const receiptPair = generateKeyPairSync('ed25519')
const receiptKey = { privateKey: receiptPair.privateKey, kid: toBase64url(sha256(utf8('receipts'))) }
const receiptPublicKey = Buffer.from(receiptPair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')

async function makeSender (): Promise<{ spki: Uint8Array, seal: (amountWon: number) => Promise<Uint8Array> }> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const signer = await rsaSigner({ privateKeyPkcs8: privateKey.export({ type: 'pkcs8', format: 'der' }), thumbprint })
  const tender = { tenderId: 'R26BK00000001' as TenderId, termsSha256: sha256Hex(utf8('terms')), publicKey: makeRecipientKey().publicKey }
  const seal = async (amountWon: number): Promise<Uint8Array> => utf8(await sealBid({
    ...tender, supplierId: '1018116406' as SupplierId, content: { amountWon, picks: [3, 7] }, signer, clientTime: formatKst(NOW)
  }))
  return { spki: publicKey.export({ type: 'spki', format: 'der' }), seal }
}

const [sender, other] = [await makeSender(), await makeSender()]
const good = await sender.seal(26_500_000)

t.test('a signed bid comes back as it was read, with its receipt', async (t) => {
  const pool = makeBidPool(receiptKey)
  const bodies = await Promise.all(Array.from({ length: 150 }, async (_, i) => await sender.seal(1_000_000 + i)))
  const checked = await Promise.all(bodies.map(async (body, i) => await pool.check({ body, spki: sender.spki, receivedAt: NOW + i })))
  checked.forEach((bid, i) => {
    const { payload: { ciphertext: _, ...payload }, sha256 } = parseEnvelope(bodies[i] ?? good)
    assert(bid !== null)
    assert.deepEqual({ ...bid, receipt: null }, { thumbprint, payload, sha256, receipt: null })
    const receipt = verifyReceipt({ receipt: bid.receipt, publicKey: receiptPublicKey })
    assert.deepEqual([receipt.envelopeSha256, receipt.tenderId, receipt.supplierId, receipt.acceptedAt],
      [sha256, payload.tenderId, payload.supplierId, formatKst(NOW + i)])
  })
  t.equal(checked.length, 150)
  await pool.close()
})

t.test('one that is not in order is null, and its neighbours are not touched', async (t) => {
  const pool = makeBidPool(receiptKey)
  const flipped = good.slice()
  flipped[good.length - 20] = flipped[good.length - 20] === 0x41 ? 0x42 : 0x41
  const bids: ReceivedBid[] = [
    { body: good, spki: sender.spki, receivedAt: NOW },
    { body: good, spki: other.spki, receivedAt: NOW },
    { body: flipped, spki: sender.spki, receivedAt: NOW },
    { body: new Uint8Array(0), spki: sender.spki, receivedAt: NOW },
    { body: utf8('a.b.c'), spki: sender.spki, receivedAt: NOW },
    { body: good, spki: new Uint8Array(0), receivedAt: NOW },
    { body: await other.seal(1), spki: sender.spki, receivedAt: NOW },
    { body: good, spki: sender.spki, receivedAt: NOW }
  ]
  const checked = await Promise.all(bids.map(async (bid) => await pool.check(bid)))
  t.same(checked.map((bid) => bid !== null), [true, false, false, false, false, false, false, true])
  await pool.close()
})

t.test('a thread that dies leaves its bids to the server', async (t) => {
  const lost: unknown[] = []
  const pool = makeBidPool(receiptKey, { filename: new URL('../support/dying-bids.mjs', import.meta.url).href, onThreadLost: (error) => lost.push(error) })
  for (let i = 0; i < 3; i++) t.equal(await pool.check({ body: good, spki: sender.spki, receivedAt: NOW }), null)
  t.equal(lost.length, 3, 'every death is reported')
  await pool.close()
})

t.test('past a named number of bids the caller is told to come back', async (t) => {
  const pool = makeBidPool(receiptKey)
  const all = Array.from({ length: MAX_WAITING_BIDS + 1 }, async () => await pool.check({ body: good, spki: sender.spki, receivedAt: NOW }))
  await t.rejects(Promise.all(all), { code: 'overloaded' })
  const settled = await Promise.allSettled(all)
  t.equal(settled.filter(({ status }) => status === 'rejected').length, 1)
  t.ok(settled.slice(0, MAX_WAITING_BIDS).every((one) => one.status === 'fulfilled' && one.value !== null))
  await pool.close()
})

t.test('what waits when the server ends is left to it', async (t) => {
  const lost: unknown[] = []
  const pool = makeBidPool(receiptKey, { onThreadLost: (error) => lost.push(error) })
  const waiting = pool.check({ body: good, spki: sender.spki, receivedAt: NOW })
  await pool.close()
  t.equal(await waiting, null)
  t.same(lost, [])
})
