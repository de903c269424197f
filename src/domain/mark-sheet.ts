/**
 * An evaluator's sheet (평가표): the criteria that the notice's technical marks are divided into, and the marks of each proposal by
 * criterion. It is the evaluator's own work: the notice fixes the whole alone, and what counts is each proposal's sum.
 */
import { readDecimals } from './price-unit.ts'
import { decimalText } from './rate-text.ts'

/** Marks are counted in thousandths. */
export const MARK_PLACES = 3
export const MAX_CRITERIA = 20
export const MAX_CRITERION_NAME_LENGTH = 60

/** As it is typed. */
export interface TypedCriterion { name: string, max: string }
export interface Criterion { name: string, maxMilli: number }

export const markText = (marksMilli: number): string => decimalText(marksMilli, MARK_PLACES)

/** What is wrong with the criteria, by index; the sum is looked at only where every criterion is right. */
export type CriterionFault = { at: number, field: 'name' | 'max' } | { at: null, sumMilli: number }

/** Every criterion has a name and full marks above zero; together they are those of the notice. */
export function readCriteria (typed: readonly TypedCriterion[], fullMilli: number): { criteria: Criterion[], fault: CriterionFault | null } {
  const criteria = typed.map(({ name, max }) => ({ name: name.trim(), maxMilli: readDecimals(max.trim(), MARK_PLACES) }))
  for (const [at, { name, maxMilli }] of criteria.entries()) {
    if (name === '' || name.length > MAX_CRITERION_NAME_LENGTH) return { criteria, fault: { at, field: 'name' } }
    if (Number.isNaN(maxMilli) || maxMilli === 0) return { criteria, fault: { at, field: 'max' } }
  }
  const sumMilli = criteria.reduce((sum, { maxMilli }) => sum + maxMilli, 0)
  return { criteria, fault: sumMilli === fullMilli ? null : { at: null, sumMilli } }
}

export type MarkFault = 'missing' | 'malformed' | 'too-many'

/** A mark as typed, in thousandths, or what is wrong with it. */
export function readMark (text: string, maxMilli: number): number | MarkFault {
  if (text.trim() === '') return 'missing'
  const marksMilli = readDecimals(text.trim(), MARK_PLACES)
  if (Number.isNaN(marksMilli)) return 'malformed'
  return marksMilli > maxMilli ? 'too-many' : marksMilli
}

/** The sum of marks that are all right; null while one is not. */
export function sumOf (marks: ReadonlyArray<number | MarkFault>): number | null {
  return marks.reduce<number | null>((sum, mark) => sum === null || typeof mark === 'string' ? null : sum + mark, 0)
}

/** A line of a proposal's marks by criterion, as a reason can carry it: `1018116406: 이해도 18.5, 수행계획 40 = 58.5`. */
export function sheetLine (supplierId: string, criteria: readonly Criterion[], marksMilli: readonly number[]): string {
  const parts = criteria.map(({ name }, i) => `${name} ${markText(marksMilli[i] ?? 0)}`)
  return `${supplierId}: ${parts.join(', ')} = ${markText(sumOf(marksMilli) ?? 0)}`
}
