/** Closing records as cosigners see them: their consistency, and the lines that cosigners add to their notes. */
import { Type } from 'typebox'
import { addCosignature, readConsistency } from '../../services/cosign-checkpoint.ts'
import { Sha256Schema, strict, TenderIdSchema } from '../schemas.ts'
import type { Routes } from '../server.ts'

/** A name of 200 characters, and 76 bytes in base64. */
const MAX_LINE_CHARS = 400
/** As many as a record may have. */
const MAX_LEAVES = 200_000

export const cosignatureRoutes: Routes = async (app, { context }) => {
  const params = strict({ tenderId: TenderIdSchema })

  app.post(
    '/v1/tenders/:tenderId/cosignatures',
    {
      // The signature is the access: only keys that the installation names are taken.
      config: { access: 'public' },
      schema: {
        tags: ['tenders'],
        summary: '마감 기록 공동서명 — one more signature line under the checkpoint',
        params,
        body: strict({ line: Type.String({ maxLength: MAX_LINE_CHARS }) }),
        response: { 200: strict({ checkpoint: Type.String() }) }
      }
    },
    async (request) => ({ checkpoint: await addCosignature(context, { ...request.params, line: request.body.line }) })
  )

  app.get(
    '/v1/tenders/:tenderId/consistency',
    {
      config: { access: 'public' },
      schema: {
        tags: ['tenders'],
        summary: '마감 기록 연속성 — that the closing record extends one of `from` leaves (RFC 9162)',
        params,
        querystring: strict({ from: Type.Integer({ minimum: 0, maximum: MAX_LEAVES }) }),
        response: { 200: strict({ proof: Type.Array(Sha256Schema) }) }
      }
    },
    async (request) => ({ proof: await readConsistency(context, { ...request.params, size: request.query.from }) })
  )
}
