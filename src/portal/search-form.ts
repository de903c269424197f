/**
 * What a search's address says, as a filter: what the form sends and what links carry. Whatever nobody can have meant is named by its field,
 * beside which the page says so.
 */
import { BonginError } from '../domain/errors.ts'
import { AGENCY_ID_PATTERN, type AgencyId, type Instant } from '../domain/ids.ts'
import { readDecimals } from '../domain/price-unit.ts'
import { DAY_MS } from '../domain/time.ts'
import { instantAt, parseDay } from '../domain/working-days.ts'
import type { TenderFilter } from '../services/read-tender.ts'

/** Fields that people type into. */
export type TypedField = 'agency' | 'estimatedFrom' | 'estimatedUntil' | 'closesFrom' | 'closesUntil'
export type Typed = { readonly [field in TypedField]?: string | undefined }
/** No number of won, no day, an end before its start, no agency of such a name, several of them. */
export type Fault = 'won' | 'day' | 'range' | 'none' | 'several'
export type Faults = Partial<Record<TypedField, Fault>>

/** Agencies that a name fits; a code fits by itself. */
export type FindAgencies = (name: string) => Promise<Array<{ agencyId: AgencyId, name: string }>>

interface ReadForm {
  filter: Pick<TenderFilter, 'agencyId' | 'estimatedFrom' | 'estimatedUntil' | 'closesFrom' | 'closesUntil'>
  faults: Faults
  /** To choose from, where several agencies have such a name. */
  agencies: Awaited<ReturnType<FindAgencies>>
}

/** Days are Korea's, both included; amounts are won, with or without commas. */
export async function readSearchForm (typed: Typed, find: FindAgencies): Promise<ReadForm> {
  const faults: Faults = {}
  const read = <T>(field: TypedField, parse: (text: string) => T | null, fault: Fault): T | undefined => {
    const text = typed[field]?.trim() ?? ''
    if (text === '') return undefined
    const value = parse(text)
    if (value === null) faults[field] = fault
    return value ?? undefined
  }
  const [estimatedFrom, estimatedUntil] = (['estimatedFrom', 'estimatedUntil'] as const).map((field) => read(field, wonOf, 'won'))
  const closesFrom = read('closesFrom', startOf, 'day')
  const lastDay = read('closesUntil', startOf, 'day')
  const closesUntil = lastDay === undefined ? undefined : lastDay + DAY_MS - 1
  if (estimatedFrom !== undefined && estimatedUntil !== undefined && estimatedFrom > estimatedUntil) faults.estimatedUntil = 'range'
  if (closesFrom !== undefined && lastDay !== undefined && closesFrom > lastDay) faults.closesUntil = 'range'
  const agencies = await agenciesOf(typed.agency?.trim() ?? '', find)
  if (agencies !== null && agencies.length !== 1) faults.agency = agencies.length === 0 ? 'none' : 'several'
  const [agency] = agencies ?? []
  return {
    filter: { agencyId: agency?.agencyId, estimatedFrom, estimatedUntil, closesFrom, closesUntil },
    faults,
    agencies: agencies !== null && agencies.length > 1 ? agencies : []
  }
}

function wonOf (text: string): number | null {
  const won = readDecimals(text, 0)
  return Number.isNaN(won) ? null : won
}

function startOf (text: string): Instant | null {
  try {
    return instantAt(parseDay(text), 0)
  } catch (error) {
    if (error instanceof BonginError) return null
    throw error
  }
}

/** null where none is asked for; the one whose whole name it is goes before those that have it in theirs. */
async function agenciesOf (text: string, find: FindAgencies): Promise<ReadForm['agencies'] | null> {
  if (text === '') return null
  if (new RegExp(AGENCY_ID_PATTERN).test(text)) return [{ agencyId: text as AgencyId, name: text }]
  const found = await find(text)
  return found[0]?.name === text ? found.slice(0, 1) : found
}
