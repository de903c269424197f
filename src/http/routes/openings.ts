/** The opening desk: reveals, recovery shares, evaluation, award. */
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { awardTender, evaluateBid, readEvaluation } from '../../services/evaluate-bid.ts'
import { openIfReady } from '../../services/open-tender.ts'
import { revealSeed } from '../../services/reveal-seed.ts'
import { revealShare } from '../../services/reveal-share.ts'
import { readOpeningStatus, readOwnKey, readOwnShares, type HolderStatus } from '../../services/reveals.ts'
import type { TenderId } from '../../domain/ids.ts'
import { officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  Base64url,
  Document,
  Jws,
  nullable,
  OfficerIdSchema,
  SealedSchema,
  Sha256Schema,
  StateSchema,
  strict,
  SupplierIdSchema,
  TenderIdSchema,
  Text,
  Time,
  Won
} from '../schemas.ts'

const params = strict({ tenderId: TenderIdSchema })
const committee = ['executing', 'witness', 'audit'] as const
const Holders = Type.Array(strict({ holderId: Text, role: Text, revealed: Type.Boolean(), shares: Type.Integer(), threshold: Type.Integer() }))
const Revealed = strict({ holders: Holders, opening: Type.Boolean() })
const Outcome = strict({ state: Text, next: nullable(SupplierIdSchema), winner: nullable(SupplierIdSchema) })

export const openingRoutes: Routes = async (app, { context }) => {
  /** The opening runs on; the answer does not wait for it. */
  const startOpening = (tenderId: TenderId, holders: HolderStatus[]): { holders: HolderStatus[]; opening: boolean } => {
    const opening = holders.every(({ role, revealed }) => role === 'platform' || revealed)
    if (opening) {
      openIfReady(context, tenderId).catch((error: unknown) => {
        context.reportError(error, `opening of ${tenderId}`)
      })
    }
    return { holders, opening }
  }

  app.get(
    '/v1/tenders/:tenderId/key',
    {
      config: { access: ['executing', 'witness'] },
      schema: {
        tags: ['openings'],
        summary: "봉인된 내 시드 — the caller's own seed, sealed to its encryption key",
        params,
        response: { 200: strict({ holderId: OfficerIdSchema, wrappedSeed: SealedSchema }) }
      }
    },
    async (request) => {
      const caller = officerOf(request)
      return { holderId: caller.holderId, wrappedSeed: await readOwnKey(context, caller, request.params.tenderId) }
    }
  )

  app.post(
    '/v1/tenders/:tenderId/reveals',
    {
      config: { access: ['executing', 'witness'] },
      schema: {
        tags: ['openings'],
        summary: '키 공개 — reveal the own seed, from the opening time on',
        params,
        body: strict({ seed: Base64url }),
        response: { 200: Revealed }
      }
    },
    async (request) => {
      const { tenderId } = request.params
      return startOpening(tenderId, await revealSeed(context, officerOf(request), { tenderId, seed: request.body.seed }))
    }
  )

  app.get(
    '/v1/tenders/:tenderId/shares',
    {
      config: { access: committee },
      schema: {
        tags: ['openings'],
        summary: '내 복구 조각 — recovery shares sealed to the caller',
        params,
        response: { 200: strict({ shares: Type.Array(strict({ ownerId: OfficerIdSchema, enc: Base64url, ciphertext: Base64url })) }) }
      }
    },
    async (request) => ({ shares: await readOwnShares(context, officerOf(request), request.params.tenderId) })
  )

  app.post(
    '/v1/tenders/:tenderId/share-reveals',
    {
      config: { access: committee },
      schema: {
        tags: ['openings'],
        summary: "복구 조각 공개 — a share of a missing member's seed, from the opening time on",
        params,
        body: strict({ ownerId: OfficerIdSchema, share: Base64url }),
        response: { 200: Revealed }
      }
    },
    async (request) => {
      const { tenderId } = request.params
      return startOpening(tenderId, await revealShare(context, officerOf(request), { tenderId, ...request.body }))
    }
  )

  app.get(
    '/v1/tenders/:tenderId/opening-status',
    {
      config: { access: committee },
      schema: {
        tags: ['openings'],
        summary: '개찰 현황 — who has revealed, who is missing',
        params,
        response: { 200: strict({ state: StateSchema, serverTime: Time, opensAt: Time, holders: Holders }) }
      }
    },
    async (request) => {
      const { tender, holders } = await readOpeningStatus(context, officerOf(request), request.params.tenderId)
      return { state: tender.state, serverTime: formatKst(context.clock.now()), opensAt: formatKst(tender.opensAt), holders }
    }
  )

  app.get(
    '/v1/tenders/:tenderId/evaluation',
    {
      config: { access: committee },
      schema: {
        tags: ['openings'],
        summary: '심사 현황 — whose turn it is, and what was decided',
        params,
        response: {
          200: strict({
            openingSha256: Sha256Schema,
            order: Type.Array(strict({ supplierId: SupplierIdSchema, amountWon: Won, rank: Type.Integer() })),
            results: Type.Array(Document),
            outcome: Outcome
          })
        }
      }
    },
    async (request) => {
      const { openingSha256, order, results, outcome } = await readEvaluation(context, officerOf(request), request.params.tenderId)
      return { openingSha256, order: [...order], results: results.map((result) => ({ ...result })), outcome }
    }
  )

  app.post(
    '/v1/tenders/:tenderId/evaluations',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['openings'],
        summary: '심사 — a signed judgement of the bidder whose turn it is',
        params,
        body: strict({ jws: Jws }),
        response: { 201: strict({ result: Document, outcome: Outcome }) }
      }
    },
    async (request, reply) => {
      const { result, outcome } = await evaluateBid(context, officerOf(request), { tenderId: request.params.tenderId, jws: request.body.jws })
      return await reply.code(201).send({ result: { ...result }, outcome })
    }
  )

  app.post(
    '/v1/tenders/:tenderId/award',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['openings'],
        summary: '낙찰·유찰 결정 — the signed decision, final',
        params,
        body: strict({ jws: Jws }),
        response: { 201: strict({ state: StateSchema }) }
      }
    },
    async (request, reply) => {
      const state = await awardTender(context, officerOf(request), { tenderId: request.params.tenderId, jws: request.body.jws })
      return await reply.code(201).send({ state })
    }
  )
}
