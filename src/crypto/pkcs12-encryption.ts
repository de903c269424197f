/**
 * How parts of a PKCS#12 file are encrypted. Written: PBES2 (RFC 8018 §6.2) with PBKDF2-HMAC-SHA256 and AES-256-CBC.
 * Read besides: the other AES sizes, Triple DES, and the two old schemes of PKCS#12 itself (RFC 7292, appendix C)
 * that Windows and OpenSSL 1 wrote. Passphrases are UTF-8 in PBES2 and UTF-16 in the old schemes.
 * Runs in a browser.
 */
import { decryptCbc, encryptCbc, pbkdf2 } from '#platform/passwords'
import rc2 from 'node-forge/lib/rc2.js'
import util from 'node-forge/lib/util.js'
import { fromBinary, integer, members, nothing, octets, oid, readOctets, readOid, readSmallInteger, sequence, toBinary } from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import { randomBytes } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { derivePkcs12Key } from './pkcs12-key.ts'
import type { CbcCipher, PasswordDigest } from './platform/types.ts'

/** Of PBKDF2 in files that we write; about 20 ms. */
const ITERATIONS = 100_000
/** A file with more would only hold the reader up: OpenSSL writes 2,048, Java 10,000. */
const MAX_ITERATIONS = ITERATIONS
/** The old schemes never had more than some thousands, and each costs far more here. */
const MAX_OLD_ITERATIONS = 10_000
const MAX_SALT_BYTES = 64

const PBES2 = '1.2.840.113549.1.5.13'
const PBKDF2 = '1.2.840.113549.1.5.12'
const HMAC_SHA256 = '1.2.840.113549.2.9'
const AES_256_CBC = '2.16.840.1.101.3.4.1.42'
const TRIPLE_DES_OLD = '1.2.840.113549.1.12.1.3'
const RC2_40_OLD = '1.2.840.113549.1.12.1.6'

const PRFS: ReadonlyMap<string, PasswordDigest> = new Map([
  ['1.2.840.113549.2.7', 'sha1'], [HMAC_SHA256, 'sha256'], ['1.2.840.113549.2.10', 'sha384'], ['1.2.840.113549.2.11', 'sha512']
])
const CIPHERS: ReadonlyMap<string, { name: CbcCipher, keyBytes: number }> = new Map([
  ['2.16.840.1.101.3.4.1.2', { name: 'aes-128-cbc', keyBytes: 16 }],
  ['2.16.840.1.101.3.4.1.22', { name: 'aes-192-cbc', keyBytes: 24 }],
  [AES_256_CBC, { name: 'aes-256-cbc', keyBytes: 32 }],
  ['1.2.840.113549.3.7', { name: 'des-ede3-cbc', keyBytes: 24 }]
])

/** EncryptedPrivateKeyInfo (RFC 5958 §3) of a PKCS#8 key. */
export function encryptKey (pkcs8: Uint8Array, passphrase: string): Asn1 {
  const [salt, iv] = [randomBytes(16), randomBytes(16)]
  const key = pbkdf2({ digest: 'sha256', passphrase, salt, iterations: ITERATIONS, length: 32 })
  const ciphertext = encryptCbc('aes-256-cbc', { key, iv, input: pkcs8 })
  const derivation = sequence(oid(PBKDF2), sequence(octets(salt), integer(ITERATIONS), sequence(oid(HMAC_SHA256), nothing())))
  return sequence(sequence(oid(PBES2), sequence(derivation, sequence(oid(AES_256_CBC), octets(iv)))), octets(ciphertext))
}

/** @throws Error for another scheme, too many iterations, or a ciphertext that doesn't decrypt. */
export function decryptPart ({ algorithm, ciphertext, passphrase }: {
  algorithm: Asn1 | undefined, ciphertext: Uint8Array, passphrase: string
}): Bytes {
  const [scheme, parameters] = members(algorithm, 'sequence', { min: 2 })
  const name = readOid(scheme)
  if (name === PBES2) return decryptPbes2(parameters, ciphertext, passphrase)
  if (name === TRIPLE_DES_OLD || name === RC2_40_OLD) return decryptOld({ name, parameters, ciphertext, passphrase })
  throw new Error('another encryption scheme')
}

function decryptPbes2 (parameters: Asn1 | undefined, ciphertext: Uint8Array, passphrase: string): Bytes {
  const [derivation, encryption] = members(parameters, 'sequence', { min: 2 })
  const [cipherOid, iv] = members(encryption, 'sequence', { min: 2 })
  const cipher = CIPHERS.get(readOid(cipherOid))
  if (cipher === undefined) throw new Error('another cipher')
  const key = deriveByPbkdf2(derivation, passphrase, cipher.keyBytes)
  return new Uint8Array(decryptCbc(cipher.name, { key, iv: readOctets(iv), input: ciphertext }))
}

/** PBKDF2-params ::= SEQUENCE { salt, iterations, keyLength OPTIONAL, prf DEFAULT HMAC-SHA1 } */
function deriveByPbkdf2 (node: Asn1 | undefined, passphrase: string, keyBytes: number): Uint8Array {
  const [derivationOid, parameters] = members(node, 'sequence', { min: 2 })
  if (readOid(derivationOid) !== PBKDF2) throw new Error('another key derivation')
  const [salt, iterations, ...options] = members(parameters, 'sequence', { min: 2, max: 4 })
  const prfNode = options.find((option) => option.constructed)
  const lengthNode = options.find((option) => !option.constructed)
  if (lengthNode !== undefined && readSmallInteger(lengthNode) !== keyBytes) throw new Error('another key length')
  const digest = prfNode === undefined ? 'sha1' : PRFS.get(readOid(members(prfNode, 'sequence', { min: 1, max: 2 })[0]))
  if (digest === undefined) throw new Error('another pseudorandom function')
  return pbkdf2({ digest, passphrase, salt: readSalt(salt), iterations: readIterations(iterations, MAX_ITERATIONS), length: keyBytes })
}

function decryptOld ({ name, parameters, ciphertext, passphrase }: {
  name: string, parameters: Asn1 | undefined, ciphertext: Uint8Array, passphrase: string
}): Bytes {
  const [saltNode, iterationsNode] = members(parameters, 'sequence', { min: 2 })
  const derivation = { digest: 'sha1', passphrase, salt: readSalt(saltNode), iterations: readIterations(iterationsNode, MAX_OLD_ITERATIONS) } as const
  const iv = derivePkcs12Key({ ...derivation, purpose: 'iv', length: 8 })
  if (name === TRIPLE_DES_OLD) {
    const key = derivePkcs12Key({ ...derivation, purpose: 'key', length: 24 })
    return new Uint8Array(decryptCbc('des-ede3-cbc', { key, iv, input: ciphertext }))
  }
  // OpenSSL 3 has put RC2 away; forge still knows it.
  const key = derivePkcs12Key({ ...derivation, purpose: 'key', length: 5 })
  const cipher = rc2.createDecryptionCipher(util.createBuffer(toBinary(key)), 40)
  cipher.start(toBinary(iv))
  cipher.update(util.createBuffer(toBinary(ciphertext)))
  if (!cipher.finish()) throw new Error('padding')
  return fromBinary(cipher.output.getBytes())
}

function readSalt (node: Asn1 | undefined): Bytes {
  const salt = readOctets(node)
  if (salt.length === 0 || salt.length > MAX_SALT_BYTES) throw new Error('salt out of range')
  return salt
}

function readIterations (node: Asn1 | undefined, max: number): number {
  const iterations = readSmallInteger(node)
  if (iterations < 1 || iterations > max) throw new Error('iterations out of range')
  return iterations
}
