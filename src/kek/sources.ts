/**
 * Where the key-encryption keys come from: a file or a variable of the operator's, a command that guards them, or, with
 * nothing configured, a file in the data folder. The one in force comes from exactly one of these; older keys, which only
 * unwrap, lie beside it until a rotation is done. A command wraps the key itself, not each secret (envelope encryption).
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { invariant } from '../domain/errors.ts'
import { KEK_BYTES, keyRing, makeKek, type Kek, type KeyRing } from '../crypto/secret-wrap.ts'
import { unwrapByCommand, wrapByCommand } from './command.ts'
import { replaceSecret, writeSecret } from './files.ts'

/** Keys in one file: the one in force and those that are being replaced. */
const MAX_KEYS = 8
const CONTEXT_PREFIX = 'bongin kek v1'

export interface KekConfig {
  /** From BONGIN_KEK or BONGIN_KEK_FILE, which `source` names. */
  given: { key: Uint8Array, source: string } | null
  /** Words of BONGIN_KEK_COMMAND. */
  command: readonly string[] | null
  /** From BONGIN_KEK_OLD_FILE; they only unwrap. */
  old: readonly Uint8Array[]
}

export interface Keks {
  ring: KeyRing
  /** Where the key in force comes from, for people. */
  source: string
  /** Path of a key that lies in the data folder as it is, because the configuration brought none. */
  plainPath: string | null
  /** Keys that this program keeps, the one in force first, and puts others in their place; null where the operator keeps the key. */
  kept: { keys: readonly Kek[], replace: (keys: readonly Kek[]) => Promise<void> } | null
}

export const drawKek = (): Kek => makeKek(randomBytes(KEK_BYTES))

/**
 * Reads the keys; makes one where this installation keeps its own and has none yet.
 * @throws Error that names the setting or file at fault, never its content.
 */
export async function openKeks ({ config, dataDir, platformName, mayMake = true }: {
  config: KekConfig, dataDir: string, platformName: string, mayMake?: boolean
}): Promise<Keks> {
  const old = config.old.map(makeKek)
  if (config.given !== null) {
    return { ring: keyRing(makeKek(config.given.key), old), source: config.given.source, plainPath: null, kept: null }
  }
  const plainPath = join(dataDir, 'secrets', 'kek')
  const store = config.command === null ? plainStore(plainPath) : commandStore({ path: join(dataDir, 'pki', 'kek.json'), command: config.command, platformName })
  let keys = await store.read()
  if (keys === null) {
    if (!mayMake) throw new Error(`${store.path} is not there yet: the key is made at the first start, or by a rotation`)
    keys = [drawKek()]
    await store.make(keys)
  }
  const [current, ...others] = keys
  invariant(current !== undefined, 'a store holds a key')
  return {
    ring: keyRing(current, [...others, ...old]),
    source: config.command === null ? plainPath : 'BONGIN_KEK_COMMAND',
    plainPath: config.command === null ? plainPath : null,
    kept: { keys, replace: store.replace }
  }
}

interface Store {
  path: string
  read: () => Promise<readonly Kek[] | null>
  make: (keys: readonly Kek[]) => Promise<void>
  replace: (keys: readonly Kek[]) => Promise<void>
}

function plainStore (path: string): Store {
  const text = (keys: readonly Kek[]): string => `${keys.map(({ key }) => Buffer.from(key).toString('hex')).join('\n')}\n`
  return {
    path,
    read: async () => existsSync(path) ? parseKeks(readFileSync(path, 'utf8'), path).map(makeKek) : null,
    make: async (keys) => { writeSecret(path, text(keys)) },
    replace: async (keys) => { replaceSecret(path, text(keys)) }
  }
}

/** Ids and wrapped keys; worthless without what stands behind the command. */
interface StoredKek { keyId: string, wrapped: string }

function commandStore ({ path, command, platformName }: { path: string, command: readonly string[], platformName: string }): Store {
  const run = (id: string) => ({ command, context: `${CONTEXT_PREFIX}/${platformName}/${id}` })
  const stored = (): StoredKek[] => existsSync(path) ? parseStored(readFileSync(path, 'utf8'), path) : []
  const unwrap = async ({ keyId, wrapped }: StoredKek): Promise<Kek> => {
    const kek = makeKek(await unwrapByCommand(run(keyId), wrapped))
    if (kek.id !== keyId) throw new Error(`BONGIN_KEK_COMMAND unwrap: it gave another key than ${keyId} of ${path}`)
    return kek
  }
  const wrapped = async (kek: Kek): Promise<StoredKek> => {
    const made = { keyId: kek.id, wrapped: await wrapByCommand(run(kek.id), kek.key) }
    // A command that does not give back what it took must be noticed before anything rests on it.
    await unwrap(made)
    return made
  }
  const text = async (keys: readonly Kek[]): Promise<string> => {
    const there = stored()
    const all: StoredKek[] = []
    for (const kek of keys) all.push(there.find(({ keyId }) => keyId === kek.id) ?? await wrapped(kek))
    return `${JSON.stringify({ v: 1, keys: all }, null, 2)}\n`
  }
  return {
    path,
    read: async () => {
      const keys: Kek[] = []
      for (const one of stored()) keys.push(await unwrap(one))
      return keys.length === 0 ? null : keys
    },
    make: async (keys) => { writeSecret(path, await text(keys)) },
    replace: async (keys) => { replaceSecret(path, await text(keys)) }
  }
}

function parseStored (text: string, path: string): StoredKek[] {
  const unreadable = new Error(`${path} is no file of wrapped key-encryption keys`)
  let value: { v?: unknown, keys?: unknown } | null
  try {
    value = JSON.parse(text) as typeof value
  } catch {
    throw unreadable
  }
  const keys = value?.v === 1 ? value.keys : null
  if (!Array.isArray(keys) || keys.length < 1 || keys.length > MAX_KEYS) throw unreadable
  return keys.map((one: Partial<StoredKek> | null) => {
    if (typeof one?.keyId !== 'string' || typeof one.wrapped !== 'string') throw unreadable
    return { keyId: one.keyId, wrapped: one.wrapped }
  })
}

/** One key: 64 lower-case hex digits. @throws Error that names `source`. */
export function parseKek (text: string, source: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${source}: a key-encryption key must be 64 lower-case hex digits`)
  return Buffer.from(text, 'hex')
}

/** Keys, one a line. */
export function parseKeks (text: string, source: string): Uint8Array[] {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '')
  if (lines.length < 1 || lines.length > MAX_KEYS) throw new Error(`${source}: from one to ${MAX_KEYS} keys, one a line`)
  return lines.map((line) => parseKek(line, source))
}
