/** Readers of the feed bench in a process of their own: bare sockets that count frames, so that reading costs as little as can be. */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'

export interface ReadersOrder { port: number, path: string, readers: number }
/** How many frames all readers have got since the last report. */
export type ReadersReport = { ready: number } | { frames: number }

const CONNECTING_AT_ONCE = 200
const REPORT_EVERY_MS = 5

let frames = 0
const sockets: Socket[] = []

process.on('message', ({ port, path, readers }: ReadersOrder) => {
  open(port, path, readers).then(() => {
    frames = 0
    process.send?.({ ready: sockets.length })
    setInterval(() => {
      if (frames === 0) return
      process.send?.({ frames })
      frames = 0
    }, REPORT_EVERY_MS)
  }, (error: unknown) => { throw error })
})
process.on('disconnect', () => process.exit(0))

async function open (port: number, path: string, readers: number): Promise<void> {
  for (let from = 0; from < readers; from += CONNECTING_AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(CONNECTING_AT_ONCE, readers - from) }, async () => { await openOne(port, path) }))
  }
  // The hello of our server is behind us once every socket has been quiet for a moment.
  await new Promise((resolve) => setTimeout(resolve, 300))
}

async function openOne (port: number, path: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  sockets.push(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    socket.once('data', () => {
      resolve()
      socket.on('data', (chunk: Buffer) => { frames += countFrames(chunk) })
    })
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\nSec-WebSocket-Version: 13\r\n\r\n`)
  })
}

/** Text frames begin with 0x81, which neither the UTF-8 of these messages holds nor their length, some 370 bytes. */
function countFrames (chunk: Buffer): number {
  let count = 0
  for (let at = chunk.indexOf(0x81); at >= 0; at = chunk.indexOf(0x81, at + 1)) count++
  return count
}
