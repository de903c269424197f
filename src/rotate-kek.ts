/**
 * Replacing the key-encryption key of an installation, on its own machine with the server stopped. In this order: the new
 * key is kept beside the old one; the database's secrets are wrapped anew in one transaction; the platform's keys; the old
 * key is dropped. At every instant the keys that are there open everything, so whatever is killed can be run again.
 */
import { existsSync } from 'node:fs'
import type { Config } from './config.ts'
import { keyRing, type KeyRing } from './crypto/secret-wrap.ts'
import { databasePath, platformKeyIds, rewrapPlatformKeys } from './installation.ts'
import { drawKek, openKeks, type Keks } from './kek/sources.ts'
import { assertSecretsOpen, checkSecrets, countSecrets, rewrapSecrets, type Rewrapped } from './services/rewrap-secrets.ts'
import { appendAudit } from './storage/audit.ts'
import { openExclusively, openReadOnly } from './storage/database.ts'
import type { Db } from './storage/prepare.ts'

export interface KekStatus {
  source: string
  keyId: string
  olderKeyIds: string[]
  /** Wrapped secrets by the id of their key: of the database, and the platform's two. */
  secrets: Record<string, number>
  platformKeys: Record<string, number>
  /** Of a form that this program does not know. */
  unknown: number
}

export interface Rotation extends Rewrapped {
  dryRun: boolean
  /** The key in force afterwards; in a dry run the one in force now. */
  keyId: string
  /** Whether a new key was made by this program, or would be. */
  madeKey: boolean
  rewrappedPlatformKeys: number
  /** Keys that wrap nothing any more; those that the operator keeps are the operator's to remove. */
  noLongerNeeded: string[]
}

interface Job { config: Config, now: number, onProgress?: (done: number, total: number) => void }

/** Changes nothing; the server may run. @throws Error for an installation or a key that is not there. */
export async function kekStatus ({ config }: Pick<Job, 'config'>): Promise<KekStatus> {
  const keks = await open(config, { mayMake: false })
  const { current, older } = keks.ring
  return await reading(config, async (db) => {
    const { byKey, unknown } = await countSecrets(db)
    const platformKeys = countEach(platformKeyIds(config.dataDir, keks.ring))
    const keys = { source: keks.source, keyId: current.id, olderKeyIds: older.map(({ id }) => id) }
    return { ...keys, secrets: Object.fromEntries(byKey), platformKeys, unknown }
  })
}

/** Opens every secret and says what a rotation would do; changes nothing, and the server may run. @throws Error as `rotateKek`. */
export async function tryRotation ({ config, onProgress }: Job): Promise<Rotation> {
  const keks = await open(config, { mayMake: false })
  const { current } = keks.ring
  return await reading(config, async (db) => {
    await assertSecretsOpen(db, keks.ring)
    const total = await totalOf(db)
    const checked = await checkSecrets(db, { kek: keks.ring, onProgress: (done) => onProgress?.(done, total) })
    const platform = platformKeyIds(config.dataDir, keks.ring)
    const madeKey = keks.kept !== null && !await isUnderWay(db, config, keks)
    const { opened } = checked
    return {
      dryRun: true,
      keyId: current.id,
      madeKey,
      opened,
      rewrapped: madeKey ? opened : checked.rewrapped,
      rewrappedPlatformKeys: platform.filter((id) => madeKey || id !== current.id).length,
      noLongerNeeded: []
    }
  })
}

/** @throws Error while the server runs, for a key that is missing, or naming the secret that does not open. */
export async function rotateKek ({ config, now, onProgress }: Job): Promise<Rotation> {
  requireInstallation(config)
  const db = openOrExplain(config)
  try {
    const keks = await open(config, { mayMake: true })
    platformKeyIds(config.dataDir, keks.ring)
    await assertSecretsOpen(db.read, keks.ring)
    const madeKey = keks.kept !== null && !await isUnderWay(db.read, config, keks)
    const kek = madeKey ? await keepNewKey(keks) : keks.ring
    const total = await totalOf(db.read)
    const rewrapped = await db.write(async (tx) => {
      const done = await rewrapSecrets(tx, { kek, onProgress: (opened) => onProgress?.(opened, total) })
      const detail = { keyId: kek.current.id, rewrapped: done.rewrapped }
      await appendAudit(tx, { at: now, actor: 'operator', action: 'kek.rotated', code: 'ok', field: null, tenderId: null, detail })
      return done
    })
    const rewrappedPlatformKeys = platformKeyIds(config.dataDir, kek).filter((id) => id !== kek.current.id).length
    if (rewrappedPlatformKeys > 0) rewrapPlatformKeys(config.dataDir, kek)
    if (kek.older.length > 0) await keks.kept?.replace([kek.current])
    const noLongerNeeded = kek.older.map(({ id }) => id)
    return { dryRun: false, keyId: kek.current.id, madeKey, ...rewrapped, rewrappedPlatformKeys, noLongerNeeded }
  } finally {
    await db.close()
  }
}

/** A rotation that was begun, by us or by an operator who put another key in force, is finished before a key is made. */
async function isUnderWay (db: Db, { dataDir }: Config, { ring, kept }: Keks): Promise<boolean> {
  if (kept !== null && kept.keys.length > 1) return true
  const { byKey } = await countSecrets(db)
  return [...byKey.keys(), ...platformKeyIds(dataDir, ring)].some((id) => id !== ring.current.id)
}

async function keepNewKey ({ ring, kept }: Keks): Promise<KeyRing> {
  const made = drawKek()
  await kept?.replace([made, ...kept.keys])
  return keyRing(made, [ring.current, ...ring.older])
}

async function open (config: Config, { mayMake }: { mayMake: boolean }): Promise<Keks> {
  requireInstallation(config)
  return await openKeks({ config: config.kek, dataDir: config.dataDir, platformName: config.platformName, mayMake })
}

function requireInstallation ({ dataDir }: Config): void {
  if (!existsSync(databasePath(dataDir))) throw new Error(`there is no installation in ${dataDir} (BONGIN_DATA_DIR)`)
}

function openOrExplain ({ dataDir }: Config): ReturnType<typeof openExclusively> {
  try {
    return openExclusively(databasePath(dataDir))
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') throw error
    throw new Error('the database is in use: stop the server first; it keeps its keys in memory', { cause: error })
  }
}

async function reading<T> ({ dataDir }: Config, work: (db: Db) => Promise<T>): Promise<T> {
  const { read, close } = openReadOnly(databasePath(dataDir))
  try {
    return await work(read)
  } finally {
    close()
  }
}

async function totalOf (db: Db): Promise<number> {
  const { byKey, unknown } = await countSecrets(db)
  return [...byKey.values()].reduce((sum, n) => sum + n, unknown)
}

function countEach (ids: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const id of ids) counts[id] = (counts[id] ?? 0) + 1
  return counts
}
