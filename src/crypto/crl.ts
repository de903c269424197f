/**
 * Certificate revocation lists (RFC 5280 §5), read strictly: version 2, DER, complete lists of one issuer. Partitioned
 * and delta lists are refused, since whoever takes one for the whole would miss what is revoked elsewhere. The
 * signature is checked over the very bytes that were signed. Runs in a browser.
 */
import { toLatin1 } from '#platform/text'
import { BonginError } from '../domain/errors.ts'
import type { Instant } from '../domain/ids.ts'
import { orRefuse, parseDer, parseTimeText, readBits, readSmallInteger } from './asn1.ts'
import { equalBytes, toHex } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { readTlv, tlvsIn } from './der-cursor.ts'
import type { Tlv } from './der-cursor.ts'
import type { RevocationCode } from '../domain/holder.ts'
import { readPem } from './pem.ts'
import type { PublicKey } from './platform/types.ts'
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
  const der = readPem(toLatin1(bytes), 'X509 CRL', MAX_CRL_BYTES * 2)
  if (der === null) throw malformed()
  return readCrl(der)
}

/** Whether this key signed the list. */
export function isCrlSignedBy (crl: Crl, publicKey: PublicKey): boolean {
  return isRsaSignature({ digest: crl.digest, message: crl.tbs, signature: crl.signature, publicKey })
}

const TAG = { integer: 0x02, bits: 0x03, octets: 0x04, enumerated: 0x0a, utcTime: 0x17, time: 0x18, sequence: 0x30, extensions: 0xa0 } as const
/** DER of the object identifiers, with tag and length. */
const OID = { number: '0603551d14', reason: '0603551d15', delta: '0603551d1b', distributionPoint: '0603551d1c' } as const
/** The shortest entry, a serial number of one byte and a UTCTime, has 20 bytes. */
const MAX_ENTRIES = Math.floor(MAX_CRL_BYTES / 20)

/** CertificateList ::= SEQUENCE { tbsCertList, algorithm, signature } */
function parse (der: Uint8Array): Crl {
  if (der.length > MAX_CRL_BYTES) throw new Error('too long')
  const whole = readTlv(der, 0, der.length)
  const [tbs, algorithm, signature] = tlvsIn(der, whole, { wanted: TAG.sequence, max: 3 })
  if (whole.end !== der.length || tbs === undefined || algorithm === undefined || signature === undefined) throw new Error('another structure')
  const [version, inner, issuer, thisUpdate, nextUpdate, ...rest] = tlvsIn(der, tbs, { wanted: TAG.sequence, max: 7 })
  const slice = (part: Tlv | undefined): Bytes => new Uint8Array(der.subarray(part?.at, part?.end ?? 0))
  const digest = readSignatureAlgorithm(parseDer(slice(algorithm)))
  if (readSmallInteger(parseDer(slice(version))) !== VERSION_2 || digest === 'weak' || digest === 'unknown') throw new Error('another version or algorithm')
  if (issuer?.tag !== TAG.sequence || !equalBytes(slice(inner), slice(algorithm))) throw new Error('another structure')
  const list = rest[0]?.tag === TAG.sequence ? rest.shift() : undefined
  const [extensions, ...more] = rest
  if (more.length > 0) throw new Error('another structure')
  const times = { thisUpdate: timeOf(der, thisUpdate), nextUpdate: timeOf(der, nextUpdate) }
  if (times.nextUpdate < times.thisUpdate) throw new Error('over before it begins')
  return {
    issuer: toHex(slice(issuer)),
    ...times,
    numberHex: extensions === undefined ? null : readNumber(der, extensions),
    revoked: readRevoked(der, list),
    tbs: slice(tbs),
    digest,
    signature: readBits(parseDer(slice(signature)))
  }
}

function hexOf (der: Uint8Array, from: number, end: number): string {
  return toHex(der.subarray(from, end))
}

/** A positive integer of at most 20 bytes (RFC 5280 §4.1.2.2) in its shortest form; hex without leading zeros. */
function serialOf (der: Uint8Array, part: Tlv | undefined): string {
  const length = part === undefined ? 0 : part.end - part.from
  const [first = 0, second = 0] = part === undefined ? [] : [der[part.from], der[part.from + 1]]
  if (part?.tag !== TAG.integer || length < 1 || length > 21 || first > 0x7f || (first === 0 && length > 1 && second < 0x80)) throw new Error('serial number out of range')
  return hexOf(der, part.from, part.end).replace(/^0+(?=.)/, '')
}

