/**
 * What a form of `draft-fields.ts` says, as a draft, and a draft as what the form shows. Amounts and rates are read digit by digit:
 * nothing is rounded, and what is no value is a fault of its field. Pure.
 */
import { A_VALUE_COMPONENTS, type AwardMethod, type PriceDecimals } from '../../domain/notice.ts'
import { PRICE_DEFAULTS, type TenderDraft } from '../../domain/draft.ts'
import type { OfficerId } from '../../domain/ids.ts'
import { amountText, isPriceDecimals, readDecimals } from '../../domain/price-unit.ts'
import { decimalText, percentText, PERCENT_PLACES } from '../../domain/rate-text.ts'
import { formatKst, kstMinute, parseInstant, readKstLocal } from '../../domain/time.ts'
import { DRAFT_FIELDS, DRAFT_SECTIONS, type DraftField, type DraftFieldType } from './draft-fields.ts'

/** A field's text; of a tick `yes` or nothing; of several officers their ids by commas. */
export type FormValues = ReadonlyMap<string, string>
type Fault = 'missing' | 'malformed'
type Value = string | number | boolean | null | string[] | TenderDraft['unitPrices']

const MILLI_PLACES = 3

/** Which sections count under an award method; the reason of a change stands by itself. */
export function countedFields (method: string): DraftField[] {
  return DRAFT_SECTIONS.filter(({ methods }) => methods === undefined || methods.includes(method as AwardMethod)).flatMap(({ fields }) => fields)
}

interface ReadForm { draft: TenderDraft | null, faults: Map<string, Fault> }

/** The draft, or null and the fields at fault. Attachments come from elsewhere. */
export function readForm (values: FormValues, { executing, attachments }: {
  executing: string, attachments: TenderDraft['attachments']
}): ReadForm {
  const text = (path: string): string => (values.get(path) ?? '').trim().normalize('NFC')
  const given = Number(text('price.decimals') || PRICE_DEFAULTS.decimals)
  const decimals: PriceDecimals = isPriceDecimals(given) ? given : 0
  const faults = new Map<string, Fault>()
  const read = new Map<string, Value>()
  for (const { path, type, optional = false } of countedFields(text('method'))) {
    if (text(path) === '' && type !== 'yes' && !optional) faults.set(path, 'missing')
    const value = readValue(text(path), type, decimals)
    if (value === undefined) faults.set(path, 'malformed')
    else read.set(path, value)
  }
  if (faults.size > 0) return { draft: null, faults }
  return { draft: assemble((path) => read.get(path) ?? null, { executing: executing as OfficerId, attachments, decimals }), faults }
}

/** undefined for what is no value of this type; null for an empty field. */
function readValue (text: string, type: DraftFieldType, decimals: PriceDecimals): Value | undefined {
  switch (type) {
    case 'text': case 'longtext': case 'email': case 'choice': case 'officer': return text
    case 'yes': return text === 'yes'
    case 'list': case 'officers': return splitList(text)
    case 'lines': return readLines(text)
    case 'time': return readTime(text)
    case 'won': case 'whole': return readNumber(text, 0)
    case 'amount': return readNumber(text, decimals)
    case 'percent': return readNumber(text, PERCENT_PLACES)
    case 'marks': return readNumber(text, MILLI_PLACES)
  }
}

function readNumber (text: string, places: number): number | null | undefined {
  if (text === '') return null
  const value = readDecimals(text, places)
  return Number.isNaN(value) ? undefined : value
}

function readTime (text: string): string | null | undefined {
  if (text === '') return null
  const at = readKstLocal(text)
  return at === null ? undefined : formatKst(at)
}

const splitList = (text: string): string[] => text.split(',').map((part) => part.trim()).filter((part) => part !== '')

function readLines (text: string): TenderDraft['unitPrices'] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '').map((line) => {
    const [name = '', unit = '', quantity = '', ...rest] = line.split(',').map((part) => part.trim())
    return { name, unit, quantity: rest.length === 0 ? readDecimals(quantity, 0) : Number.NaN }
  })
  return lines.some(({ name, unit, quantity }) => name === '' || unit === '' || Number.isNaN(quantity)) ? undefined : lines
}

type Read = (path: string) => Value

