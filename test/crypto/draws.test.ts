/** The draws against vectors made by a second program, and their uniformity for a fixed seed. */
import { createHmac, hkdfSync } from 'node:crypto'
import t from 'tap'
import { fromHex, sha256, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { hkdfSeed, priceSource, randomSource, tieSource } from '../../src/crypto/draws.ts'
import { derivePreliminaryPrices, drawOrder, shuffle, uniform } from '../../src/domain/draw.ts'
import type { Sha256Hex } from '../../src/domain/ids.ts'
import type { PriceTerms } from '../../src/domain/notice.ts'
import vectors from '../vectors/draws-bongin.json' with { type: 'json' }

const hex64 = (word: bigint): string => word.toString(16).padStart(16, '0')

await t.test('streams of words', async (t) => {
  for (const { seed, words } of vectors.streams) {
    const source = randomSource(fromHex(seed))
    t.same(words.map(() => hex64(source.next64())), words)
  }
})

await t.test('preliminary prices', async (t) => {
  for (const vector of vectors.prices) {
    const jointPrivateKey = fromHex(vector.jointPrivateKey)
    const termsSha256 = vector.termsSha256 as Sha256Hex
    const info = Buffer.concat([utf8('bongin preliminary prices v1'), fromHex(termsSha256)])
    t.equal(toHex(hkdfSeed({ key: jointPrivateKey, info })), vector.seed)
    t.equal(hex64(priceSource({ jointPrivateKey, termsSha256 }).next64()), vector.firstWord)
    const price: PriceTerms = {
      method: 'multiple-derived',
      baseAmountWon: vector.baseAmountWon,
      rangePpm: vector.rangePpm,
      slotPlan: vector.slotPlan as PriceTerms['slotPlan'],
      decimals: 0,
      priceUnitWon: vector.priceUnitWon,
      plannedPriceRounding: 'up-1',
      sealedPricesSha256: null
    }
    t.same(derivePreliminaryPrices(price, priceSource({ jointPrivateKey, termsSha256 })), vector.preliminaryPricesWon)
  }
})

await t.test('tie draws', async (t) => {
  for (const vector of vectors.ties) {
    const closingRoot = fromHex(vector.closingRoot)
    const source = tieSource({ jointPrivateKey: fromHex(vector.jointPrivateKey), closingRoot })
    t.same(drawOrder(vector.suppliers, source), vector.order)
  }
})

await t.test('node:crypto agrees on seeds and blocks', async (t) => {
  const key = sha256(utf8('key'))
  const info = utf8('info')
  const seed = hkdfSeed({ key, info })
  t.same(Buffer.from(seed), Buffer.from(hkdfSync('sha256', key, '', info, 32)))
  const source = randomSource(seed)
  for (let i = 0n; i < 300n; i++) {
    const counter = Buffer.alloc(8)
    counter.writeBigUInt64BE(i)
    const words = Array.from({ length: 4 }, () => hex64(source.next64())).join('')
    if (words !== createHmac('sha256', seed).update(counter).digest('hex')) t.fail(`block ${i}`)
  }
  t.equal(hkdfSeed({ key, info: utf8('other') }).length, 32)
})

await t.test('another key, other terms, another root, another draw: other words', async (t) => {
  const [key, otherKey] = [sha256(utf8('a')), sha256(utf8('b'))]
  const [digest, otherDigest] = [sha256(utf8('c')), sha256(utf8('d'))]
  const prices = (jointPrivateKey: Uint8Array, terms: Uint8Array): bigint =>
    priceSource({ jointPrivateKey, termsSha256: toHex(terms) as Sha256Hex }).next64()
  const tie = (jointPrivateKey: Uint8Array, closingRoot: Uint8Array): bigint => tieSource({ jointPrivateKey, closingRoot }).next64()
  const words = [
    prices(key, digest), prices(otherKey, digest), prices(key, otherDigest), tie(key, digest), tie(otherKey, digest), tie(key, otherDigest)
  ]
  t.equal(new Set(words).size, words.length)
  t.equal(prices(key, digest), prices(key, digest))
})

/** Σ (observed − expected)² ÷ expected. */
function chiSquared (counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

await t.test('numbers are uniform: chi-squared below the 99.9 % point, for fixed seeds', async (t) => {
  const cases = [{ n: 2, limit: 10.83 }, { n: 7, limit: 22.46 }, { n: 15, limit: 36.12 }, { n: 100, limit: 148.23 }]
  for (const { n, limit } of cases) {
    const source = randomSource(sha256(utf8(`uniform ${n}`)))
    const counts = new Array<number>(n).fill(0)
    for (let i = 0; i < 10_000; i++) {
      const number = uniform(source, n)
      counts[number] = (counts[number] ?? 0) + 1
    }
    const statistic = chiSquared(counts)
    t.ok(statistic < limit, `n = ${n}: ${statistic.toFixed(2)} < ${limit}`)
    t.ok(statistic > 0, 'and not suspiciously even')
  }
})

await t.test('every order of four is equally likely (23 degrees of freedom, 99.9 %)', async (t) => {
  const source = randomSource(sha256(utf8('orders')))
  const counts = new Map<string, number>()
  for (let i = 0; i < 4_800; i++) {
    const order = shuffle([1, 2, 3, 4], source).join('')
    counts.set(order, (counts.get(order) ?? 0) + 1)
  }
  t.equal(counts.size, 24)
  t.ok(chiSquared([...counts.values()]) < 49.73)
})
