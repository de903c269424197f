/** The end of the server: a request that runs is answered, and nobody who is only connected is waited for. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import t from 'tap'
import { buildApp } from '../support/build-app.ts'

/** What came over this connection until its end. */
async function received (socket: Socket): Promise<string> {
  const parts: Buffer[] = []
  socket.on('data', (part: Buffer) => { parts.push(part) })
  await once(socket, 'close')
  return Buffer.concat(parts).toString()
}

t.test('a connection that never sent a request is closed at once', async (t) => {
  const app = await buildApp(t)
  const socket = connect(Number(new URL(app.baseUrl).port), '127.0.0.1')
  await once(socket, 'connect')
  const said = received(socket)
  // So that the server has seen the other one.
  await fetch(`${app.baseUrl}/v1/time`)
  await app.close()
  t.equal(await said, '', 'not after the time for a request, which would be answered 408')
})

t.test('a request that runs is answered, and its connection is closed then', async (t) => {
  const app = await buildApp(t)
  const socket = connect(Number(new URL(app.baseUrl).port), '127.0.0.1')
  const said = received(socket)
  const body = '{"businessNumber":"none"}'
  socket.write(`POST /v1/registrations HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 9)}`)
  await fetch(`${app.baseUrl}/v1/time`)
  let timedOut = false
  app.server.server.on('timeout', (idle: Socket) => {
    timedOut = true
    idle.destroy()
  })
  const closed = app.close()
  socket.write(body.slice(9))
  t.match(await said, /^HTTP\/1\.1 400 /)
  await closed
  t.notOk(timedOut, 'not after the time for which an idle connection is kept')
})
