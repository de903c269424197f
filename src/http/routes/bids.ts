/** The supplier's side: submit, withdraw, look at one's own bid, prove its inclusion. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { submitBid } from '../../services/submit-bid.ts'
import { MAX_OWN_BIDS_PAGE, readOwnBids } from '../../services/own-bids.ts'
import { readInclusion, readOwnBid, withdrawBid } from '../../services/withdraw-bid.ts'
import { rawBodyOf, supplierOf } from '../auth.ts'
import { LIMITED } from '../limits.ts'
import type { Routes } from '../server.ts'
import { Jws, nullable, oneOf, Sha256Schema, StateSchema, strict, TenderIdSchema, Text, Time } from '../schemas.ts'

/** Largest envelope: 48 KiB of price part and 16 KiB of proposal, sealed, in base64url twice, and its signature. */
export const MAX_BID_BODY_BYTES = 128 * 1024

const params = strict({ tenderId: TenderIdSchema })
const Status = oneOf(['sealed', 'withdrawn', 'superseded'] as const)
const DEFAULT_PAGE = 20
const Receipt = strict({ receipt: Jws, acceptedAt: Time, envelopeSha256: Sha256Schema })

export const bidRoutes: Routes = async (app, { context }) => {
  await app.register(async (scope) => {
    const intake = scope.withTypeProvider<TypeBoxTypeProvider>()
    // The time that counts: when the last byte of the body was read.
    intake.addContentTypeParser('application/jose', { parseAs: 'buffer', bodyLimit: MAX_BID_BODY_BYTES }, (request, body, done) => {
      request.receivedAt = context.clock.now()
      done(null, body)
    })
    intake.removeContentTypeParser(['application/json', 'text/plain'])
    intake.post(
      '/v1/tenders/:tenderId/bids',
      {
        bodyLimit: MAX_BID_BODY_BYTES,
        config: { access: ['supplier'], ...LIMITED },
        schema: {
          tags: ['bids'],
          summary: '입찰서 제출 — the sealed and signed envelope (compact JWS); the receipt is sent once it is on disk',
          consumes: ['application/jose'],
          params,
          response: { 200: Receipt, 201: Receipt }
        }
      },
      async (request, reply) => {
        const { receipt, acceptedAt, envelopeSha256, repeated } = await submitBid(context, supplierOf(request), {
          tenderId: request.params.tenderId,
          body: rawBodyOf(request),
          receivedAt: request.receivedAt
        })
        if (repeated) request.giveBackTurn()
        return await reply.code(repeated ? 200 : 201).send({ receipt, acceptedAt: formatKst(acceptedAt), envelopeSha256 })
      }
    )
  })

  app.post(
    '/v1/tenders/:tenderId/withdrawals',
    {
      config: { access: ['supplier'], ...LIMITED },
      schema: {
        tags: ['bids'],
        summary: '입찰 취소 신청 — withdraw before the deadline; the supplier cannot bid for this tender again',
        params,
        body: strict({ jws: Jws }),
        response: { 201: strict({ withdrawnAt: Time }) }
      }
    },
    async (request, reply) => {
      const withdrawnAt = await withdrawBid(context, supplierOf(request), {
        tenderId: request.params.tenderId,
        jws: request.body.jws,
        receivedAt: context.clock.now()
      })
      return await reply.code(201).send({ withdrawnAt: formatKst(withdrawnAt) })
    }
  )

  app.get(
    '/v1/tenders/:tenderId/bids/mine',
    {
      config: { access: ['supplier'] },
      schema: {
        tags: ['bids'],
        summary: "내 입찰서 — the caller's own bid and receipt",
        params,
        response: {
          200: strict({
            envelopeSha256: Sha256Schema,
            acceptedAt: Time,
            status: Status,
            receipt: Jws
          })
        }
      }
    },
    async (request) => {
      const { envelopeSha256, acceptedAt, state, receipt } = await readOwnBid(context, supplierOf(request), request.params.tenderId)
      return { envelopeSha256, acceptedAt: formatKst(acceptedAt), status: state, receipt }
    }
  )

  app.get(
    '/v1/tenders/:tenderId/bids/mine/inclusion',
    {
      config: { access: ['supplier'] },
      schema: {
        tags: ['bids'],
        summary: "포함 증명 — proof that the caller's bid is in the closing record",
        params,
        response: {
          200: strict({
            leafIndex: Type.Integer(),
            size: Type.Integer(),
            proof: Type.Array(Sha256Schema),
            rootSha256: Sha256Schema,
            checkpoint: Type.String()
          })
        }
      }
    },
    async (request) => await readInclusion(context, supplierOf(request), request.params.tenderId)
  )

  app.get(
    '/v1/me/bids',
    {
      config: { access: ['supplier'] },
      schema: {
        tags: ['bids'],
        summary: "내 투찰 목록 — the tenders that the caller has bid for, newest first, each with the caller's newest bid",
        querystring: strict({
          cursor: Type.Optional(TenderIdSchema),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_OWN_BIDS_PAGE }))
        }),
        response: {
          200: strict({
            items: Type.Array(
              strict({
                tenderId: TenderIdSchema,
                title: Text,
                agencyName: Text,
                state: StateSchema,
                closesAt: Time,
                opensAt: Time,
                envelopeSha256: Sha256Schema,
                acceptedAt: Time,
                status: Status
              })
            ),
            nextCursor: nullable(TenderIdSchema)
          })
        }
      }
    },
    async (request) => {
      const { cursor, limit = DEFAULT_PAGE } = request.query
      const { items, next } = await readOwnBids(context, supplierOf(request), { after: cursor, limit })
      return {
        items: items.map((item) => ({
          ...item, closesAt: formatKst(item.closesAt), opensAt: formatKst(item.opensAt), acceptedAt: formatKst(item.acceptedAt)
        })),
        nextCursor: next
      }
    }
  )
}
