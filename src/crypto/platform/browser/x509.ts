/**
 * An X.509 v3 certificate (RFC 5280 §4) as far as a chain of ours depends on it, read strictly from DER; in Node this is
 * OpenSSL's part. Runs in a browser. Names are compared byte by byte: the authority copies its own into what it issues.
 */
import { encodeDer, members, parseDer, readBits, readNamedBits, readOctets, readSerialBytes, readSmallInteger, readTime } from '../../asn1.ts'
import type { Asn1 } from '../../asn1.ts'
import { equalBytes, toHex } from '../../bytes.ts'
import { KEY_USAGE, readBasicConstraints, readExtension } from '../../extensions.ts'
import { readSignatureAlgorithm } from '../../rsa-signature.ts'
import type { SignatureDigest } from '../../rsa-signature.ts'

export interface CertificateParts {
  raw: Uint8Array
  ca: boolean
  serialNumber: string
  validFromDate: Date
  validToDate: Date
  spki: Uint8Array
  issuer: Uint8Array
  subject: Uint8Array
  /** null: it may be used for anything. */
  keyUsage: number | null
  /** Of this certificate's key, and of its issuer's. */
  subjectKeyId: string | null
  authorityKeyId: string | null
  tbs: Uint8Array
  digest: SignatureDigest | 'weak' | 'unknown'
  signature: Uint8Array
}

const OID = { basicConstraints: '2.5.29.19', keyUsage: '2.5.29.15', subjectKeyId: '2.5.29.14', authorityKeyId: '2.5.29.35' } as const
const VERSION_3 = 2
const MAX_EXTENSIONS = 32

/**
 * TBSCertificate ::= SEQUENCE { [0] version, serial, algorithm, issuer, validity, subject, publicKey, [3] extensions }
 * @throws Error for anything else.
 */
export function readCertificateParts (der: Uint8Array): CertificateParts {
  const [tbs, algorithm, signature] = members(parseDer(der), 'sequence', { min: 3 })
  const [version, serial, inner, issuer, validity, subject, spki, extensions] = members(tbs, 'sequence', { min: 8 })
  if (readSmallInteger(members(version, 0, { min: 1 })[0]) !== VERSION_3) throw new Error('another version')
  const [tbsDer, innerDer, algorithmDer] = [tbs, inner, algorithm].map(derOf)
  if (tbsDer === undefined || innerDer === undefined || algorithmDer === undefined || !equalBytes(innerDer, algorithmDer)) throw new Error('two algorithms')
  const [notBefore, notAfter] = members(validity, 'sequence', { min: 2 })
  return {
    raw: new Uint8Array(der),
    serialNumber: toHex(readSerialBytes(serial)).toUpperCase(),
    validFromDate: new Date(readTime(notBefore)),
    validToDate: new Date(readTime(notAfter)),
    spki: derOf(spki),
    issuer: derOf(issuer),
    subject: derOf(subject),
    ...readExtensions(extensions),
    tbs: tbsDer,
    digest: readSignatureAlgorithm(algorithm),
    signature: readBits(signature)
  }
}

function derOf (node: Asn1 | undefined): Uint8Array {
  if (node === undefined) throw new Error('a part is missing')
  return encodeDer(node)
}

type Extensions = Pick<CertificateParts, 'ca' | 'keyUsage' | 'subjectKeyId' | 'authorityKeyId'>

function readExtensions (node: Asn1 | undefined): Extensions {
  const found: Extensions = { ca: false, keyUsage: null, subjectKeyId: null, authorityKeyId: null }
  const seen = new Set<string>()
  for (const extension of members(members(node, 3, { min: 1 })[0], 'sequence', { min: 1, max: MAX_EXTENSIONS })) {
    const { id, value } = readExtension(extension)
    if (seen.has(id)) throw new Error('an extension stands twice')
    seen.add(id)
    if (id === OID.basicConstraints) found.ca = readBasicConstraints(parseDer(value)).isAuthority
    else if (id === OID.keyUsage) found.keyUsage = readNamedBits(parseDer(value))
    else if (id === OID.subjectKeyId) found.subjectKeyId = toHex(readOctets(parseDer(value)))
    else if (id === OID.authorityKeyId) found.authorityKeyId = toHex(readOctets(members(parseDer(value), 'sequence', { min: 1 })[0]))
  }
  return { ...found, ca: found.ca && mayCertify(found) }
}

function mayCertify ({ keyUsage }: Pick<CertificateParts, 'keyUsage'>): boolean {
  return keyUsage === null || (keyUsage & KEY_USAGE.keyCertSign) !== 0
}

/** Whether the certificate `issuerDer` names itself the issuer of this one, with a key that may sign certificates. */
export function signsCertificates ({ issuer, authorityKeyId }: CertificateParts, issuerDer: Uint8Array): boolean {
  const authority = readCertificateParts(issuerDer)
  const { subjectKeyId } = authority
  const keysFit = authorityKeyId === null || subjectKeyId === null || authorityKeyId === subjectKeyId
  return equalBytes(issuer, authority.subject) && keysFit && mayCertify(authority)
}
