/** The words of the evaluators' page and list, in the page's language. */
import { marksEn } from '../texts/en/marks.ts'
import { marksKo } from '../texts/ko/marks.ts'
import { korean } from './page.ts'

export const markWords = korean ? marksKo : marksEn
