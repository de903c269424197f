/** The audit log: what was refused and what was decided, for platform officers. */
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { MAX_AUDIT_PAGE, readAudit } from '../../services/audit.ts'
import type { Routes } from '../server.ts'
import {
  Document,
  nullable,
  OptionalText,
  strict,
  Text,
  Time
} from '../schemas.ts'

const DEFAULT_PAGE = 50

export const auditRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/audit',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['holders'],
        summary: '감사 기록 — refusals and decisions, newest first',
        querystring: strict({
          cursor: Type.Optional(Type.Integer({ minimum: 1 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_AUDIT_PAGE }))
        }),
        response: {
          200: strict({
            items: Type.Array(
              strict({
                position: Type.Integer(),
                at: Time,
                actor: Text,
                action: Text,
                code: Text,
                field: nullable(OptionalText),
                tenderId: nullable(Text),
                detail: Document
              })
            ),
            nextCursor: nullable(Type.Integer())
          })
        }
      }
    },
    async (request) => {
      const { cursor = Number.MAX_SAFE_INTEGER, limit = DEFAULT_PAGE } = request.query
      const { items, next } = await readAudit(context, { before: cursor, limit })
      return { items: items.map((entry) => ({ ...entry, at: formatKst(entry.at) })), nextCursor: next }
    }
  )
}
