/**
 * The platform's root certificate as this browser remembers it: the SHA-256 of the first one that it met. Kept in localStorage,
 * for all pages; where there is none (a private window), every contact is the first.
 */
import { type Sha256Hex, SHA256_HEX_PATTERN } from '../../domain/ids.ts'

const PLACE = 'bongin.root'

export function pinnedRoot (): Sha256Hex | null {
  try {
    const kept = localStorage.getItem(PLACE)
    return kept !== null && new RegExp(SHA256_HEX_PATTERN).test(kept) ? kept as Sha256Hex : null
  } catch {
    return null
  }
}

/** Does not replace another: that one must be forgotten first. */
export function pinRoot (fingerprint: Sha256Hex): void {
  if (pinnedRoot() !== null) return
  try {
    localStorage.setItem(PLACE, fingerprint)
  } catch {
    // Nothing is remembered here.
  }
}

export function forgetRoot (): void {
  try {
    localStorage.removeItem(PLACE)
  } catch {
    // Nothing was remembered here.
  }
}
