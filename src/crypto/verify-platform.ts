/**
 * The platform's chain of trust, and whose signature counts: root → issuing authority → the statement of the platform's
 * receipt and checkpoint keys, and → the certificates of suppliers and officers. A signature counts only for the holder
 * and kind named in the certificate, and only while the certificate was valid. Everything hangs on the root: whoever
 * knows it from elsewhere names it as the trusted one. Revocations are not part of a record; a revocation list may be given
 * beside it. Runs in a browser.
 */
import type { HolderKind } from '../domain/holder.ts'
import type { Instant, Sha256Hex, Thumbprint } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { equalBytes, fromBase64url, sha256Hex } from './bytes.ts'
import { fromPem, readTrust, thumbprintOf, toPem, verifyUnder, type CertificateInfo, type Trust } from './certificate.ts'
import { isCrlSignedBy, readCrlFile, type Crl } from './crl.ts'
import { parseJws, type ParsedJws } from './jws.ts'
import { verifyJws } from './jws-verify.ts'
import { platformNameText, type RecordPlatform } from './record.ts'
import { bytes32Text, checkShape, expect, expectEqual, object, oneOf, RecordFault, text } from './record-shape.ts'

export interface PlatformKey { kid: string, publicKey: Uint8Array }

export interface CheckedPlatform {
  name: string
  rootDer: Uint8Array
  issuingDer: Uint8Array
  trust: Trust
  /** SHA-256 of the root certificate's DER: what people compare. */
  rootFingerprint: Sha256Hex
  receiptKey: PlatformKey
  checkpointKey: PlatformKey
}

interface KeysPayload { name: string, receiptKey: { kid: string, publicKey: string }, checkpointKey: { kid: string, publicKey: string } }

const keyShape = object({ kid: text({ max: 200 }), publicKey: bytes32Text })
const keysShape = object({ v: oneOf(1), type: oneOf('bongin-platform-keys'), name: platformNameText, receiptKey: keyShape, checkpointKey: keyShape })

/** The root certificate that is known from elsewhere: whole, or by its fingerprint. */
export interface TrustedRoot {
  /** DER. */
  trustedRootDer?: Uint8Array | undefined
  /** SHA-256 of the DER. */
  trustedRootSha256?: Sha256Hex | undefined
}

/** @throws RecordFault or BonginError; any root but a trusted one, where one is named, is refused. */
export function checkPlatform ({ platform, trustedRootDer, trustedRootSha256 }: { platform: RecordPlatform } & TrustedRoot): CheckedPlatform {
  const rootDer = exactPem(platform.rootCertificate, '/platform/rootCertificate')
  const issuingDer = exactPem(platform.issuingCertificate, '/platform/issuingCertificate')
  const rootFingerprint = sha256Hex(rootDer)
  const isTrusted = (trustedRootDer === undefined || equalBytes(trustedRootDer, rootDer)) &&
    (trustedRootSha256 === undefined || trustedRootSha256 === rootFingerprint)
  expect(isTrusted, `The root certificate (SHA-256 ${rootFingerprint}) is not the trusted one.`)
  const trust = readTrust({ rootDer, issuingDer })
  const jws = parseJws(platform.keys, 'bongin-platform-keys')
  expectEqual({ what: 'The signer of the platform\'s keys', expected: thumbprintOf(issuingDer), actual: jws.thumbprint })
  verifyJws(jws, trust.issuing.publicKey)
  const keys = checkShape<KeysPayload>(keysShape, jws.payload, '/payload')
  expectEqual({ what: 'The platform\'s name', expected: keys.name, actual: platform.name })
  expect(keys.receiptKey.publicKey !== keys.checkpointKey.publicKey, 'Receipts and checkpoints need keys of their own.')
  const raw = ({ kid, publicKey }: { kid: string, publicKey: string }): PlatformKey => ({ kid, publicKey: fromBase64url(publicKey) })
  return { name: keys.name, rootDer, issuingDer, trust, rootFingerprint, receiptKey: raw(keys.receiptKey), checkpointKey: raw(keys.checkpointKey) }
}

