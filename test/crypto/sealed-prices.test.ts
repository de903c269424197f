/** The agency's sealed prices: one layout, everything else is no price list. */
import fc from 'fast-check'
import t from 'tap'
import { fromBase64url, sha256Hex, toBase64url } from '../../src/crypto/bytes.ts'
import { openBase } from '../../src/crypto/hpke.ts'
import {
  decodePrices, encodePrices, pricesInfo, SEALED_PRICES_BYTES, sealedPricesSha256, sealPrices
} from '../../src/crypto/sealed-prices.ts'
import { makeEncryptionKey } from '../../src/crypto/shares.ts'
import { MAX_AMOUNT_WON } from '../../src/domain/bid.ts'

const tenderId = 'R26BK00000001'
const { privateKey, publicKey } = makeEncryptionKey()
const prices = Array.from({ length: 15 }, (_, i) => 29_000_000 + 100 * i)
const amount = fc.integer({ min: 1, max: MAX_AMOUNT_WON })

await t.test('known layout', async (t) => {
  const bytes = encodePrices([0x01020304050607, 1, ...prices.slice(2)])
  t.equal(bytes.length, 1_024)
  t.equal(Buffer.from(bytes.subarray(0, 32)).toString('hex'), '010f' + '00'.repeat(14) + '0001020304050607' + '0000000000000001')
  t.same(decodePrices(encodePrices([MAX_AMOUNT_WON])), [MAX_AMOUNT_WON], 'a single price')
})

await t.test('what was encoded comes back, in order', async () => {
  fc.assert(fc.property(fc.oneof(fc.array(amount, { minLength: 15, maxLength: 15 }), fc.array(amount, { minLength: 1, maxLength: 1 })),
    (list) => JSON.stringify(decodePrices(encodePrices(list))) === JSON.stringify(list)), { seed: 15 })
})

await t.test('anything else is no price list', async (t) => {
  const good = encodePrices(prices)
  const changed = (at: number, byte: number): Uint8Array => good.with(at, byte)
  t.equal(decodePrices(new Uint8Array(0)), null)
  t.equal(decodePrices(good.subarray(1)), null, 'a byte short')
  t.equal(decodePrices(new Uint8Array(1_025)), null)
  t.equal(decodePrices(changed(0, 2)), null, 'another version')
  for (const count of [0, 2, 14, 16, 255]) t.equal(decodePrices(changed(1, count)), null, `${count} prices`)
  for (const at of [2, 15, 16 + 15 * 8, 1_023]) t.equal(decodePrices(changed(at, 1)), null, `byte ${at} is not zero`)
  t.equal(decodePrices(changed(16, 0xff)), null, 'a price beyond 10^15')
  t.equal(decodePrices(new Uint8Array(1_024).with(0, 1).with(1, 15)), null, 'prices of zero')
  fc.assert(fc.property(fc.uint8Array({ maxLength: 1_100 }), (bytes) => decodePrices(bytes) === null), { seed: 16 })
})

await t.test('prices that cannot be', async (t) => {
  const refused = (field: string): { code: string, context: { field: string } } => ({ code: 'sealed-prices-invalid', context: { field } })
  for (const list of [[], prices.slice(1), [...prices, 1]]) t.throws(() => encodePrices(list), refused('/prices'))
  for (const wrong of [0, -1, 1.5, MAX_AMOUNT_WON + 1, Number.NaN]) {
    t.throws(() => encodePrices(prices.with(3, wrong)), refused('/prices/3'), `${wrong}`)
  }
})

await t.test('sealed for one tender and one key', async (t) => {
  const sealed = await sealPrices({ prices, tenderId, publicKey })
  const [enc, ciphertext] = [fromBase64url(sealed.enc), fromBase64url(sealed.ciphertext)]
  t.equal(ciphertext.length, SEALED_PRICES_BYTES)
  const open = (info: Uint8Array): Uint8Array | null => openBase({ privateKey, enc, info, aad: new Uint8Array(0), ciphertext })
  t.same(decodePrices(open(pricesInfo({ tenderId, publicKey })) ?? new Uint8Array(0)), prices)
  t.equal(open(pricesInfo({ tenderId: 'R26BK00000002', publicKey })), null)
  t.equal(open(pricesInfo({ tenderId, publicKey: makeEncryptionKey().publicKey })), null)
  t.equal(sealedPricesSha256(sealed), sha256Hex(Buffer.concat([enc, ciphertext])))
  t.not(sealedPricesSha256({ ...sealed, ciphertext: toBase64url(ciphertext.with(0, (ciphertext[0] ?? 0) ^ 1)) }), sealedPricesSha256(sealed))
  t.equal((await sealPrices({ prices: [1], tenderId, publicKey })).ciphertext.length, sealed.ciphertext.length, 'the length tells nothing')
})
