/**
 * What one installation keeps on disk, and makes at its first start: the CA's PKCS#12 files, the platform's receipt and
 * checkpoint keys, and, unless the configuration brings them, passphrase and key-encryption key.
 * Files are written whole, readable by their owner alone, and never overwritten.
 *
 *   DATA/bongin.db             the database
 *   DATA/attachments/          attachments by hash
 *   DATA/pki/root.p12          root key: take it offline; the server does not read it
 *   DATA/pki/issuing.p12       issuing key and chain
 *   DATA/pki/platform.json     receipt and checkpoint keys, wrapped by the key-encryption key
 *   DATA/secrets/              passphrase and key-encryption key, when not configured
 *   DATA/first-officer.code    one-time code of the first platform officer, until it is used
 */
import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto'
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from './crypto/bytes.ts'
import { toPem } from './crypto/certificate.ts'
import { createAuthority, loadAuthority, type Authority } from './crypto/certificate-authority.ts'
import { signJws } from './crypto/jws.ts'
import { unwrapSecret, wrapSecret } from './crypto/secret-wrap.ts'
import { parseKek, type Config } from './config.ts'
import type { PlatformKeys } from './services/context.ts'
import { openTrustAnchors } from './trust-anchors.ts'

const OWNER_ONLY = 0o600
const OWNER_FOLDER = 0o700

export interface Installation {
  authority: Authority
  platform: PlatformKeys
  kek: Uint8Array
  /** Other authorities; tells whoever is given of a folder that can no longer be read. */
  trustAnchors: ReturnType<typeof openTrustAnchors>
  databasePath: string
  attachmentsFolder: string
  firstOfficerCodePath: string
  /** Secrets that lie in the data folder because the configuration brought none. */
  secretsInDataFolder: string[]
}

export async function openInstallation (config: Config, now: number): Promise<Installation> {
  const { dataDir, platformName } = config
  for (const folder of ['', 'pki', 'secrets', 'attachments']) mkdirSync(join(dataDir, folder), { recursive: true, mode: OWNER_FOLDER })
  const passphrasePath = join(dataDir, 'secrets', 'ca.passphrase')
  const kekPath = join(dataDir, 'secrets', 'kek')
  const passphrase = config.caPassphrase ?? madeOnce(passphrasePath, () => randomBytes(32).toString('base64url'))
  const kek =
    config.kek ??
    parseKek(
      madeOnce(kekPath, () => randomBytes(32).toString('hex')),
      kekPath
    )
  const authority = await openAuthority({ folder: join(dataDir, 'pki'), name: platformName, passphrase, now })
  return {
    authority,
    platform: await openPlatformKeys({ path: join(dataDir, 'pki', 'platform.json'), name: platformName, kek, authority }),
    kek,
    trustAnchors: openTrustAnchors(config.trustAnchorsDir),
    databasePath: join(dataDir, 'bongin.db'),
    attachmentsFolder: join(dataDir, 'attachments'),
    firstOfficerCodePath: join(dataDir, 'first-officer.code'),
    secretsInDataFolder: [...(config.caPassphrase === null ? [passphrasePath] : []), ...(config.kek === null ? [kekPath] : [])]
  }
}

async function openAuthority ({
  folder,
  name,
  passphrase,
  now
}: {
  folder: string
  name: string
  passphrase: string
  now: number
}): Promise<Authority> {
  const issuing = join(folder, 'issuing.p12')
  if (!existsSync(issuing)) {
    const files = await createAuthority({ name, now, passphrase })
    writeSecret(join(folder, 'root.p12'), files.rootP12)
    writeSecret(issuing, files.issuingP12)
  }
  return loadAuthority({ issuingP12: readFileSync(issuing), passphrase })
}

async function openPlatformKeys ({
  path,
  name,
  kek,
  authority
}: {
  path: string
  name: string
  kek: Uint8Array
  authority: Authority
}): Promise<PlatformKeys> {
  const wrapped = JSON.parse(
    madeOnce(path, () =>
      JSON.stringify({
        receiptSeed: wrapSecret({ kek, secret: randomBytes(32), context: 'bongin receipt key v1' }),
        checkpointSeed: wrapSecret({ kek, secret: randomBytes(32), context: 'bongin checkpoint key v1' })
      })
    )
  ) as { receiptSeed: string; checkpointSeed: string }
  const receiptKey = ed25519Key(unwrapSecret({ kek, wrapped: wrapped.receiptSeed, context: 'bongin receipt key v1' }))
  const checkpointKey = ed25519Key(unwrapSecret({ kek, wrapped: wrapped.checkpointSeed, context: 'bongin checkpoint key v1' }))
  const payload = { v: 1, type: 'bongin-platform-keys', name, receiptKey: describe(receiptKey), checkpointKey: describe(checkpointKey) }
  return {
    name,
    receiptKey,
    receiptKid: payload.receiptKey.kid,
    checkpointKey,
    keysJws: await signJws({ thumbprint: authority.thumbprint, sign: async (input) => authority.sign(input) }, 'bongin-platform-keys', payload),
    rootPem: toPem(authority.rootDer),
    issuingPem: toPem(authority.issuingDer)
  }
}

/** PKCS#8 wrapping of an Ed25519 seed (RFC 8410). */
const ED25519_PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

function ed25519Key (seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([ED25519_PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' })
}

/** Raw public key and its id: the first 8 bytes of its SHA-256, in base64url. */
function describe (key: KeyObject): { kid: string; publicKey: string } {
  const publicKey = createPublicKey(key).export({ format: 'jwk' }).x ?? ''
  return { kid: Buffer.from(sha256(Buffer.from(publicKey, 'base64url')).subarray(0, 8)).toString('base64url'), publicKey }
}

function madeOnce (path: string, make: () => string): string {
  if (!existsSync(path)) writeSecret(path, make())
  return readFileSync(path, 'utf8').trim()
}

/** Whole or not at all; an existing file is kept. */
export function writeSecret (path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(temporary, content, { mode: OWNER_ONLY, flag: 'wx', flush: true })
  chmodSync(temporary, OWNER_ONLY)
  try {
    linkSync(temporary, path)
  } finally {
    unlinkSync(temporary)
  }
}
