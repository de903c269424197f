/** Readers of Server-Sent Events that have stopped reading fall to the heartbeat, as those of a WebSocket do; those that read stay. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { mock } from 'node:test'
import t from 'tap'
import type { TenderId } from '../../src/domain/ids.ts'
import { appendEvent } from '../../src/storage/events.ts'
import { HEARTBEAT_MS } from '../../src/ws/feed.ts'
import { buildApp } from '../support/build-app.ts'

// Before the server starts its own: the test says when they beat.
mock.timers.enable({ apis: ['setInterval'] })
const app = await buildApp(t)
mock.timers.tick(0)
const TENDER = 'R26BK00000001' as TenderId
/** One event that is more than the kernel's buffers on both sides take. */
const EVENT_CHARS = 24 * 1024 * 1024

async function open (): Promise<Socket> {
  const { hostname, port, host } = new URL(app.baseUrl)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => { /* A reader that is dropped may see a reset. */ })
  await once(socket, 'connect')
  socket.write(`GET /v1/feed/sse HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
  let head = ''
  while (!head.includes('event: hello')) head += String((await once(socket, 'data') as [Buffer])[0])
  return socket
}

t.test('a silent one is dropped at the second beat, another one hears both', async (t) => {
  const silent = await open()
  silent.pause()
  await app.context.db.write(async (tx) => {
    await appendEvent(tx, { at: app.clock.now(), type: 'tender.published', tenderId: TENDER, data: { filler: 'x'.repeat(EVENT_CHARS) } })
  })
  // Its event has been written, so far as the kernel took it, once a reader that came later is there.
  const alive = await open()
  let heard = ''
  alive.on('data', (chunk: Buffer) => { heard += chunk.toString('latin1') })
  const beats = (): number => heard.match(/:\n\n/g)?.length ?? 0
  mock.timers.tick(HEARTBEAT_MS)
  while (beats() < 1) await once(alive, 'data')
  const closed = once(silent, 'close')
  mock.timers.tick(HEARTBEAT_MS)
  silent.resume()
  let received = 0
  silent.on('data', (chunk: Buffer) => { received += chunk.length })
  await closed
  t.ok(received < EVENT_CHARS, `it got ${received} bytes, then the end`)
  while (beats() < 2) await once(alive, 'data')
  t.equal(alive.destroyed, false)
  alive.destroy()
})
