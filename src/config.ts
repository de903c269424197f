/**
 * The only reader of the environment, but for `BONGIN_NATIVE`, which every thread asks for itself. Every setting has a default
 * that is safe on one machine: loopback address, data under ./data, secrets made at first start into files that only the
 * owner can read. docs/operating.md lists them.
 */
import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { envSchema } from 'env-schema'
import { Type, type Static } from 'typebox'
import { COSIGNATURE_TYPE, MAX_COSIGNERS, parseVerifierKey, type NoteKey } from './crypto/signed-note.ts'
import { MAX_EXTRA_HOLIDAYS } from './domain/holidays.ts'
import type { SmtpConfig } from './channels/mail.ts'
import { PASSKEY_RULES, type PasskeyRule } from './domain/passkey.ts'
import { parseDay } from './domain/working-days.ts'
import { parseCommand } from './kek/command.ts'
import { DEFAULT_POLICY, type Policy } from './services/context.ts'
import { DEFAULT_PREPARED_BYTES, MB } from './services/prepare-openings.ts'
import type { ClockStatement } from './services/timekeeping.ts'
import { MAX_BATCH_JOBS } from './storage/writer.ts'
import { parseKek, parseKeks, type KekConfig } from './kek/sources.ts'

const Environment = Type.Object({
  BONGIN_DATA_DIR: Type.String({ default: './data' }),
  BONGIN_HOST: Type.String({ default: '127.0.0.1' }),
  BONGIN_PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65535 }),
  /** Name in checkpoints and logins; no spaces. */
  BONGIN_PLATFORM_NAME: Type.String({ default: 'bongin.localhost', pattern: '^[^\\s+\\u0000-\\u001f\\u007f]{1,200}$' }),
  /** File with the passphrase of the CA's PKCS#12; made in the data folder when absent. */
  BONGIN_CA_PASSPHRASE_FILE: Type.Optional(Type.String()),
  /** The key-encryption key, 64 hex digits, from one of these; made in the data folder when absent. */
  BONGIN_KEK_FILE: Type.Optional(Type.String()),
  BONGIN_KEK: Type.Optional(Type.String()),
  BONGIN_KEK_COMMAND: Type.Optional(Type.String()),
  /** Keys that are being replaced, one a line: they only unwrap. */
  BONGIN_KEK_OLD_FILE: Type.Optional(Type.String()),
  /** Verifier keys of cosigners of closing records, one a line. */
  BONGIN_COSIGNERS_FILE: Type.Optional(Type.String()),
  /** Folder with certificates (PEM) and revocation lists of other authorities whose certificates applicants may show. */
  BONGIN_TRUST_ANCHORS_DIR: Type.Optional(Type.String({ minLength: 1 })),
  /** Closing times must be multiples of this. */
  BONGIN_SCHEDULE_STEP_SECONDS: Type.Integer({ default: 3600, minimum: 1, maximum: 86_400 }),
  /** Holidays besides those of the table, e.g. 2026-12-24,2026-12-31. */
  BONGIN_HOLIDAYS: Type.String({ default: '' }),
  BONGIN_LOG_LEVEL: Type.String({ default: 'info', enum: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] }),
  /** Changes that may share one transaction and one fsync; 1 gives each its own, which is slower and loses nothing. */
  BONGIN_MAX_BATCH: Type.Integer({ default: MAX_BATCH_JOBS, minimum: 1, maximum: MAX_BATCH_JOBS }),
  /** Requests of one kind that one supplier may send in a minute: bids, withdrawals, questions, each change of its notifications. */
  BONGIN_SUPPLIER_REQUESTS_PER_MINUTE: Type.Integer({ default: DEFAULT_POLICY.supplierRequestsPerMinute, minimum: 1, maximum: 1_000_000 }),
  /** How far the server's clock is ahead of national time, and how sure that is, as the operator's time service says. */
  BONGIN_CLOCK_OFFSET_MS: Type.Optional(Type.Integer({ minimum: -60_000, maximum: 60_000 })),
  BONGIN_CLOCK_UNCERTAINTY_MS: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
  /** Origin of the addresses in mails; when absent `BONGIN_ORIGIN`, else where the server listens. */
  BONGIN_PUBLIC_URL: Type.Optional(Type.String({ pattern: '^https?://[^\\s/?#@]+$' })),
  /** Mail goes to this server; to .eml files in the data folder when absent. */
  BONGIN_SMTP_HOST: Type.Optional(Type.String({ minLength: 1 })),
  BONGIN_SMTP_PORT: Type.Integer({ default: 587, minimum: 1, maximum: 65535 }),
  BONGIN_SMTP_SECURITY: Type.Unsafe<SmtpConfig['security']>(Type.String({ default: 'starttls', enum: ['starttls', 'tls', 'none'] })),
  BONGIN_SMTP_USER: Type.Optional(Type.String({ minLength: 1 })),
  BONGIN_SMTP_PASSWORD_FILE: Type.Optional(Type.String()),
  BONGIN_MAIL_FROM: Type.String({ default: 'bongin@localhost', pattern: '^[^@\\s<>,]+@[^@\\s<>,]+$' }),
  /** Webhooks may be on this machine: for development. */
  BONGIN_LOOPBACK_WEBHOOKS: Type.Boolean({ default: false }),
  /** Address of the portal as browsers see it; passkeys are used there and nowhere else. The https address in mails when absent. */
  BONGIN_ORIGIN: Type.Optional(Type.String({ minLength: 1, maxLength: 300 })),
  /** Domain that passkeys are bound to: the origin's host, or a domain above it. */
  BONGIN_RP_ID: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
  BONGIN_REQUIRE_PASSKEY: Type.Unsafe<PasskeyRule>(Type.String({ default: 'none', enum: [...PASSKEY_RULES] })),
  /** Threads for openings; as many as cores when absent. */
  BONGIN_OPENING_THREADS: Type.Optional(Type.Integer({ minimum: 1, maximum: 256 })),
  /** Whether bids are looked at by a thread of their own; it is there where there is a core for it. */
  BONGIN_BID_THREAD: Type.Boolean({ default: availableParallelism() > 1 }),
  /** Memory for what is prepared of openings to come, MB; 0 prepares nothing. */
  BONGIN_PREPARED_MB: Type.Integer({ default: DEFAULT_PREPARED_BYTES / MB, minimum: 0, maximum: 65_536 })
})

