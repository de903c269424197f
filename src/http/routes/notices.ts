/** The officer's side of a notice: drafts, attachments, publication, cancellation. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { cancelTender } from '../../services/cancel-tender.ts'
import { createDraft, updateDraft } from '../../services/draft-tender.ts'
import { publishNotice, readNoticeDraft } from '../../services/publish-notice.ts'
import { MAX_ATTACHMENT_BYTES } from '../../domain/notice.ts'
import { storeAttachment } from '../../services/store-attachment.ts'
import { officerOf, rawBodyOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  Document,
  Jws,
  Sha256Schema,
  StateSchema,
  strict,
  TenderDraftSchema,
  TenderIdSchema,
  Text,
  Time
} from '../schemas.ts'

const params = strict({ tenderId: TenderIdSchema })

export const noticeRoutes: Routes = async (app, { context }) => {
  await app.register(async (scope) => {
    const uploads = scope.withTypeProvider<TypeBoxTypeProvider>()
    uploads.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: MAX_ATTACHMENT_BYTES }, (_request, body, done) => {
      done(null, body)
    })
    uploads.post(
      '/v1/attachments',
      {
        bodyLimit: MAX_ATTACHMENT_BYTES,
        config: { access: ['executing'] },
        schema: {
          tags: ['notices'],
          summary: '첨부 파일 올리기 — stored under its SHA-256; at most 50 MB',
          querystring: strict({ name: Text }),
          response: { 201: strict({ sha256: Sha256Schema, sizeBytes: Type.Integer(), name: Text }) }
        }
      },
      async (request, reply) => {
        const stored = await storeAttachment(context, officerOf(request), rawBodyOf(request))
        return await reply.code(201).send({ ...stored, name: request.query.name })
      }
    )
  })

  app.post(
    '/v1/tenders',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['notices'],
        summary: '공고 작성 — a draft; impossible terms are refused here',
        body: TenderDraftSchema,
        response: { 201: strict({ tenderId: TenderIdSchema, state: StateSchema }) }
      }
    },
    async (request, reply) =>
      await reply.code(201).send({ tenderId: await createDraft(context, officerOf(request), request.body), state: 'draft' as const })
  )

  app.put(
    '/v1/tenders/:tenderId',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['notices'],
        summary: '공고 수정 — the draft, or the next change notice of a published tender',
        params,
        body: TenderDraftSchema,
        response: { 200: strict({ tenderId: TenderIdSchema, state: StateSchema }) }
      }
    },
    async (request) => {
      const { tenderId } = request.params
      return { tenderId, state: await updateDraft(context, officerOf(request), { tenderId, draft: request.body }) }
    }
  )

  app.get(
    '/v1/tenders/:tenderId/notice-draft',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['notices'],
        summary: '게시할 공고문 — exactly what the officer must sign',
        params,
        response: { 200: strict({ notice: Document }) }
      }
    },
    async (request) => ({ notice: { ...(await readNoticeDraft(context, officerOf(request), request.params.tenderId)) } })
  )

  app.post(
    '/v1/tenders/:tenderId/publication',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['notices'],
        summary: '공고 게시 — publish the signed notice or change notice',
        params,
        body: strict({ jws: Jws }),
        response: { 201: strict({ tenderId: TenderIdSchema, revision: Text, state: StateSchema, publishedAt: Time }) }
      }
    },
    async (request, reply) => {
      const { tenderId } = request.params
      const { revision, schedule } = await publishNotice(context, officerOf(request), { tenderId, jws: request.body.jws })
      return await reply.code(201).send({ tenderId, revision, state: 'published' as const, publishedAt: schedule.publishedAt })
    }
  )

  app.post(
    '/v1/tenders/:tenderId/cancellation',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['notices'],
        summary: "취소공고 — cancel; the tender's key is never released",
        params,
        body: strict({ jws: Jws }),
        response: { 201: strict({ tenderId: TenderIdSchema, state: StateSchema, cancelledAt: Time }) }
      }
    },
    async (request, reply) => {
      const { tenderId } = request.params
      await cancelTender(context, officerOf(request), { tenderId, jws: request.body.jws })
      return await reply.code(201).send({ tenderId, state: 'cancelled' as const, cancelledAt: formatKst(context.clock.now()) })
    }
  )
}
