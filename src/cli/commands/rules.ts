/**
 * `rules list|show|suggest`: the rule book (docs/rules.md) as this program has it, the same tables that the server keeps.
 * Needs neither key nor server, so that an officer sees floor, marks and range before anything is drafted.
 */
import { type Command, Option } from 'commander'
import { AWARD_METHODS, type AwardMethod, type EligibilityReviewRule, type Law, LAWS, TENDER_KINDS, type TenderKind } from '../../domain/notice.ts'
import {
  type Band, DEFAULT_INSTITUTION, type Institution, INSTITUTIONS, RULE_SETS, type RuleSet, ruleSetNamed, SERVICE_CATEGORIES, type ServiceCategory,
  type SuggestedTerms, suggestedTerms, type Trade, TRADES
} from '../../domain/rule-sets.ts'
import { percentText } from '../../domain/rate-text.ts'
import { formatKst, parseInstant } from '../../domain/time.ts'
import type { Action } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { amount, facts, table, won } from '../output.ts'
import { amountWon } from '../values.ts'

const NO_TABLE = 'The set has no table for this price and subject: the notice states its own rule and floor.'

const percent = (ppm: number): string => `${percentText(ppm)} %`
const marks = (milli: number): string => String(milli / 1000)
const span = ({ fromWon, belowWon }: Band): string => belowWon === null ? `from ${won(fromWon)}` : `${won(fromWon)} to below ${won(belowWon)}`

function flatPart ({ flat }: EligibilityReviewRule): string {
  return flat === null ? '-' : `${marks(flat.marksMilli)} from ${percent(flat.fromRatioPpm)}`
}

function bandLine (band: Band): string[] {
  const { rule, subjects, floorRatePpm } = band
  if (rule === null) return [span(band), 'all', '-', '-', '-', '-', '-', '-', percent(floorRatePpm)]
  const { priceMarksMilli, slopeMilli, referenceRatePpm, capabilityMarksMilli, passMarkMilli } = rule
  return [
    span(band), subjects.join(', '), marks(priceMarksMilli), marks(slopeMilli), percent(referenceRatePpm), marks(capabilityMarksMilli), marks(passMarkMilli),
    flatPart(rule), percent(floorRatePpm)
  ]
}

function priceLine ({ decimals, rangePpm, slotPlan, priceUnitWon, plannedPriceRounding }: RuleSet['price']): string {
  return `±${percentText(rangePpm)} %, ${slotPlan}, steps of ${amount(priceUnitWon, decimals)} won, mean ${plannedPriceRounding}${decimals === 0 ? '' : `, ${decimals} decimals`}`
}

function setText (set: RuleSet): string {
  const { competition, netCost } = set
  const columns = [
    { name: 'Estimated price (추정가격)' }, { name: 'Subject' }, { name: 'B', align: 'right' }, { name: 'k', align: 'right' }, { name: 'R', align: 'right' },
    { name: 'Q', align: 'right' }, { name: 'T', align: 'right' }, { name: 'Flat', align: 'right' }, { name: 'Floor (낙찰하한율)', align: 'right' }
  ] as const
  return facts([
    ['Rule set (적용 기준)', set.name],
    ['In force from (시행일)', set.effectiveFrom],
    ['Law, kinds', `${set.law}: ${set.kinds.join(', ')}`],
    ['Methods (낙찰 방법)', set.methods.join(', ')],
    ['Prices (예비가격)', priceLine(set.price)],
    ['Competition (유효 입찰)', `${competition.minimumBids} bids, those below the floor ${competition.belowFloorCounts ? 'count' : 'do not count'}`],
    ['Net cost (순공사원가)', netCost === null ? '-' : `${percent(netCost.ratePpm)} of it, below ${won(netCost.belowWon)}`],
    ['Source', set.source]
  ]) + (set.bands.length === 0 ? '' : table(columns, set.bands.map(bandLine)))
}

interface SuggestOptions {
  law: Law
  kind: TenderKind
  method: AwardMethod
  price: number
  trade?: Trade
  category?: ServiceCategory
  institution: Institution
  at?: string
}

