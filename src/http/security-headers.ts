/** What helmet puts on every answer, asked for once: it is always the same, and making it anew costs a request as much as finding its session. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import fastifyPlugin from 'fastify-plugin'
import helmet from 'helmet'
import { invariant } from '../domain/errors.ts'
import type { Server } from './server.ts'

function helmetHeaders (): Record<string, string> {
  const headers: Record<string, string> = {}
  const answer = { setHeader: (name: string, value: string) => { headers[name.toLowerCase()] = value }, removeHeader: () => {} }
  helmet()({} as IncomingMessage, answer as unknown as ServerResponse, (error) => { invariant(error === undefined, 'helmet has all that it needs') })
  return headers
}

/** An answer with a policy of its own, as pages have, overwrites the one from here. */
export const securityHeadersPlugin = fastifyPlugin(async (server: Server) => {
  const headers = helmetHeaders()
  server.addHook('onRequest', async (_request, reply) => { reply.headers(headers) })
}, { name: 'security-headers' })
