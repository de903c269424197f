/**
 * Certificate revocation lists (RFC 5280 §5), read strictly: version 2, DER, complete lists of one issuer. Partitioned
 * and delta lists are refused, since whoever takes one for the whole would miss what is revoked elsewhere. The
 * signature is checked by node:crypto over the very bytes that were signed.
 */
import type { KeyObject } from 'node:crypto'
import { BonginError } from '../domain/errors.ts'
import type { Instant } from '../domain/ids.ts'
import { encodeDer, members, orRefuse, parseDer, readBits, readEnumerated, readSerialHex, readSmallInteger, readTime } from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import { equalBytes, toHex } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { readExtension } from './chain-certificate.ts'
import type { RevocationCode } from '../domain/holder.ts'
import { readPem } from './pem.ts'
import { isRsaSignature, readSignatureAlgorithm } from './rsa-signature.ts'
import type { SignatureDigest } from './rsa-signature.ts'

/** About 25,000 revoked certificates. */
export const MAX_CRL_BYTES = 1_048_576
const VERSION_2 = 1
const MAX_EXTENSIONS = 16

/** CRLReason (RFC 5280 §5.3.1) with its numbers; 8, removeFromCRL, stands in delta lists alone. */
export const CRL_REASONS: ReadonlyMap<number, RevocationCode> = new Map([
  [0, 'unspecified'], [1, 'keyCompromise'], [2, 'cACompromise'], [3, 'affiliationChanged'], [4, 'superseded'], [5, 'cessationOfOperation'],
  [6, 'certificateHold'], [9, 'privilegeWithdrawn'], [10, 'aACompromise']
])

export interface Revocation {
  /** Whole seconds. */
  revokedAt: Instant
  reason: RevocationCode
}

export interface Crl {
  /** DER of the issuer's name in hex. */
  issuer: string
  thisUpdate: Instant
  nextUpdate: Instant
  /** cRLNumber in hex; null where there is none. */
  numberHex: string | null
  /** By serial number in lower-case hex. */
  revoked: ReadonlyMap<string, Revocation>
  tbs: Bytes
  digest: SignatureDigest
  signature: Bytes
}

/** @throws BonginError `crl-invalid`. */
export function readCrl (der: Uint8Array): Crl {
  return orRefuse(() => parse(der), malformed)
}

/** DER, or PEM with the label X509 CRL. @throws BonginError `crl-invalid`. */
export function readCrlFile (bytes: Uint8Array): Crl {
  if (bytes[0] === 0x30) return readCrl(bytes)
  const der = readPem(Buffer.from(bytes).toString('latin1'), 'X509 CRL', MAX_CRL_BYTES * 2)
  if (der === null) throw malformed()
  return readCrl(der)
}

/** Whether this key signed the list. */
export function isCrlSignedBy (crl: Crl, publicKey: KeyObject): boolean {
  return isRsaSignature({ digest: crl.digest, message: crl.tbs, signature: crl.signature, publicKey })
}

/** CertificateList ::= SEQUENCE { tbsCertList, algorithm, signature } */
function parse (der: Uint8Array): Crl {
  if (der.length > MAX_CRL_BYTES) throw new Error('too long')
  const [tbs, algorithm, signature] = members(parseDer(der), 'sequence', { min: 3 })
  const [version, inner, issuer, thisUpdate, nextUpdate, ...rest] = members(tbs, 'sequence', { min: 5, max: 7 })
  const digest = readSignatureAlgorithm(algorithm)
  if (readSmallInteger(version) !== VERSION_2 || digest === 'weak' || digest === 'unknown') throw new Error('another version or algorithm')
  if (tbs === undefined || issuer === undefined || inner === undefined || algorithm === undefined) throw new Error('a part is missing')
  if (!equalBytes(encodeDer(inner), encodeDer(algorithm))) throw new Error('two algorithms')
  const list = rest[0]?.tagClass === 0 ? rest.shift() : undefined
  const [extensions, ...more] = rest
  if (more.length > 0) throw new Error('another structure')
  const times = { thisUpdate: readTime(thisUpdate), nextUpdate: readTime(nextUpdate) }
  if (times.nextUpdate < times.thisUpdate) throw new Error('over before it begins')
  return {
    issuer: toHex(encodeDer(issuer)),
    ...times,
    numberHex: extensions === undefined ? null : readNumber(extensions),
    revoked: readRevoked(list),
    tbs: encodeDer(tbs),
    digest,
    signature: readBits(signature)
  }
}

function readRevoked (list: Asn1 | undefined): Map<string, Revocation> {
  const revoked = new Map<string, Revocation>()
  if (list === undefined) return revoked
  for (const entry of members(list, 'sequence', { min: 1, max: Infinity })) {
    const [serial, date, extensions] = members(entry, 'sequence', { min: 2, max: 3 })
    const serialHex = readSerialHex(serial)
    if (revoked.has(serialHex)) throw new Error('a certificate stands twice')
    revoked.set(serialHex, { revokedAt: readTime(date), reason: extensions === undefined ? 'unspecified' : readReason(extensions) })
  }
  return revoked
}

/** Of an entry's extensions, the reason; a critical one (another issuer's certificate) is not understood. */
function readReason (node: Asn1): RevocationCode {
  let reason: RevocationCode | undefined = 'unspecified'
  for (const extension of members(node, 'sequence', { min: 1, max: MAX_EXTENSIONS })) {
    const { id, critical, value } = readExtension(extension)
    if (id === '2.5.29.21') reason = CRL_REASONS.get(readEnumerated(parseDer(value)))
    else if (critical) throw new Error('another entry')
  }
  if (reason === undefined) throw new Error('another reason')
  return reason
}

/** Of a list's extensions, the number; marks of a partitioned or delta list, and unknown critical ones, are refused. */
function readNumber (node: Asn1): string | null {
  let numberHex: string | null = null
  for (const extension of members(members(node, 0, { min: 1 })[0], 'sequence', { min: 1, max: MAX_EXTENSIONS })) {
    const { id, critical, value } = readExtension(extension)
    if (id === '2.5.29.20') numberHex = readSerialHex(parseDer(value))
    else if (critical || id === '2.5.29.28' || id === '2.5.29.27') throw new Error('not a complete list')
  }
  return numberHex
}

function malformed (): BonginError {
  return new BonginError('crl-invalid', {
    detail: 'This is not a complete revocation list (X.509 CRL v2, DER or PEM) signed by RSA with SHA-256, SHA-384 or SHA-512.',
    detailKo: 'SHA-256, SHA-384 또는 SHA-512 RSA로 서명된 완전한 인증서 폐지 목록(X.509 CRL v2, DER 또는 PEM)이 아닙니다.'
  })
}
