/**
 * Certification requests (PKCS#10, RFC 2986): how a supplier or an officer asks for a certificate. The private key
 * stays with the applicant; the request's own signature proves that it has it. Only the public key and the name are
 * used: whatever else a request asks for, the authority decides. Runs in a browser.
 */
import { BonginError } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import { bits, emptyTag, encodeDer, integer, members, nothing, oid, orRefuse, parseDer, readBits, readSmallInteger, sequence } from './asn1.ts'
import type { Bytes } from './bytes.ts'
import { nameNode, readName } from './distinguished-name.ts'
import { readPem, toPem } from './pem.ts'
import { publicKeySha256, readRsaPublicKey } from './rsa-keys.ts'
import { isRsaSignature, readSignatureAlgorithm, SHA256_WITH_RSA } from './rsa-signature.ts'

export interface CsrSubject { commonName: string, organization: string, serialNumber?: string }

export interface Csr { der: Bytes, publicKeySpki: Bytes, publicKeySha256: Sha256Hex, subject: CsrSubject }

export interface CsrRequest { publicKeySpki: Uint8Array, subject: CsrSubject }

/**
 * A request signed by a key that only signs, such as WebCrypto's. `csr-builder.ts` is for a private key in memory.
 * @param sign RSASSA-PKCS1-v1_5 with SHA-256 by the private half.
 * @returns PEM.
 * @throws BonginError `invalid-request` for a name that can't be written, `weak-key` for a key that can't be certified.
 */
export async function signCsr (request: CsrRequest, sign: (input: Uint8Array) => Promise<Uint8Array>): Promise<string> {
  const info = requestInfo(request)
  return signedRequest(info, await sign(info))
}

/** DER of the part that is signed, without attributes. @throws as `signCsr`. */
export function requestInfo ({ publicKeySpki, subject }: CsrRequest): Bytes {
  readRsaPublicKey(publicKeySpki)
  return encodeDer(sequence(integer(0), nameNode(subject), parseDer(publicKeySpki), emptyTag(0)))
}

/** PEM of the whole. */
export function signedRequest (info: Uint8Array, signature: Uint8Array): string {
  const request = sequence(parseDer(info), sequence(oid(SHA256_WITH_RSA), nothing()), bits(signature))
  return toPem(encodeDer(request), 'CERTIFICATE REQUEST')
}

/**
 * Reads a request and verifies its signature.
 * @throws BonginError `csr-malformed`, `weak-key` (the key, or a signature by SHA-1 or MD5), `csr-signature-invalid`.
 */
export function readCsr (pem: string, field = '/csr'): Csr {
  const der = readPem(pem, 'CERTIFICATE REQUEST')
  if (der === null) throw malformed(field)
  const { info, spki, subject, algorithm, signature } = orRefuse(() => splitRequest(der), () => malformed(field))
  const publicKey = readRsaPublicKey(spki, field)
  if (algorithm === 'unknown') throw malformed(field)
  if (algorithm === 'weak') throw weakDigest(field)
  if (!isRsaSignature({ digest: algorithm, message: info, signature, publicKey })) throw signatureInvalid(field)
  return { der, publicKeySpki: spki, publicKeySha256: publicKeySha256(spki), subject }
}

/** CertificationRequest ::= SEQUENCE { SEQUENCE { version 0, subject, publicKey, [0] attributes }, algorithm, signature } */
function splitRequest (der: Uint8Array) {
  const [infoNode, algorithmNode, signatureNode] = members(parseDer(der), 'sequence', { min: 3 })
  const [version, name, spkiNode, attributes] = members(infoNode, 'sequence', { min: 4 })
  if (readSmallInteger(version) !== 0 || infoNode === undefined || spkiNode === undefined) throw new Error('another version')
  members(attributes, 0, { min: 0, max: MAX_ATTRIBUTES })
  const { commonName, organization, serialNumber } = readName(name)
  return {
    info: encodeDer(infoNode),
    spki: encodeDer(spkiNode),
    subject: { commonName, organization, ...(serialNumber === undefined ? {} : { serialNumber }) },
    algorithm: readSignatureAlgorithm(algorithmNode),
    signature: readBits(signatureNode)
  }
}

const MAX_ATTRIBUTES = 20

function malformed (field: string): BonginError {
  return new BonginError('csr-malformed', {
    field,
    detail: 'The request must be one PEM block CERTIFICATE REQUEST (PKCS#10) whose subject has one CN and one O, signed by RSA with SHA-256, SHA-384 or SHA-512.',
    detailKo: '인증서 신청은 CN과 O를 하나씩 갖고 SHA-256, SHA-384 또는 SHA-512 RSA로 서명된 PEM 형식의 CERTIFICATE REQUEST(PKCS#10) 하나여야 합니다.'
  })
}

function weakDigest (field: string): BonginError {
  return new BonginError('weak-key', {
    field,
    detail: 'The request is signed with a broken digest; sign it with SHA-256 or stronger.',
    detailKo: '안전하지 않은 해시로 서명된 신청입니다. SHA-256 이상으로 서명하십시오.'
  })
}

function signatureInvalid (field: string): BonginError {
  return new BonginError('csr-signature-invalid', {
    field,
    detail: 'The request is not signed by the private key of the public key in it.',
    detailKo: '신청에 담긴 공개키의 개인키로 서명되지 않았습니다.'
  })
}
