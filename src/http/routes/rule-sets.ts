/** The rule book (적용 기준), so that any client can draft by the tables that this server will name in the notice. */
import { Type } from 'typebox'
import { AWARD_METHODS, LAWS, TENDER_KINDS } from '../../domain/notice.ts'
import { INSTITUTIONS, PRICE_POLICIES, RULE_SETS, SERVICE_CATEGORIES, TRADES } from '../../domain/rule-sets.ts'
import { Decimals, Milli, nullable, oneOf, Ppm, strict, Text, Units, Won } from '../schemas.ts'
import type { Routes } from '../server.ts'

const PriceSteps = { decimals: Decimals, priceUnitWon: Units, plannedPriceRounding: oneOf(['up-1', 'up-1000', 'down-1'] as const) }

const BandSchema = strict({
  fromWon: Won,
  belowWon: nullable(Won),
  subjects: Type.Array(oneOf([...new Set([...TRADES, ...SERVICE_CATEGORIES])])),
  rule: nullable(strict({
    priceMarksMilli: Milli,
    slopeMilli: Milli,
    referenceRatePpm: Ppm,
    capabilityMarksMilli: Milli,
    passMarkMilli: Milli,
    minimumPriceMarksMilli: Milli,
    flat: nullable(strict({ fromRatioPpm: Ppm, marksMilli: Milli }))
  })),
  floorRatePpm: Ppm
})

const RuleSetSchema = strict({
  name: Text,
  law: oneOf(LAWS),
  kinds: Type.Array(oneOf(TENDER_KINDS)),
  methods: Type.Array(oneOf(AWARD_METHODS)),
  effectiveFrom: Type.String({ format: 'date', description: 'first day, KST' }),
  source: Text,
  price: strict({ rangePpm: Ppm, slotPlan: oneOf(['equal-15', 'upper-7', 'upper-8'] as const), ...PriceSteps }),
  competition: strict({ minimumBids: Type.Integer(), belowFloorCounts: Type.Boolean() }),
  netCost: nullable(strict({ belowWon: Won, ratePpm: Ppm })),
  bands: Type.Array(BandSchema)
})

const PricePolicySchema = strict({ institution: oneOf(INSTITUTIONS), ...PriceSteps })

export const ruleSetRoutes: Routes = async (app) => {
  app.get(
    '/v1/rule-sets',
    {
      config: { access: 'public' },
      schema: {
        tags: ['platform'],
        summary: '적용 기준 — every rule set, newest first within a law and kind; and the price steps of institutions',
        response: { 200: strict({ items: Type.Array(RuleSetSchema), pricePolicies: Type.Array(PricePolicySchema) }) }
      }
    },
    async () => ({
      items: RULE_SETS.map(({ kinds, methods, bands, ...set }) => ({
        ...set, kinds: [...kinds], methods: [...methods], bands: bands.map((band) => ({ ...band, subjects: [...band.subjects] }))
      })),
      pricePolicies: INSTITUTIONS.map((institution) => ({ institution, ...PRICE_POLICIES[institution] }))
    })
  )
}
