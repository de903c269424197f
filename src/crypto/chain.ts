/**
 * Certification paths (RFC 5280 §6) from a certificate of another authority to a trust anchor, at one instant. Names, key
 * identifiers and signatures are checked by node:crypto; constraints and revocation here. Revocation must be known: an
 * issuer without a fresh list of its own vouches for nothing. The search is bounded and never visits a key of one name
 * twice, so that cross-certificates cannot lead it in circles.
 */
import { MAX_CHAIN_CERTIFICATES } from '../domain/holder.ts'
import type { Instant } from '../domain/ids.ts'
import type { ChainCertificate } from './chain-certificate.ts'
import { isCrlSignedBy } from './crl.ts'
import type { Crl } from './crl.ts'
import { KEY_USAGE } from './extensions.ts'

/** From no way at all to the last thing that can be wrong: of several tries, the one that came furthest is told. */
export const CHAIN_REFUSALS = [
  'no-anchor', 'too-long', 'issuer-mismatch', 'not-an-authority', 'key-usage', 'not-an-end-entity', 'path-length', 'critical-extension', 'weak-key',
  'weak-signature', 'not-yet-valid', 'expired', 'crl-missing', 'crl-stale', 'revoked', 'too-many-candidates'
] as const
export type ChainRefusal = typeof CHAIN_REFUSALS[number]

/** Issuers that one search looks at. */
export const MAX_CANDIDATES = 64

export interface ChainInput {
  leaf: ChainCertificate
  /** Authorities that nobody need trust: they lead to an anchor or they do not. */
  intermediates: readonly ChainCertificate[]
  /** Trusted as they are: their own signature does not count, their constraints and validity do. */
  anchors: readonly ChainCertificate[]
  /** Read, not verified: each counts only under the key of the issuer that it names. */
  crls: readonly Crl[]
  at: Instant
}

export type ChainResult =
  | { path: ChainCertificate[], refusal: null }
  /** `subject`: the certificate at fault. */
  | { path: null, refusal: ChainRefusal, subject: string }

/** The first path found, leaf first and anchor last. */
export function buildChain (input: ChainInput): ChainResult {
  const { leaf, at } = input
  const search: Search = { ...input, candidates: 0, worst: { refusal: 'no-anchor', subject: leaf.issuerText } }
  const fault = endEntityFault(leaf) ?? certificateFault(leaf, at)
  if (fault !== null) return { path: null, refusal: fault, subject: leaf.subjectText }
  const path = extend([leaf], search)
  return path === null ? { path: null, ...search.worst } : { path, refusal: null }
}

interface Search extends ChainInput { candidates: number, worst: { refusal: ChainRefusal, subject: string } }

function note (search: Search, refusal: ChainRefusal, subject: string): null {
  if (CHAIN_REFUSALS.indexOf(refusal) > CHAIN_REFUSALS.indexOf(search.worst.refusal)) search.worst = { refusal, subject }
  return null
}

/** Depth first; anchors before other authorities. */
function extend (path: readonly ChainCertificate[], search: Search): ChainCertificate[] | null {
  const current = path.at(-1)
  if (current === undefined) return null
  const { anchors, intermediates } = search
  for (const issuer of [...anchors, ...intermediates]) {
    if (issuer.subject !== current.issuer || path.some((passed) => isSameAuthority(passed, issuer))) continue
    if (search.candidates++ >= MAX_CANDIDATES) return note(search, 'too-many-candidates', current.subjectText)
    if (path.length >= MAX_CHAIN_CERTIFICATES) return note(search, 'too-long', current.subjectText)
    const fault = linkFault(path, issuer, search)
    if (fault !== null) {
      note(search, fault.refusal, fault.subject)
      continue
    }
    const found = anchors.includes(issuer) ? [...path, issuer] : extend([...path, issuer], search)
    if (found !== null) return found
  }
  return null
}

function isSameAuthority (one: ChainCertificate, other: ChainCertificate): boolean {
  return one.subject === other.subject && one.spkiHex === other.spkiHex
}

function endEntityFault ({ isAuthority, keyUsage }: ChainCertificate): ChainRefusal | null {
  const needed = KEY_USAGE.digitalSignature | KEY_USAGE.nonRepudiation
  if (isAuthority) return 'not-an-end-entity'
  return keyUsage !== null && (keyUsage & needed) === needed ? null : 'key-usage'
}

/** What is wrong with a certificate by itself. */
function certificateFault ({ unknownCritical, publicKey, notBefore, notAfter }: ChainCertificate, at: Instant): ChainRefusal | null {
  if (unknownCritical !== null) return 'critical-extension'
  if (publicKey === null) return 'weak-key'
  if (at < notBefore) return 'not-yet-valid'
  return at > notAfter ? 'expired' : null
}

/** What stands in the way of `issuer` as the issuer of the path's last certificate. */
function linkFault (path: readonly ChainCertificate[], issuer: ChainCertificate, search: Search): Search['worst'] | null {
  const current = path.at(-1)
  if (current === undefined) return null
  const of = (subject: ChainCertificate, refusal: ChainRefusal | null): Search['worst'] | null =>
    refusal === null ? null : { refusal, subject: subject.subjectText }
  return of(issuer, authorityFault(issuer)) ?? of(current, signatureFault(current, issuer)) ?? of(issuer, lengthFault(path, issuer)) ??
    of(issuer, certificateFault(issuer, search.at)) ?? of(current, revocationFault(current, issuer, search))
}

function authorityFault ({ isAuthority, keyUsage, publicKey }: ChainCertificate): ChainRefusal | null {
  if (!isAuthority) return 'not-an-authority'
  if (keyUsage !== null && (keyUsage & KEY_USAGE.keyCertSign) === 0) return 'key-usage'
  return publicKey === null ? 'weak-key' : null
}

function lengthFault (path: readonly ChainCertificate[], { pathLength }: ChainCertificate): ChainRefusal | null {
  // Self-issued certificates between issuer and leaf do not count (RFC 5280 §4.2.1.9).
  const between = path.slice(1).filter(({ subject, issuer }) => subject !== issuer).length
  return pathLength !== null && between > pathLength ? 'path-length' : null
}

/** The issuer's key is of a size that is quick to verify with: that was checked before. */
function signatureFault (certificate: ChainCertificate, issuer: ChainCertificate): ChainRefusal | null {
  if (certificate.digest === 'weak' || certificate.digest === 'unknown') return 'weak-signature'
  const { x509 } = certificate
  return issuer.publicKey !== null && x509.checkIssued(issuer.x509) && x509.verify(issuer.publicKey) ? null : 'issuer-mismatch'
}

/** By the newest list that the issuer's own key signed (RFC 5280 §6.3). A stale one still tells what it names. */
function revocationFault ({ serialHex }: ChainCertificate, issuer: ChainCertificate, { crls, at }: Search): ChainRefusal | null {
  const { publicKey, keyUsage, subject } = issuer
  if (publicKey === null || (keyUsage !== null && (keyUsage & KEY_USAGE.cRLSign) === 0)) return 'crl-missing'
  const own = crls.filter((crl) => crl.issuer === subject && isCrlSignedBy(crl, publicKey))
  if (own.length === 0) return 'crl-missing'
  const known = own.filter(({ thisUpdate }) => thisUpdate <= at).sort((one, other) => other.thisUpdate - one.thisUpdate)[0]
  if (known?.revoked.has(serialHex) === true) return 'revoked'
  return known === undefined || at > known.nextUpdate ? 'crl-stale' : null
}
