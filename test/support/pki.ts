/**
 * Material for the PKI's tests: authorities over given keys, and structures that no honest program makes
 * (other digests, other keys, altered certificates signed again).
 */
import { createPublicKey, sign } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import forge from 'node-forge'
import { encodeDer, members, nothing, oid, parseDer, sequence, toBinary } from '../../src/crypto/asn1.ts'
import type { Asn1 } from '../../src/crypto/asn1.ts'
import { concat } from '../../src/crypto/bytes.ts'
import type { Bytes } from '../../src/crypto/bytes.ts'
import { exportSpki } from '../../src/crypto/rsa-keys.ts'
import { BonginError } from '../../src/domain/errors.ts'

export const RSA_OIDS = {
  md5: '1.2.840.113549.1.1.4',
  sha1: '1.2.840.113549.1.1.5',
  sha256: '1.2.840.113549.1.1.11',
  sha384: '1.2.840.113549.1.1.12',
  sha512: '1.2.840.113549.1.1.13'
} as const

export type TestDigest = keyof typeof RSA_OIDS

function bitString (bytes: Uint8Array): Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.BITSTRING, false, toBinary(concat(new Uint8Array(1), bytes)))
}

export function rsaAlgorithm (digest: TestDigest): Asn1 {
  return sequence(oid(RSA_OIDS[digest]), nothing())
}

/** SEQUENCE { body, algorithm, signature } as requests and certificates have it. */
export function signStructure (input: { body: Asn1; privateKey: KeyObject; digest: TestDigest; algorithm?: Asn1 }): Bytes {
  const { body, privateKey, digest, algorithm = rsaAlgorithm(digest) } = input
  return encodeDer(sequence(body, algorithm, bitString(sign(digest, encodeDer(body), privateKey))))
}

export { nameNode } from '../../src/crypto/distinguished-name.ts'

/** The part of a PKCS#10 request that is signed, over any kind of key. */
export function requestInfo (privateKey: KeyObject, subject: Asn1): Asn1 {
  const noAttributes = forge.asn1.create(forge.asn1.Class.CONTEXT_SPECIFIC, 0 as forge.asn1.Type, true, [])
  const version = forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.INTEGER, false, '\0')
  return sequence(version, subject, parseDer(exportSpki(createPublicKey(privateKey))), noAttributes)
}

/** Positions in a TBSCertificate. */
export const TBS = { serial: 1, algorithm: 2, issuer: 3, validity: 4, subject: 5, publicKey: 6, extensions: 7 } as const

export function tbsOf (der: Uint8Array): Asn1[] {
  return [...members(members(parseDer(der), 'sequence', { min: 3 })[0], 'sequence', { min: 7, max: 10 })]
}

/** Alters a certificate and signs it again, so that nothing but the alteration is wrong. */
export function signAgain (input: { der: Uint8Array; privateKey: KeyObject; digest?: TestDigest; edit?: (tbs: Asn1[]) => void }): Bytes {
  const { der, privateKey, digest = 'sha256', edit } = input
  const tbs = tbsOf(der)
  tbs[TBS.algorithm] = rsaAlgorithm(digest)
  edit?.(tbs)
  return signStructure({ body: sequence(...tbs), privateKey, digest })
}

/** Key identifier extensions with the values that belong to these keys. */
export function authorityKeyIdentifier (issuerSpki: Uint8Array): string {
  return forge.pki.getPublicKeyFingerprint(forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(toBinary(issuerSpki))), { type: 'RSAPublicKey', encoding: 'binary' })
}

/** What a call came to: its value, the code of its refusal, or whatever else it threw. */
export function outcomeOf<T> (call: () => T): { value: T } | { code: string } | { crash: unknown } {
  try {
    return { value: call() }
  } catch (error) {
    return error instanceof BonginError ? { code: error.code } : { crash: error }
  }
}