export interface Config {
  dataDir: string
  host: string
  port: number
  platformName: string
  /** null: made and kept in the data folder. */
  caPassphrase: string | null
  kek: KekConfig
  /** null: no other authority is accepted. */
  trustAnchorsDir: string | null
  scheduleStepMs: number
  /** `YYYY-MM-DD`, sorted, each once. */
  extraHolidays: string[]
  cosigners: NoteKey[]
  logLevel: string
  openingThreads: number | null
  bidThread: boolean
  preparedBytes: number
  maxBatchJobs: number
  supplierRequestsPerMinute: number
  clock: ClockStatement
  /** Without a slash at its end. */
  publicUrl: string
  /** null: .eml files in the data folder. */
  smtp: SmtpConfig | null
  mailFrom: string
  loopbackWebhooks: boolean
  relyingParty: Policy['relyingParty']
  requirePasskey: PasskeyRule
}

/**
 * Takes `BONGIN_KEK` out of `env`, so that neither a child process nor a report of this one shows it.
 * @throws Error that names the setting at fault, never its value.
 */
export function readConfig (env: NodeJS.ProcessEnv = process.env): Config {
  const set = envSchema<Static<typeof Environment>>({ schema: Environment, data: env, dotenv: false })
  delete env['BONGIN_KEK']
  return {
    dataDir: resolve(set.BONGIN_DATA_DIR),
    host: set.BONGIN_HOST,
    port: set.BONGIN_PORT,
    platformName: set.BONGIN_PLATFORM_NAME,
    caPassphrase: set.BONGIN_CA_PASSPHRASE_FILE === undefined ? null : secretFile('BONGIN_CA_PASSPHRASE_FILE', set.BONGIN_CA_PASSPHRASE_FILE),
    kek: kekConfig(set),
    trustAnchorsDir: set.BONGIN_TRUST_ANCHORS_DIR === undefined ? null : resolve(set.BONGIN_TRUST_ANCHORS_DIR),
    scheduleStepMs: set.BONGIN_SCHEDULE_STEP_SECONDS * 1000,
    extraHolidays: parseHolidays(set.BONGIN_HOLIDAYS),
    cosigners: set.BONGIN_COSIGNERS_FILE === undefined ? [] : parseCosigners(secretFile('BONGIN_COSIGNERS_FILE', set.BONGIN_COSIGNERS_FILE)),
    logLevel: set.BONGIN_LOG_LEVEL,
    bidThread: set.BONGIN_BID_THREAD,
    openingThreads: set.BONGIN_OPENING_THREADS ?? null,
    preparedBytes: set.BONGIN_PREPARED_MB * MB,
    maxBatchJobs: set.BONGIN_MAX_BATCH,
    supplierRequestsPerMinute: set.BONGIN_SUPPLIER_REQUESTS_PER_MINUTE,
    clock: { offsetMs: set.BONGIN_CLOCK_OFFSET_MS ?? null, uncertaintyMs: set.BONGIN_CLOCK_UNCERTAINTY_MS ?? null },
    publicUrl: set.BONGIN_PUBLIC_URL ?? set.BONGIN_ORIGIN ?? originOf(set.BONGIN_HOST, set.BONGIN_PORT),
    smtp: smtpConfig(set),
    mailFrom: set.BONGIN_MAIL_FROM,
    loopbackWebhooks: set.BONGIN_LOOPBACK_WEBHOOKS,
    relyingParty: relyingParty(set),
    requirePasskey: set.BONGIN_REQUIRE_PASSKEY
  }
}

