/**
 * Key files, loaded only when one is made or read: the backup of a key that is being made, and the import of a backup, of the
 * command line's key.p12, or of an archive of an officer's key folder. The signing key is in memory as bytes only in here; what
 * is kept of it can sign, and no more.
 */
import { encryptionFile, readEncryptionFile } from '../../client/encryption-file.ts'
import { ENCRYPTION_FILE, IDENTITY_FILE, identityText, KEY_FILE } from '../../client/key-files.ts'
import { registrationStatus } from '../../client/registration.ts'
import { fromPem, verifyCertificate } from '../../crypto/certificate.ts'
import { equalBytes, utf8 } from '../../crypto/bytes.ts'
import type { CsrSubject } from '../../crypto/csr.ts'
import { readPkcs12, writePkcs12 } from '../../crypto/pkcs12.ts'
import { readPrivateKeyInfo } from '../../crypto/private-key-info.ts'
import { publicKeySha256 } from '../../crypto/rsa-keys.ts'
import { makeEncryptionKey } from '../../crypto/shares.ts'
import type { HolderKind } from '../../domain/holder.ts'
import { parseInstant } from '../../domain/time.ts'
import type { EncryptionKey } from '../../client/identity.ts'
import { keptEncryption } from './encryption-key.ts'
import { isArchive, packKeyFiles, unpackKeyFiles } from './key-archive.ts'
import { findKey, keepKey, type KeptKey } from './kept.ts'
import { enrolmentWords } from './enrolment-words.ts'
import { ReaderFault } from './page.ts'
import { serverNow } from './server-clock.ts'
import { platformOf, publicApi } from './session.ts'
import { words } from './supplier-words.ts'

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const NEW_KEY = { ...RSA, modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1) } as const

/** Something in the import's form is wrong or missing. */
export class ImportFault extends ReaderFault {
  override readonly name = 'ImportFault'
  readonly field: 'keyFile' | 'keyPassphrase' | 'registrationId'
  constructor (field: ImportFault['field'], message: string) {
    super(message)
    this.field = field
  }
}

interface MadeKey { key: KeptKey, backup: Uint8Array<ArrayBuffer> }

/**
 * A new key, kept here so that it cannot be exported, and its backup under the passphrase: the one copy that there will ever be.
 * Officers have an encryption key beside it, in the same backup.
 */
export async function makeKey ({ kind, subject, passphrase }: { kind: HolderKind, subject: CsrSubject, passphrase: string }): Promise<MadeKey> {
  const { rootFingerprint } = await platformOf(null)
  const { privateKey, publicKey } = await crypto.subtle.generateKey(NEW_KEY, true, ['sign', 'verify'])
  const pkcs8 = new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey))
  const publicKeySpki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey))
  const name = kind === 'officer' ? subject.commonName : subject.organization
  const keyFile = writePkcs12({ privateKeyPkcs8: pkcs8, chain: [], passphrase, friendlyName: name })
  // Nothing is relied on that does not give back the key.
  if (!equalBytes(readPkcs12(keyFile, passphrase).privateKeyPkcs8, pkcs8)) throw new Error('the backup does not open')
  const encryption = kind === 'officer' ? makeEncryptionKey() : null
  const backup = encryption === null ? keyFile : await officerBackup({ keyFile, encryption, passphrase, rootFingerprint, subject })
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
    certificateDer: null,
    ...(encryption === null ? {} : { encryption: await keptEncryption(encryption) })
  }
  await keepKey(key)
  return { key, backup }
}

/** As the command line's key folder has them. */
async function officerBackup ({ keyFile, encryption, passphrase, rootFingerprint, subject }: {
  keyFile: Uint8Array, encryption: EncryptionKey, passphrase: string, rootFingerprint: string, subject: CsrSubject
}): Promise<Uint8Array<ArrayBuffer>> {
  const info = identityText({
    v: 1, server: location.origin, rootFingerprint, kind: 'officer', name: subject.commonName, subject, registrationId: null, holderId: null
  })
  const sealed = await encryptionFile(encryption, passphrase)
  return packKeyFiles(new Map([[KEY_FILE, keyFile], [ENCRYPTION_FILE, utf8(sealed)], [IDENTITY_FILE, utf8(info)]]))
}

/** What of a file is the signing key, and what the encryption key: an archive has both, a PKCS#12 file the first alone. */
async function readKeyFile (bytes: Uint8Array, passphrase: string): Promise<{ keyFile: Uint8Array, encryption: EncryptionKey | null }> {
  if (!isArchive(bytes)) return { keyFile: bytes, encryption: null }
  const files = unpackKeyFiles(bytes)
  const [keyFile, sealed] = [files.get(KEY_FILE), files.get(ENCRYPTION_FILE)]
  if (keyFile === undefined) throw new ImportFault('keyFile', enrolmentWords.importNoKey)
  if (sealed === undefined) return { keyFile, encryption: null }
  return { keyFile, encryption: await readEncryptionFile(new TextDecoder().decode(sealed), passphrase) }
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
  const { keyFile, encryption } = await readKeyFile(bytes, passphrase)
  const { privateKeyPkcs8, chain: [own] } = readPkcs12(keyFile, passphrase)
  const { publicKeySpki } = readPrivateKeyInfo(privateKeyPkcs8)
  const platform = await platformOf(null)
  const certificateDer = own ?? await certificateOf(registrationId)
  const { rootDer, issuingDer } = platform
  const info = verifyCertificate({ certificate: certificateDer, issuingDer, rootDer, at: parseInstant(platform.serverTime) })
  if (!equalBytes(info.publicKeySpki, publicKeySpki)) throw new ImportFault('registrationId', words.certificateOtherKey)
  const keyId = publicKeySha256(publicKeySpki)
  const known = await findKey(keyId)
  const kept = encryption === null ? known?.encryption : await keptEncryption(encryption)
  await keepKey({
    keyId,
    privateKey: await unexportable(privateKeyPkcs8),
    publicKeySpki,
    subject: { commonName: info.commonName, organization: info.organization, ...(info.kind === 'supplier' ? { serialNumber: info.holderId } : {}) },
    rootFingerprint: platform.rootFingerprint,
    madeAt: known?.madeAt ?? serverNow(),
    backupAt: known?.backupAt ?? null,
    registrationId: registrationId ?? known?.registrationId ?? null,
    status: 'approved',
    reason: '',
    holderId: info.holderId,
    certificateDer,
    ...(kept === undefined ? {} : { encryption: kept })
  })
}

async function certificateOf (registrationId: string | null): Promise<Uint8Array> {
  if (registrationId === null) throw new ImportFault('registrationId', words.importNeedsNumber)
  const { certificate } = await registrationStatus(publicApi, registrationId)
  if (certificate === null) throw new ImportFault('registrationId', words.importNotCertified)
  return fromPem(certificate)
}