/** White space is free in PEM; in a record a certificate has one spelling, so that no byte of it is free. */
function exactPem (pem: string, path: string): Uint8Array {
  const der = fromPem(pem)
  expect(toPem(der) === pem, `${path} is not written in lines of 64 characters, each with its line feed.`)
  return der
}

/** A revocation list of the platform's issuing authority. @throws RecordFault for another's, BonginError `crl-invalid`. */
export function checkRevocationList (bytes: Uint8Array, { trust: { issuing } }: CheckedPlatform): Crl {
  const crl = readCrlFile(bytes)
  expect(isCrlSignedBy(crl, issuing.publicKey), "The revocation list is not signed by the platform's issuing authority.")
  return crl
}

/** Who must have signed, and when. */
export interface ExpectedSigner { kind: HolderKind, holderId: string, at: Instant }

/** The certificates at hand, each followed to the root when it is first used. */
export class Signers {
  readonly #trust: Trust
  readonly #byThumbprint = new Map<Thumbprint, Uint8Array>()
  readonly #checked = new Map<Thumbprint, CertificateInfo>()
  readonly #revoked: Crl['revoked']

  /** @throws RecordFault when the list is not sorted by thumbprint or names one twice. */
  constructor (platform: CheckedPlatform, certificates: readonly string[], crl?: Crl) {
    this.#trust = platform.trust
    this.#revoked = crl?.revoked ?? new Map()
    let last = ''
    certificates.forEach((pem, index) => {
      const der = exactPem(pem, `/certificates/${index}`)
      const thumbprint = thumbprintOf(der)
      expect(thumbprint > last, `/certificates/${index} is out of order or stands twice.`)
      this.#byThumbprint.set(thumbprint, der)
      last = thumbprint
    })
  }

  /** @throws RecordFault or BonginError unless the JWS was signed by that holder's certificate, valid at that time. */
  verify (jws: ParsedJws, { kind, holderId, at }: ExpectedSigner): void {
    const info = this.#certificate(jws.thumbprint, at)
    expect(info.kind === kind && info.holderId === holderId, `Signed by ${info.kind} ${info.holderId}, where ${kind} ${holderId} must sign.`)
    this.#expectNotRevoked(info, at)
    verifyJws(jws, info.publicKey)
  }

  /** A list has whole seconds: what was signed within the second of the revocation is given the benefit of it. */
  #expectNotRevoked ({ serialHex, thumbprint, kind, holderId }: CertificateInfo, at: Instant): void {
    const revoked = this.#revoked.get(serialHex)
    expect(revoked === undefined || at < revoked.revokedAt + 1000,
      `Signed at ${formatKst(at)} by certificate ${thumbprint} of ${kind} ${holderId}, which was revoked at ${formatKst(revoked?.revokedAt ?? 0)} (${revoked?.reason ?? ''}).`)
  }

  #certificate (thumbprint: Thumbprint | null, at: Instant): CertificateInfo {
    const known = thumbprint === null ? undefined : this.#checked.get(thumbprint)
    const der = thumbprint === null ? undefined : this.#byThumbprint.get(thumbprint)
    if (thumbprint === null || der === undefined) throw new RecordFault(`The signer's certificate (${thumbprint ?? 'none'}) is not in the record.`)
    // The chain is checked once; later uses of the same certificate only ask about the time.
    const info = known !== undefined && isValidAt(known, this.#trust, at) ? known : verifyUnder(this.#trust, { certificate: der, at })
    this.#checked.set(thumbprint, info)
    return info
  }
}

function isValidAt (info: CertificateInfo, { root, issuing }: Trust, at: Instant): boolean {
  const inside = (from: number, until: number): boolean => at >= from && at <= until
  return inside(info.notBefore, info.notAfter) && [root, issuing].every((x509) => inside(x509.validFromDate.getTime(), x509.validToDate.getTime()))
}
