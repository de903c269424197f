/**
 * Style and script of the portal, bundled once, when the first page asks for them, and kept in memory: names carry a digest of the content, so that
 * a browser may keep them for ever. Scripts are modules made of the same TypeScript that the client and the tests use; what
 * several of them need, or only some readers, is a file of its own that is loaded when it is needed.
 */
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import type { Server } from '../http/server.ts'

const BROWSER_FOLDER = new URL('browser/', import.meta.url).pathname
const STYLE = new URL('styles/index.css', import.meta.url).pathname
/** What the browsers of the last years understand; older ones get the pages without script. */
const TARGET = 'es2022'
const TYPES: Readonly<Record<string, string>> = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' }
/** Of a worker, which is a page of its own to a browser. */
const SCRIPT_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'"
const FOR_EVER = 'public, max-age=31536000, immutable'
/** Pages load `….page.ts`; a worker is a program of its own that a page starts. */
const SCRIPT = /\.(?:page|worker)\.ts$/
const compress = promisify(gzip)

export interface Assets {
  /** Address of an asset by its own name: `portal.css`, `live.js`. */
  urlOf: (name: string) => string
  files: ReadonlyMap<string, Asset>
}

interface Asset { bytes: Uint8Array, gzipped: Uint8Array, type: string }

/** Bundled when the first page asks for them. */
export function lazyAssets (): () => Promise<Assets> {
  let bundled: Promise<Assets> | null = null
  return async () => await (bundled ??= bundleAssets())
}

async function bundleAssets (): Promise<Assets> {
  const scripts = readdirSync(BROWSER_FOLDER).filter((name) => SCRIPT.test(name))
  const { outputFiles, metafile } = await build({
    entryPoints: [...scripts.map((name) => ({ in: BROWSER_FOLDER + name, out: name.replace(SCRIPT, '') })), { in: STYLE, out: 'portal' }],
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: TARGET,
    platform: 'browser',
    metafile: true,
    write: false,
    outdir: '/',
    entryNames: '[name].[hash]',
    chunkNames: 'part.[hash]',
    // Korean letters as they are, not as escapes of twice their length.
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent'
  })
  const urls = namesOf(metafile)
  const files = new Map<string, Asset>()
  for (const { path, contents } of outputFiles) {
    const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
    files.set(path.slice(1), { bytes: contents, gzipped: await compress(contents, { level: 9 }), type })
  }
  return {
    urlOf: (name) => {
      const url = urls.get(name)
      if (url === undefined) throw new Error(`no asset is called ${name}`)
      return url
    },
    files
  }
}

/** Address of each entry point: `live.KX3Q7ZHA.js` is called `live.js`. */
function namesOf ({ outputs }: Metafile): Map<string, string> {
  const entries = Object.entries(outputs).filter(([, { entryPoint }]) => entryPoint !== undefined)
  return new Map(entries.map(([path]) => {
    const file = path.slice(path.lastIndexOf('/') + 1)
    return [file.replace(/\.[A-Z0-9]+(?=\.\w+$)/, ''), `/assets/${file}`]
  }))
}

export function serveAssets (app: Server, assets: () => Promise<Assets>): void {
  app.get('/assets/:name', { schema: { hide: true } }, async (request, reply) => {
    const file = (await assets()).files.get((request.params as { name: string }).name)
    if (file === undefined) return reply.callNotFound()
    reply.type(file.type).headers({ 'cache-control': FOR_EVER, 'content-security-policy': SCRIPT_POLICY, 'x-content-type-options': 'nosniff', vary: 'accept-encoding' })
    const gzipped = /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(request.headers['accept-encoding'] ?? '')
    if (!gzipped) return await reply.send(Buffer.from(file.bytes))
    return await reply.header('content-encoding', 'gzip').send(Buffer.from(file.gzipped))
  })
}
