/**
 * RSA private keys as PKCS#8 (PrivateKeyInfo, RFC 5958) holds them: taken apart and written in one spelling, and the public key
 * beside them. Runs in a browser. Whether the numbers make a key is not looked at here; whoever signs with it sees.
 */
import { bits, encodeDer, integer, integerFromHex, members, nothing, oid, octets, parseBer, readOctets, readOid, readPositiveInteger, readSmallInteger, sequence } from './asn1.ts'
import type { Bytes } from './bytes.ts'

const RSA_ENCRYPTION = '1.2.840.113549.1.1.1'
/** version, n, e, d, p, q, dP, dQ, qInv (RFC 8017 §A.1.2); a key of more primes is none of ours. */
const RSA_KEY_MEMBERS = 9

export interface RsaPrivateKeyInfo { pkcs8: Bytes, publicKeySpki: Bytes }

/** @throws Error unless these bytes are an unencrypted RSA private key. */
export function readPrivateKeyInfo (bytes: Uint8Array): RsaPrivateKeyInfo {
  const [version, algorithm, key] = members(parseBer(bytes), 'sequence', { min: 3, max: 5 })
  if (readSmallInteger(version) > 1 || readOid(members(algorithm, 'sequence', { min: 1, max: 2 })[0]) !== RSA_ENCRYPTION) throw new Error('not an RSA key')
  const rsaKey = parseBer(readOctets(key))
  const [keyVersion, ...numbers] = members(rsaKey, 'sequence', { min: RSA_KEY_MEMBERS })
  if (readSmallInteger(keyVersion) !== 0) throw new Error('another kind of RSA key')
  const [modulus = 0n, exponent = 0n] = numbers.map(readPositiveInteger)
  const pair = sequence(integerFromHex(modulus.toString(16)), integerFromHex(exponent.toString(16)))
  const rsa = (): ReturnType<typeof sequence> => sequence(oid(RSA_ENCRYPTION), nothing())
  return {
    pkcs8: encodeDer(sequence(integer(0), rsa(), octets(encodeDer(rsaKey)))),
    publicKeySpki: encodeDer(sequence(rsa(), bits(encodeDer(pair))))
  }
}
