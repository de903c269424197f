/** The technical evaluation: proposals for those who may read them, evaluators, marks, result. Nothing here is public. */
import { Type } from 'typebox'
import { MAX_EVALUATORS } from '../../domain/method-rules.ts'
import { formatKst } from '../../domain/time.ts'
import { appointEvaluators, decideTechnical, markProposals } from '../../services/technical/evaluate-proposals.ts'
import { readProposals, readTechnical, type TimedAct } from '../../services/technical/read-technical.ts'
import { officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import { Document, Jws, nullable, OfficerIdSchema, Pem, Sha256Schema, strict, SupplierIdSchema, TenderIdSchema, Time } from '../schemas.ts'

const params = strict({ tenderId: TenderIdSchema })
const body = strict({ jws: Jws })
const readers = ['executing', 'witness', 'evaluator'] as const
const Officers = Type.Array(OfficerIdSchema, { maxItems: MAX_EVALUATORS })
const Act = strict({ jws: Jws, at: Time })
const Content = strict({ supplierId: SupplierIdSchema, content: Document })
const Score = strict({ supplierId: SupplierIdSchema, marksE4: Type.Integer(), passes: Type.Boolean() })

const timed = ({ jws, at }: TimedAct): { jws: string, at: string } => ({ jws, at: formatKst(at) })

export const technicalRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/tenders/:tenderId/technical',
    {
      config: { access: readers },
      schema: {
        tags: ['openings'],
        summary: '기술평가 현황 — what was opened, who evaluates, every signed act',
        params,
        response: {
          200: strict({
            openingSha256: Sha256Schema,
            opening: Document,
            evaluators: Officers,
            marked: Officers,
            appointments: Type.Array(Act),
            marks: Type.Array(Act),
            result: nullable(Act),
            certificates: Type.Array(Pem)
          })
        }
      }
    },
    async (request) => {
      const view = await readTechnical(context, officerOf(request), request.params.tenderId)
      return {
        ...view,
        opening: { ...view.opening },
        appointments: view.appointments.map(timed),
        marks: view.marks.map(timed),
        result: view.result === null ? null : timed(view.result)
      }
    }
  )

  app.get(
    '/v1/tenders/:tenderId/proposals',
    {
      config: { access: readers },
      schema: {
        tags: ['openings'],
        summary: '기술제안서 열람 — executing officer, witness and appointed evaluators; never public',
        params,
        response: {
          200: strict({ openingSha256: Sha256Schema, opening: Document, contents: Type.Array(Content) })
        }
      }
    },
    async (request, reply) => {
      const { openingSha256, opening, contents } = await readProposals(context, officerOf(request), request.params.tenderId)
      const plain = contents.map(({ supplierId, content }) => ({ supplierId, content: { ...content } }))
      return await reply.header('cache-control', 'no-store').send({ openingSha256, opening: { ...opening }, contents: plain })
    }
  )

  app.post(
    '/v1/tenders/:tenderId/evaluators',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['openings'],
        summary: '평가위원 위촉 — signed; whoever has marked stays appointed',
        params,
        body,
        response: { 201: strict({ evaluators: Officers }) }
      }
    },
    async (request, reply) => {
      const evaluators = await appointEvaluators(context, officerOf(request), { tenderId: request.params.tenderId, jws: request.body.jws })
      return await reply.code(201).send({ evaluators })
    }
  )

  app.post(
    '/v1/tenders/:tenderId/technical-marks',
    {
      config: { access: ['evaluator'] },
      schema: {
        tags: ['openings'],
        summary: '기술평가 점수 제출 — one evaluator\'s signed marks for all proposals, once',
        params,
        body,
        response: { 201: strict({ marked: Type.Integer(), evaluators: Type.Integer() }) }
      }
    },
    async (request, reply) => {
      const progress = await markProposals(context, officerOf(request), { tenderId: request.params.tenderId, jws: request.body.jws })
      return await reply.code(201).send(progress)
    }
  )

  app.post(
    '/v1/tenders/:tenderId/technical-result',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['openings'],
        summary: '기술평가 결과 확정 — signed; the price key may be revealed from here on',
        params,
        body,
        response: { 201: strict({ scores: Type.Array(Score) }) }
      }
    },
    async (request, reply) => {
      const scores = await decideTechnical(context, officerOf(request), { tenderId: request.params.tenderId, jws: request.body.jws })
      return await reply.code(201).send({ scores })
    }
  )
}
