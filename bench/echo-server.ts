/**
 * The reference of the intake bench: a Fastify of its own process that takes the same body as raw bytes, validates path and
 * answer by schema as the real route does, and gives some of it back. It checks no signature and stores nothing.
 */
import type { AddressInfo } from 'node:net'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { Type } from 'typebox'
import { TENDER_ID_PATTERN } from '../src/domain/ids.ts'

const app = Fastify({ logger: false })
app.setValidatorCompiler(TypeBoxValidatorCompiler)
app.addContentTypeParser('application/jose', { parseAs: 'buffer' }, (_request, body, done) => { done(null, body) })
app.post('/v1/tenders/:tenderId/bids', {
  schema: {
    params: Type.Object({ tenderId: Type.String({ pattern: TENDER_ID_PATTERN }) }, { additionalProperties: false }),
    response: {
      201: Type.Object({ receipt: Type.String(), acceptedAt: Type.String(), envelopeSha256: Type.String() }, { additionalProperties: false })
    }
  }
}, async (request, reply) => {
  const text = (request.body as Buffer).toString('latin1')
  return await reply.code(201).send({ receipt: text.slice(0, 400), acceptedAt: text.slice(0, 29), envelopeSha256: text.slice(0, 64) })
})
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(JSON.stringify({ level: 30, address: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, msg: 'echo' }))
process.once('SIGTERM', () => { app.close().then(() => process.exit(0), () => process.exit(1)) })