function suggestionText ({ ruleSet, price, floorRatePpm, eligibilityReview: rule, netCost, technicalMarksMilli }: SuggestedTerms): string {
  const review: Array<readonly [string, string]> = rule === null
    ? []
    : [
        ['Price marks (입찰가격)', `${marks(rule.priceMarksMilli)} − ${marks(rule.slopeMilli)} × |${percent(rule.referenceRatePpm)} − r|, at least ${marks(rule.minimumPriceMarksMilli)}`],
        ['Flat part', flatPart(rule)],
        ['Capability marks (이행능력)', marks(rule.capabilityMarksMilli)],
        ['Pass mark (통과점수)', marks(rule.passMarkMilli)]
      ]
  return facts([
    ['Rule set (적용 기준)', ruleSet.name],
    ['Floor rate (낙찰하한율)', floorRatePpm === null ? 'not in the set' : floorRatePpm === 0 ? '-' : percent(floorRatePpm)],
    ...review,
    ...technicalMarksMilli.length === 0 ? [] : [['Technical marks (기술능력)', technicalMarksMilli.map(marks).join(' or ')] as const],
    ['Prices (예비가격)', priceLine(price)],
    ['Net cost (순공사원가)', netCost === null ? '-' : `bids under ${percent(netCost.ratePpm)} of it are excluded`],
    ['Source', ruleSet.source]
  ]) + (floorRatePpm === null ? `${NO_TABLE}\n` : '')
}

export function addRules (program: Command, action: Action): void {
  const rules = program.command('rules').description('the rule book (적용 기준); needs no server')

  rules.command('list')
    .description('every rule set, by law and kind, newest first')
    .action(action(async (context) => {
      const columns = [{ name: 'Rule set' }, { name: 'Law' }, { name: 'Kinds' }, { name: 'From' }, { name: 'Rows', align: 'right' }] as const
      context.out.done({
        json: { items: RULE_SETS },
        text: table(columns, RULE_SETS.map(({ name, law, kinds, effectiveFrom, bands }) => [name, law, kinds.join(', '), effectiveFrom, String(bands.length)])),
        next: `bongin rules show ${RULE_SETS[0]?.name ?? ''}`
      })
    }))

  rules.command('show')
    .argument('<name>', 'such as pps-works-2026-01-30')
    .description('one rule set: prices, competition, every row of its table')
    .action(action(async (context, name: string) => {
      const set = ruleSetNamed(name)
      context.out.done({ json: set, text: setText(set) })
    }))

  rules.command('suggest')
    .description('what to write into a draft: floor, score rule, price range')
    .addOption(new Option('--law <law>').choices(LAWS).makeOptionMandatory())
    .addOption(new Option('--kind <kind>').choices(TENDER_KINDS).makeOptionMandatory())
    .addOption(new Option('--method <method>').choices(AWARD_METHODS).makeOptionMandatory())
    .requiredOption('--price <won>', 'estimated price (추정가격), without VAT', amountWon)
    .addOption(new Option('--trade <trade>', 'works: several trades or one').choices(TRADES))
    .addOption(new Option('--category <category>', 'services with a table of their own').choices(SERVICE_CATEGORIES))
    .addOption(new Option('--institution <name>', 'whose steps and rounding').choices(INSTITUTIONS).default(DEFAULT_INSTITUTION))
    .option('--at <time>', 'the first notice, as 2026-11-24 or RFC 3339; otherwise now')
    .action(action(async (context, { price: estimatedPriceWon, at, ...asked }: SuggestOptions) => {
      if (asked.trade !== undefined && asked.kind !== 'works') throw new UsageError('--trade is for works.')
      if (asked.category !== undefined && asked.kind !== 'services') throw new UsageError('--category is for services.')
      const noticeAt = at === undefined ? context.io.now() : parseInstant(/^\d{4}-\d\d-\d\d$/.test(at) ? `${at}T00:00:00+09:00` : at, '/at')
      const suggested = suggestedTerms({ ...asked, estimatedPriceWon, noticeAt })
      const { ruleSet, ...draft } = suggested
      context.out.done({
        json: { ruleSet: ruleSet.name, source: ruleSet.source, noticeAt: formatKst(noticeAt), ...draft, competition: ruleSet.competition },
        text: suggestionText(suggested)
      })
    }))
}
