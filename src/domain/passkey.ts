/**
 * Passkeys (패스키, WebAuthn) as a second factor: who must have one, how many a holder may have, and when an authenticator's
 * counter tells of a copy (Web Authentication Level 3, §6.1.1 and §7.2).
 */
import type { HolderKind } from './holder.ts'
import { DAY_MS } from './time.ts'

/** Of whom an installation demands a passkey; a holder that has one is asked for it whatever stands here. */
export const PASSKEY_RULES = ['none', 'officers', 'all'] as const
export type PasskeyRule = typeof PASSKEY_RULES[number]

/** Of one holder. */
export const MAX_PASSKEYS = 10
/** Characters of the name that a holder gives a passkey. */
export const MAX_PASSKEY_NAME = 60
/** Registrations, logins and removals of one holder that wait for its authenticator; the oldest makes room. */
export const MAX_PASSKEY_CEREMONIES = 16
/** How far from the server's clock a signed reset may be dated. */
export const PASSKEY_RESET_AGE_MS = 5 * 60_000
/** Resets that a holder is shown, the latest first. */
export const MAX_SHOWN_RESETS = 10
/** How long a login tells of a reset. */
export const PASSKEY_RESET_TOLD_MS = 30 * DAY_MS

/** What of an authenticator's answer is sent and verified; base64url. */
export interface AttestationWire { id: string, clientDataJSON: string, attestationObject: string, transports: readonly string[] }
export interface AssertionWire { id: string, clientDataJSON: string, authenticatorData: string, signature: string }

export function requiresPasskey (rule: PasskeyRule, kind: HolderKind): boolean {
  return rule === 'all' || (rule === 'officers' && kind === 'officer')
}
