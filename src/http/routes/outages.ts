/** Outages of the platform (장애): what one would move, applying one, the public list; and closings held after a silence. */
import { Type, type Static } from 'typebox'
import { showExtension, type ExtensionOf, type ShownExtension } from '../../domain/outage.ts'
import type { TenderId } from '../../domain/ids.ts'
import { formatKst } from '../../domain/time.ts'
import { applyOutage, MAX_OUTAGES_PAGE, readOutages } from '../../services/apply-outage.ts'
import { extensionOf, previewOutage } from '../../services/plan-outage.ts'
import { currentHold, dismissHold, type ClosingHold } from '../../services/silence.ts'
import { officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import { extensionMembers, Jws, LongText, nullable, OfficerIdSchema, Sha256Schema, StateSchema, strict, TenderIdSchema, Time } from '../schemas.ts'

const DEFAULT_PAGE = 20

const Extension = strict({ tenderId: TenderIdSchema, ...extensionMembers })
const OutageMembers = {
  outageSha256: Sha256Schema,
  fromAt: Time,
  recoveredAt: Time,
  announcedAt: Time,
  reason: LongText,
  appliedBy: OfficerIdSchema,
  appliedAt: Time
}
const Applied = strict({ ...OutageMembers, extensions: Type.Array(Extension), passedOver: Type.Array(TenderIdSchema) })
const Hold = nullable(strict({ fromAt: Time, untilAt: Time, heldUntil: Time }))

type Outage = Awaited<ReturnType<typeof applyOutage>>['outage']
type ShownOutage = Omit<Static<typeof Applied>, 'extensions' | 'passedOver'>

function shownOutage ({ sha256, fromAt, recoveredAt, announcedAt, reason, appliedBy, appliedAt }: Outage): ShownOutage {
  const times = { fromAt, recoveredAt, announcedAt, appliedAt }
  const shown = Object.fromEntries(Object.entries(times).map(([name, at]) => [name, formatKst(at)])) as Record<keyof typeof times, string>
  return { outageSha256: sha256, reason, appliedBy, ...shown }
}

function shownExtension (tenderId: TenderId, extension: ExtensionOf): ShownExtension & { tenderId: TenderId } {
  return { tenderId, ...showExtension(extension) }
}

function shownHold (hold: ClosingHold | null): { fromAt: string, untilAt: string, heldUntil: string } | null {
  return hold === null ? null : { fromAt: formatKst(hold.fromAt), untilAt: formatKst(hold.untilAt), heldUntil: formatKst(hold.heldUntil) }
}

export const outageRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/outages',
    {
      config: { access: 'public' },
      schema: {
        tags: ['outages'],
        summary: '장애 목록 — outages as they were signed, newest first',
        querystring: strict({
          cursor: Type.Optional(Type.Integer({ minimum: 1 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_OUTAGES_PAGE }))
        }),
        response: {
          200: strict({ items: Type.Array(strict({ ...OutageMembers, jws: Jws, tenders: Type.Integer() })), nextCursor: nullable(Type.Integer()) })
        }
      }
    },
    async (request) => {
      const { cursor = Number.MAX_SAFE_INTEGER, limit = DEFAULT_PAGE } = request.query
      const { items, next } = await readOutages(context, { before: cursor, limit })
      return { items: items.map((row) => ({ ...shownOutage(row), jws: row.jws, tenders: row.tenders })), nextCursor: next }
    }
  )

  app.get(
    '/v1/outages/preview',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['outages'],
        summary: '장애 연기 미리보기 — what an outage would move if it were announced now; nothing is changed',
        querystring: strict({ from: Time, recovered: Time }),
        response: {
          200: strict({
            serverTime: Time,
            extensions: Type.Array(Extension),
            passedOver: Type.Array(strict({ tenderId: TenderIdSchema, state: StateSchema }))
          })
        }
      }
    },
    async (request) => {
      const { concerned, passedOver } = await previewOutage(context, request.query)
      const extensions = concerned.map(({ tender, ...extension }) => shownExtension(tender.tenderId, extension))
      return { serverTime: formatKst(context.clock.now()), extensions, passedOver }
    }
  )

  app.post(
    '/v1/outages',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['outages'],
        summary: '장애 연기 공고 — a signed outage moves every tender that it concerns; the same again changes nothing',
        body: strict({ jws: Jws }),
        response: { 200: Applied, 201: Applied }
      }
    },
    async (request, reply) => {
      const { outage, extensions, repeated } = await applyOutage(context, officerOf(request), request.body.jws)
      return await reply.code(repeated ? 200 : 201).send({
        ...shownOutage(outage),
        extensions: extensions.map((stored) => shownExtension(stored.tenderId, extensionOf(stored))),
        passedOver: outage.passedOver
      })
    }
  )

  app.get(
    '/v1/outages/hold',
    {
      config: { access: ['platform'] },
      schema: { tags: ['outages'], summary: '마감 보류 — closings that wait for an officer after a silence', response: { 200: strict({ hold: Hold }) } }
    },
    async () => ({ hold: shownHold(await currentHold(context)) })
  )

  app.post(
    '/v1/outages/hold/dismissal',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['outages'],
        summary: '마감 보류 해제 — the silence was no outage: what is held is closed now',
        body: strict({ reason: LongText }),
        response: { 200: strict({ hold: Hold }) }
      }
    },
    async (request) => ({ hold: shownHold(await dismissHold(context, officerOf(request), request.body.reason)) })
  )
}
