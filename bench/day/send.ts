/**
 * Sends bids over kept-alive connections: as fast as a named number of connections allows, or each at its moment. Every
 * answer is kept with the time at which it was sent; a refusal is an outcome, a broken connection is an error.
 */
import { Agent, request } from 'node:http'
import { at, byHands, sleepUntil } from './steps.ts'

export const CONNECTIONS = 64

export interface Letter { path: string, token: string, envelope: string }
export interface Answer { status: number, sentAt: number, ms: number, receipt: string | null, code: string | null }

export class Sender {
  readonly #connections: number
  readonly #agent: Agent
  readonly #base: URL

  constructor (baseUrl: string, connections = CONNECTIONS) {
    this.#connections = connections
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections, scheduling: 'fifo' })
    this.#base = new URL(baseUrl)
  }

  /** Each as soon as a connection is free; answers in the order of the letters. */
  async sendAll (letters: readonly Letter[], onAnswer: (done: number) => void): Promise<Answer[]> {
    return await byHands({ count: letters.length, hands: this.#connections, onOne: onAnswer }, async (i) => await this.send(at(letters, i)))
  }

  /** Each at its moment, whether earlier ones were answered or not: suppliers do not wait for each other. */
  async sendAt (letters: ReadonlyArray<Letter & { at: number }>): Promise<Answer[]> {
    return await Promise.all(letters.map(async (letter) => {
      await sleepUntil(letter.at)
      return await this.send(letter)
    }))
  }

  async send ({ path, token, envelope }: Letter): Promise<Answer> {
    const sentAt = Date.now()
    const started = performance.now()
    return await new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/jose', authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(envelope) }
      const sent = request(new URL(path, this.#base), { method: 'POST', agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          const body = JSON.parse(Buffer.concat(chunks).toString()) as { receipt?: string, code?: string }
          const { receipt = null, code = null } = body
          resolve({ status: response.statusCode ?? 0, sentAt, ms: performance.now() - started, receipt, code })
        })
      })
      sent.once('error', reject)
      sent.end(envelope)
    })
  }

  close (): void { this.#agent.destroy() }
}
