/**
 * The administrator's program, on the server's own machine and with the server's settings: `npm run -s admin -- kek …`.
 * What it does is nobody's to do over HTTP. Errors go to stderr, or with `--json` as one document to stdout; exit codes 0
 * done, 1 refused or failed, 2 usage.
 */
import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { progressBar } from './cli/progress.ts'
import { readConfig } from './config.ts'
import { formatKst } from './domain/time.ts'
import { listDeadDeliveries, MAX_LISTED, outboxStatus, retryDead, type Counts, type DeadDelivery } from './outbox-admin.ts'
import { makeOfficerCode } from './officer-admin.ts'
import { kekStatus, rotateKek, tryRotation, type KekStatus, type Rotation } from './rotate-kek.ts'

const EXIT = { ok: 0, failed: 1, usage: 2 } as const

interface Options { json?: boolean, dryRun?: boolean }

function say ({ json }: Options, value: object, text: string): void {
  process.stdout.write(json === true ? `${JSON.stringify(value)}\n` : text)
}

function statusText ({ source, keyId, olderKeyIds, secrets, platformKeys, unknown }: KekStatus): string {
  const counts = (byKey: Record<string, number>): string => Object.entries(byKey).map(([id, n]) => `${n} by ${id}`).join(', ') || 'none'
  return `Key in force      ${keyId}, from ${source}\nOlder keys given  ${olderKeyIds.join(', ') || 'none'}\n` +
    `Secrets           ${counts(secrets)}${unknown === 0 ? '' : `, ${unknown} of an unknown form`}\nPlatform keys     ${counts(platformKeys)}\n`
}

function rotationText ({ dryRun, keyId, madeKey, opened, rewrapped, rewrappedPlatformKeys, noLongerNeeded }: Rotation): string {
  if (dryRun) {
    const key = madeKey ? 'A new key would be made' : `Key ${keyId}`
    return `All ${opened} secrets open. ${key}; ${rewrapped} secrets and ${rewrappedPlatformKeys} platform keys would be wrapped by it. Nothing was changed.\n`
  }
  const dropped = noLongerNeeded.length === 0 ? '' : ` No longer needed, except for backups from before: ${noLongerNeeded.join(', ')}.`
  return `${madeKey ? 'New key' : 'Key'} ${keyId}: ${rewrapped} of ${opened} secrets and ${rewrappedPlatformKeys} platform keys wrapped anew.${dropped}\n`
}

async function rotate ({ json, dryRun = false }: Options): Promise<void> {
  const bar = progressBar('Secrets', json !== true && process.stderr.isTTY)
  try {
    const job = { config: readConfig(), now: Date.now(), onProgress: bar.update }
    const done = dryRun ? await tryRotation(job) : await rotateKek(job)
    bar.stop()
    say({ json: json === true }, done, rotationText(done))
  } finally {
    bar.stop()
  }
}

function deliveryId (text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('A delivery is named by its number.')
  return Number(text)
}

function reasonText (text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Say why.')
  return text
}

function countsText (counts: Counts): string {
  return counts.map(({ channel, state, n }) => `${channel} ${state} ${n}\n`).join('') || 'Nothing was ever to be sent.\n'
}

function deadText (dead: DeadDelivery[]): string {
  const line = ({ deliveryId: id, supplierId, channel, host, attempts, reason, endedAt }: DeadDelivery): string =>
    `${id}  ${endedAt === null ? '' : formatKst(endedAt)}  ${supplierId}  ${channel} ${host}  ${attempts} tries  ${reason ?? ''}\n`
  return dead.map(line).join('') || 'None.\n'
}

const program = new Command('admin').description('Bongin (봉인): administration of an installation').exitOverride().showHelpAfterError()
const kek = program.command('kek').description('the key-encryption key (키 암호화 키)')
kek.command('status').description('which key is in force, and what older keys still wrap')
  .option('--json', 'one JSON document on stdout')
  .action(async (options: Options) => {
    const status = await kekStatus({ config: readConfig() })
    say(options, status, statusText(status))
  })
kek.command('rotate').description('wrap every secret by a new key; with the server stopped (키 교체)')
  .option('--json', 'one JSON document on stdout')
  .option('--dry-run', 'open every secret, say what would be done, change nothing; the server may run')
  .action(rotate)

const outbox = program.command('outbox').description('deliveries of notifications (알림 발송); the server may run')
outbox.command('status').description('how many wait, were sent, are dead').option('--json', 'one JSON document on stdout').action(async (options: Options) => {
  const counts = await outboxStatus(readConfig())
  say(options, { counts }, countsText(counts))
})
outbox.command('dead').description(`deliveries that were given up, the oldest first, ${MAX_LISTED} at a time`)
  .option('--after <id>', 'go on behind this one', deliveryId, 0)
  .option('--json', 'one JSON document on stdout')
  .action(async (options: Options & { after: number }) => {
    const dead = await listDeadDeliveries(readConfig(), options.after)
    say(options, { dead }, deadText(dead))
  })
outbox.command('retry').description('try dead deliveries anew')
  .argument('[ids...]', 'as `dead` lists them', (text, before: number[] = []) => [...before, deliveryId(text)])
  .option('--all', 'all of them')
  .option('--json', 'one JSON document on stdout')
  .action(async (ids: number[] = [], options: Options & { all?: boolean }, command: Command) => {
    if ((ids.length > 0) === (options.all === true)) command.error('error: Name deliveries by their numbers, or give --all.')
    const due = await retryDead(readConfig(), { ids: options.all === true ? 'all' : ids, now: Date.now() })
    say(options, { due }, `${due} are due again.\n`)
  })

const officer = program.command('officer').description('the first platform officer (플랫폼 담당관); the server may run')
officer.command('code').description('make a new one-time code when no platform officer is left who can log in (최초 담당관 등록 코드 재발급)')
  .requiredOption('--reason <text>', 'why; stands on the audit trail', reasonText)
  .option('--even-if-certified', 'also while one has a valid certificate: its key or its passkey is lost')
  .option('--json', 'one JSON document on stdout')
  .action(async (options: Options & { reason: string, evenIfCertified?: boolean }) => {
    const { reason, evenIfCertified = false } = options
    const made = await makeOfficerCode(readConfig(), { reason, evenIfCertified, now: Date.now() })
    say(options, made, `The code lies in ${made.path}. \`bongin init\` enrols a platform officer with it, once.\n`)
  })

try {
  await program.parseAsync()
} catch (error) {
  const isUsage = error instanceof CommanderError
  const detail = error instanceof Error ? error.message : String(error)
  process.exitCode = isUsage ? (error.exitCode === 0 ? EXIT.ok : EXIT.usage) : EXIT.failed
  if (process.argv.includes('--json') && process.exitCode !== EXIT.ok) process.stdout.write(`${JSON.stringify({ error: { code: isUsage ? 'usage' : 'failed', detail } })}\n`)
  else if (!isUsage) process.stderr.write(`admin: ${detail}\n`)
}
