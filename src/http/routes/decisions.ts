/** What follows an opening: the evaluation of bidders in their order, and the award. */
import { Type } from 'typebox'
import { COMMITTEE_SEATS } from '../../domain/notice.ts'
import { awardTender } from '../../services/award-tender.ts'
import { evaluateBid, readEvaluation } from '../../services/evaluate-bid.ts'
import { officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  Decimals,
  Document,
  Jws,
  nullable,
  Sha256Schema,
  StateSchema,
  strict,
  SupplierIdSchema,
  TenderIdSchema,
  Text,
  Units
} from '../schemas.ts'

const params = strict({ tenderId: TenderIdSchema })
/** Marks only where they make the order (negotiated contracts), ten-thousandths of a mark. */
const CandidateSchema = strict({
  supplierId: SupplierIdSchema,
  amountWon: Units,
  rank: Type.Integer(),
  marks: Type.Optional(strict({ technicalMarksE4: Type.Integer(), priceMarksE4: Type.Integer(), totalMarksE4: Type.Integer() }))
})
const Outcome = strict({ state: Text, next: nullable(SupplierIdSchema), winner: nullable(SupplierIdSchema) })

export const decisionRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/tenders/:tenderId/evaluation',
    {
      config: { access: COMMITTEE_SEATS },
      schema: {
        tags: ['openings'],
        summary: '심사 현황 — whose turn it is, and what was decided',
        params,
        response: {
          200: strict({
            openingSha256: Sha256Schema,
            decimals: Decimals,
            order: Type.Array(CandidateSchema),
            results: Type.Array(Document),
            outcome: Outcome
          })
        }
      }
    },
    async (request) => {
      const { openingSha256, decimals, order, results, outcome } = await readEvaluation(context, officerOf(request), request.params.tenderId)
      return { openingSha256, decimals, order: [...order], results: results.map((result) => ({ ...result })), outcome }
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
