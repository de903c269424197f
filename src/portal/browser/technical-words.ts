/** The words of the technical evaluation in the page's language; the other's are not loaded, since the desk has much to load. */
import type { TechnicalTexts } from '../texts/ko/technical.ts'
import { korean } from './page.ts'

async function load (): Promise<TechnicalTexts> {
  return korean ? (await import('../texts/ko/technical.ts')).technicalKo : (await import('../texts/en/technical.ts')).technicalEn
}

export const technicalWords = await load()
