/**
 * Builds X.509 v3 certificates (RFC 5280): node-forge lays out the TBSCertificate, node:crypto signs its DER with
 * SHA-256 and checks the result. Times have whole seconds; the serial number is 16 random bytes.
 */
import forge from 'node-forge'
import { X509Certificate } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { invariant } from '../domain/errors.ts'
import type { Instant } from '../domain/ids.ts'
import { encodeDer, members, parseDer, toBinary } from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import { randomBytes, toHex } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { nameNode } from './distinguished-name.ts'
import type { DistinguishedName } from './distinguished-name.ts'
import { signRsaSha256 } from './rsa-private-keys.ts'
import { SHA256_WITH_RSA } from './rsa-signature.ts'

export interface CertificateRequest {
  subject: DistinguishedName
  publicKeySpki: Uint8Array
  notBefore: Instant
  notAfter: Instant
  /** null: an end-entity certificate; else how many authorities may follow below. */
  pathLength: number | null
}

export interface CertificateSigner {
  privateKey: KeyObject
  /** The signer's own certificate, or null where the new certificate signs itself. */
  issuerDer: Uint8Array | null
}

/** Position of issuer and subject in a TBSCertificate with its version. */
const ISSUER = 3
const SUBJECT = 5

/** @throws BonginError `invalid-request` for a name that can't be written. */
export function buildCertificate (request: CertificateRequest, signer: CertificateSigner): Bytes {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forgePublicKey(request.publicKeySpki)
  certificate.serialNumber = makeSerialHex()
  certificate.validity.notBefore = wholeSecond(request.notBefore)
  certificate.validity.notAfter = wholeSecond(request.notAfter)
  certificate.signatureOid = certificate.siginfo.algorithmOid = SHA256_WITH_RSA

  const issuer = signer.issuerDer === null ? null : tbsMembers(parseDer(signer.issuerDer))
  certificate.setExtensions(extensions(request.pathLength, issuer))
  const tbs = tbsCertificate(certificate)
  const parts = members(tbs, 'sequence', { min: 8 })
  const subject = nameNode(request.subject)
  // The issuer's name is copied as it stands there: chains are compared byte by byte.
  const issuerName = issuer === null ? subject : issuer[SUBJECT]
  invariant(issuerName !== undefined, 'a certificate has a subject')
  parts[SUBJECT] = subject
  parts[ISSUER] = issuerName

  certificate.tbsCertificate = tbs
  certificate.signature = toBinary(signRsaSha256(encodeDer(tbs), signer.privateKey))
  const der = encodeDer(forge.pki.certificateToAsn1(certificate))
  assertIssued(der, signer.issuerDer ?? der)
  return der
}

/** A fault while signing with RSA can give the key away: nothing leaves before it has been verified. */
function assertIssued (der: Bytes, issuerDer: Uint8Array): void {
  const [certificate, issuer] = [new X509Certificate(der), new X509Certificate(issuerDer)]
  invariant(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey), 'an issued certificate verifies')
}

function tbsMembers (certificate: Asn1): Asn1[] {
  return members(members(certificate, 'sequence', { min: 3 })[0], 'sequence', { min: 8 })
}

function tbsCertificate (certificate: forge.pki.Certificate): Asn1 {
  // The type declarations leave this function out.
  const { getTBSCertificate } = forge.pki as unknown as { getTBSCertificate: (from: typeof certificate) => Asn1 }
  return getTBSCertificate(certificate)
}

function extensions (pathLength: number | null, issuer: Asn1[] | null): object[] {
  const isAuthority = pathLength !== null
  return [
    { name: 'basicConstraints', critical: true, cA: isAuthority, ...(isAuthority ? { pathLenConstraint: pathLength } : {}) },
    isAuthority
      // The issuing key also signs statements of the platform, so it needs digitalSignature.
      ? { name: 'keyUsage', critical: true, digitalSignature: true, keyCertSign: true, cRLSign: true }
      : { name: 'keyUsage', critical: true, digitalSignature: true, nonRepudiation: true },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: issuer === null ? true : keyIdentifier(issuer) }
  ]
}

/** RFC 5280 §4.2.1.2, method 1, as forge makes it for `subjectKeyIdentifier`. */
function keyIdentifier (tbs: Asn1[]): string {
  const publicKey = tbs[SUBJECT + 1]
  invariant(publicKey !== undefined, 'a certificate has a public key')
  return forge.pki.getPublicKeyFingerprint(forgePublicKey(encodeDer(publicKey)), { type: 'RSAPublicKey', encoding: 'binary' })
}

function wholeSecond (at: Instant): Date {
  return new Date(Math.floor(at / 1000) * 1000)
}

/** Positive and always 16 bytes long: the top bits are 01. */
function makeSerialHex (): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return toHex(bytes)
}

/** An RSA key as forge wants it. Unlike our own readers, forge looks into the bit string. */
function forgePublicKey (spki: Uint8Array): forge.pki.rsa.PublicKey {
  return forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(toBinary(spki)))
}
