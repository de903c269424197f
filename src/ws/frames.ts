/**
 * An event as it goes out, made once for all readers: a whole WebSocket text frame of a server (RFC 6455 §5.2: final, not
 * masked) and a whole Server-Sent Event. Both are written to a connection as they are.
 */
import { formatKst } from '../domain/time.ts'
import type { readEvents } from '../services/read-tender.ts'

export type Event = Awaited<ReturnType<typeof readEvents>>[number]

export interface Frame { webSocket: Buffer, sse: Buffer }

const FINAL_TEXT = 0x81
/** Payloads up to here have their length in the second byte. */
const SHORT_BYTES = 125
const MEDIUM_BYTES = 0xffff

export function frameOf ({ position, at, type, tenderId, data }: Event): Frame {
  const text = JSON.stringify({ position, at: formatKst(at), type, tenderId, data })
  return { webSocket: webSocketFrame(text), sse: Buffer.from(`id: ${position}\ndata: ${text}\n\n`) }
}

/** The first thing that a reader is told: where the feed stands. */
export function helloFrame (position: number): Frame {
  const text = JSON.stringify({ type: 'hello', position })
  // The browser keeps the id for its next try, and waits so long before it.
  return { webSocket: webSocketFrame(text), sse: Buffer.from(`retry: 2000\nid: ${position}\nevent: hello\ndata: ${text}\n\n`) }
}

function webSocketFrame (text: string): Buffer {
  const payload = Buffer.from(text)
  return Buffer.concat([headOf(payload.length), payload])
}

function headOf (length: number): Buffer {
  if (length <= SHORT_BYTES) return Buffer.of(FINAL_TEXT, length)
  if (length <= MEDIUM_BYTES) return Buffer.of(FINAL_TEXT, 126, length >> 8, length & 0xff)
  const head = Buffer.alloc(10)
  head[0] = FINAL_TEXT
  head[1] = 127
  head.writeBigUInt64BE(BigInt(length), 2)
  return head
}
