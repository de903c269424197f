/** Feed clients that watch a day: each must be told of every opening of the day once, in order of position. */
import { WebSocket } from 'ws'
import type { FeedEvent } from '../../src/client/types.ts'

export interface Watching {
  /** When the first watcher heard of each tender's opening, epoch ms. */
  openedAt: ReadonlyMap<string, number>
  /** Resolves once every watcher has heard of `count` openings, or after `timeoutMs`; tells how many have not. */
  waitFor: (count: number, timeoutMs: number) => Promise<number>
  /** Watchers that were told something twice or out of order. */
  faults: () => number
  close: () => void
}

export interface WatchOptions { watchers: number, isOfDay: (tenderId: string) => boolean }
interface Watcher { socket: WebSocket, position: number, opened: number, faulty: boolean }

const OUTCOMES: ReadonlySet<string> = new Set(['tender.opened', 'tender.failed'])
const CHECK_EVERY_MS = 50

/** @param isOfDay whether an event belongs to the day's tenders. */
export async function watchFeed (baseUrl: string, { watchers: count, isOfDay }: WatchOptions): Promise<Watching> {
  const openedAt = new Map<string, number>()
  const watchers = await Promise.all(Array.from({ length: count }, async () => await connect(baseUrl, openedAt, isOfDay)))
  return {
    openedAt,
    async waitFor (openings, timeoutMs) {
      const until = Date.now() + timeoutMs
      const behind = (): number => watchers.filter(({ opened }) => opened < openings).length
      while (behind() > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, CHECK_EVERY_MS))
      return behind()
    },
    faults: () => watchers.filter(({ faulty }) => faulty).length,
    close: () => { for (const { socket } of watchers) socket.terminate() }
  }
}

async function connect (baseUrl: string, openedAt: Map<string, number>, isOfDay: WatchOptions['isOfDay']): Promise<Watcher> {
  const socket = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/v1/feed`)
  const watcher: Watcher = { socket, position: 0, opened: 0, faulty: false }
  socket.on('message', (data: Buffer) => {
    const { type, position, tenderId } = JSON.parse(data.toString()) as FeedEvent
    if (type === 'hello' || typeof position !== 'number') return
    if (position <= watcher.position) watcher.faulty = true
    watcher.position = position
    if (!OUTCOMES.has(type) || !isOfDay(tenderId)) return
    watcher.opened += 1
    if (!openedAt.has(tenderId)) openedAt.set(tenderId, Date.now())
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  return watcher
}
