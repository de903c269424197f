/**
 * A message as it goes out, made once for all readers: a whole WebSocket text frame of a server (RFC 6455 §5.2: final, not
 * masked) and a whole Server-Sent Event. Both are written to a connection as they are.
 */
import { formatKst } from '../domain/time.ts'
import type { Progress } from '../services/opening-progress.ts'
import type { readEvents } from '../services/read-tender.ts'

export type Event = Awaited<ReturnType<typeof readEvents>>[number]

interface Forms { webSocket: () => Buffer, sse: () => Buffer }

/** Both forms of a message, or of several behind each other; each made when the first reader needs it, then the same bytes for all. */
export class Frame {
  readonly #forms: Forms
  #webSocket: Buffer | undefined
  #sse: Buffer | undefined

  constructor (forms: Forms) { this.#forms = forms }

  get webSocket (): Buffer {
    this.#webSocket ??= this.#forms.webSocket()
    return this.#webSocket
  }

  get sse (): Buffer {
    this.#sse ??= this.#forms.sse()
    return this.#sse
  }
}

function messageFrame (message: object, sseHead: string): Frame {
  const text = JSON.stringify(message)
  return new Frame({ webSocket: () => webSocketFrame(text), sse: () => Buffer.from(`${sseHead}data: ${text}\n\n`) })
}

export function joinFrames (frames: readonly Frame[]): Frame {
  const [only] = frames
  if (only !== undefined && frames.length === 1) return only
  return new Frame({
    webSocket: () => Buffer.concat(frames.map(({ webSocket }) => webSocket)),
    sse: () => Buffer.concat(frames.map(({ sse }) => sse))
  })
}

const FINAL_TEXT = 0x81
/** Payloads up to here have their length in the second byte. */
const SHORT_BYTES = 125
const MEDIUM_BYTES = 0xffff

export function frameOf ({ position, at, type, tenderId, data }: Event): Frame {
  return messageFrame({ position, at: formatKst(at), type, tenderId, data }, `id: ${position}\n`)
}

/** The first thing that a reader is told: where the feed stands. */
export function helloFrame (position: number): Frame {
  // The browser keeps the id for its next try, and waits so long before it.
  return messageFrame({ type: 'hello', position }, `retry: 2000\nid: ${position}\nevent: hello\n`)
}

/** News without a position: whoever misses it has missed nothing. */
export function progressFrame ({ tenderId, done, total }: Progress): Frame {
  return messageFrame({ type: 'progress', tenderId, done, total }, 'event: progress\n')
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
