/** Sends raw requests to a real server and holds every refusal to the same promises: a problem document, an audit entry, nothing else. */
import { getTableName, is, sql } from 'drizzle-orm'
import { SQLiteTable } from 'drizzle-orm/sqlite-core'
import type { Test } from 'tap'
import type { Identity } from '../../src/client/identity.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { listAudit } from '../../src/storage/audit.ts'
import * as schema from '../../src/storage/schema.ts'
import { at } from './attacks.ts'
import type { TestApp } from './build-app.ts'

export interface RawRequest {
  path: string
  method?: string
  /** An object is sent as JSON, text and bytes as they are. */
  body?: object | string | Uint8Array<ArrayBuffer> | undefined
  contentType?: string | null
  token?: string | undefined
}

export interface Refusal {
  status: number
  code: string
  field?: string
  extra?: object
}

/** Challenges come and go with every try to log in; the rest of the tables may not change. */
const TABLES = Object.values(schema)
  .filter((value) => is(value, SQLiteTable))
  .map((table) => getTableName(table))
  .filter((name) => !['audit', 'challenges', 'passkey_ceremonies'].includes(name))

export function countRows ({ context }: TestApp): Record<string, number> {
  const count = (name: string): number => context.db.read.get<{ n: number }>(sql.raw(`SELECT count(*) AS n FROM ${name}`)).n
  return Object.fromEntries(TABLES.map((name) => [name, count(name)]))
}

export async function sendRaw (
  { baseUrl }: TestApp,
  { path, method = 'POST', body, contentType = 'application/json', token }: RawRequest
): Promise<Response> {
  const headers: Record<string, string> = {}
  if (contentType !== null) headers['content-type'] = contentType
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`
  const bytes = body === undefined ? null : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
  return await fetch(`${baseUrl}${path}`, { method, headers, body: bytes })
}

/** The request is refused as said, in both languages, and leaves an audit entry and nothing else. */
export async function expectRefusal (
  t: Test,
  app: TestApp,
  {
    name,
    request,
    refusal
  }: {
    name: string
    request: RawRequest
    refusal: Refusal
  }
): Promise<void> {
  const before = countRows(app)
  const audited = await auditPosition(app)
  const response = await sendRaw(app, request)
  const problem = (await response.json()) as Record<string, unknown>
  const { status, code, field, extra } = refusal
  t.match(response.headers.get('content-type'), /^application\/problem\+json/, `${name}: a problem document`)
  t.strictSame([response.status, problem['status'], problem['code'], problem['field']], [status, status, code, field], `${name}: ${code}`)
  t.equal(problem['type'], `urn:bongin:problem:${code}`)
  t.match(problem, { title: /[a-z]/, titleKo: /[가-힣]/, detail: /[a-z]/, detailKo: /[가-힣]/, ...extra }, `${name}: in both languages`)
  t.strictSame(countRows(app), before, `${name}: nothing is stored`)
  const entries = await listAudit(app.context.db.read, { before: Number.MAX_SAFE_INTEGER, limit: 1 })
  t.equal(await auditPosition(app), audited + 1, `${name}: one audit entry`)
  t.match(at(entries, 0), { code, field: field ?? null }, `${name}: the audit entry says why`)
  t.equal((await sendRaw(app, { path: '/v1/platform', method: 'GET', contentType: null })).status, 200, `${name}: the server goes on`)
}

async function auditPosition ({ context }: TestApp): Promise<number> {
  return (await listAudit(context.db.read, { before: Number.MAX_SAFE_INTEGER, limit: 1 }))[0]?.position ?? 0
}

/** A session's bare token, for requests that the client would not send. */
export async function tokenOf (app: TestApp, identity: Identity, platform: string): Promise<string> {
  const response = await sendRaw(app, { path: '/v1/sessions', body: { jws: await signLogin(app, identity, platform) } })
  return ((await response.json()) as { token: string }).token
}

/** A fresh challenge, signed. */
export async function signLogin (
  app: TestApp,
  { signer, thumbprint }: Pick<Identity, 'signer' | 'thumbprint'>,
  platform: string
): Promise<string> {
  const response = await sendRaw(app, { path: '/v1/sessions/challenges', body: { thumbprint } })
  const { challenge } = (await response.json()) as { challenge: string }
  return await signJws(signer, 'bongin-session', { v: 1, type: 'bongin-session', challenge, platform })
}
