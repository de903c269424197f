/**
 * The platform's own certification authority: a root, whose key is needed only to make another issuing authority and
 * belongs off line, and an issuing authority, which certifies suppliers and officers and signs the platform's statements.
 * Both are RSA-3072 and live in PKCS#12 files under one passphrase.
 */
import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { BonginError, invariant } from '../domain/errors.ts'
import type { HolderKind } from '../domain/holder.ts'
import type { Instant, Thumbprint } from '../domain/ids.ts'
import { equalBytes } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { buildCertificate } from './certificate-builder.ts'
import { buildCrl } from './crl-builder.ts'
import type { CrlRequest } from './crl-builder.ts'
import { isHolderId } from './certificate-profile.ts'
import { readCertificate, readTrust, thumbprintOf } from './certificate.ts'
import { readPkcs12, writePkcs12 } from './pkcs12.ts'
import { exportSpki, readRsaPublicKey } from './rsa-keys.ts'
import { generateRsaKeyPair, readRsaPrivateKey, signRsaSha256 } from './rsa-private-keys.ts'
import type { RsaKeyPair } from './rsa-private-keys.ts'

const ROOT_YEARS = 20
const ISSUING_YEARS = 10
const COUNTRY = 'KR'

export interface AuthorityFiles { rootP12: Bytes, issuingP12: Bytes }

export interface IssueRequest {
  holderId: string
  kind: HolderKind
  commonName: string
  organization: string
  publicKeySpki: Uint8Array
  notBefore: Instant
  /** Cut to the end of the issuing authority's own validity. */
  notAfter: Instant
}

export interface IssuedCertificate { der: Bytes, thumbprint: Thumbprint, serialHex: string }

export interface Authority {
  rootDer: Bytes
  issuingDer: Bytes
  /** Of the issuing authority's certificate. */
  thumbprint: Thumbprint
  /**
   * @throws BonginError `weak-key`, `invalid-request` (a name that can't stand in a certificate; with its field),
   * `certificate-expired` (the issuing authority itself).
   */
  issue (request: IssueRequest): IssuedCertificate
  /** DER of a revocation list of the issuing authority. */
  signCrl (request: CrlRequest): Bytes
  /** RS256 (RFC 7518 §3.3) by the issuing authority's key. */
  sign (message: Uint8Array): Bytes
}

/** Makes both keys and certificates; `name` is the platform's, e.g. `봉인 전자입찰`. */
export async function createAuthority ({ name, now, passphrase }: { name: string, now: Instant, passphrase: string }): Promise<AuthorityFiles> {
  const [rootKeys, issuingKeys] = await Promise.all([generateRsaKeyPair(3072), generateRsaKeyPair(3072)])
  const chain = certifyAuthority({ name, now, rootKeys, issuingKeys })
  const { rootDer, issuingDer } = chain
  return {
    rootP12: writePkcs12({ privateKeyPkcs8: rootKeys.privateKeyPkcs8, chain: [rootDer], passphrase, friendlyName: `${name} root` }),
    issuingP12: writePkcs12({
      privateKeyPkcs8: issuingKeys.privateKeyPkcs8, chain: [issuingDer, rootDer], passphrase, friendlyName: `${name} issuing`
    })
  }
}

/** The certificates of a new authority over keys made elsewhere. */
export function certifyAuthority ({ name, now, rootKeys, issuingKeys }: {
  name: string, now: Instant, rootKeys: RsaKeyPair, issuingKeys: RsaKeyPair
}): { rootDer: Bytes, issuingDer: Bytes } {
  const privateKey = readRsaPrivateKey(rootKeys.privateKeyPkcs8)
  const common = { country: COUNTRY, organization: name }
  const rootDer = buildCertificate({
    subject: { ...common, commonName: `${name} Root CA` },
    publicKeySpki: rootKeys.publicKeySpki,
    notBefore: now,
    notAfter: addYears(now, ROOT_YEARS),
    pathLength: 1
  }, { privateKey, issuerDer: null })
  const issuingDer = buildCertificate({
    subject: { ...common, commonName: `${name} Issuing CA` },
    publicKeySpki: issuingKeys.publicKeySpki,
    notBefore: now,
    notAfter: addYears(now, ISSUING_YEARS),
    pathLength: 0
  }, { privateKey, issuerDer: rootDer })
  return { rootDer, issuingDer }
}

function addYears (at: Instant, years: number): Instant {
  const date = new Date(at)
  return date.setUTCFullYear(date.getUTCFullYear() + years)
}

/**
 * Opens the issuing authority's file, which carries its key, its certificate and the root's.
 * @throws BonginError `certificate-malformed` (passphrase, file), `certificate-untrusted` (another chain).
 */
export function loadAuthority ({ issuingP12, passphrase }: { issuingP12: Uint8Array, passphrase: string }): Authority {
  const { privateKeyPkcs8, chain: [issuingDer, rootDer, ...others] } = readPkcs12(issuingP12, passphrase)
  if (issuingDer === undefined || rootDer === undefined || others.length > 0) throw notAnAuthority()
  const { issuing } = readTrust({ issuingDer, rootDer })
  const privateKey = readRsaPrivateKey(privateKeyPkcs8)
  invariant(equalBytes(exportSpki(issuing.publicKey), exportSpki(createPublicKey(privateKey))), 'readPkcs12 puts the certificate of the key first')
  const signer = { privateKey, issuingDer, validUntil: issuing.validToDate.getTime() }
  return {
    rootDer,
    issuingDer,
    thumbprint: thumbprintOf(issuingDer),
    issue: (request) => issue(request, signer),
    signCrl: (request) => buildCrl(request, { privateKey, issuerDer: issuingDer }),
    sign: (message) => signRsaSha256(message, privateKey)
  }
}

interface IssuingSigner { privateKey: KeyObject, issuingDer: Bytes, validUntil: Instant }

function issue (request: IssueRequest, { privateKey, issuingDer, validUntil }: IssuingSigner): IssuedCertificate {
  const { holderId, kind, commonName, organization, publicKeySpki, notBefore } = request
  invariant(isHolderId(kind, holderId), 'a certificate is for a holder id of its kind')
  invariant(notBefore <= request.notAfter, 'a certificate is valid for some time')
  if (notBefore > validUntil) throw authorityExpired()
  readRsaPublicKey(publicKeySpki)
  const subject = { country: COUNTRY, organization, unit: kind, commonName, serialNumber: holderId }
  const notAfter = Math.min(request.notAfter, validUntil)
  const der = buildCertificate({ subject, publicKeySpki, notBefore, notAfter, pathLength: null }, { privateKey, issuerDer: issuingDer })
  const { thumbprint, serialHex } = readCertificate(der)
  return { der, thumbprint, serialHex }
}

function authorityExpired (): BonginError {
  return new BonginError('certificate-expired', {
    detail: "The issuing authority's own certificate has expired.",
    detailKo: '발급 인증기관의 인증서가 만료되었습니다.'
  })
}

function notAnAuthority (): BonginError {
  return new BonginError('certificate-malformed', {
    detail: "The file must hold the issuing authority's key, its certificate and the root certificate.",
    detailKo: '파일에는 발급 인증기관의 개인키와 인증서, 최상위 인증서가 있어야 합니다.'
  })
}
