/** The officer's desk: its own tenders, those whose proposals it marks, and the officers that a committee may be made of. */
import { Type } from 'typebox'
import { OFFICER_ROLES } from '../../domain/holder.ts'
import { COMMITTEE_SEATS } from '../../domain/notice.ts'
import { formatKst, kstOrNull } from '../../domain/time.ts'
import {
  MAX_OFFICERS_PAGE, MAX_OWN_EVALUATIONS_PAGE, MAX_OWN_TENDERS_PAGE, readOfficers, readOwnEvaluations, readOwnTenders
} from '../../services/own-tenders.ts'
import { officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import { AgencyIdSchema, MethodSchema, nullable, OfficerIdSchema, oneOf, RoleSchema, StateSchema, strict, TenderIdSchema, Text, Time } from '../schemas.ts'

const DEFAULT_PAGE = 50

export const deskRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/me/tenders',
    {
      config: { access: COMMITTEE_SEATS },
      schema: {
        tags: ['notices'],
        summary: '내 담당 공고 — the tenders on whose committee the caller sits, drafts included, newest first',
        querystring: strict({
          cursor: Type.Optional(TenderIdSchema),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_OWN_TENDERS_PAGE }))
        }),
        response: {
          200: strict({
            items: Type.Array(strict({
              tenderId: TenderIdSchema,
              seat: oneOf(COMMITTEE_SEATS),
              title: Text,
              method: MethodSchema,
              state: StateSchema,
              revision: nullable(Type.Integer()),
              hasDraft: Type.Boolean({ description: 'something waits to be published' }),
              contributed: Type.Boolean({ description: 'the caller has made its part of every key' }),
              keysComplete: Type.Boolean({ description: 'so have both members' }),
              revealed: Type.Boolean({ description: 'the caller has revealed its part of the key whose turn it is' }),
              proposalsOpened: Type.Boolean({ description: 'with two envelopes: the proposals are open' }),
              proposalsEvaluated: Type.Boolean({ description: 'and their evaluation is signed' }),
              closesAt: Time,
              technicalOpensAt: nullable(Time),
              opensAt: Time
            })),
            nextCursor: nullable(TenderIdSchema)
          })
        }
      }
    },
    async (request) => {
      const { cursor, limit = DEFAULT_PAGE } = request.query
      const { items, next } = await readOwnTenders(context, officerOf(request), { after: cursor, limit })
      return {
        items: items.map(({ keys, contributed, ownContributed, hasDraft, closesAt, technicalOpensAt, opensAt, ...item }) => ({
          ...item,
          hasDraft: hasDraft === 1,
          contributed: ownContributed >= keys,
          keysComplete: contributed >= 2 * keys,
          revealed: item.revealed === 1,
          proposalsOpened: item.proposalsOpened === 1,
          proposalsEvaluated: item.proposalsEvaluated === 1,
          closesAt: formatKst(closesAt),
          technicalOpensAt: kstOrNull(technicalOpensAt),
          opensAt: formatKst(opensAt)
        })),
        nextCursor: next
      }
    }
  )

  app.get(
    '/v1/me/evaluations',
    {
      config: { access: ['evaluator'] },
      schema: {
        tags: ['openings'],
        summary: '내 평가 — closed tenders whose proposals the caller is appointed to mark, newest first, until their prices are opened',
        querystring: strict({
          cursor: Type.Optional(TenderIdSchema),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_OWN_EVALUATIONS_PAGE }))
        }),
        response: {
          200: strict({
            items: Type.Array(strict({
              tenderId: TenderIdSchema,
              title: Text,
              opensAt: Time,
              marked: Type.Boolean({ description: 'the caller has marked' }),
              evaluated: Type.Boolean({ description: 'the result is signed' })
            })),
            nextCursor: nullable(TenderIdSchema)
          })
        }
      }
    },
    async (request) => {
      const { cursor, limit = DEFAULT_PAGE } = request.query
      const { items, next } = await readOwnEvaluations(context, officerOf(request), { after: cursor, limit })
      return {
        items: items.map(({ tenderId, title, opensAt, marked, evaluated }) =>
          ({ tenderId, title, opensAt: formatKst(opensAt), marked: marked === 1, evaluated: evaluated === 1 })),
        nextCursor: next
      }
    }
  )

  app.get(
    '/v1/officers',
    {
      config: { access: OFFICER_ROLES },
      schema: {
        tags: ['holders'],
        summary: '담당관 목록 — officers with a role, to choose a committee or evaluators from',
        querystring: strict({
          role: RoleSchema,
          cursor: Type.Optional(OfficerIdSchema),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_OFFICERS_PAGE }))
        }),
        response: {
          200: strict({
            items: Type.Array(strict({
              officerId: OfficerIdSchema,
              name: Text,
              agencyId: AgencyIdSchema,
              agencyName: Text,
              roles: Type.Array(RoleSchema),
              hasEncryptionKey: Type.Boolean({ description: 'without one nobody can sit on a committee' })
            })),
            nextCursor: nullable(OfficerIdSchema)
          })
        }
      }
    },
    async (request) => {
      const { role, cursor, limit = MAX_OFFICERS_PAGE } = request.query
      const { items, next } = await readOfficers(context, { role, after: cursor, limit })
      return {
        items: items.map(({ profile: { name }, hasEncryptionKey, ...officer }) => ({ ...officer, name, hasEncryptionKey: hasEncryptionKey === 1 })),
        nextCursor: next
      }
    }
  )
}
