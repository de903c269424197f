/** Words of passkeys in the page's language. */
import { passkeysEn } from '../texts/en/passkeys.ts'
import { passkeysKo } from '../texts/ko/passkeys.ts'
import { korean } from './page.ts'

export const passkeyWords = korean ? passkeysKo : passkeysEn
