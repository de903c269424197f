/**
 * Certificates of other authorities, as far as a path to a trust anchor depends on them (RFC 5280 §4): X.509 v3 in DER, of
 * any profile. Names stay the bytes that they are; what a certificate must not contain is for `chain.ts` to say.
 */
import { readX509 } from '#platform/keys'
import { BonginError } from '../domain/errors.ts'
import type { Instant, Thumbprint } from '../domain/ids.ts'
import { encodeDer, members, orRefuse, parseDer, readNamedBits, readSerialHex, readSmallInteger, readTime } from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import { equalBytes, toHex } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { MAX_CERTIFICATE_BYTES, thumbprintOf } from './certificate.ts'
import { readBasicConstraints, readExtension } from './extensions.ts'
import { nameText } from './name-text.ts'
import type { PublicKey, X509 } from './platform/types.ts'
import { readRsaPublicKey } from './rsa-keys.ts'
import { readSignatureAlgorithm } from './rsa-signature.ts'
import type { SignatureDigest } from './rsa-signature.ts'

export interface ChainCertificate {
  der: Bytes
  x509: X509
  thumbprint: Thumbprint
  /** DER of the names in hex: two names are the same where these are. */
  subject: string
  issuer: string
  /** For people. */
  subjectText: string
  issuerText: string
  serialHex: string
  spkiHex: string
  /** null: not RSA, or of a size or exponent that is refused. */
  publicKey: PublicKey | null
  digest: SignatureDigest | 'weak' | 'unknown'
  notBefore: Instant
  notAfter: Instant
  isAuthority: boolean
  pathLength: number | null
  /** null: the key may be used for anything. */
  keyUsage: number | null
  /** Object identifier of a critical extension that is not understood here. */
  unknownCritical: string | null
}

const BASIC_CONSTRAINTS = '2.5.29.19'
const KEY_USAGE_OID = '2.5.29.15'
/** Critical ones that change nothing: another name of the subject, and policies where none is demanded (RFC 5280 §6.1.1 (c), (e)). */
const HARMLESS: ReadonlySet<string> = new Set(['2.5.29.17', '2.5.29.32'])
const MAX_EXTENSIONS = 32
const VERSION_3 = 2

/** @throws BonginError `certificate-malformed` with the field. */
export function readChainCertificate (der: Uint8Array, field = ''): ChainCertificate {
  return orRefuse(() => parse(der), () => new BonginError('certificate-malformed', {
    field,
    detail: 'This is not an X.509 v3 certificate in DER.',
    detailKo: 'DER 형식의 X.509 v3 인증서가 아닙니다.'
  }))
}

/** TBSCertificate ::= SEQUENCE { [0] version, serial, algorithm, issuer, validity, subject, publicKey, [3] extensions } */
function parse (der: Uint8Array): ChainCertificate {
  if (der.length > MAX_CERTIFICATE_BYTES) throw new Error('too long')
  const [tbs, algorithm] = members(parseDer(der), 'sequence', { min: 3 })
  const [version, serial, inner, issuer, validity, subject, spki, extensions] = members(tbs, 'sequence', { min: 8 })
  if (readSmallInteger(members(version, 0, { min: 1 })[0]) !== VERSION_3) throw new Error('another version')
  if (algorithm === undefined || inner === undefined || issuer === undefined || subject === undefined || spki === undefined) throw new Error('a part is missing')
  if (!equalBytes(encodeDer(algorithm), encodeDer(inner))) throw new Error('two algorithms')
  const [notBefore, notAfter] = members(validity, 'sequence', { min: 2 })
  const spkiDer = encodeDer(spki)
  return {
    der: new Uint8Array(der),
    x509: readX509(der),
    thumbprint: thumbprintOf(der),
    subject: toHex(encodeDer(subject)),
    issuer: toHex(encodeDer(issuer)),
    subjectText: nameText(subject),
    issuerText: nameText(issuer),
    serialHex: readSerialHex(serial),
    spkiHex: toHex(spkiDer),
    publicKey: strongKey(spkiDer),
    digest: readSignatureAlgorithm(algorithm),
    notBefore: readTime(notBefore),
    notAfter: readTime(notAfter),
    ...readExtensions(extensions)
  }
}

function strongKey (spki: Bytes): PublicKey | null {
  try {
    return readRsaPublicKey(spki)
  } catch {
    return null
  }
}

type Extensions = Pick<ChainCertificate, 'isAuthority' | 'pathLength' | 'keyUsage' | 'unknownCritical'>

function readExtensions (node: Asn1 | undefined): Extensions {
  const found: Extensions = { isAuthority: false, pathLength: null, keyUsage: null, unknownCritical: null }
  const seen = new Set<string>()
  for (const extension of members(members(node, 3, { min: 1 })[0], 'sequence', { min: 1, max: MAX_EXTENSIONS })) {
    const { id, critical, value } = readExtension(extension)
    if (seen.has(id)) throw new Error('an extension stands twice')
    seen.add(id)
    if (id === BASIC_CONSTRAINTS) Object.assign(found, readBasicConstraints(parseDer(value)))
    else if (id === KEY_USAGE_OID) found.keyUsage = readNamedBits(parseDer(value))
    else if (critical && !HARMLESS.has(id)) found.unknownCritical ??= id
  }
  return found
}
