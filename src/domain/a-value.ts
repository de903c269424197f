/** The A value (A값): what the law fixes in a works price, as the sum of its seven components, won. */
import { A_VALUE_COMPONENTS, type AValue, type NoticeTerms } from './notice.ts'

/** 0 where a notice has none; `notice-rules.ts` keeps the sum within the bounds of an amount. */
export function aValueWon ({ aValue }: Pick<NoticeTerms, 'aValue'>): number {
  return aValue === null ? 0 : sumOf(aValue)
}

function sumOf (aValue: AValue): number {
  return A_VALUE_COMPONENTS.reduce((sum, name) => sum + aValue[name], 0)
}
