/**
 * Builds certificate revocation lists (X.509 CRL v2, RFC 5280 §5): node:crypto signs the DER of the TBSCertList with
 * SHA-256, and what comes out is read again by the strict reader before it leaves. Times have whole seconds, rounded down.
 */
import { X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { invariant } from '../domain/errors.ts'
import type { Instant } from '../domain/ids.ts'
import { bits, encodeDer, enumerated, explicit, implicit, integer, integerFromHex, members, nothing, octets, oid, parseDer, readOctets, sequence, time } from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import type { Bytes } from './bytes.ts'
import { wrapDer } from './der-cursor.ts'
import { CRL_REASONS, isCrlSignedBy, readCrl } from './crl.ts'
import type { Revocation } from './crl.ts'
import { readExtension } from './extensions.ts'
import { signRsaSha256 } from './rsa-private-keys.ts'
import { SHA256_WITH_RSA } from './rsa-signature.ts'

export interface CrlRequest {
  /** Larger than that of every list before. */
  number: number
  thisUpdate: Instant
  nextUpdate: Instant
  revoked: ReadonlyArray<Revocation & { serialHex: string }>
}

const VERSION_2 = 1
const SEQUENCE = 0x30
const [AUTHORITY_KEY, CRL_NUMBER, REASON, SUBJECT_KEY] = ['2.5.29.35', '2.5.29.20', '2.5.29.21', '2.5.29.14']

/** @returns DER. */
export function buildCrl ({ number, thisUpdate, nextUpdate, revoked }: CrlRequest, { privateKey, issuerDer }: {
  privateKey: KeyObject, issuerDer: Uint8Array
}): Bytes {
  const { subject, keyIdentifier } = issuerOf(issuerDer)
  const algorithm = sequence(oid(SHA256_WITH_RSA), nothing())
  const extensions = explicit(0, sequence(extension(AUTHORITY_KEY, sequence(implicit(0, keyIdentifier))), extension(CRL_NUMBER, integer(number))))
  const tbs = wrapDer(SEQUENCE, [
    ...[integer(VERSION_2), algorithm, subject, time(thisUpdate), time(nextUpdate)].map(encodeDer),
    // An empty list must be left out (RFC 5280 §5.1.2.6).
    ...(revoked.length === 0 ? [] : [wrapDer(SEQUENCE, revoked.map((one) => encodeDer(entry(one))))]),
    encodeDer(extensions)
  ])
  const der = wrapDer(SEQUENCE, [tbs, encodeDer(algorithm), encodeDer(bits(signRsaSha256(tbs, privateKey)))])
  assertIssued(der, issuerDer, revoked.length)
  return der
}

/** `unspecified` is said by leaving it out (RFC 5280 §5.3.1). */
function entry ({ serialHex, revokedAt, reason }: CrlRequest['revoked'][number]): Asn1 {
  const code = [...CRL_REASONS].find(([, name]) => name === reason)?.[0] ?? 0
  return sequence(integerFromHex(serialHex), time(revokedAt), ...(code === 0 ? [] : [sequence(extension(REASON, enumerated(code)))]))
}

/** None of them is critical. */
function extension (id: string, value: Asn1): Asn1 {
  return sequence(oid(id), octets(encodeDer(value)))
}

/** Name and key identifier as they stand in the issuer's certificate: lists are matched byte by byte. */
function issuerOf (der: Uint8Array): { subject: Asn1, keyIdentifier: Bytes } {
  const parts = members(members(parseDer(der), 'sequence', { min: 3 })[0], 'sequence', { min: 8 })
  const [subject, extensions] = [parts[5], parts[7]]
  const found = members(members(extensions, 3, { min: 1 })[0], 'sequence', { min: 1, max: Infinity }).map(readExtension).find(({ id }) => id === SUBJECT_KEY)
  invariant(subject !== undefined && found !== undefined, 'an issuing authority has a name and a key identifier')
  return { subject, keyIdentifier: readOctets(parseDer(found.value)) }
}

/** A fault while signing with RSA can give the key away: nothing leaves before it has been verified. */
function assertIssued (der: Bytes, issuerDer: Uint8Array, count: number): void {
  const crl = readCrl(der)
  const { publicKey } = new X509Certificate(issuerDer)
  invariant(isCrlSignedBy(crl, publicKey) && crl.revoked.size === count, 'an issued revocation list verifies')
}