/** Groups of which nothing was entered are absent as wholes. */
function assemble (read: Read, { executing, attachments, decimals }: {
  executing: OfficerId, attachments: TenderDraft['attachments'], decimals: PriceDecimals
}): TenderDraft {
  const nest = nested(read)
  const groups = nest as Record<string, Record<string, unknown>>
  const { aValue, eligibilityReview = null, comprehensive, technical = null, lot, jointBids, price, committee, ...rest } = groups
  const empty = (group: object | null | undefined): boolean => group === undefined || group === null || Object.values(group).every((value) => value === null || value === '')
  const draft = {
    ...rest,
    aValue: empty(aValue) ? null : Object.fromEntries(A_VALUE_COMPONENTS.map((name) => [name, aValue?.[name] ?? 0])),
    eligibilityReview: eligibilityReview === null ? null : withFlat(eligibilityReview),
    comprehensive: comprehensive === undefined ? null : withReference(withFlat(comprehensive)),
    technical,
    lot: empty(lot) ? null : { ...lot, noticeId: lot?.['noticeId'] === '' ? null : lot?.['noticeId'] },
    jointBids: empty(jointBids) ? null : { maxMembers: jointBids?.['maxMembers'] ?? 0, minimumSharePpm: jointBids?.['minimumSharePpm'] ?? 0 },
    price: { ...price, decimals },
    committee: { ...committee, executing },
    previousTenderId: read('previousTenderId') === '' ? null : read('previousTenderId'),
    attachments
  }
  return draft as unknown as TenderDraft
}

function nested (read: Read): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const { path } of countedFields(String(read('method')))) {
    const names = path.split('.')
    const last = names.pop() ?? ''
    let place = root
    for (const name of names) place = (place[name] ??= {}) as Record<string, unknown>
    place[last] = read(path)
  }
  return root
}

function withFlat (rule: Record<string, unknown>): Record<string, unknown> {
  const { fromRatioPpm, marksMilli } = rule['flat'] as Record<string, unknown>
  const isNone = fromRatioPpm === null && marksMilli === null
  return { ...rule, flat: isNone ? null : { fromRatioPpm: fromRatioPpm ?? 0, marksMilli: marksMilli ?? 0 } }
}

function withReference (rule: Record<string, unknown>): Record<string, unknown> {
  const { kind, ratePpm, dropHighestPpm, dropLowestPpm, minimumBids } = rule['reference'] as Record<string, unknown>
  const reference = kind === 'planned'
    ? { kind, ratePpm: ratePpm ?? 0 }
    : { kind, dropHighestPpm: dropHighestPpm ?? 0, dropLowestPpm: dropLowestPpm ?? 0, minimumBids: minimumBids ?? 0 }
  return { ...rule, reference }
}

/** What the form's fields show of a draft. */
export function formValues (draft: TenderDraft): Map<string, string> {
  const { decimals } = draft.price
  return new Map(DRAFT_FIELDS.map(({ path, type }) => [path, textOf(memberAt(draft, path), type, decimals)]))
}

/** undefined where there is none. */
export function memberAt (draft: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], draft)
}

/** How a field shows a value of the draft. */
export function textOf (value: unknown, type: DraftFieldType, decimals: PriceDecimals): string {
  if (value === undefined || value === null) return ''
  switch (type) {
    case 'yes': return value === true ? 'yes' : ''
    case 'list': case 'officers': return (value as string[]).join(', ')
    case 'lines': return (value as TenderDraft['unitPrices']).map(({ name, unit, quantity }) => `${name}, ${unit}, ${quantity}`).join('\n')
    case 'time': return kstMinute(parseInstant(String(value)))
    case 'won': case 'amount': return amountText(Number(value), type === 'won' ? 0 : decimals)
    case 'percent': return percentText(Number(value))
    case 'marks': return decimalText(Number(value), MILLI_PLACES)
    default: return String(value)
  }
}

/** The place in a form that a JSON pointer of the draft means: its field, or the section that it is in. */
export function fieldAt (pointer: string): string | null {
  const path = pointer.replace(/^\//, '').replaceAll('/', '.')
  const field = DRAFT_FIELDS.find((one) => path === one.path || path.startsWith(`${one.path}.`))
  if (field !== undefined) return field.path
  if (path.startsWith('attachments')) return 'attachments'
  const section = DRAFT_SECTIONS.find(({ id }) => path === id || path.startsWith(`${id}.`))
  return section?.id ?? DRAFT_FIELDS.find((one) => one.path.startsWith(`${path}.`))?.path ?? null
}