function timeOf (der: Uint8Array, part: Tlv | undefined): Instant {
  if (part === undefined || (part.tag !== TAG.utcTime && part.tag !== TAG.time)) throw new Error('no time')
  return parseTimeText(toLatin1(der.subarray(part.from, part.end)), part.tag === TAG.utcTime)
}

function readRevoked (der: Uint8Array, list: Tlv | undefined): Map<string, Revocation> {
  const revoked = new Map<string, Revocation>()
  if (list === undefined) return revoked
  const entries = tlvsIn(der, list, { wanted: TAG.sequence, max: MAX_ENTRIES })
  if (entries.length === 0) throw new Error('an empty list')
  for (const entry of entries) {
    const [serial, date, extensions] = tlvsIn(der, entry, { wanted: TAG.sequence, max: 3 })
    const serialHex = serialOf(der, serial)
    if (revoked.has(serialHex)) throw new Error('a certificate stands twice')
    revoked.set(serialHex, { revokedAt: timeOf(der, date), reason: extensions === undefined ? 'unspecified' : readReason(der, extensions) })
  }
  return revoked
}

interface CrlExtension { id: string, critical: boolean, value: Tlv }

/** Extension ::= SEQUENCE { id, critical BOOLEAN DEFAULT FALSE, value OCTET STRING } */
function extensionsIn (der: Uint8Array, list: Tlv): CrlExtension[] {
  const all = tlvsIn(der, list, { wanted: TAG.sequence, max: MAX_EXTENSIONS }).map((extension) => {
    const [id, ...rest] = tlvsIn(der, extension, { wanted: TAG.sequence, max: 3 })
    const [value, critical] = [rest.at(-1), rest.length === 2 ? rest[0] : undefined]
    if (id === undefined || value?.tag !== TAG.octets) throw new Error('another extension')
    if (critical !== undefined && hexOf(der, critical.at, critical.end) !== '0101ff') throw new Error('another mark')
    return { id: hexOf(der, id.at, id.end), critical: critical !== undefined, value: { ...value, tag: TAG.sequence } }
  })
  if (all.length === 0 || new Set(all.map(({ id }) => id)).size < all.length) throw new Error('none, or one twice')
  return all
}

/** Of an entry's extensions, the reason; a critical one (another issuer's certificate) is not understood. */
function readReason (der: Uint8Array, list: Tlv): RevocationCode {
  let reason: RevocationCode | undefined = 'unspecified'
  for (const { id, critical, value } of extensionsIn(der, list)) {
    if (id === OID.reason) {
      const [code] = tlvsIn(der, value, { wanted: TAG.sequence, max: 1 })
      if (code?.tag !== TAG.enumerated || code.end - code.from !== 1) throw new Error('no reason')
      reason = CRL_REASONS.get(der[code.from] ?? 0)
    } else if (critical) throw new Error('another entry')
  }
  if (reason === undefined) throw new Error('another reason')
  return reason
}

/** Of a list's extensions, the number; marks of a partitioned or delta list, and unknown critical ones, are refused. */
function readNumber (der: Uint8Array, part: Tlv): string | null {
  let numberHex: string | null = null
  const [list] = tlvsIn(der, part, { wanted: TAG.extensions, max: 1 })
  if (list === undefined) throw new Error('no extensions')
  for (const { id, critical, value } of extensionsIn(der, list)) {
    if (id === OID.number) numberHex = serialOf(der, tlvsIn(der, value, { wanted: TAG.sequence, max: 1 })[0])
    else if (critical || id === OID.delta || id === OID.distributionPoint) throw new Error('not a complete list')
  }
  return numberHex
}

function malformed (): BonginError {
  return new BonginError('crl-invalid', {
    detail: 'This is not a complete revocation list (X.509 CRL v2, DER or PEM) signed by RSA with SHA-256, SHA-384 or SHA-512.',
    detailKo: 'SHA-256, SHA-384 또는 SHA-512 RSA로 서명된 완전한 인증서 폐지 목록(X.509 CRL v2, DER 또는 PEM)이 아닙니다.'
  })
}
