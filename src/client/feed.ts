/**
 * The public feed over a WebSocket: every event once, in order of its position. A lost line is taken up again behind the
 * last event seen, after a wait that grows up to a bound. Runs in a browser.
 */
import type { FeedEvent, OpeningProgress } from './types.ts'

export const MIN_BACKOFF_MS = 250
export const MAX_BACKOFF_MS = 15_000
/** After so long without a frame the line is made anew: it may be dead, and taking it up again loses nothing. */
export const SILENCE_MS = 300_000

export interface FeedOptions {
  baseUrl: string
  /** Events after this position first; absent: live ones only. */
  from?: number | undefined
  /** Of these tenders, these types alone; absent or empty: of all. */
  tenderIds?: readonly string[] | undefined
  types?: readonly string[] | undefined
  onEvent: (event: FeedEvent) => void
  /** The line stands (again); `position` is the newest event's at that time. */
  onHello?: ((position: number) => void) | undefined
  onLost?: ((reason: string) => void) | undefined
  /** An opening is under way: bids opened so far, of how many. Told to whoever is there, never again. */
  onProgress?: ((progress: OpeningProgress) => void) | undefined
  signal: AbortSignal
  WebSocket?: typeof globalThis.WebSocket
  wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** Follows until `signal` aborts; then resolves with the position reached. */
export async function followFeed (options: FeedOptions): Promise<number | undefined> {
  const { signal, onLost, wait = pause } = options
  let position = options.from
  let backoff = MIN_BACKOFF_MS
  while (!signal.aborted) {
    const reason = await followOnce({ ...options, from: position }, {
      seen: (at) => { position = position === undefined ? at : Math.max(position, at) },
      alive: () => { backoff = MIN_BACKOFF_MS }
    })
    if (signal.aborted) break
    onLost?.(reason)
    await wait(backoff, signal)
    backoff = Math.min(backoff * 2, MAX_BACKOFF_MS)
  }
  return position
}

interface Progress { seen: (position: number) => void, alive: () => void }

/** One connection, from its start to its end; tells why it ended. */
async function followOnce (options: FeedOptions, progress: Progress): Promise<string> {
  const { signal, onEvent, onHello, onProgress } = options
  const socket = new (options.WebSocket ?? globalThis.WebSocket)(feedUrl(options))
  return await new Promise<string>((resolve) => {
    let watchdog: ReturnType<typeof setTimeout> | undefined
    const end = (reason: string): void => {
      clearTimeout(watchdog)
      signal.removeEventListener('abort', abort)
      socket.close()
      resolve(reason)
    }
    const abort = (): void => { end('aborted') }
    const watch = (): void => {
      clearTimeout(watchdog)
      watchdog = setTimeout(() => { end('silence') }, SILENCE_MS)
    }
    signal.addEventListener('abort', abort)
    socket.addEventListener('close', ({ code, reason }) => { end(`closed (${code}${reason === '' ? '' : `, ${reason}`})`) })
    socket.addEventListener('error', () => { end('no connection') })
    socket.addEventListener('message', ({ data }) => {
      watch()
      const frame = readFrame(data)
      if (frame === null || signal.aborted) return
      progress.alive()
      if (isProgress(frame)) {
        onProgress?.(frame)
      } else if (frame.type === 'hello') {
        progress.seen(options.from ?? frame.position)
        onHello?.(frame.position)
      } else if (options.from === undefined || frame.position > options.from) {
        progress.seen(frame.position)
        onEvent(frame as FeedEvent)
      }
    })
    watch()
  })
}

type Frame = Pick<FeedEvent, 'position' | 'type'> | ProgressFrame
type ProgressFrame = OpeningProgress & { type: 'progress' }

function isProgress (frame: Partial<Frame>): frame is ProgressFrame {
  return frame.type === 'progress' && 'done' in frame && 'total' in frame && Number.isSafeInteger(frame.done) && Number.isSafeInteger(frame.total)
}

/** Heartbeats and what is no frame are passed over. */
function readFrame (data: unknown): Frame | null {
  if (typeof data !== 'string') return null
  try {
    const frame = JSON.parse(data) as Partial<Frame> | null
    if (frame === null || typeof frame.type !== 'string') return null
    if (isProgress(frame)) return frame
    return 'position' in frame && Number.isSafeInteger(frame.position) ? frame as Frame : null
  } catch {
    return null
  }
}

function feedUrl ({ baseUrl, from, tenderIds = [], types = [] }: FeedOptions): string {
  const url = new URL(`${baseUrl.replace(/\/+$/, '')}/v1/feed`)
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  if (from !== undefined) url.searchParams.set('from', String(from))
  for (const tenderId of tenderIds) url.searchParams.append('tender', tenderId)
  for (const type of types) url.searchParams.append('type', type)
  return url.href
}

async function pause (ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(done, ms)
    function done (): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done)
  })
}
