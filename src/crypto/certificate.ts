/**
 * Certificates of suppliers and officers: reading them, and trusting them along root → issuing authority → holder.
 * Names, signatures and authority flags of a chain are checked by OpenSSL in Node and by `platform/browser/` in a browser, never
 * by forge. Runs in a browser.
 * Revocation is a register's business: a certificate itself can't say that it was taken back.
 */
import { hash } from '#platform/digests'
import { readX509 } from '#platform/keys'
import { BonginError } from '../domain/errors.ts'
import type { Instant, Thumbprint } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { orRefuse } from './asn1.ts'
import { equalBytes } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { readHolderProfile } from './certificate-profile.ts'
import type { HolderName } from './certificate-profile.ts'
import { readPem } from './pem.ts'
import type { PemLabel } from './pem.ts'
import type { PublicKey, X509 } from './platform/types.ts'
import { exportSpki, readRsaPublicKey } from './rsa-keys.ts'

export { toPem } from './pem.ts'

export const MAX_CERTIFICATE_BYTES = 16_384

export interface CertificateInfo extends HolderName {
  thumbprint: Thumbprint
  der: Bytes
  publicKey: PublicKey
  publicKeySpki: Bytes
  /** Lower case. */
  serialHex: string
  /** Both ends belong to the validity. */
  notBefore: Instant
  notAfter: Instant
}

/** SHA-256 of the DER (RFC 7515 §4.1.8). */
export function thumbprintOf (der: Uint8Array): Thumbprint {
  return hash('sha256', der, 'base64url') as Thumbprint
}

/** @throws BonginError `certificate-malformed` unless the text is one PEM block with this label. */
export function fromPem (text: string, label: PemLabel = 'CERTIFICATE'): Bytes {
  const der = readPem(text, label)
  if (der === null) throw malformed()
  return der
}

/** @throws BonginError `certificate-malformed` for anything that the authority would not have issued in this form. */
export function readCertificate (der: Uint8Array): CertificateInfo {
  return parseCertificate(der).info
}

interface Parsed { info: CertificateInfo, x509: X509 }

function parseCertificate (der: Uint8Array): Parsed {
  try {
    return parse(der)
  } catch {
    throw malformed() // a weak key included: the authority certifies none
  }
}

function parse (der: Uint8Array): Parsed {
  if (der.length > MAX_CERTIFICATE_BYTES) throw new Error('too long')
  const { holder, publicKeySpki } = readHolderProfile(der)
  const x509 = readX509(der)
  const [notBefore, notAfter] = [x509.validFromDate.getTime(), x509.validToDate.getTime()]
  const serialHex = x509.serialNumber.toLowerCase()
  if (!/^[0-9a-f]{1,40}$/.test(serialHex) || !(notBefore <= notAfter)) throw new Error('another serial number or validity')
  const publicKey = readRsaPublicKey(publicKeySpki)
  const validity = { notBefore, notAfter }
  return { x509, info: { ...holder, ...validity, thumbprint: thumbprintOf(der), der: new Uint8Array(der), publicKey, publicKeySpki, serialHex } }
}

/** Root and issuing authority, checked against one another. */
export interface Trust { root: X509, issuing: X509 }

/** @throws BonginError `certificate-untrusted` unless the root signs itself and the issuing authority. */
export function readTrust ({ issuingDer, rootDer }: { issuingDer: Uint8Array, rootDer: Uint8Array }): Trust {
  return orRefuse(() => {
    const trust = { root: readAuthority(rootDer), issuing: readAuthority(issuingDer) }
    if (!isIssuedBy(trust.root, trust.root) || !isIssuedBy(trust.issuing, trust.root)) throw untrusted()
    return trust
  }, untrusted)
}

function readAuthority (der: Uint8Array): X509 {
  const x509 = readX509(der)
  // OpenSSL reads past trailing bytes; a thumbprint would not.
  if (!x509.ca || der.length > MAX_CERTIFICATE_BYTES || !equalBytes(x509.raw, der)) throw untrusted()
  try {
    readRsaPublicKey(exportSpki(x509.publicKey))
  } catch {
    throw untrusted()
  }
  return x509
}

/** Names and key identifiers fit, the issuer's key may sign certificates, and it made this signature. */
function isIssuedBy (certificate: X509, issuer: X509): boolean {
  return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
}

/**
 * Reads a certificate and follows it to the root at the time `at`.
 * @throws BonginError `certificate-malformed`, `certificate-untrusted`, `certificate-expired` (before or after the
 * validity of any certificate of the chain).
 */
export function verifyCertificate (input: { certificate: Uint8Array, issuingDer: Uint8Array, rootDer: Uint8Array, at: Instant }): CertificateInfo {
  return verifyUnder(readTrust(input), input)
}

/** `verifyCertificate` for many certificates under one authority. */
export function verifyUnder (trust: Trust, { certificate, at }: { certificate: Uint8Array, at: Instant }): CertificateInfo {
  const { info, x509 } = parseCertificate(certificate)
  if (!orRefuse(() => isIssuedBy(x509, trust.issuing), untrusted)) throw untrusted()
  for (const link of [x509, trust.issuing, trust.root]) assertValidAt(link, at)
  return info
}

function assertValidAt (x509: X509, at: Instant): void {
  const [notBefore, notAfter] = [x509.validFromDate.getTime(), x509.validToDate.getTime()]
  if (at >= notBefore && at <= notAfter) return
  const validity = { notBefore: formatKst(notBefore), notAfter: formatKst(notAfter) }
  throw new BonginError('certificate-expired', {
    detail: `The certificate or its issuer's is valid from ${validity.notBefore} to ${validity.notAfter} only.`,
    detailKo: `인증서 또는 발급자 인증서의 유효기간은 ${validity.notBefore}부터 ${validity.notAfter}까지입니다.`,
    extra: validity
  })
}

function malformed (): BonginError {
  return new BonginError('certificate-malformed', {
    detail: 'This is not a certificate in the form that the platform issues to suppliers and officers.',
    detailKo: '플랫폼이 조달업체와 담당자에게 발급하는 형식의 인증서가 아닙니다.'
  })
}

function untrusted (): BonginError {
  return new BonginError('certificate-untrusted', {
    detail: "The certificate was not issued under the platform's root by its issuing authority.",
    detailKo: '플랫폼의 최상위 인증기관과 발급 인증기관이 발급한 인증서가 아닙니다.'
  })
}
