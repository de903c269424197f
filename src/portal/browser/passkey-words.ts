/** Words of passkeys in the page's language, and what an authenticator could not do, said in them. */
import { passkeysEn } from '../texts/en/passkeys.ts'
import { passkeysKo } from '../texts/ko/passkeys.ts'
import { explain, korean } from './page.ts'

export const passkeyWords = korean ? passkeysKo : passkeysEn

/** The message is for the reader. */
export class PasskeyFault extends Error {
  override readonly name = 'PasskeyFault'
}

export function explainPasskey (error: unknown): { text: string, code: string } {
  return error instanceof PasskeyFault ? { text: error.message, code: 'passkey' } : explain(error)
}
