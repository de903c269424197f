/**
 * A cosigner's files: its key, the seed encrypted under a passphrase (JWE), and beside it what it has cosigned so far
 * (`FILE.seen.json`, origin → note). Losing the second means starting to trust anew; it is written before anything is signed.
 */
import { readFile, rename, writeFile } from 'node:fs/promises'
import type { CosignerMemory } from '../client/cosigning.ts'
import { ClientError } from '../client/identity.ts'
import { randomBytes, toHex } from '../crypto/bytes.ts'
import { cosignerKey, type CosignerKey } from '../crypto/cosignature.ts'
import { decryptBytes, encryptBytes } from '../crypto/encrypted-file.ts'
import { COSIGNATURE_TYPE, isKeyName, verifierKey } from '../crypto/signed-note.ts'
import { UsageError } from './exit-codes.ts'

const SEED_BYTES = 32
const OWNER_ONLY = 0o600
const MAX_NAME_CHARS = 200

interface CosignerFile { type: 'bongin-cosigner', name: string, vkey: string, key: string }

/** Makes a key; an existing file is kept. @throws UsageError for a name with spaces; ClientError `file`. */
export async function makeCosigner ({ file, name, passphrase }: { file: string, name: string, passphrase: string }): Promise<CosignerFile> {
  if (!isKeyName(name) || name.length > MAX_NAME_CHARS) throw new UsageError('The name of a cosigner has no spaces and no plus sign, such as audit.example.kr.')
  const seed = randomBytes(SEED_BYTES)
  const vkey = verifierKey({ ...cosignerKey({ keyName: name, seed }), type: COSIGNATURE_TYPE })
  const made: CosignerFile = { type: 'bongin-cosigner', name, vkey, key: await encryptBytes(seed, passphrase) }
  try {
    await writeFile(file, `${JSON.stringify(made, null, 2)}\n`, { flag: 'wx', mode: OWNER_ONLY })
  } catch (error) {
    throw new ClientError('file', `${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? String(error)}`, { cause: error })
  }
  return made
}

/** @throws BonginError `certificate-malformed` for a wrong passphrase; UsageError for another file. */
export async function openCosigner (written: unknown, { file, passphrase }: { file: string, passphrase: string }): Promise<CosignerKey> {
  const { type, name, vkey, key } = (written ?? {}) as Partial<CosignerFile>
  if (type !== 'bongin-cosigner' || typeof name !== 'string' || typeof vkey !== 'string' || typeof key !== 'string') {
    throw new UsageError(`${file} is no key of a cosigner; one is made by: bongin cosign key`)
  }
  const seed = await decryptBytes(key, passphrase)
  const opened = cosignerKey({ keyName: name, seed })
  if (seed.length !== SEED_BYTES || verifierKey({ ...opened, type: COSIGNATURE_TYPE }) !== vkey) throw new UsageError(`${file} is damaged: its key is not the one that it names.`)
  return opened
}

/** What this cosigner has seen, in one file that is replaced whole. */
export function memoryBeside (file: string): CosignerMemory {
  const path = `${file}.seen.json`
  const read = async (): Promise<Record<string, string>> => {
    try {
      return JSON.parse(await readFile(path, 'utf8')) as Record<string, string>
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
      throw new ClientError('file', `${path} cannot be read: without it nothing is cosigned.`, { cause: error })
    }
  }
  return {
    async seen (origin) {
      const all = await read()
      return Object.hasOwn(all, origin) ? all[origin] ?? null : null
    },
    async remember (origin, note) {
      const temporary = `${path}.${toHex(randomBytes(6))}`
      await writeFile(temporary, `${JSON.stringify({ ...await read(), [origin]: note }, null, 2)}\n`, { mode: OWNER_ONLY, flag: 'wx', flush: true })
      await rename(temporary, path)
    }
  }
}
