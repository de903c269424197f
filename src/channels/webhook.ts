/**
 * One call of a webhook (Standard Webhooks): a POST that follows no redirect, takes at most some seconds and reads at most some kilobytes of
 * the answer. The name is resolved once, every address that it has must be public, and the connection goes to the address that was
 * looked at: a name that resolves to another one a moment later (DNS rebinding) reaches nothing. 2xx is a yes, 410 a last no.
 */
import { lookup as dnsLookup } from 'node:dns/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest, type RequestOptions } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { once } from 'node:events'
import { bareHost, checkWebhookUrl, isLoopbackHost, isPublicAddress } from '../services/notify/public-address.ts'
import { BonginError } from '../domain/errors.ts'
import type { Outcome, WebhookCall } from '../services/notify/senders.ts'
import { within } from './within.ts'

const TIMEOUT_MS = 10_000
/** Standard Webhooks asks for at most 20 KB. */
export const MAX_BODY_BYTES = 16 * 1024
const MAX_ANSWER_BYTES = 16 * 1024
const MAX_ADDRESSES = 32
const MAX_REASON_CHARS = 200

export interface Resolved { address: string, family: number }
/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<Resolved[]>

export const resolveByDns: Resolve = async (hostname) => await dnsLookup(hostname, { all: true, verbatim: true })

interface WebhookOptions { loopback: boolean, resolve?: Resolve }

export function webhookSender ({ loopback, resolve = resolveByDns }: WebhookOptions): (call: WebhookCall, signal: AbortSignal) => Promise<Outcome> {
  return async (call, signal) => {
    if (Buffer.byteLength(call.body) > MAX_BODY_BYTES) return { kind: 'failed', reason: 'the message is too large', permanent: true }
    return await within({ timeMs: TIMEOUT_MS, signal }, async (limited) => {
      try {
        const url = checkWebhookUrl(call.url, { loopback })
        const pinned = await addressOf(url, { loopback, resolve })
        limited.throwIfAborted()
        if (pinned === null) return { kind: 'failed', reason: `${url.hostname} has an address that is not public`, permanent: false }
        return await post({ url, pinned, call, signal: limited })
      } catch (error) {
        if (limited.aborted) throw error
        if (error instanceof BonginError) return { kind: 'failed', reason: error.message, permanent: true }
        return { kind: 'failed', reason: reasonOf(error), permanent: false }
      }
    })
  }
}

/** The one address to connect to; null where the name has any that is not public. */
async function addressOf ({ hostname }: URL, { loopback, resolve }: Required<WebhookOptions>): Promise<Resolved | null> {
  const literal = bareHost(hostname)
  if (isIP(literal) !== 0) return { address: literal, family: isIP(literal) }
  const found = await resolve(hostname)
  const [first] = found
  if (first === undefined || found.length > MAX_ADDRESSES) return null
  const isAllowed = (address: string): boolean => isPublicAddress(address) || (loopback && isLoopbackHost(hostname) && /^(127\.|::1$)/.test(address))
  return found.every(({ address }) => isAllowed(address)) ? first : null
}

async function post ({ url, pinned, call, signal }: { url: URL, pinned: Resolved, call: WebhookCall, signal: AbortSignal }): Promise<Outcome> {
  const lookup: LookupFunction = (_name, { all }, done) => {
    if (all === true) done(null, [pinned])
    else done(null, pinned.address, pinned.family)
  }
  const options: RequestOptions = {
    method: 'POST',
    // A connection of its own: one that is kept would go to an address that was looked at earlier.
    agent: false,
    lookup,
    signal,
    headers: {
      ...call.headers,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(call.body),
      'user-agent': 'Bongin-Webhook/1',
      connection: 'close'
    }
  }
  const request = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options)
  request.end(call.body)
  const [response] = await once(request, 'response', { signal }) as [IncomingMessage]
  const outcome = outcomeOf(response.statusCode ?? 0)
  await drain(response).finally(() => { request.destroy() })
  return outcome
}

function outcomeOf (status: number): Outcome {
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (status === 410) return { kind: 'gone', reason: 'HTTP 410: the receiver wants no more' }
  return { kind: 'failed', reason: status >= 300 && status < 400 ? `HTTP ${status}: redirects are not followed` : `HTTP ${status}`, permanent: false }
}

/** Reads the answer to its end, which is what the sender waits for, but no more than a few kilobytes. */
async function drain (response: IncomingMessage): Promise<void> {
  let bytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) return
  }
}

function reasonOf (error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return (code ?? message).slice(0, MAX_REASON_CHARS)
}
