/**
 * The password integrity of a PKCS#12 file (RFC 7292 §4): HMAC over its contents under a key derived
 * from the passphrase. The MAC is what a guesser of passphrases would try first, so its iterations count, too. Runs in a browser.
 */
import { digestOf, hmacOf } from '#platform/passwords'
import { integer, members, nothing, octets, oid, readOctets, readOid, readSmallInteger, sequence } from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import { equalBytes, randomBytes } from './bytes.ts'
import { derivePkcs12Key } from './pkcs12-key.ts'
import type { PasswordDigest } from './platform/types.ts'

/** In files that we write: about 70 ms, since every iteration is a call of its own. */
const MAC_ITERATIONS = 50_000
/** A file with more would only hold the reader up: OpenSSL writes 2,048, Windows 2,000, Java 10,000. */
const MAX_MAC_ITERATIONS = MAC_ITERATIONS
const MAX_SALT_BYTES = 64

const SHA256 = '2.16.840.1.101.3.4.2.1'
const DIGESTS: ReadonlyMap<string, PasswordDigest> = new Map([
  ['1.3.14.3.2.26', 'sha1'], [SHA256, 'sha256'], ['2.16.840.1.101.3.4.2.2', 'sha384'], ['2.16.840.1.101.3.4.2.3', 'sha512']
])

/** MacData ::= SEQUENCE { SEQUENCE { digestAlgorithm, digest }, salt, iterations } */
export function makeMacData (contents: Uint8Array, passphrase: string): Asn1 {
  const salt = randomBytes(16)
  const key = derivePkcs12Key({ digest: 'sha256', passphrase, salt, iterations: MAC_ITERATIONS, purpose: 'mac', length: 32 })
  const mac = hmacOf('sha256', key, contents)
  return sequence(sequence(sequence(oid(SHA256), nothing()), octets(mac)), octets(salt), integer(MAC_ITERATIONS))
}

/** Whether this passphrase made the MAC over these contents. @throws Error for a MacData of another form. */
export function isMacOf ({ macData, contents, passphrase }: { macData: Asn1 | undefined, contents: Uint8Array, passphrase: string }): boolean {
  const [digestInfo, saltNode, iterationsNode] = members(macData, 'sequence', { min: 2, max: 3 })
  const [algorithm, macNode] = members(digestInfo, 'sequence', { min: 2 })
  const digest = DIGESTS.get(readOid(members(algorithm, 'sequence', { min: 1, max: 2 })[0]))
  const salt = readOctets(saltNode)
  const iterations = iterationsNode === undefined ? 1 : readSmallInteger(iterationsNode)
  if (digest === undefined || salt.length > MAX_SALT_BYTES || iterations < 1 || iterations > MAX_MAC_ITERATIONS) throw new Error('another MAC')
  const length = digestOf(digest, new Uint8Array()).length
  const key = derivePkcs12Key({ digest, passphrase, salt, iterations, purpose: 'mac', length })
  const [found, wanted] = [readOctets(macNode), hmacOf(digest, key, contents)]
  return equalBytes(found, wanted)
}
