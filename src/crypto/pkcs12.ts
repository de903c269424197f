/**
 * PKCS#12 files (RFC 7292): one RSA private key, encrypted, with its certificate chain, under one passphrase.
 * The MAC is verified before anything in the file is looked at, and a file without one is refused. Certificates are
 * public and stand there in clear. Passphrases are brought to NFC first: macOS types Korean in another form. Runs in a browser.
 */
import { exportSpki, readX509 } from '#platform/keys'
import { invariant } from '../domain/errors.ts'
import {
  bmpString, encodeDer, explicit, integer, members, octets, oid, orRefuse, parseBer, parseDer, readOctets, readOid, readSmallInteger,
  sequence, set
} from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import { equalBytes, sha256 } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { cannotBeOpened, normalPassphrase } from './passphrase.ts'
import { decryptPart, encryptKey } from './pkcs12-encryption.ts'
import { isMacOf, makeMacData } from './pkcs12-mac.ts'
import { readPrivateKeyInfo, type RsaPrivateKeyInfo } from './private-key-info.ts'

export const MAX_PKCS12_BYTES = 65_536
/** Of ContentInfos in a file, and of bags in each of them. */
const MAX_PARTS = 16
/** Parts that are decrypted, each with an iteration count of its own: a key, and certificates in one or a few. */
const MAX_ENCRYPTED_PARTS = 4

const DATA = '1.2.840.113549.1.7.1'
const ENCRYPTED_DATA = '1.2.840.113549.1.7.6'
const KEY_BAG = '1.2.840.113549.1.12.10.1.1'
const SHROUDED_KEY_BAG = '1.2.840.113549.1.12.10.1.2'
const CERT_BAG = '1.2.840.113549.1.12.10.1.3'
const X509_CERTIFICATE = '1.2.840.113549.1.9.22.1'
const FRIENDLY_NAME = '1.2.840.113549.1.9.20'
const LOCAL_KEY_ID = '1.2.840.113549.1.9.21'

export interface Pkcs12Contents {
  privateKeyPkcs8: Bytes
  /** The certificate of the key first; empty where the file has none. */
  chain: Bytes[]
}

export interface Pkcs12Input {
  privateKeyPkcs8: Uint8Array
  /** The certificate of the key first; may be empty. */
  chain: readonly Uint8Array[]
  passphrase: string
  friendlyName: string
}

/** @throws BonginError `invalid-request` for an empty passphrase. */
export function writePkcs12 ({ privateKeyPkcs8, chain, passphrase, friendlyName }: Pkcs12Input): Bytes {
  const secret = normalPassphrase(passphrase)
  const spki = readPrivateKeyInfo(privateKeyPkcs8).publicKeySpki
  invariant(chain[0] === undefined || equalBytes(spkiOf(chain[0]), spki), 'a chain begins with the certificate of its key')
  const attributes = set(
    sequence(oid(LOCAL_KEY_ID), set(octets(sha256(spki)))),
    sequence(oid(FRIENDLY_NAME), set(bmpString(friendlyName)))
  )
  const certBags = chain.map((der, i) => sequence(
    oid(CERT_BAG), explicit(0, sequence(oid(X509_CERTIFICATE), explicit(0, octets(der)))), ...(i === 0 ? [attributes] : [])
  ))
  const keyBag = sequence(oid(SHROUDED_KEY_BAG), explicit(0, encryptKey(privateKeyPkcs8, secret)), attributes)
  const safes = [...(certBags.length === 0 ? [] : [certBags]), [keyBag]]
  const contents = encodeDer(sequence(...safes.map((bags) => dataOf(encodeDer(sequence(...bags))))))
  return encodeDer(sequence(integer(3), dataOf(contents), makeMacData(contents, secret)))
}

/** ContentInfo of type data. */
function dataOf (bytes: Uint8Array): Asn1 {
  return sequence(oid(DATA), explicit(0, octets(bytes)))
}

