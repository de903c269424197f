/**
 * RSA signatures over DER structures (PKCS#1 v1.5, RFC 8017 §8.2): their algorithm and their check. Runs in a browser.
 * An AlgorithmIdentifier counts only in its exact form (RFC 4055 §5: parameters are NULL).
 */
import { verifyRsa } from '#platform/keys'
import { encodeDer, members, nothing, oid, readOid, sequence } from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import { equalBytes } from './bytes.ts'
import type { PublicKey } from './platform/types.ts'

export type SignatureDigest = 'sha256' | 'sha384' | 'sha512'

export const SHA256_WITH_RSA = '1.2.840.113549.1.1.11'

const DIGESTS: ReadonlyMap<string, SignatureDigest> = new Map([
  [SHA256_WITH_RSA, 'sha256'], ['1.2.840.113549.1.1.12', 'sha384'], ['1.2.840.113549.1.1.13', 'sha512']
])

/** MD2, MD4, MD5, SHA-1 (two spellings) and SHA-224 with RSA. */
const WEAK: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.2', '1.2.840.113549.1.1.3', '1.2.840.113549.1.1.4', '1.2.840.113549.1.1.5', '1.3.14.3.2.29', '1.2.840.113549.1.1.14'
])

/** @throws Error unless the node is an AlgorithmIdentifier. */
export function readSignatureAlgorithm (node: Asn1 | undefined): SignatureDigest | 'weak' | 'unknown' {
  if (node === undefined) throw new Error('no algorithm')
  const name = readOid(members(node, 'sequence', { min: 1, max: 2 })[0])
  if (WEAK.has(name)) return 'weak'
  const digest = DIGESTS.get(name)
  return digest !== undefined && equalBytes(encodeDer(node), encodeDer(sequence(oid(name), nothing()))) ? digest : 'unknown'
}

export function isRsaSignature ({ digest, ...job }: {
  digest: SignatureDigest, message: Uint8Array, signature: Uint8Array, publicKey: PublicKey
}): boolean {
  return verifyRsa(digest, job)
}
