/** A real HTTP server that takes webhooks, keeps them, and answers as a test tells it. */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { Webhook } from 'standardwebhooks'

export interface Call { path: string, headers: IncomingHttpHeaders, body: string }

export interface Receiver {
  url: string
  calls: Call[]
  /** How calls are answered; 204 unless told otherwise. */
  answer: (response: ServerResponse, call: Call) => void
}

export async function openReceiver (t: Test): Promise<Receiver> {
  const receiver: Receiver = { url: '', calls: [], answer: (response) => { response.writeHead(204).end() } }
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => { body += chunk }).on('end', () => {
      const call = { path: request.url ?? '', headers: request.headers, body }
      receiver.calls.push(call)
      receiver.answer(response, call)
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return receiver
}

/** Whether one of the signatures is what the library of Standard Webhooks makes with this secret, for the time that the call names. */
export function isSignedWith (secret: string, { headers, body }: Call): boolean {
  const at = new Date(Number(headers['webhook-timestamp']) * 1000)
  const expected = new Webhook(secret).sign(String(headers['webhook-id']), at, body)
  return String(headers['webhook-signature']).split(' ').includes(expected)
}
