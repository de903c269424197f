/** `feed`: the public events as they happen, one a line, until the command is ended. */
import type { Command } from 'commander'
import { followFeed } from '../../client/feed.ts'
import { EVENT_TYPES, type EventType } from '../../domain/events.ts'
import type { TenderId } from '../../domain/ids.ts'
import type { Action } from '../context.ts'
import { eventTypes, position, tenderIds } from '../values.ts'

interface FeedOptions { from?: number, tender?: TenderId[], type?: EventType[], count?: number }

export function addFeed (program: Command, action: Action): void {
  program.command('feed')
    .description('follow tenders as they are published, closed, opened and awarded; ends with Ctrl-C (실시간 소식)')
    .option('--from <position>', 'first everything after this position', position)
    .option('--tender <tenderId>', 'of this tender alone; may be given again, up to 50 times', tenderIds)
    .option('--type <type>', `of this type alone; may be given again: ${EVENT_TYPES.join(', ')}`, eventTypes)
    .option('--count <events>', 'end after so many events', position)
    .action(action(async (context, { from, tender, type, count }: FeedOptions) => {
      const enough = new AbortController()
      let seen = 0
      await followFeed({
        baseUrl: await context.server(),
        from,
        tenderIds: tender,
        types: type,
        signal: AbortSignal.any([context.io.interrupted(), enough.signal]),
        onEvent: (event) => {
          context.out.line(event, `${event.position}  ${event.at}  ${event.tenderId}  ${event.type}  ${JSON.stringify(event.data)}`)
          if (++seen === count) enough.abort()
        },
        onHello: (newest) => { context.out.note(`Following from position ${from ?? newest}.`) },
        onLost: (reason) => { context.out.note(`Line lost (${reason}); trying again.`) }
      })
    }))
}
