/**
 * What `init`, `officer enrol` and `supplier register` have in common: see the platform, make the keys, apply, and fetch
 * the certificate once there is one.
 */
import { publishEncryptionKey, registrationStatus } from '../client/registration.ts'
import { ClientError } from '../client/identity.ts'
import { createKeyFolder, openKeyFolder, readKeyFolder, saveCertificate, updateKeyFolder } from '../client/key-folder.ts'
import type { KeyFolderInfo } from '../client/key-files.ts'
import type { Api } from '../client/api.ts'
import type { RegistrationReceipt, RegistrationView } from '../client/types.ts'
import { parseJws } from '../crypto/jws.ts'
import { fromPem, verifyCertificate } from '../crypto/certificate.ts'
import type { HolderKind } from '../domain/holder.ts'
import { parseInstant } from '../domain/time.ts'
import { getOfficer } from '../client/officers.ts'
import type { Context } from './context.ts'

export interface NewHolder {
  kind: HolderKind
  name: string
  subject: KeyFolderInfo['subject']
  bits: 2048 | 3072
  apply: (api: Api, csr: string, platform: string) => Promise<RegistrationReceipt>
}

export interface Applied extends RegistrationReceipt { rootFingerprint: string, keys: string }

/** Makes the key folder and applies. The server's root certificate is pinned from here on. */
export async function applyWithNewKeys (context: Context, { kind, name, subject, bits, apply }: NewHolder): Promise<Applied> {
  const api = await context.api()
  const { rootFingerprint, name: platform } = await context.platform(api)
  const passphrase = await context.passphrase({ isNew: true })
  const info: KeyFolderInfo = { v: 1, server: api.baseUrl, rootFingerprint, kind, name, subject, registrationId: null, holderId: null }
  const { csr } = await createKeyFolder(context.keys, { info, passphrase, bits })
  const receipt = await apply(api, csr, platform)
  await updateKeyFolder(context.keys, { registrationId: receipt.registrationId })
  return { ...receipt, rootFingerprint, keys: context.keys }
}

export interface CollectedStatus { view: RegistrationView, saved: boolean, encryptionKeyPublished: boolean }

/** Asks how the registration stands; once approved, stores the certificate and publishes an officer's encryption key. */
export async function collectCertificate (context: Context): Promise<CollectedStatus> {
  const info = await readKeyFolder(context.keys)
  if (info.registrationId === null) throw new ClientError('file', `${context.keys} holds a key that was never sent to a server.`)
  const api = await context.api()
  const platform = await context.platform(api)
  const view = await registrationStatus(api, info.registrationId)
  if (view.certificate === null) return { view, saved: false, encryptionKeyPublished: false }
  const passphrase = await context.passphrase()
  const { rootDer, issuingDer } = platform
  verifyCertificate({ certificate: fromPem(view.certificate), issuingDer, rootDer, at: parseInstant(platform.serverTime) })
  await saveCertificate(context.keys, { certificate: view.certificate, chain: view.chain ?? [], passphrase })
  const published = info.kind === 'officer' && await publishOwnKey(context, api, platform.name)
  return { view, saved: true, encryptionKeyPublished: published }
}

/** An encryption key is published once and for all; what stands there must be this folder's. */
async function publishOwnKey (context: Context, api: Api, platformName: string): Promise<boolean> {
  const identity = await openKeyFolder(context.keys, await context.passphrase())
  const { encryptionKey } = await getOfficer(api, identity.holderId)
  if (encryptionKey !== null) {
    const { publicKey } = parseJws(encryptionKey, 'bongin-encryption-key').payload as { publicKey?: unknown }
    if (identity.encryption !== undefined && publicKey === Buffer.from(identity.encryption.publicKey).toString('base64url')) return true
    throw new ClientError('mismatch', 'The server has another encryption key of this officer than the key folder.')
  }
  const { session, close } = await context.logIn(api, identity, platformName)
  try {
    await publishEncryptionKey(session, identity)
  } finally {
    await close()
  }
  return true
}