/** @throws BonginError `certificate-malformed`, one detail for all: a wrong passphrase can't be told from damage. */
export function readPkcs12 (bytes: Uint8Array, passphrase: string): Pkcs12Contents {
  const secret = normalPassphrase(passphrase)
  return orRefuse(() => {
    if (bytes.length > MAX_PKCS12_BYTES) throw new Error('too long')
    const [version, authSafe, macData] = members(parseBer(bytes), 'sequence', { min: 3 })
    const contents = readData(authSafe)
    if (readSmallInteger(version) !== 3 || !isMacOf({ macData, contents, passphrase: secret })) throw new Error('another passphrase')
    const found: Found = { keys: [], certificates: [], encryptedParts: 0 }
    for (const safe of members(parseBer(contents), 'sequence', { min: 1, max: MAX_PARTS })) {
      collectBags(openSafe(safe, secret, found), secret, found)
    }
    return orderContents(found)
  }, cannotBeOpened)
}

interface Found { keys: RsaPrivateKeyInfo[], certificates: Bytes[], encryptedParts: number }

function readData (node: Asn1 | undefined): Bytes {
  const [type, content] = members(node, 'sequence', { min: 2 })
  if (readOid(type) !== DATA) throw new Error('another content')
  return readOctets(members(content, 0, { min: 1 })[0])
}

/** The bags in one ContentInfo, decrypted where it is EncryptedData (RFC 5652 §8). */
function openSafe (safe: Asn1, passphrase: string, found: Found): Bytes {
  const [type, content] = members(safe, 'sequence', { min: 2 })
  if (readOid(type) !== ENCRYPTED_DATA) return readData(safe)
  const [, info] = members(members(content, 0, { min: 1 })[0], 'sequence', { min: 2, max: 3 })
  const [, algorithm, ciphertext] = members(info, 'sequence', { min: 3 })
  return decrypt({ algorithm, ciphertext, passphrase }, found)
}

/** Whoever made the file chose what each of its parts costs: their number is limited before any is paid for. */
function decrypt ({ algorithm, ciphertext, passphrase }: {
  algorithm: Asn1 | undefined, ciphertext: Asn1 | undefined, passphrase: string
}, found: Found): Bytes {
  if (++found.encryptedParts > MAX_ENCRYPTED_PARTS) throw new Error('too many encrypted parts')
  return decryptPart({ algorithm, ciphertext: readOctets(ciphertext), passphrase })
}

function collectBags (safeContents: Bytes, passphrase: string, found: Found): void {
  for (const bag of members(parseBer(safeContents), 'sequence', { min: 0, max: MAX_PARTS })) {
    const [type, value] = members(bag, 'sequence', { min: 2, max: 3 })
    const [content] = members(value, 0, { min: 1 })
    switch (readOid(type)) {
      case KEY_BAG:
        if (content !== undefined) found.keys.push(readPrivateKeyInfo(encodeDer(content)))
        break
      case SHROUDED_KEY_BAG: {
        const [algorithm, ciphertext] = members(content, 'sequence', { min: 2 })
        found.keys.push(readPrivateKeyInfo(decrypt({ algorithm, ciphertext, passphrase }, found)))
        break
      }
      case CERT_BAG: {
        const [kind, certificate] = members(content, 'sequence', { min: 2 })
        if (readOid(kind) === X509_CERTIFICATE) found.certificates.push(readOctets(members(certificate, 0, { min: 1 })[0]))
        break
      }
      default: // revocation lists and secrets are of no use here
    }
  }
}

/** One key, and its own certificate first. */
function orderContents ({ keys: [key, ...otherKeys], certificates }: Found): Pkcs12Contents {
  if (key === undefined || otherKeys.length > 0) throw new Error('not one key')
  const spki = key.publicKeySpki
  const own = certificates.filter((der) => equalBytes(spkiOf(der), spki))
  if (certificates.length > 0 && own.length !== 1) throw new Error('not one certificate for the key')
  return { privateKeyPkcs8: key.pkcs8, chain: [...own, ...certificates.filter((der) => !own.includes(der))] }
}

function spkiOf (certificate: Uint8Array): Bytes {
  parseDer(certificate) // OpenSSL would read past trailing bytes
  return exportSpki(readX509(certificate).publicKey)
}
