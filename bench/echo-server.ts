/**
 * The reference of the intake bench: a Fastify of its own process that takes the same body, validates it and the path by schema, and
 * sends it back in an answer that is written by schema too. It checks no signature and stores nothing.
 */
import type { AddressInfo } from 'node:net'
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import { Jws, strict, TenderIdSchema } from '../src/http/schemas.ts'

const app = Fastify({ logger: false })
app.setValidatorCompiler(TypeBoxValidatorCompiler)
app.addContentTypeParser('application/jose', { parseAs: 'string' }, (_request, body, done) => { done(null, body) })
app.post<{ Body: string }>('/v1/tenders/:tenderId/bids', {
  schema: { params: strict({ tenderId: TenderIdSchema }), body: Jws, response: { 201: strict({ receipt: Jws }) } }
}, async ({ body }, reply) => await reply.code(201).send({ receipt: body }))
await app.listen({ host: '127.0.0.1', port: 0 })
console.log(JSON.stringify({ level: 30, address: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, msg: 'echo' }))
process.once('SIGTERM', () => { app.close().then(() => process.exit(0), () => process.exit(1)) })
