/** Reading tenders, without login: list, search, one tender's whole public history, attachments. */
import { Type } from 'typebox'
import { formatKst, parseInstant } from '../../domain/time.ts'
import type { Instant } from '../../domain/ids.ts'
import { showExtension } from '../../domain/outage.ts'
import { extensionOf } from '../../services/plan-outage.ts'
import { MAX_TENDERS_PAGE, readTender, searchTenders } from '../../services/read-tender.ts'
import { readAttachment } from '../../services/store-attachment.ts'
import type { Routes } from '../server.ts'
import { cursorOf, placeOf } from '../tender-cursor.ts'
import { immutableHeaders } from '../validators.ts'
import {
  AgencyIdSchema,
  Document,
  extensionMembers,
  Jws,
  KindSchema,
  MethodSchema,
  nullable,
  oneOf,
  Pem,
  RegionSchema,
  Sha256Schema,
  StateSchema,
  strict,
  Text,
  TenderIdSchema,
  Time,
  Won,
  WonCondition
} from '../schemas.ts'

const DEFAULT_PAGE = 20
/** Of an opening, in the answer that shows the whole tender; `…/outcomes` has the others, `…/opening` the whole record. */
const SHOWN_ROWS = 100

const Summary = strict({
  tenderId: TenderIdSchema,
  revision: Text,
  title: Text,
  agencyId: AgencyIdSchema,
  agencyName: Text,
  kind: KindSchema,
  method: MethodSchema,
  state: StateSchema,
  estimatedPriceWon: Won,
  publishedAt: Time,
  closesAt: Time,
  opensAt: Time
})

const Extension = strict({ revision: Text, outage: Jws, ...extensionMembers })

const Tender = strict({
  tenderId: TenderIdSchema,
  state: StateSchema,
  revision: Text,
  notice: Document,
  notices: Type.Array(Jws),
  contributions: Type.Array(Jws),
  closesAt: Time,
  opensAt: Time,
  extensions: Type.Array(Extension),
  certificates: Type.Array(Pem),
  checkpoint: nullable(Type.String()),
  opening: nullable(Document),
  openingRows: nullable(Type.Integer()),
  openingSha256: nullable(Sha256Schema),
  evaluations: Type.Array(strict({ jws: Jws, result: Document })),
  award: nullable(Jws),
  failure: nullable(strict({ reason: Text })),
  cancellation: nullable(Jws),
  previousTenderId: nullable(TenderIdSchema),
  nextTenderId: nullable(TenderIdSchema),
  history: Type.Array(strict({ position: Type.Integer(), at: Time, type: Text }))
})

export const revisionText = (revision: number | null): string => String(revision ?? 0).padStart(3, '0')

export const tenderRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/tenders',
    {
      config: { access: 'public' },
      schema: {
        tags: ['tenders'],
        summary: '입찰공고 검색 — published tenders, newest first or by closing time; a page may be short and still have a next one',
        querystring: strict({
          state: Type.Optional(StateSchema),
          kind: Type.Optional(KindSchema),
          method: Type.Optional(MethodSchema),
          agencyId: Type.Optional(AgencyIdSchema),
          closesFrom: Type.Optional(Time),
          closesUntil: Type.Optional(Time),
          estimatedFrom: Type.Optional(WonCondition),
          estimatedUntil: Type.Optional(WonCondition),
          region: Type.Optional(RegionSchema),
          q: Type.Optional(Type.String({ maxLength: 200 })),
          sort: Type.Optional(oneOf(['newest', 'closing'] as const)),
          cursor: Type.Optional(Type.String({ maxLength: 40 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_TENDERS_PAGE }))
        }),
        response: { 200: strict({ items: Type.Array(Summary), nextCursor: nullable(Text) }) }
      }
    },
    async (request) => {
      const { q, cursor, sort, closesFrom, closesUntil, limit = DEFAULT_PAGE, ...equal } = request.query
      const { items, next } = await searchTenders(context, {
        ...equal,
        closesFrom: instantOf(closesFrom, '/closesFrom'),
        closesUntil: instantOf(closesUntil, '/closesUntil'),
        query: q,
        order: sort,
        after: cursor === undefined ? undefined : placeOf(cursor),
        limit
      })
      return {
        items: items.map((item) => ({
          ...item,
          revision: revisionText(item.revision),
          publishedAt: formatKst(item.publishedAt ?? 0),
          closesAt: formatKst(item.closesAt),
          opensAt: formatKst(item.opensAt)
        })),
        nextCursor: next === null ? null : cursorOf(next)
      }
    }
  )

  app.get(
    '/v1/tenders/:tenderId',
    {
      config: { access: 'public', document: 'tender' },
      schema: {
        tags: ['tenders'],
        summary: "입찰공고 조회 — one tender's whole public history",
        params: strict({ tenderId: TenderIdSchema }),
        response: { 200: Tender }
      }
    },
    async (request) => {
      const view = await readTender(context, request.params.tenderId)
      const { tender, notice, noticeJws, opening, evaluations, awardJws, nextTenderId, history, contributions, certificates } = view
      return {
        tenderId: tender.tenderId,
        state: tender.state,
        revision: revisionText(tender.revision),
        notice: { ...notice },
        notices: noticeJws,
        contributions,
        closesAt: formatKst(tender.closesAt),
        opensAt: formatKst(tender.opensAt),
        extensions: view.extensions.map(({ extension, outage }) => ({
          revision: revisionText(extension.revision), outage: outage.jws, ...showExtension(extensionOf(extension))
        })),
        certificates,
        checkpoint: view.checkpoint,
        opening: opening === null ? null : { ...opening.record, rows: opening.record.rows.slice(0, SHOWN_ROWS) },
        openingRows: opening?.rowCount ?? null,
        openingSha256: opening?.sha256 ?? null,
        evaluations: evaluations.map(({ jws, result }) => ({ jws, result: result as Record<string, unknown> })),
        award: awardJws,
        failure: tender.failureReason === null ? null : { reason: tender.failureReason },
        cancellation: tender.cancellationJws,
        previousTenderId: tender.previousTenderId,
        nextTenderId,
        history: history.map(({ position, at, type }) => ({ position, at: formatKst(at), type }))
      }
    }
  )

  app.get(
    '/v1/attachments/:sha256',
    {
      config: { access: 'public' },
      schema: { tags: ['tenders'], summary: '첨부 파일 — by its hash', params: strict({ sha256: Sha256Schema }) }
    },
    async (request, reply) => {
      const { sha256 } = request.params
      const { bytes, sizeBytes } = await readAttachment(context, sha256)
      return await reply
        .type('application/octet-stream')
        .headers({ ...immutableHeaders(sha256), 'content-length': sizeBytes })
        .header('content-disposition', 'attachment')
        .header('x-content-type-options', 'nosniff')
        .send(bytes)
    }
  )
}

/** @throws BonginError `invalid-time`. */
function instantOf (text: string | undefined, field: string): Instant | undefined {
  return text === undefined ? undefined : parseInstant(text, field)
}
