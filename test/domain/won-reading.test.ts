/** Amounts in words: known ones, and every amount read back by a reader that was written the other way round. */
import fc from 'fast-check'
import t from 'tap'
import { MAX_AMOUNT_WON } from '../../src/domain/bid.ts'
import { wonReading } from '../../src/domain/won-reading.ts'

const DIGITS = '영일이삼사오육칠팔구'
const PLACES: Readonly<Record<string, bigint>> = { 십: 10n, 백: 100n, 천: 1_000n }
const GROUPS: Readonly<Record<string, bigint>> = { 만: 10_000n, 억: 100_000_000n, 조: 1_000_000_000_000n }

/** Adds up what is said, syllable by syllable. */
function naiveRead (words: string): bigint {
  let [total, group, digit] = [0n, 0n, 0n]
  for (const syllable of words) {
    const [place, size] = [PLACES[syllable], GROUPS[syllable]]
    if (place !== undefined) [group, digit] = [group + digit * place, 0n]
    else if (size !== undefined) [total, group, digit] = [total + (group + digit) * size, 0n, 0n]
    else digit = BigInt(DIGITS.indexOf(syllable))
  }
  return total + group + digit
}

function naiveUnits (reading: string, perWon: bigint): bigint {
  const [, won = '', hundredths = ''] = /^금 (?:([^원전 ]+)원)? ?(?:([^원전 ]+)전)?정$/.exec(reading) ?? []
  return naiveRead(won) * perWon + naiveRead(hundredths)
}

t.test('as documents write it', async (t) => {
  t.equal(wonReading(26_000_000, 0), '금 이천육백만원정')
  t.equal(wonReading(113_560, 0), '금 일십일만삼천오백육십원정', 'the example of the rule')
  t.equal(wonReading(1, 0), '금 일원정')
  t.equal(wonReading(100_000_001, 0), '금 일억일원정')
  t.equal(wonReading(MAX_AMOUNT_WON, 0), '금 일천조원정')
  t.equal(wonReading(123_456, 2), '금 일천이백삼십사원 오십육전정')
  t.equal(wonReading(5, 2), '금 오전정')
  t.equal(wonReading(100, 2), '금 일원정')
})

t.test('every amount is read back', async () => {
  // Uniform over the number of digits, so that short and round amounts come up as often as long ones.
  const amount = fc.integer({ min: 0, max: 15 }).chain((zeros) => fc.maxSafeNat().map((n) => {
    const scale = 10 ** zeros
    return Math.min(MAX_AMOUNT_WON, Math.max(1, (n % Math.max(1, Math.floor(MAX_AMOUNT_WON / scale))) * scale))
  }))
  fc.assert(fc.property(amount, fc.constantFrom(0 as const, 2 as const), (units, decimals) =>
    naiveUnits(wonReading(units, decimals), decimals === 0 ? 1n : 100n) === BigInt(units)), { numRuns: 5_000 })
})

t.test('what is no amount is not read', async (t) => {
  for (const value of [0, -1, 1.5, MAX_AMOUNT_WON + 1, Number.NaN]) t.throws(() => wonReading(value, 0), String(value))
})
