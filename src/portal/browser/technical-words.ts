/** The words of the technical evaluation, in the page's language. */
import { technicalEn } from '../texts/en/technical.ts'
import { technicalKo } from '../texts/ko/technical.ts'
import { korean } from './page.ts'

export const technicalWords = korean ? technicalKo : technicalEn
