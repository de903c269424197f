/**
 * Style and script of the portal, bundled once at the start and kept in memory: names carry a digest of the content, so that
 * a browser may keep them for ever. Scripts are modules made of the same TypeScript that the client and the tests use.
 */
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { build, type OutputFile } from 'esbuild'
import type { Server } from '../http/server.ts'

const BROWSER_FOLDER = new URL('browser/', import.meta.url).pathname
const STYLE = new URL('styles/portal.css', import.meta.url).pathname
/** What the browsers of the last years understand; older ones get the pages without script. */
const TARGET = 'es2022'
const TYPES: Readonly<Record<string, string>> = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }
const FOR_EVER = 'public, max-age=31536000, immutable'
const DIGEST_CHARS = 16

export interface Assets {
  /** Address of an asset by its own name: `portal.css`, `live.js`. */
  urlOf: (name: string) => string
  files: ReadonlyMap<string, { bytes: Uint8Array, type: string }>
}

/** Bundled when the first page asks for them. */
export function lazyAssets (): () => Promise<Assets> {
  let bundled: Promise<Assets> | null = null
  return async () => await (bundled ??= bundleAssets())
}

async function bundleAssets (): Promise<Assets> {
  const scripts = readdirSync(BROWSER_FOLDER).filter((name) => name.endsWith('.page.ts'))
  const { outputFiles } = await build({
    entryPoints: [...scripts.map((name) => ({ in: BROWSER_FOLDER + name, out: name.replace(/\.page\.ts$/, '') })), { in: STYLE, out: 'portal' }],
    bundle: true,
    minify: true,
    format: 'esm',
    target: TARGET,
    platform: 'browser',
    write: false,
    outdir: '/',
    legalComments: 'none',
    logLevel: 'silent'
  })
  const urls = new Map<string, string>()
  const files = new Map<string, { bytes: Uint8Array, type: string }>()
  for (const file of outputFiles) place(file, urls, files)
  return {
    urlOf: (name) => {
      const url = urls.get(name)
      if (url === undefined) throw new Error(`no asset is called ${name}`)
      return url
    },
    files
  }
}

function place ({ path, contents }: OutputFile, urls: Map<string, string>, files: Map<string, { bytes: Uint8Array, type: string }>): void {
  const name = path.slice(1)
  const extension = name.slice(name.lastIndexOf('.') + 1)
  const digested = `${name.slice(0, -extension.length - 1)}.${createHash('sha256').update(contents).digest('hex').slice(0, DIGEST_CHARS)}.${extension}`
  urls.set(name, `/assets/${digested}`)
  files.set(digested, { bytes: contents, type: TYPES[extension] ?? 'application/octet-stream' })
}

export function serveAssets (app: Server, assets: () => Promise<Assets>): void {
  app.get('/assets/:name', { schema: { hide: true } }, async (request, reply) => {
    const file = (await assets()).files.get((request.params as { name: string }).name)
    if (file === undefined) return reply.callNotFound()
    return await reply.type(file.type).header('cache-control', FOR_EVER).header('x-content-type-options', 'nosniff').send(Buffer.from(file.bytes))
  })
}
