/**
 * The HTTP line to a server: JSON in, JSON out, every refusal an `ApiProblem` with the server's stable code (RFC 9457).
 * Nothing waits without bound: every call has a timeout, and a busy server (503 with Retry-After) is asked again only
 * for calls that may be repeated, a named number of times. Runs in a browser.
 */
import { TIME_HEADER } from '../domain/time.ts'

/** One call, its answer's body included. */
export const REQUEST_TIMEOUT_MS = 60_000
export const MAX_RETRIES = 5
/** Longest wait that a server's Retry-After can ask of us, per retry. */
export const MAX_RETRY_AFTER_MS = 10_000
/** Longest answer that is taken as bytes, unless the caller names less. */
export const MAX_ANSWER_BYTES = 512 * 1024 * 1024

/** What the server said no with. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  readonly title: string
  readonly titleKo: string
  readonly detail: string
  readonly detailKo: string
  readonly field: string | null
  /** The whole problem document, extra members (`serverTime`, `closesAt`) included. */
  readonly problem: Readonly<Record<string, unknown>>
  constructor (status: number, problem: Readonly<Record<string, unknown>>) {
    const member = (name: string): string => typeof problem[name] === 'string' ? problem[name] : ''
    super(member('detail') || member('title') || `HTTP ${status}`)
    this.status = status
    this.code = member('code') || `http-${status}`
    this.title = member('title')
    this.titleKo = member('titleKo')
    this.detail = member('detail')
    this.detailKo = member('detailKo')
    this.field = typeof problem['field'] === 'string' ? problem['field'] : null
    this.problem = problem
  }
}

/** No answer at all: refused, unreachable, cut off or too slow. Whether the server acted is unknown. */
export class ServerUnreachable extends Error {
  override readonly name = 'ServerUnreachable'
}

export interface ApiOptions {
  /** e.g. `http://127.0.0.1:3000`; a path prefix is kept. */
  baseUrl: string
  fetch?: typeof globalThis.fetch
  /** Waits between retries; replaced in tests. */
  wait?: (ms: number) => Promise<void>
  token?: string
}

export interface Query { readonly [name: string]: string | number | null | undefined }
interface Call { method: string, path: string, query?: Query | undefined, body?: unknown, contentType?: string, repeatable: boolean }

const sleep = async (ms: number): Promise<void> => { await new Promise((resolve) => { setTimeout(resolve, ms) }) }

export class Api {
  readonly baseUrl: string
  readonly #options: ApiOptions

  constructor (options: ApiOptions) {
    this.baseUrl = options.baseUrl.replace(/\/+$/, '')
    this.#options = options
  }

  /** The same line, speaking for the session's holder. */
  withToken (token: string): Api {
    return new Api({ ...this.#options, token })
  }

  async get<T> (path: string, query?: Query): Promise<T> {
    return await readJson<T>(await this.#call({ method: 'GET', path, query, repeatable: true }))
  }

  /** The same with the server's clock when it answered, which stands in a header. */
  async getTimed<T extends object> (path: string): Promise<T & { serverTime: string }> {
    const response = await this.#call({ method: 'GET', path, repeatable: true })
    const serverTime = response.headers.get(TIME_HEADER)
    if (serverTime === null) throw unreachable(response.url, new Error(`the answer has no ${TIME_HEADER}`))
    return { ...await readJson<T>(response), serverTime }
  }

  async getBytes (path: string, maxBytes = MAX_ANSWER_BYTES): Promise<Uint8Array<ArrayBuffer>> {
    const response = await this.#call({ method: 'GET', path, repeatable: true })
    try {
      return await readBytes(response, maxBytes)
    } catch (error) {
      throw unreachable(this.baseUrl, error)
    }
  }

  async post<T> (path: string, body: unknown): Promise<T> {
    return await readJson<T>(await this.#call({ method: 'POST', path, body, repeatable: false }))
  }

  /** A post that the server answers alike however often it is sent; tells a first answer (201) from a repeated one (200). */
  async postRepeatable<T> (path: string, body: string | Uint8Array<ArrayBuffer>, { contentType, query }: {
    contentType: string, query?: Query
  }): Promise<{ status: number, body: T }> {
    const response = await this.#call({ method: 'POST', path, query, body, contentType, repeatable: true })
    return { status: response.status, body: await readJson<T>(response) }
  }

  async put<T> (path: string, body: unknown): Promise<T> {
    return await readJson<T>(await this.#call({ method: 'PUT', path, body, repeatable: true }))
  }

  async delete (path: string): Promise<void> {
    await this.#call({ method: 'DELETE', path, repeatable: true })
  }

  async #call (call: Call): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      const response = await this.#send(call)
      if (response.ok) return response
      const delay = call.repeatable && attempt < MAX_RETRIES ? retryDelayMs(response) : null
      if (delay === null) throw new ApiProblem(response.status, await readProblem(response))
      await response.body?.cancel()
      await (this.#options.wait ?? sleep)(delay)
    }
  }

  async #send (call: Call): Promise<Response> {
    const headers: Record<string, string> = { accept: 'application/json' }
    if (this.#options.token !== undefined) headers['authorization'] = `Bearer ${this.#options.token}`
    if (call.body !== undefined) headers['content-type'] = call.contentType ?? 'application/json'
    const raw = call.contentType !== undefined
    const body = call.body === undefined ? null : raw ? call.body as string | Uint8Array<ArrayBuffer> : JSON.stringify(call.body)
    try {
      const send = this.#options.fetch ?? globalThis.fetch
      return await send(this.#url(call), { method: call.method, headers, body, redirect: 'error', signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })
    } catch (error) {
      throw unreachable(this.baseUrl, error)
    }
  }

  #url ({ path, query = {} }: Call): string {
    const wanted = Object.entries(query).filter((pair): pair is [string, string | number] => pair[1] !== undefined && pair[1] !== null)
    const search = new URLSearchParams(wanted.map(([name, value]) => [name, String(value)])).toString()
    return `${this.baseUrl}${path}${search === '' ? '' : `?${search}`}`
  }
}

/** How long the server asks us to wait, or null where it does not ask us to come again. */
function retryDelayMs (response: Response): number | null {
  const header = response.headers.get('retry-after')
  if (response.status !== 503 || header === null || !/^\d{1,6}$/.test(header)) return null
  return Math.min(Number(header) * 1000, MAX_RETRY_AFTER_MS)
}

async function readJson<T> (response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  try {
    return await response.json() as T
  } catch (error) {
    throw unreachable(response.url, error)
  }
}

/** Stops reading an answer that goes on and on. */
async function readBytes (response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length > maxBytes) throw new Error(`the answer has more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    bytes.set(chunk, offset)
    offset += chunk.length
  }
  return bytes
}

async function readProblem (response: Response): Promise<Record<string, unknown>> {
  try {
    const problem: unknown = await response.json()
    return typeof problem === 'object' && problem !== null ? problem as Record<string, unknown> : {}
  } catch {
    // A proxy's HTML page, or nothing: the status alone has to do.
    return {}
  }
}

function unreachable (url: string, error: unknown): ServerUnreachable {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const reason = cause instanceof Error ? (cause.message || cause.name) : String(cause)
  return new ServerUnreachable(`No usable answer from ${url}: ${reason}`, { cause: error })
}

/** One step of a path. */
export function segment (value: string): string {
  return encodeURIComponent(value)
}

/** `rest` begins with a slash. */
export function tenderPath (tenderId: string, rest = ''): string {
  return `/v1/tenders/${segment(tenderId)}${rest}`
}
