/**
 * Key files, loaded only when one is made or read: the backup of a key that is being made, and the import of a backup or of
 * the command line's key.p12. The private key is in memory as bytes only in here; what is kept of it can sign, and no more.
 */
import { registrationStatus } from '../../client/registration.ts'
import { fromPem, verifyCertificate } from '../../crypto/certificate.ts'
import { equalBytes } from '../../crypto/bytes.ts'
import type { CsrSubject } from '../../crypto/csr.ts'
import { readPkcs12, writePkcs12 } from '../../crypto/pkcs12.ts'
import { readPrivateKeyInfo } from '../../crypto/private-key-info.ts'
import { publicKeySha256 } from '../../crypto/rsa-keys.ts'
import { parseInstant } from '../../domain/time.ts'
import { findKey, keepKey, type KeptKey } from './kept.ts'
import { words } from './page.ts'
import { serverNow } from './server-clock.ts'
import { platformOf, publicApi } from './session.ts'

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const NEW_KEY = { ...RSA, modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1) } as const

/** Something in the import's form is wrong or missing. */
export class ImportFault extends Error {
  readonly field: 'keyFile' | 'keyPassphrase' | 'registrationId'
  constructor (field: ImportFault['field'], message: string) {
    super(message)
    this.field = field
  }
}

export interface MadeKey { key: KeptKey, backup: Uint8Array<ArrayBuffer> }

/** A new key, kept here so that it cannot be exported, and its backup under the passphrase: the one copy that there will ever be. */
export async function makeKey ({ subject, passphrase }: { subject: CsrSubject, passphrase: string }): Promise<MadeKey> {
  const { rootFingerprint } = await platformOf(null)
  const { privateKey, publicKey } = await crypto.subtle.generateKey(NEW_KEY, true, ['sign', 'verify'])
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
  const publicKeySpki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
  const backup = writePkcs12({ privateKeyPkcs8: pkcs8, chain: [], passphrase, friendlyName: subject.organization })
  // Nothing is relied on that does not give back the key.
  if (!equalBytes(readPkcs12(backup, passphrase).privateKeyPkcs8, pkcs8)) throw new Error('the backup does not open')
  const key: KeptKey = {
    keyId: publicKeySha256(publicKeySpki),
    privateKey: await unexportable(pkcs8),
    publicKeySpki,
    subject,
    rootFingerprint,
    madeAt: serverNow(),
    backupAt: serverNow(),
    registrationId: null,
    status: 'new',
    reason: '',
    holderId: null,
    certificateDer: null
  }
  await keepKey(key)
  return { key, backup }
}

async function unexportable (pkcs8: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, RSA, false, ['sign'])
  pkcs8.fill(0)
  return key
}

/** @throws ImportFault, or what the certificate's check throws. */
export async function importKey ({ bytes, passphrase, registrationId }: {
  bytes: Uint8Array, passphrase: string, registrationId: string | null
}): Promise<void> {
  const { privateKeyPkcs8, chain: [own] } = readPkcs12(bytes, passphrase)
  const { publicKeySpki } = readPrivateKeyInfo(privateKeyPkcs8)
  const platform = await platformOf(null)
  const certificateDer = own ?? await certificateOf(registrationId)
  const { rootDer, issuingDer } = platform
  const info = verifyCertificate({ certificate: certificateDer, issuingDer, rootDer, at: parseInstant(platform.serverTime) })
  if (info.kind !== 'supplier') throw new ImportFault('keyFile', words.importNotSupplier)
  if (!equalBytes(info.publicKeySpki, publicKeySpki)) throw new ImportFault('registrationId', words.certificateOtherKey)
  const keyId = publicKeySha256(publicKeySpki)
  const known = await findKey(keyId)
  await keepKey({
    keyId,
    privateKey: await unexportable(privateKeyPkcs8),
    publicKeySpki,
    subject: { commonName: info.commonName, organization: info.organization, serialNumber: info.holderId },
    rootFingerprint: platform.rootFingerprint,
    madeAt: known?.madeAt ?? serverNow(),
    backupAt: known?.backupAt ?? null,
    registrationId: registrationId ?? known?.registrationId ?? null,
    status: 'approved',
    reason: '',
    holderId: info.holderId,
    certificateDer
  })
}

async function certificateOf (registrationId: string | null): Promise<Uint8Array> {
  if (registrationId === null) throw new ImportFault('registrationId', words.importNeedsNumber)
  const { certificate } = await registrationStatus(publicApi, registrationId)
  if (certificate === null) throw new ImportFault('registrationId', words.importNotCertified)
  return fromPem(certificate)
}
