/** The worked example of marks in docs/protocol.md: a signed judgement's payload and what the rules make of it. */
import { canonicalJson } from '../src/crypto/canonical-json.ts'
import { sha256Hex, utf8 } from '../src/crypto/bytes.ts'
import { balancedPriceWon, balancedRatioPpm } from '../src/domain/balanced-price.ts'
import { priceRatioPpm, priceScoreMilli } from '../src/domain/eligibility-review.ts'
import { negotiationPriceE4 } from '../src/domain/negotiation.ts'
import type { BalancedPriceRule, ComprehensiveRule } from '../src/domain/notice.ts'
import { DEFAULT_BALANCED_PRICE } from '../src/domain/rule-sets.ts'
import { PPM } from '../src/domain/rounding.ts'

const RATE_PPM = 880_000
const RULE: ComprehensiveRule = {
  priceMarksMilli: 50_000,
  slopeMilli: 375,
  reference: { kind: 'planned', ratePpm: RATE_PPM },
  minimumPriceMarksMilli: 2_000,
  flat: null,
  capabilityMarksMilli: 40_000,
  socialMarksMilli: 10_000
}
const PRICES = { bidWon: 26_300_000, plannedPriceWon: 29_600_875, aValueWon: 1_234_567 }
const MARKS = { capabilityMarksMilli: 36_500, socialMarksMilli: 8_125 }
/** Eleven valid bids: four of the highest and two of the lowest are left out. */
const BALANCED: BalancedPriceRule = DEFAULT_BALANCED_PRICE
const AMOUNTS = [26_300_000, 23_680_700, 29_600_875, 24_100_001, 25_000_000, 25_160_744, 27_000_000, 24_100_001, 28_999_999, 25_900_000, 20_000_000]
const NEGOTIATION = { priceMarksMilli: 20_000, estimateWon: 1_000_000_000, lowestWon: 750_000_000 }

export function marksLines ({ tenderId, supplierId }: { tenderId: string, supplierId: string }): Array<readonly [string, string]> {
  const payload = { v: 1, type: 'bongin-evaluation', tenderId, openingSha256: sha256Hex(utf8('example opening')), supplierId, qualified: true, remark: null, ...MARKS, reason: '심사' }
  const ratioPpm = priceRatioPpm(PRICES)
  const priceMarksMilli = priceScoreMilli({ ...RULE, referenceRatePpm: RATE_PPM }, ratioPpm)
  const balancedWon = balancedPriceWon(BALANCED, AMOUNTS)
  const balancedPpm = balancedRatioPpm({ bidWon: PRICES.bidWon, balancedWon })
  const bids = [750_000_000, 799_995_000, 800_000_000, 900_000_000]
  return [
    ['payload', canonicalJson(payload)],
    ['rule', canonicalJson(RULE)],
    ['amount, planned price, A', `${PRICES.bidWon} ${PRICES.plannedPriceWon} ${PRICES.aValueWon}`],
    ['ratio (ppm)', String(ratioPpm)],
    ['price marks (thousandths)', String(priceMarksMilli)],
    ['score (thousandths)', String(priceMarksMilli + MARKS.capabilityMarksMilli + MARKS.socialMarksMilli)],
    ['balanced reference', canonicalJson({ kind: 'balanced', ...BALANCED })],
    ['valid bids', AMOUNTS.join(' ')],
    ['balanced price (won)', String(balancedWon)],
    [`ratio of ${PRICES.bidWon} (ppm)`, String(balancedPpm)],
    ['its price marks (thousandths)', String(priceScoreMilli({ ...RULE, referenceRatePpm: PPM }, balancedPpm))],
    ...bids.map((bidWon) => [`negotiated, bid ${bidWon}`, `${negotiationPriceE4({ ...NEGOTIATION, bidWon })} of 200000 (ten-thousandths)`] as const)
  ]
}
