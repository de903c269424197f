/** The officer's side of a notice: drafts, attachments, the key ceremony, publication, cancellation. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { cancelTender } from '../../services/cancel-tender.ts'
import { contributeKey, readCeremony, sealAgencyPrices } from '../../services/contribute-key.ts'
import { createDraft, updateDraft } from '../../services/draft-tender.ts'
import { publishNotice, readNoticeDraft } from '../../services/publish-notice.ts'
import { MAX_ATTACHMENT_BYTES } from '../../domain/notice.ts'
import { storeAttachment } from '../../services/store-attachment.ts'
import { officerOf, rawBodyOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  Base64url,
  Document,
  Jws,
  nullable,
  OfficerIdSchema,
  oneOf,
  Pem,
  SealedSchema,
  Sha256Schema,
  StateSchema,
  strict,
  TenderDraftSchema,
  TenderIdSchema,
  Text,
  Time
} from '../schemas.ts'

const params = strict({ tenderId: TenderIdSchema })
const committee = ['executing', 'witness', 'audit'] as const
const keyPart = { point: Base64url, proof: Base64url, mlKemKey: Base64url }

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
    '/v1/tenders/:tenderId/ceremony',
    {
      config: { access: committee },
      schema: {
        tags: ['notices'],
        summary: '키 생성 절차 — what each member needs for its part of the joint key',
        params,
        response: {
          200: strict({
            tenderId: TenderIdSchema,
            state: StateSchema,
            draft: nullable(Document),
            platform: strict({ holderId: Text, ...keyPart, technical: nullable(strict(keyPart)) }),
            members: Type.Array(
              strict({ officerId: OfficerIdSchema, role: oneOf(committee), name: Text, certificate: Pem, encryptionKey: nullable(Jws) })
            ),
            contributions: Type.Array(Jws),
            sealedPrices: nullable(SealedSchema)
          })
        }
      }
    },
    async (request) => {
      const { tender, members, contributions } = await readCeremony(context, officerOf(request), request.params.tenderId)
      return {
        tenderId: tender.tenderId,
        state: tender.state,
        draft: tender.draft === null ? null : { ...tender.draft },
        platform: {
          holderId: 'platform',
          point: tender.platformPoint,
          proof: tender.platformProof,
          mlKemKey: tender.platformMlKemKey,
          technical: tender.technicalPoint === null || tender.technicalProof === null || tender.technicalMlKemKey === null
            ? null
            : { point: tender.technicalPoint, proof: tender.technicalProof, mlKemKey: tender.technicalMlKemKey }
        },
        members: members.map(({ officer, seat, certificatePem }) => ({
          officerId: officer.officerId,
          role: seat,
          name: officer.profile.name,
          certificate: certificatePem,
          encryptionKey: officer.encryptionKeyJws
        })),
        contributions,
        sealedPrices: tender.sealedPrices
      }
    }
  )

  app.post(
    '/v1/tenders/:tenderId/contributions',
    {
      config: { access: ['executing', 'witness'] },
      schema: {
        tags: ['notices'],
        summary: "키 제출 — a member's signed part of the joint key",
        params,
        body: strict({ jws: Jws }),
        response: { 201: strict({ holderId: OfficerIdSchema, complete: Type.Boolean() }) }
      }
    },
    async (request, reply) => {
      const caller = officerOf(request)
      const { complete } = await contributeKey(context, caller, { tenderId: request.params.tenderId, jws: request.body.jws })
      return await reply.code(201).send({ holderId: caller.holderId, complete })
    }
  )

  app.put(
    '/v1/tenders/:tenderId/sealed-prices',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['notices'],
        summary: "예비가격 봉인 제출 — the agency's own prices, sealed under the joint key",
        params,
        body: SealedSchema,
        response: { 200: strict({ sealedPricesSha256: Sha256Schema }) }
      }
    },
    async (request) => ({
      sealedPricesSha256: await sealAgencyPrices(context, officerOf(request), { tenderId: request.params.tenderId, ...request.body })
    })
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
