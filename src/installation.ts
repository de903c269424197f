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
 *   DATA/pki/kek.json          key-encryption keys, wrapped by a command where one guards them
 *   DATA/secrets/              passphrase and key-encryption key, when not configured
 *   DATA/outbox/               mails as .eml files, where no SMTP server is configured
 *   DATA/first-officer.code    one-time code of the first platform officer, until it is used
 */
import { createPrivateKey, createPublicKey, randomBytes, type KeyObject } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sha256 } from './crypto/bytes.ts'
import { toPem } from './crypto/certificate.ts'
import { createAuthority, loadAuthority, type Authority } from './crypto/certificate-authority.ts'
import { signJws } from './crypto/jws.ts'
import { notificationKey } from './crypto/notification-keys.ts'
import { keyIdOf, unwrapSecret, wrapSecret, type KeyRing } from './crypto/secret-wrap.ts'
import type { Config } from './config.ts'
import { madeOnce, replaceSecret, writeSecret } from './kek/files.ts'
import { openKeks } from './kek/sources.ts'
import type { PlatformKeys } from './services/context.ts'
import { openTrustAnchors } from './trust-anchors.ts'

const OWNER_FOLDER = 0o700
/** The members of pki/platform.json, and what each wrapped seed is bound to. */
const PLATFORM_SEEDS = { receiptSeed: 'bongin receipt key v1', checkpointSeed: 'bongin checkpoint key v1' } as const

type WrappedPlatformKeys = Record<keyof typeof PLATFORM_SEEDS, string>

export interface Installation {
  authority: Authority
  platform: PlatformKeys
  kek: KeyRing
  /** Where the key-encryption key in force comes from. */
  kekSource: string
  /** Other authorities; tells whoever is given of a folder that can no longer be read. */
  trustAnchors: ReturnType<typeof openTrustAnchors>
  databasePath: string
  attachmentsFolder: string
  /** Mails, where no SMTP server is configured. */
  outboxFolder: string
  firstOfficerCodePath: string
  /** Secrets that lie in the data folder because the configuration brought none. */
  secretsInDataFolder: string[]
}

export async function openInstallation (config: Config, now: number): Promise<Installation> {
  const { dataDir, platformName } = config
  for (const folder of ['', 'pki', 'secrets', 'attachments']) mkdirSync(join(dataDir, folder), { recursive: true, mode: OWNER_FOLDER })
  const passphrasePath = join(dataDir, 'secrets', 'ca.passphrase')
  const passphrase = config.caPassphrase ?? madeOnce(passphrasePath, () => randomBytes(32).toString('base64url'))
  const { ring: kek, source: kekSource, plainPath } = await openKeks({ config: config.kek, dataDir, platformName })
  const authority = await openAuthority({ folder: join(dataDir, 'pki'), name: platformName, passphrase, now })
  return {
    authority,
    platform: await openPlatformKeys({ path: platformKeysPath(dataDir), name: platformName, kek, authority }),
    kek,
    kekSource,
    trustAnchors: openTrustAnchors(config.trustAnchorsDir),
    databasePath: databasePath(dataDir),
    attachmentsFolder: join(dataDir, 'attachments'),
    outboxFolder: join(dataDir, 'outbox'),
    firstOfficerCodePath: firstOfficerCodePath(dataDir),
    secretsInDataFolder: [...(config.caPassphrase === null ? [passphrasePath] : []), ...(plainPath === null ? [] : [plainPath])]
  }
}

export const firstOfficerCodePath = (dataDir: string): string => join(dataDir, 'first-officer.code')
export const databasePath = (dataDir: string): string => join(dataDir, 'bongin.db')
const platformKeysPath = (dataDir: string): string => join(dataDir, 'pki', 'platform.json')

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
  kek: KeyRing
  authority: Authority
}): Promise<PlatformKeys> {
  madeOnce(path, () => wrapPlatformSeeds(kek, { receiptSeed: randomBytes(32), checkpointSeed: randomBytes(32) }))
  const seeds = readPlatformSeeds(path, kek)
  const receiptKey = ed25519Key(seeds.receiptSeed)
  const checkpointKey = ed25519Key(seeds.checkpointSeed)
  const payload = { v: 1, type: 'bongin-platform-keys', name, receiptKey: describe(receiptKey), checkpointKey: describe(checkpointKey) }
  return {
    name,
    receiptKey,
    receiptKid: payload.receiptKey.kid,
    checkpointKey,
    notificationKey: notificationKey(seeds.receiptSeed),
    keysJws: await signJws({ thumbprint: authority.thumbprint, sign: async (input) => authority.sign(input) }, 'bongin-platform-keys', payload),
    rootPem: toPem(authority.rootDer),
    issuingPem: toPem(authority.issuingDer)
  }
}

function wrapPlatformSeeds (kek: KeyRing, seeds: Record<keyof typeof PLATFORM_SEEDS, Uint8Array>): string {
  const wrap = (name: keyof typeof PLATFORM_SEEDS): string => wrapSecret({ kek, secret: seeds[name], context: PLATFORM_SEEDS[name] })
  return JSON.stringify({ receiptSeed: wrap('receiptSeed'), checkpointSeed: wrap('checkpointSeed') } satisfies WrappedPlatformKeys)
}

/** @throws Error that names the key that is missing. */
function readPlatformSeeds (path: string, kek: KeyRing): Record<keyof typeof PLATFORM_SEEDS, Uint8Array> {
  const wrapped = JSON.parse(readFileSync(path, 'utf8')) as WrappedPlatformKeys
  const open = (name: keyof typeof PLATFORM_SEEDS): Uint8Array => {
    try {
      return unwrapSecret({ kek, wrapped: wrapped[name], context: PLATFORM_SEEDS[name] })
    } catch (error) {
      const given = [kek.current, ...kek.older].map(({ id }) => id).join(', ')
      throw new Error(`${path} is wrapped by the key-encryption key ${keyIdOf(String(wrapped[name])) ?? '(unknown)'}; given are ${given}`, { cause: error })
    }
  }
  return { receiptSeed: open('receiptSeed'), checkpointSeed: open('checkpointSeed') }
}

/** Ids of the keys that wrap the platform's receipt and checkpoint keys; opens both. @throws Error as above. */
export function platformKeyIds (dataDir: string, kek: KeyRing): string[] {
  const path = platformKeysPath(dataDir)
  readPlatformSeeds(path, kek)
  return Object.values(JSON.parse(readFileSync(path, 'utf8')) as WrappedPlatformKeys).map((wrapped) => keyIdOf(wrapped) ?? '')
}

/** Wraps the platform's keys by the key in force; the file is replaced as a whole. */
export function rewrapPlatformKeys (dataDir: string, kek: KeyRing): void {
  const path = platformKeysPath(dataDir)
  replaceSecret(path, wrapPlatformSeeds(kek, readPlatformSeeds(path, kek)))
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
