/** The process: configuration, one app, a clean end. `npm start`. */
import closeWithGrace from 'close-with-grace'
import { existsSync, rmSync } from 'node:fs'
import pino from 'pino'
import { buildApp } from './app.ts'
import { readConfig } from './config.ts'
import { meansOfOpening } from './crypto/open-seals.ts'
import { openInstallation } from './installation.ts'
import { writeSecret } from './kek/files.ts'
import { isFirstOfficerEnrolled, makeFirstOfficerCode } from './services/apply-registration.ts'
import { DEFAULT_POLICY } from './services/context.ts'

const SHUTDOWN_MS = 10_000

const config = readConfig()
const logger = pino({ level: config.logLevel, redact: ['req.headers.authorization'] })
const clock = { now: () => Date.now() }
const installation = await openInstallation(config, clock.now())
const app = await buildApp({
  installation,
  clock,
  policy: {
    ...DEFAULT_POLICY,
    scheduleStepMs: config.scheduleStepMs,
    extraHolidays: config.extraHolidays,
    cosigners: config.cosigners,
    supplierRequestsPerMinute: config.supplierRequestsPerMinute,
    clock: config.clock,
    publicUrl: config.publicUrl,
    loopbackWebhooks: config.loopbackWebhooks,
    relyingParty: config.relyingParty,
    requirePasskey: config.requirePasskey
  },
  mail: { smtp: config.smtp, from: config.mailFrom },
  logger,
  openingThreads: config.openingThreads,
  preparedBytes: config.preparedBytes,
  keepThreads: true,
  bidThread: config.bidThread,
  maxBatchJobs: config.maxBatchJobs
})

await offerFirstOfficerCode()
if (installation.secretsInDataFolder.length > 0) {
  logger.warn({ files: installation.secretsInDataFolder }, 'secrets lie beside the data; for real tenders keep them elsewhere (docs/operating.md)')
}

const { current, older } = installation.kek
logger.info({ keyId: current.id, source: installation.kekSource, older: older.map(({ id }) => id) }, 'key-encryption key')

closeWithGrace({ delay: SHUTDOWN_MS }, async ({ err }) => {
  if (err !== undefined) logger.fatal({ err }, 'the server ends after an error')
  await app.close()
})

const address = await app.server.listen({ host: config.host, port: config.port })
app.scheduler.start()
app.notifier.start()
logger.info({ address, data: config.dataDir, openings: meansOfOpening() }, `봉인 Bongin is ready at ${address}`)

/** A code lies ready from the first start until it is used; a lost file is made anew. */
async function offerFirstOfficerCode (): Promise<void> {
  const file = installation.firstOfficerCodePath
  const isUsed = await isFirstOfficerEnrolled(app.context)
  if (isUsed) rmSync(file, { force: true })
  if (isUsed || existsSync(file)) return
  writeSecret(file, `${await makeFirstOfficerCode(app.context)}\n`)
  logger.info({ file }, 'first start: enrol the first platform officer with `npx bongin init`')
}
