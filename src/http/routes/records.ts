/** What a tender leaves for everybody to check, without login: the opening record, its rows by the page, the ledger, the whole record. */
import { Readable } from 'node:stream'
import { Type } from 'typebox'
import { MAX_OUTCOMES_PAGE, readOpeningText, readOutcomes } from '../../services/opening-records.ts'
import { readRecordArchive, readRecordText } from '../../services/read-record.ts'
import { readLedger } from '../../services/read-tender.ts'
import type { Routes } from '../server.ts'
import { Document, nullable, Sha256Schema, strict, TenderIdSchema } from '../schemas.ts'
import { immutableHeaders } from '../validators.ts'

const JSON_TYPE = 'application/json; charset=utf-8'
const DEFAULT_OUTCOMES = 100
/** The next part is made when the one before is gone. */
const STREAMED = { objectMode: false, highWaterMark: 1 }

export const recordRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/tenders/:tenderId/opening',
    {
      config: { access: 'public' },
      schema: {
        tags: ['tenders'],
        summary: '개찰 결과 — the opening record, byte for byte',
        params: strict({ tenderId: TenderIdSchema })
      }
    },
    async (request, reply) => {
      const { sha256, sizeBytes, parts } = await readOpeningText(context, request.params.tenderId)
      return await reply
        .type(JSON_TYPE)
        .headers({ ...immutableHeaders(sha256), 'content-length': sizeBytes })
        .send(Readable.from(parts, STREAMED))
    }
  )

  app.get(
    '/v1/tenders/:tenderId/outcomes',
    {
      config: { access: 'public' },
      schema: {
        tags: ['tenders'],
        summary: '개찰 순위 — rows of the opening record, page by page',
        params: strict({ tenderId: TenderIdSchema }),
        querystring: strict({
          from: Type.Optional(Type.Integer({ minimum: 0 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_OUTCOMES_PAGE }))
        }),
        response: {
          200: strict({ openingSha256: Sha256Schema, rowCount: Type.Integer(), rows: Type.Array(Document), next: nullable(Type.Integer()) })
        }
      }
    },
    async (request) => {
      const { from = 0, limit = DEFAULT_OUTCOMES } = request.query
      const { rows, ...page } = await readOutcomes(context, { tenderId: request.params.tenderId, from, limit })
      return { ...page, rows: rows.map((row) => ({ ...row })) }
    }
  )

  app.get(
    '/v1/tenders/:tenderId/ledger',
    {
      config: { access: 'public' },
      schema: {
        tags: ['tenders'],
        summary: '원장 — the hash chain of state changes, from the closing on',
        params: strict({ tenderId: TenderIdSchema }),
        response: { 200: strict({ entries: Type.Array(Document) }) }
      }
    },
    async (request) => ({ entries: (await readLedger(context, request.params.tenderId)).map((entry) => ({ ...entry })) })
  )

  app.get(
    '/v1/tenders/:tenderId/record',
    {
      config: { access: 'public' },
      schema: {
        tags: ['tenders'],
        summary: '개찰 기록 내려받기 — everything that `bongin verify` needs',
        params: strict({ tenderId: TenderIdSchema })
      }
    },
    async (request, reply) => {
      const texts = await readRecordText(context, request.params.tenderId)
      return await reply.type(JSON_TYPE).send(Readable.from(texts, STREAMED))
    }
  )

  app.get(
    '/v1/tenders/:tenderId/record.tar',
    {
      config: { access: 'public' },
      schema: {
        tags: ['tenders'],
        summary: '개찰 기록 보관 파일 — the same record as one tar archive, the same bytes for the same record',
        params: strict({ tenderId: TenderIdSchema })
      }
    },
    async (request, reply) => {
      const { tenderId } = request.params
      const { sizeBytes, chunks } = await readRecordArchive(context, tenderId)
      return await reply
        .type('application/x-tar')
        .header('content-length', sizeBytes)
        .header('content-disposition', `attachment; filename="${tenderId}.record.tar"`)
        .header('x-content-type-options', 'nosniff')
        .send(Readable.from(chunks, { objectMode: false }))
    }
  )
}
