/**
 * The end of the server waits for requests that run, not for connections that carry none. Node itself closes those that are idle
 * when the end begins, and would wait a minute and more for one that never sent a request, as browsers open them in advance, and
 * for one whose request ended meanwhile.
 */
import type { Socket } from 'node:net'
import fastifyPlugin from 'fastify-plugin'
import type { Server } from './server.ts'

export const connectionsPlugin = fastifyPlugin(async (server: Server) => {
  const silent = new Set<Socket>()
  const speaks = ({ socket }: { socket: Socket }): void => { silent.delete(socket) }
  server.server.on('connection', (socket: Socket) => {
    silent.add(socket)
    socket.once('close', () => { silent.delete(socket) })
  })
  server.server.on('request', speaks)
  server.server.on('upgrade', speaks)
  let isEnding = false
  server.addHook('preClose', async () => {
    isEnding = true
    for (const socket of silent) socket.destroy()
  })
  server.addHook('onResponse', async () => {
    // Idle from the turn of the loop on in which the response has ended.
    if (isEnding) setImmediate(() => { server.server.closeIdleConnections() })
  })
}, { name: 'connections' })
