/**
 * What the seam's test runs on both machines: in Node as it is, and bundled in a browser. Everything that goes in and comes out
 * is JSON, so that one answer can be held against the other.
 */
import { hash } from '#platform/digests'
import { sha3Of256 } from '#platform/sha3'
import { fromHex, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { readCertificate, readTrust, verifyCertificate } from '../../src/crypto/certificate.ts'
import { readCsr, signCsr, type CsrSubject } from '../../src/crypto/csr.ts'
import { makeRecipientKey, openSealed, sealBase } from '../../src/crypto/hpke-seal.ts'
import { openBase } from '../../src/crypto/hpke.ts'
import { parseJws, rsaSignerFromKey, signJws } from '../../src/crypto/jws.ts'
import { verifyJws } from '../../src/crypto/jws-verify.ts'
import { readPkcs12, writePkcs12 } from '../../src/crypto/pkcs12.ts'
import { readPrivateKeyInfo } from '../../src/crypto/private-key-info.ts'
import { verifyReceipt } from '../../src/crypto/receipt.ts'
import type { DigestName } from '../../src/crypto/platform/types.ts'
import { exportSpki, publicKeySha256, readRsaPublicKey } from '../../src/crypto/rsa-keys.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { Thumbprint } from '../../src/domain/ids.ts'
import type { Suite } from '../../src/domain/notice.ts'

export interface HashCase { algorithm: DigestName | 'sha3-256', hex: string, text?: string, encoding: 'hex' | 'base64url' | 'buffer' }

function digestOf ({ algorithm, hex, text, encoding }: HashCase): string {
  const data = text ?? fromHex(hex)
  if (algorithm === 'sha3-256') return toHex(sha3Of256(typeof data === 'string' ? utf8(data) : data))
  return encoding === 'buffer' ? toHex(hash(algorithm, data, encoding)) : hash(algorithm, data, encoding)
}

/** What a call came to: its answer, or the code of its refusal. */
function outcome<T> (call: () => T): T | { refused: string } {
  try {
    return call()
  } catch (error) {
    return { refused: String((error as { code?: unknown }).code ?? error) }
  }
}

const RS256 = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 2048, publicExponent: Uint8Array.of(1, 0, 1) } as const

export const seam = {
  hash: (cases: HashCase[]): string[] => cases.map(digestOf),

  certificate: (der: string) => outcome(() => {
    const { publicKey, publicKeySpki, der: bytes, ...facts } = readCertificate(fromHex(der))
    return { ...facts, spki: toHex(exportSpki(publicKey)), same: toHex(publicKeySpki), der: toHex(bytes) }
  }),

  trust: ({ root, issuing }: { root: string, issuing: string }) => outcome(() => {
    const trust = readTrust({ rootDer: fromHex(root), issuingDer: fromHex(issuing) })
    const { raw, ca, serialNumber, validFromDate, validToDate, publicKey } = trust.root
    return { raw: toHex(raw), ca, serialNumber, from: validFromDate.getTime(), to: validToDate.getTime(), spki: toHex(exportSpki(publicKey)) }
  }),

  chain: ({ certificate, root, issuing, at }: { certificate: string, root: string, issuing: string, at: number }) => outcome(() =>
    verifyCertificate({ certificate: fromHex(certificate), rootDer: fromHex(root), issuingDer: fromHex(issuing), at }).holderId),

  publicKey: (spki: string) => outcome(() => toHex(exportSpki(readRsaPublicKey(fromHex(spki))))),

  csr: (pem: string) => outcome(() => ({ subject: readCsr(pem).subject, key: readCsr(pem).publicKeySha256 })),

  award: ({ jws, spki }: { jws: string, spki: string }) => outcome(() => {
    verifyJws(parseJws(jws, 'bongin-award'), readRsaPublicKey(fromHex(spki)))
    return 'signed'
  }),

  receipt: ({ receipt, publicKey }: { receipt: string, publicKey: string }) => outcome(() =>
    verifyReceipt({ receipt, publicKey: fromHex(publicKey) })),

  recipient: (suite: Suite) => {
    const { privateKey, publicKey } = makeRecipientKey(suite)
    return { privateKey: toHex(privateKey), publicKey: toHex(publicKey) }
  },

  seal: async ({ publicKey, text }: { publicKey: string, text: string }) => {
    const { enc, ciphertext } = await sealBase({ publicKey: fromHex(publicKey), info: utf8('info'), aad: utf8('aad'), plaintext: utf8(text) })
    return { enc: toHex(enc), ciphertext: toHex(ciphertext) }
  },

  open: async ({ suite, privateKey, enc, ciphertext }: { suite: Suite, privateKey: string, enc: string, ciphertext: string }) => {
    const job = { privateKey: fromHex(privateKey), enc: fromHex(enc), ciphertext: fromHex(ciphertext), info: utf8('info'), aad: utf8('aad') }
    const plaintext = await openSealed({ suite, ...job })
    return plaintext === null ? null : new TextDecoder().decode(plaintext)
  },

  /** In bulk, as an opening does. */
  openTenderSeal: ({ privateKey, enc, ciphertext }: { privateKey: string, enc: string, ciphertext: string }) => {
    const job = { privateKey: fromHex(privateKey), enc: fromHex(enc), ciphertext: fromHex(ciphertext), info: utf8('info'), aad: utf8('aad') }
    const plaintext = openBase(job)
    return plaintext === null ? null : new TextDecoder().decode(plaintext)
  },

  /** A key that cannot leave WebCrypto asks for its certificate and signs. */
  keyInWebCrypto: async ({ subject, thumbprint, payload }: { subject: CsrSubject, thumbprint: Thumbprint, payload: object }) => {
    const { privateKey, publicKey } = await crypto.subtle.generateKey(RS256, false, ['sign', 'verify'])
    const signer = rsaSignerFromKey(privateKey, thumbprint)
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
    const csr = await signCsr({ publicKeySpki: spki, subject }, signer.sign)
    const exported = await crypto.subtle.exportKey('pkcs8', privateKey).then(() => 'given away', () => 'kept')
    return { csr, key: publicKeySha256(spki), spki: toHex(spki), jws: await signJws(signer, 'bongin-award', payload), exported }
  },

  readKeyFile: ({ file, passphrase }: { file: string, passphrase: string }) => outcome(() => {
    const { privateKeyPkcs8, chain } = readPkcs12(fromHex(file), passphrase)
    return { key: toHex(privateKeyPkcs8), publicKey: toHex(readPrivateKeyInfo(privateKeyPkcs8).publicKeySpki), chain: chain.map(toHex) }
  }),

  writeKeyFile: ({ key, chain, passphrase }: { key: string, chain: string[], passphrase: string }) =>
    toHex(writePkcs12({ privateKeyPkcs8: fromHex(key), chain: chain.map((der) => fromHex(der)), passphrase, friendlyName: '열쇠' })),

  record: async (record: unknown) => await verifyRecord(record)
}

export type Seam = typeof seam
Object.assign(globalThis, { seam })
