/**
 * The one place where errors become answers, and refusals of writing requests become audit entries.
 * Nothing of an unexpected error's text leaves the server.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { BonginError, type ErrorCode } from '../domain/errors.ts'
import { recordRefusal } from '../services/audit.ts'
import type { Context } from '../services/context.ts'
import { problemOf, PROBLEM_TYPE } from './problems.ts'

/** For a server that is behind and does not say for how long: the writer's queue is short. */
const OVERLOADED_SECONDS = 1
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])
/**
 * Writing these down would cost a busy server more than the requests themselves; a mistake of ours stands in the log, and half
 * a login is no refusal.
 */
const NOT_AUDITED: ReadonlySet<ErrorCode> = new Set(['overloaded', 'too-many-requests', 'internal-error', 'second-factor-required'])

/** What Fastify itself refuses, by its error codes. */
const FASTIFY_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed-json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid-request',
  FST_ERR_NOT_FOUND: 'not-found',
  FST_UNDER_PRESSURE: 'overloaded'
}

export const errorsPlugin = fastifyPlugin<{ context: Context }>(async (app, { context }) => {
  app.setErrorHandler(async (error: FastifyError, request, reply) => {
    const refusal = refusalOf(error, request, reply)
    await audit(context, request, refusal)
    return await send(reply, refusal)
  })
  app.setNotFoundHandler(async (_request, reply) => await send(reply, new BonginError('not-found', {
    detail: 'There is nothing at this address. The API is described at /docs.',
    detailKo: '이 주소에는 아무것도 없습니다. API 문서는 /docs에 있습니다.'
  })))
}, { name: 'errors' })

async function send (reply: FastifyReply, refusal: BonginError): Promise<FastifyReply> {
  const problem = problemOf(refusal)
  // A refusal is of its moment: what comes next may be granted, at the same address.
  return await reply.code(problem.status).type(PROBLEM_TYPE).header('cache-control', 'no-store').serializer(JSON.stringify).send(problem)
}

/** What a failed request is answered with, on whatever door; what nobody foresaw is logged, and says nothing but that. */
export function refusalOf (error: FastifyError, request: FastifyRequest, reply: FastifyReply): BonginError {
  const refusal = asRefusal(error)
  if (refusal === null) {
    request.log.error({ err: error, route: request.routeOptions.url }, 'unexpected error')
    return new BonginError('internal-error')
  }
  const seconds = refusal.context.extra?.['retryAfterSeconds'] ?? (refusal.code === 'overloaded' ? OVERLOADED_SECONDS : null)
  if (typeof seconds === 'number') reply.header('retry-after', seconds)
  return refusal
}

function asRefusal (error: FastifyError): BonginError | null {
  if (error instanceof BonginError) return error
  const { validation } = error
  if (validation !== undefined) return validationRefusal(error)
  const code = FASTIFY_CODES[error.code]
  if (code !== undefined) return new BonginError(code)
  if (error instanceof SyntaxError && error.statusCode === 400) return new BonginError('malformed-json')
  return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500 ? new BonginError('invalid-request') : null
}

/** The first thing that the schema found wrong, as a JSON Pointer into body, query or path. */
function validationRefusal ({ validation, validationContext }: FastifyError): BonginError {
  const [first] = validation ?? []
  const params = (first?.params ?? {}) as { requiredProperties?: string[], additionalProperties?: string[], additionalProperty?: string }
  const member = params.requiredProperties?.[0] ?? params.additionalProperties?.[0] ?? params.additionalProperty
  const field = `${first?.instancePath ?? ''}${member === undefined ? '' : `/${member}`}`
  const where = validationContext === 'body' || validationContext === undefined ? '' : `${validationContext} `
  return new BonginError('invalid-request', {
    field,
    detail: `${where}${field || '(the whole)'}: ${first?.message ?? 'not as expected'}.`,
    detailKo: `요청의 ${field || '전체'} 항목이 형식에 맞지 않습니다.`
  })
}

/** Refused writing requests leave a trace; a refusal that cannot be written down is still answered. */
async function audit (context: Context, request: FastifyRequest, error: BonginError): Promise<void> {
  if (SAFE_METHODS.has(request.method) || NOT_AUDITED.has(error.code)) return
  const { tenderId = null } = (request.params ?? {}) as { tenderId?: string }
  const action = `${request.method} ${request.routeOptions.url ?? 'unknown'}`
  try {
    await recordRefusal(context, { actor: request.caller?.holderId ?? 'anonymous', action, error, tenderId })
  } catch (failure) {
    context.reportError(failure, 'audit')
  }
}
