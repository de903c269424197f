/**
 * The composition root: one installation, one database, one Fastify. The order of registration is security:
 * errors first, then pressure, then authentication, then the routes.
 */
import underPressure from '@fastify/under-pressure'
import websocket from '@fastify/websocket'
import { TypeBoxValidatorCompiler, type TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import Fastify, { LogController, type FastifyBaseLogger } from 'fastify'
import type { Logger } from 'pino'
import { authPlugin } from './http/auth.ts'
import { connectionsPlugin } from './http/connections.ts'
import { documentsPlugin } from './http/documents.ts'
import { mailSender, type SmtpConfig } from './channels/mail.ts'
import { webhookSender, type Resolve } from './channels/webhook.ts'
import { errorsPlugin } from './http/errors.ts'
import { limitsPlugin } from './http/limits.ts'
import { openapiPlugin } from './http/openapi.ts'
import { auditRoutes } from './http/routes/audit.ts'
import { bidRoutes } from './http/routes/bids.ts'
import { ceremonyRoutes } from './http/routes/ceremony.ts'
import { cosignatureRoutes } from './http/routes/cosignatures.ts'
import { decisionRoutes } from './http/routes/decisions.ts'
import { deskRoutes } from './http/routes/desk.ts'
import { eventRoutes } from './http/routes/events.ts'
import { holderRoutes } from './http/routes/holders.ts'
import { lotRoutes } from './http/routes/lots.ts'
import { noticeRoutes } from './http/routes/notices.ts'
import { channelRoutes } from './http/routes/notification-channels.ts'
import { notificationRoutes } from './http/routes/notifications.ts'
import { openingRoutes } from './http/routes/openings.ts'
import { outageRoutes } from './http/routes/outages.ts'
import { passkeyRoutes } from './http/routes/passkeys.ts'
import { platformRoutes } from './http/routes/platform.ts'
import { publicRoutes } from './http/routes/public.ts'
import { questionRoutes } from './http/routes/questions.ts'
import { recordRoutes } from './http/routes/records.ts'
import { registrationRoutes } from './http/routes/registrations.ts'
import { ruleSetRoutes } from './http/routes/rule-sets.ts'
import { sanctionRoutes } from './http/routes/sanctions.ts'
import { sessionRoutes } from './http/routes/sessions.ts'
import { technicalRoutes } from './http/routes/technical.ts'
import { tenderRoutes } from './http/routes/tenders.ts'
import { timeRoutes } from './http/routes/time.ts'
import { securityHeadersPlugin } from './http/security-headers.ts'
import type { Server } from './http/server.ts'
import { validatorsPlugin } from './http/validators.ts'
import type { Installation } from './installation.ts'
import { portal } from './portal/plugin.ts'
import { NO_BID_CHECKS } from './services/bid-checks.ts'
import { BidsUnderWay } from './services/bids-under-way.ts'
import { ClosingTrees } from './services/closing-trees.ts'
import type { Clock, Context, Policy } from './services/context.ts'
import { OpeningProgress } from './services/opening-progress.ts'
import { DEFAULT_PREPARED_BYTES, PreparedOpenings } from './services/prepare-openings.ts'
import { beginFollowing } from './services/notify/follow-events.ts'
import type { Senders } from './services/notify/senders.ts'
import { recordEarlierRegions } from './services/record-earlier-regions.ts'
import { recordEarlierResults } from './services/record-earlier-results.ts'
import { TenderDocuments } from './services/tender-documents.ts'
import { Timekeeping } from './services/timekeeping.ts'
import { assertSecretsOpen } from './services/rewrap-secrets.ts'
import { attachmentFiles } from './storage/attachment-files.ts'
import { openDatabase } from './storage/database.ts'
import { makeBidPool } from './workers/bid-pool.ts'
import { makeOpeningPool } from './workers/pool.ts'
import { makeNotifier, type Notifier } from './workers/notifier.ts'
import { makeScheduler, type Scheduler } from './workers/scheduler.ts'
import { feedPlugin, MAX_CLIENT_FRAME_BYTES } from './ws/feed.ts'

/** Bodies of ordinary requests; bids and attachments have limits of their own. */
export const MAX_BODY_BYTES = 512 * 1024
/** Past these the server answers 503 rather than fall further behind. */
const MAX_EVENT_LOOP_DELAY_MS = 2_000
/** A slow client may not hold a connection open for ever. */
const REQUEST_TIMEOUT_MS = 120_000

export interface AppOptions {
  installation: Installation
  clock: Clock
  policy: Policy
  logger: Logger
  openingThreads: number | null
  /** Memory for what is prepared of openings to come; 0 for none. */
  preparedBytes?: number
  /** Threads for openings stand ready from the start. */
  keepThreads?: boolean
  /** Bids that come in are looked at by a thread of their own. */
  bidThread?: boolean
  /** Requests are refused as `overloaded` while the event loop is this late; 0 for never. */
  maxLoopDelayMs?: number
  /** Changes that may share one transaction; the writer's own limit where absent. */
  maxBatchJobs?: number
  /** Mail goes to .eml files of the installation unless there is a server. */
  mail?: { smtp: SmtpConfig | null, from: string }
  /** Names of webhooks' hosts; the system's resolver where absent. */
  resolve?: Resolve
  /** 0 ≤ chance < 1: spreads retries. */
  chance?: () => number
}

export interface App { server: Server, context: Context, scheduler: Scheduler, notifier: Notifier, close: () => Promise<void> }

export async function buildApp (options: AppOptions): Promise<App> {
  const { installation, clock, policy, logger, openingThreads, keepThreads = false, preparedBytes = DEFAULT_PREPARED_BYTES, maxBatchJobs } = options
  const db = openDatabase(installation.databasePath, { maxBatchJobs })
  try {
    await assertSecretsOpen(db.read, installation.kek)
    await recordEarlierResults(db)
    await recordEarlierRegions(db)
  } catch (error) {
    await db.close()
    throw error
  }
  const stopping = new AbortController()
  const reportError: Context['reportError'] = (err, what) => {
    // Work that was called off because the server ends has not failed; any other failure of that moment has.
    if (err !== stopping.signal.reason) logger.error({ err, what }, 'background work failed')
  }
  const pool = makeOpeningPool({
    ...(openingThreads === null ? {} : { threads: openingThreads }),
    keep: keepThreads,
    onThreadLost: (error) => { reportError(error, 'opening thread') }
  })
  const { receiptKey, receiptKid } = installation.platform
  const bidPool = options.bidThread !== true
    ? null
    : makeBidPool({ privateKey: receiptKey, kid: receiptKid }, { onThreadLost: (error) => { reportError(error, 'bid thread') } })
  const context: Context = {
    db,
    files: attachmentFiles(installation.attachmentsFolder),
    clock,
    authority: installation.authority,
    platform: installation.platform,
    kek: installation.kek,
    trustStore: () => installation.trustAnchors(reportError),
    policy,
    threads: pool,
    bidChecks: bidPool ?? NO_BID_CHECKS,
    bidsUnderWay: new BidsUnderWay(),
    prepared: new PreparedOpenings(preparedBytes),
    closingTrees: new ClosingTrees(),
    documents: new TenderDocuments(),
    timekeeping: new Timekeeping(() => clock.now()),
    progress: new OpeningProgress(),
    stopping: stopping.signal,
    reportError
  }
  db.onTouched((tenderIds) => { context.documents.changed(tenderIds) })
  const server = makeServer(logger)
  await registerAll(server, { context, maxLoopDelayMs: options.maxLoopDelayMs ?? MAX_EVENT_LOOP_DELAY_MS })
  const scheduler = makeScheduler(context)
  await beginFollowing(context)
  const notifier = makeNotifier(context, { senders: sendersOf(options), chance: options.chance ?? Math.random })
  return {
    server,
    context,
    scheduler,
    notifier,
    close: async () => {
      stopping.abort(new Error('the server ends'))
      await scheduler.stop()
      await notifier.stop()
      await server.close()
      context.timekeeping.close()
      await pool.close()
      await bidPool?.close()
      await db.close()
    }
  }
}

function sendersOf ({ installation, policy, mail = { smtp: null, from: 'bongin@localhost' }, resolve }: AppOptions): Senders {
  const { publicUrl, loopbackWebhooks: loopback } = policy
  return {
    ...mailSender({ ...mail, domain: new URL(publicUrl).hostname, outboxFolder: installation.outboxFolder }),
    webhook: webhookSender({ loopback, ...(resolve === undefined ? {} : { resolve }) })
  }
}

function makeServer (logger: Logger): Server {
  const server = Fastify({
    loggerInstance: logger as FastifyBaseLogger,
    bodyLimit: MAX_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    return503OnClosing: true,
    // Bodies and headers are never logged: a token or a bid must not end in a log file.
    logController: new LogController({ disableRequestLogging: true })
  }).withTypeProvider<TypeBoxTypeProvider>()
  return server.setValidatorCompiler(TypeBoxValidatorCompiler) as unknown as Server
}

async function registerAll (server: Server, { context, maxLoopDelayMs }: { context: Context, maxLoopDelayMs: number }): Promise<void> {
  await server.register(connectionsPlugin)
  await server.register(errorsPlugin, { context })
  await server.register(securityHeadersPlugin)
  await server.register(underPressure, { maxEventLoopDelay: maxLoopDelayMs })
  await server.register(websocket, { options: { maxPayload: MAX_CLIENT_FRAME_BYTES } })
  await server.register(openapiPlugin)
  await server.register(authPlugin, { context })
  await server.register(limitsPlugin, { context })
  await server.register(documentsPlugin, { context })
  await server.register(validatorsPlugin, { context })
  for (const routes of [
    platformRoutes, timeRoutes, ruleSetRoutes, sessionRoutes, passkeyRoutes, registrationRoutes, holderRoutes, sanctionRoutes, auditRoutes,
    noticeRoutes, ceremonyRoutes, deskRoutes, tenderRoutes, recordRoutes, cosignatureRoutes, lotRoutes, bidRoutes, openingRoutes, decisionRoutes,
    technicalRoutes, outageRoutes, eventRoutes, publicRoutes, questionRoutes, notificationRoutes, channelRoutes
  ]) await server.register(routes, { context })
  await server.register(feedPlugin, { context })
  await server.register(portal, { context })
  await server.ready()
}
