/**
 * The line to the feed that a page keeps while it is shown: its state is seen in `#live`, whose data attributes have the words, and the
 * progress of an opening in `#opening-progress`. A lost line is taken up again behind the last event, also when the page comes back out of the
 * browser's cache.
 */
import { followFeed } from '../../client/feed.ts'

export interface Line {
  region: HTMLElement
  /** Of this tender alone; of all where it is absent. */
  tenderId?: string | undefined
  /** The line stands, for the first time or again. */
  onHello?: () => void
  onEvent: () => void
}

export function keepLine ({ region, tenderId, onHello, onEvent }: Line): void {
  const { live = '', lost = '' } = region.dataset
  let position: number | undefined
  let controller = new AbortController()
  const say = (text: string, state: string): void => {
    // That there is news stays said, whatever becomes of the line.
    if (region.dataset['state'] === 'stale') return
    region.textContent = text
    region.dataset['state'] = state
  }
  const follow = (): void => {
    controller = new AbortController()
    followFeed({
      baseUrl: location.origin,
      from: position,
      tenderIds: tenderId === undefined ? [] : [tenderId],
      signal: controller.signal,
      onHello: () => {
        say(live, 'live')
        onHello?.()
      },
      onProgress: showProgress,
      onLost: () => { say(lost, 'lost') },
      onEvent
    }).then((reached) => { position = reached }).catch(() => { say(lost, 'lost') })
  }
  addEventListener('pagehide', () => { controller.abort() })
  addEventListener('pageshow', ({ persisted }) => { if (persisted) follow() })
  follow()
}

function showProgress ({ done, total }: { done: number, total: number }): void {
  const bar = document.querySelector<HTMLProgressElement>('#opening-progress')
  if (bar === null) return
  bar.hidden = false
  bar.max = total
  bar.value = done
}
