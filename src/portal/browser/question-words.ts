/** The words of asking and answering, in the page's language. */
import { questionsEn } from '../texts/en/questions.ts'
import { questionsKo } from '../texts/ko/questions.ts'
import { korean } from './page.ts'

export const questionWords = korean ? questionsKo : questionsEn
