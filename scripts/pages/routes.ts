/** The portal's own list of its pages: every GET route that it registers and that answers a reader with a page, as its plugin registers them. */
import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import Fastify from 'fastify'
import type { Server } from '../../src/http/server.ts'
import { portal } from '../../src/portal/plugin.ts'
import type { Context } from '../../src/services/context.ts'

/** Files that the portal serves beside its pages: their addresses end in what kind they are, or lie in the assets. */
const FILE = /^\/assets\/|\.[a-z]+$/

export async function portalPages (context: Context): Promise<string[]> {
  const app = Fastify().setValidatorCompiler(TypeBoxValidatorCompiler)
  const pages = new Set<string>()
  app.addHook('onRoute', ({ method, url }) => { if ([method].flat().includes('GET') && !FILE.test(url)) pages.add(url) })
  await app.register(portal, { context })
  await (app as unknown as Server).ready()
  await app.close()
  return [...pages].sort()
}
