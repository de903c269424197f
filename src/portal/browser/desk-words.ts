/** The words of the officer's pages, in the page's language. */
import { officerEn } from '../texts/en/officer.ts'
import { officerKo } from '../texts/ko/officer.ts'
import { korean } from './page.ts'

export const deskWords = korean ? officerKo : officerEn
