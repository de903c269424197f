/**
 * The only reader of the environment. Every setting has a default that is safe on one machine: loopback address, data
 * under ./data, secrets made at first start into files that only the owner can read. docs/operating.md lists them.
 */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { envSchema } from 'env-schema'
import { Type, type Static } from 'typebox'
import { MAX_EXTRA_HOLIDAYS } from './domain/holidays.ts'
import { parseDay } from './domain/working-days.ts'

const Environment = Type.Object({
  BONGIN_DATA_DIR: Type.String({ default: './data' }),
  BONGIN_HOST: Type.String({ default: '127.0.0.1' }),
  BONGIN_PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65535 }),
  /** Name in checkpoints and logins; no spaces. */
  BONGIN_PLATFORM_NAME: Type.String({ default: 'bongin.localhost', pattern: '^[^\\s+\\u0000-\\u001f\\u007f]{1,200}$' }),
  /** Files with the passphrase of the CA's PKCS#12 and the 32-byte key-encryption key (hex); made in the data folder when absent. */
  BONGIN_CA_PASSPHRASE_FILE: Type.Optional(Type.String()),
  BONGIN_KEK_FILE: Type.Optional(Type.String()),
  /** Folder with certificates (PEM) and revocation lists of other authorities whose certificates applicants may show. */
  BONGIN_TRUST_ANCHORS_DIR: Type.Optional(Type.String({ minLength: 1 })),
  /** Closing times must be multiples of this. */
  BONGIN_SCHEDULE_STEP_SECONDS: Type.Integer({ default: 3600, minimum: 1, maximum: 86_400 }),
  /** Holidays besides those of the table, e.g. 2026-12-24,2026-12-31. */
  BONGIN_HOLIDAYS: Type.String({ default: '' }),
  BONGIN_LOG_LEVEL: Type.String({ default: 'info', enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] }),
  /** Threads for openings; as many as cores when absent. */
  BONGIN_OPENING_THREADS: Type.Optional(Type.Integer({ minimum: 1, maximum: 256 }))
})

export interface Config {
  dataDir: string
  host: string
  port: number
  platformName: string
  /** null: made and kept in the data folder. */
  caPassphrase: string | null
  kek: Uint8Array | null
  /** null: no other authority is accepted. */
  trustAnchorsDir: string | null
  scheduleStepMs: number
  /** `YYYY-MM-DD`, sorted, each once. */
  extraHolidays: string[]
  logLevel: string
  openingThreads: number | null
}

/** @throws Error that names the setting at fault, never its value. */
export function readConfig (env: NodeJS.ProcessEnv = process.env): Config {
  const set = envSchema<Static<typeof Environment>>({ schema: Environment, data: env, dotenv: false })
  return {
    dataDir: resolve(set.BONGIN_DATA_DIR),
    host: set.BONGIN_HOST,
    port: set.BONGIN_PORT,
    platformName: set.BONGIN_PLATFORM_NAME,
    caPassphrase: set.BONGIN_CA_PASSPHRASE_FILE === undefined ? null : secretFile('BONGIN_CA_PASSPHRASE_FILE', set.BONGIN_CA_PASSPHRASE_FILE),
    kek: set.BONGIN_KEK_FILE === undefined ? null : parseKek(secretFile('BONGIN_KEK_FILE', set.BONGIN_KEK_FILE), 'BONGIN_KEK_FILE'),
    trustAnchorsDir: set.BONGIN_TRUST_ANCHORS_DIR === undefined ? null : resolve(set.BONGIN_TRUST_ANCHORS_DIR),
    scheduleStepMs: set.BONGIN_SCHEDULE_STEP_SECONDS * 1000,
    extraHolidays: parseHolidays(set.BONGIN_HOLIDAYS),
    logLevel: set.BONGIN_LOG_LEVEL,
    openingThreads: set.BONGIN_OPENING_THREADS ?? null
  }
}

function secretFile (setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new Error(`${setting}: the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
  }
}

/** Days separated by commas, in any order. */
function parseHolidays (text: string): string[] {
  const days = [...new Set(text.split(',').map((day) => day.trim()).filter((day) => day !== ''))].sort()
  if (days.length > MAX_EXTRA_HOLIDAYS) throw new Error(`BONGIN_HOLIDAYS: at most ${MAX_EXTRA_HOLIDAYS} days`)
  for (const day of days) {
    try {
      parseDay(day)
    } catch {
      throw new Error('BONGIN_HOLIDAYS: days such as 2026-12-24, separated by commas')
    }
  }
  return days
}

/** 64 hex digits. */
export function parseKek (text: string, source: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${source}: the key-encryption key must be 64 lower-case hex digits`)
  return Buffer.from(text, 'hex')
}