function kekConfig (set: Static<typeof Environment>): KekConfig {
  const { BONGIN_KEK: key, BONGIN_KEK_FILE: file, BONGIN_KEK_COMMAND: command, BONGIN_KEK_OLD_FILE: oldFile } = set
  if ([key, file, command].filter((one) => one !== undefined).length > 1) {
    throw new Error('BONGIN_KEK, BONGIN_KEK_FILE, BONGIN_KEK_COMMAND: only one of them; keys that are being replaced go to BONGIN_KEK_OLD_FILE')
  }
  const given = file === undefined ? key : secretFile('BONGIN_KEK_FILE', file)
  const source = file === undefined ? 'BONGIN_KEK' : 'BONGIN_KEK_FILE'
  return {
    given: given === undefined ? null : { key: parseKek(given.trim(), source), source },
    command: command === undefined ? null : parseCommand(command),
    old: oldFile === undefined ? [] : parseKeks(secretFile('BONGIN_KEK_OLD_FILE', oldFile), 'BONGIN_KEK_OLD_FILE')
  }
}

function originOf (host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function smtpConfig (set: Static<typeof Environment>): SmtpConfig | null {
  const { BONGIN_SMTP_HOST: host, BONGIN_SMTP_PORT: port, BONGIN_SMTP_SECURITY: security } = set
  const { BONGIN_SMTP_USER: user, BONGIN_SMTP_PASSWORD_FILE: file } = set
  if ((user === undefined) !== (file === undefined)) throw new Error('BONGIN_SMTP_USER, BONGIN_SMTP_PASSWORD_FILE: both or neither')
  if (host === undefined) return null
  return { host, port, security, user: user ?? null, password: file === undefined ? null : secretFile('BONGIN_SMTP_PASSWORD_FILE', file) }
}

/** Browsers have WebAuthn at https alone, and at localhost; an address of digits is no domain to them. */
function relyingParty (set: Static<typeof Environment>): Policy['relyingParty'] {
  const { BONGIN_ORIGIN: given, BONGIN_PUBLIC_URL: inMails, BONGIN_RP_ID: domain, BONGIN_PORT: port } = set
  const origin = given ?? (inMails?.startsWith('https://') === true ? inMails : `http://localhost:${port}`)
  const url = URL.canParse(origin) ? new URL(origin) : null
  const isLocal = url?.hostname === 'localhost' || url?.hostname.endsWith('.localhost') === true
  if (url === null || url.origin !== origin || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) {
    throw new Error('BONGIN_ORIGIN: an address such as https://bid.example.kr, without a path; http at localhost alone')
  }
  const id = domain ?? url.hostname
  if (url.hostname !== id && !url.hostname.endsWith(`.${id}`)) throw new Error('BONGIN_RP_ID: the host of BONGIN_ORIGIN, or a domain above it')
  if (/^[\d.]+$|[[\]:]/.test(id)) throw new Error('BONGIN_ORIGIN, BONGIN_RP_ID: passkeys need a domain, not an IP address')
  return { id, origin }
}

function secretFile (setting: string, path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    throw new Error(`${setting}: the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`)
  }
}

function parseCosigners (text: string): NoteKey[] {
  const lines = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length > MAX_COSIGNERS) throw new Error(`BONGIN_COSIGNERS_FILE: at most ${MAX_COSIGNERS} keys`)
  return lines.map((line, i) => {
    try {
      return parseVerifierKey(line, COSIGNATURE_TYPE)
    } catch {
      throw new Error(`BONGIN_COSIGNERS_FILE: key ${i + 1} is no verifier key of a cosigner (bongin cosign key prints one)`)
    }
  })
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
