/**
 * A holder's keys on disk: one folder for one holder at one server. Secrets are encrypted under one passphrase, every
 * file is readable by its owner alone, and no secret is ever overwritten: a renewed key gets its file's name only after
 * the old file was moved aside. For Node.
 *
 *   identity.json     server, fingerprint of its root certificate, registration, holder (no secret)
 *   key.p12           RSA signing key; with the certificate chain once certified
 *   encryption.jwe    X25519 key of an officer, to which seeds and recovery shares are sealed
 */
import { chmod, link, mkdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { equalBytes } from '../crypto/bytes.ts'
import { fromPem, readCertificate, thumbprintOf } from '../crypto/certificate.ts'
import { createCsr } from '../crypto/csr-builder.ts'
import { rsaSigner } from '../crypto/jws.ts'
import { readPkcs12, writePkcs12 } from '../crypto/pkcs12.ts'
import { generateRsaKeyPair } from '../crypto/rsa-private-keys.ts'
import { makeEncryptionKey } from '../crypto/shares.ts'
import { encryptionFile, readEncryptionFile } from './encryption-file.ts'
import { ClientError, type Identity } from './identity.ts'
import { ENCRYPTION_FILE, IDENTITY_FILE, identityText, KEY_FILE, type KeyFolderInfo } from './key-files.ts'

const OWNER_ONLY = 0o600
const OWNER_FOLDER = 0o700

/** Makes folder, signing key and, for officers, encryption key. @throws ClientError `file` where one is there already. */
export async function createKeyFolder (directory: string, { info, passphrase, bits }: {
  info: KeyFolderInfo, passphrase: string, bits: 2048 | 3072
}): Promise<{ csr: string }> {
  await mkdir(directory, { recursive: true, mode: OWNER_FOLDER })
  if (await exists(join(directory, KEY_FILE)) || await exists(join(directory, IDENTITY_FILE))) {
    throw new ClientError('file', `${directory} holds a key already. Keys are never overwritten: take another folder.`)
  }
  const { privateKeyPkcs8 } = await generateRsaKeyPair(bits)
  const csr = createCsr({ privateKeyPkcs8, subject: info.subject })
  await writeNew(join(directory, KEY_FILE), writePkcs12({ privateKeyPkcs8, chain: [], passphrase, friendlyName: info.name }))
  if (info.kind === 'officer') {
    await writeNew(join(directory, ENCRYPTION_FILE), await encryptionFile(makeEncryptionKey(), passphrase))
  }
  await writeNew(join(directory, IDENTITY_FILE), identityText(info))
  return { csr }
}

/** A request over the folder's own key, for a registration that was not sent, or for a renewal. */
export async function makeCsr (directory: string, passphrase: string): Promise<string> {
  const { privateKeyPkcs8 } = await readKeyFile(directory, passphrase)
  return createCsr({ privateKeyPkcs8, subject: (await readKeyFolder(directory)).subject })
}

/** @throws ClientError `file` where there is no key folder, or its description is damaged. */
export async function readKeyFolder (directory: string): Promise<KeyFolderInfo> {
  try {
    const info = JSON.parse(await readFile(join(directory, IDENTITY_FILE), 'utf8')) as KeyFolderInfo
    if (info.v !== 1 || typeof info.server !== 'string' || typeof info.rootFingerprint !== 'string') throw new Error('unknown form')
    return info
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no identity.json' : String(error)
    throw new ClientError('file', `${directory} is no key folder: ${reason}. Register first, or name the folder with --keys.`, { cause: error })
  }
}

/** Adds what became known: the registration's id, the holder's id. */
export async function updateKeyFolder (directory: string, change: Partial<Pick<KeyFolderInfo, 'registrationId' | 'holderId'>>): Promise<KeyFolderInfo> {
  const info = { ...await readKeyFolder(directory), ...change }
  await replaceFile(join(directory, IDENTITY_FILE), identityText(info))
  return info
}

/**
 * Stores the certificate beside its key, once it is seen to belong to that key.
 * @throws ClientError `mismatch` for another key's certificate.
 */
export async function saveCertificate (directory: string, { certificate, chain, passphrase }: {
  certificate: string, chain: readonly string[], passphrase: string
}): Promise<KeyFolderInfo> {
  const { privateKeyPkcs8 } = await readKeyFile(directory, passphrase)
  const ders = [certificate, ...chain].map((pem) => fromPem(pem))
  const own = ders[0]
  if (own === undefined) throw new ClientError('mismatch', 'There is no certificate to save.')
  const { holderId, kind } = readCertificate(own)
  const info = await readKeyFolder(directory)
  if (kind !== info.kind || (info.holderId !== null && info.holderId !== holderId)) {
    throw new ClientError('mismatch', `The certificate is for ${kind} ${holderId}, not for this folder's holder.`)
  }
  const file = keyFile({ privateKeyPkcs8, ders, passphrase, friendlyName: info.name })
  // Nothing replaces the key's file that does not give back the key.
  if (!equalBytes(readPkcs12(file, passphrase).privateKeyPkcs8, privateKeyPkcs8)) throw new ClientError('file', 'The key file could not be written anew.')
  await replaceFile(join(directory, KEY_FILE), file)
  return await updateKeyFolder(directory, { holderId })
}

function keyFile ({ privateKeyPkcs8, ders, passphrase, friendlyName }: {
  privateKeyPkcs8: Uint8Array, ders: Uint8Array[], passphrase: string, friendlyName: string
}): Uint8Array {
  try {
    return writePkcs12({ privateKeyPkcs8, chain: ders, passphrase, friendlyName })
  } catch (error) {
    throw new ClientError('mismatch', 'The certificate does not belong to the key in this folder.', { cause: error })
  }
}

/** The holder, ready to sign. @throws ClientError `file` (not registered, not certified yet), BonginError `certificate-malformed`. */
export async function openKeyFolder (directory: string, passphrase: string): Promise<Identity & { info: KeyFolderInfo }> {
  const info = await readKeyFolder(directory)
  const { privateKeyPkcs8, chain: [certificateDer] } = await readKeyFile(directory, passphrase)
  if (certificateDer === undefined) {
    throw new ClientError('file', `The key in ${directory} has no certificate yet. Ask for it with the "status" command once the registration is approved.`)
  }
  const { holderId, kind, commonName } = readCertificate(certificateDer)
  const thumbprint = thumbprintOf(certificateDer)
  const encryption = kind === 'officer' ? await readEncryptionKey(directory, passphrase) : undefined
  return {
    info,
    holderId,
    kind,
    name: commonName,
    signer: await rsaSigner({ privateKeyPkcs8, thumbprint }),
    thumbprint,
    certificateDer,
    ...(encryption === undefined ? {} : { encryption })
  }
}

async function readKeyFile (directory: string, passphrase: string): Promise<ReturnType<typeof readPkcs12>> {
  return readPkcs12(await read(join(directory, KEY_FILE)), passphrase)
}

async function readEncryptionKey (directory: string, passphrase: string): Promise<Identity['encryption']> {
  const path = join(directory, ENCRYPTION_FILE)
  if (!await exists(path)) return undefined
  return await readEncryptionFile(new TextDecoder().decode(await read(path)), passphrase)
}

async function read (path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    throw new ClientError('file', `${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, { cause: error })
  }
}

async function exists (path: string): Promise<boolean> {
  return await stat(path).then(() => true, () => false)
}

/** A file that must not be there yet. @throws ClientError `file`. */
export async function writeNew (path: string, contents: string | Uint8Array): Promise<void> {
  try {
    await writeFile(path, contents, { flag: 'wx', mode: OWNER_ONLY })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reason = code === 'EEXIST' ? 'it is there already, and nothing is overwritten' : String(code)
    throw new ClientError('file', `${path} cannot be written: ${reason}.`, { cause: error })
  }
}

/** Whole or not at all: the new file takes the name once it is written; until then the old one keeps a second name. */
async function replaceFile (path: string, contents: string | Uint8Array): Promise<void> {
  const [fresh, kept] = [`${path}.new`, `${path}.old`]
  await unlink(fresh).catch(() => {})
  await unlink(kept).catch(() => {})
  await writeNew(fresh, contents)
  await link(path, kept)
  await rename(fresh, path)
  await chmod(path, OWNER_ONLY)
  await unlink(kept)
}
