/**
 * The rule book beside the form: what it prescribes for what was entered, and where the form says otherwise. The tables are those
 * that the server lists at `GET /v1/rule-sets`; the server decides again.
 */
import type { TenderDraft } from '../../domain/draft.ts'
import { AWARD_METHODS, LAWS, TENDER_KINDS } from '../../domain/notice.ts'
import { SERVICE_CATEGORIES, suggestedTerms, TRADES, type SuggestedTerms } from '../../domain/rule-sets.ts'
import { readDecimals } from '../../domain/price-unit.ts'
import { DRAFT_FIELDS } from '../texts/draft-fields.ts'
import { memberAt, textOf, type FormValues } from '../texts/draft-values.ts'
import { deskWords } from './desk-words.ts'
import { element, explain, korean, make } from './page.ts'
import { serverNow } from './server-clock.ts'

interface Suggestion { terms: SuggestedTerms, values: Map<string, string> }

const known = <Word extends string>(all: readonly Word[], text: string | undefined): Word | undefined => all.find((word) => word === text)

/** null where the form does not say enough. @throws BonginError `rule-set-invalid` where no set is in force. */
function suggestionFor (values: FormValues): Suggestion | null {
  const [kind, law, method] = [known(TENDER_KINDS, values.get('kind')), known(LAWS, values.get('law')), known(AWARD_METHODS, values.get('method'))]
  const estimatedPriceWon = readDecimals((values.get('estimatedPriceWon') ?? '').trim(), 0)
  if (kind === undefined || law === undefined || method === undefined || Number.isNaN(estimatedPriceWon)) return null
  const subject = element<HTMLSelectElement>('subject').value
  const trade = kind === 'works' ? known(TRADES, subject) : undefined
  const category = kind === 'services' ? known(SERVICE_CATEGORIES, subject) : undefined
  const terms = suggestedTerms({ law, kind, method, estimatedPriceWon, noticeAt: serverNow(), trade, category })
  return { terms, values: suggestedValues(terms) }
}

function suggestedValues ({ price, floorRatePpm, eligibilityReview }: SuggestedTerms): Map<string, string> {
  const floor = floorRatePpm === null ? {} : { floorRatePpm }
  const draft: Partial<Pick<TenderDraft, 'floorRatePpm' | 'eligibilityReview'>> = { ...floor, ...(eligibilityReview === null ? {} : { eligibilityReview }) }
  const found = DRAFT_FIELDS.flatMap(({ path, type }): Array<[string, string]> => {
    const value = memberAt({ ...draft, price }, path)
    return value === undefined ? [] : [[path, textOf(value, type, price.decimals)]]
  })
  return new Map(found)
}

const nameOf = (path: string): string => DRAFT_FIELDS.find((field) => field.path === path)?.name[korean ? 0 : 1] ?? path
const shown = (path: string, text: string): string => {
  const field = DRAFT_FIELDS.find((one) => one.path === path)
  const choice = field?.choices?.find(([value]) => value === text)
  return (choice === undefined ? text : choice[korean ? 1 : 2]) || '–'
}
/** Thousands apart or not, zeros behind the point or not: one value. */
const plain = (text: string): string => /^[\d,.]+$/.test(text) ? String(Number(text.replaceAll(',', ''))) : text

/** Shows what differs. Returns what the rule book would have in the form, or null. */
export function showRules (values: FormValues): Suggestion | null {
  const place = element('rules')
  const button = element('use-rules')
  button.hidden = true
  let suggestion: Suggestion | null
  try {
    suggestion = suggestionFor(values)
  } catch (error) {
    place.replaceChildren(make('p', {}, explain(error).text))
    return null
  }
  if (suggestion === null) {
    place.replaceChildren(make('p', {}, deskWords.rulesWait))
    return null
  }
  const { terms: { ruleSet, floorRatePpm, netCost }, values: wanted } = suggestion
  const different = [...wanted].filter(([path, text]) => plain((values.get(path) ?? '').trim()) !== plain(text))
  place.replaceChildren(
    make('p', {}, `${deskWords.ruleSet}: `, make('code', {}, ruleSet.name), ` (${ruleSet.source})`),
    ...(floorRatePpm === null ? [make('p', {}, deskWords.rulesNoTable)] : []),
    ...(netCost === null ? [] : [make('p', {}, deskWords.rulesNetCost)]),
    different.length === 0 ? make('p', { 'data-agrees': '' }, deskWords.rulesAgree) : make('p', {}, deskWords.rulesDiffer),
    make('ul', {}, ...different.map(([path, text]) =>
      make('li', { 'data-differs': path }, `${nameOf(path)}: ${deskWords.rulesEntered} ${shown(path, values.get(path) ?? '')}, ${deskWords.rulesPrescribed} ${shown(path, text)}`)))
  )
  if (different.length === 0) place.querySelector('ul')?.remove()
  button.hidden = different.length === 0
  return suggestion
}
