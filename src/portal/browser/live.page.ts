/**
 * Live news for the page: events of the tender that it shows, or of any. What has happened is said in a live region with a way
 * to see it; the state of the line is visible. A lost line is taken up again behind the last event, also after sleep.
 */
import { followFeed } from '../../client/feed.ts'

const region = document.querySelector<HTMLElement>('#live')
if (region !== null) {
  const { live = '', lost = '', stale = '' } = region.dataset
  const tenderId = region.dataset['tender']
  const bar = document.querySelector<HTMLProgressElement>('#opening-progress')
  const controller = new AbortController()
  addEventListener('pagehide', () => { controller.abort() })
  const say = (text: string, state: string): void => {
    region.textContent = text
    region.dataset['state'] = state
  }
  followFeed({
    baseUrl: location.origin,
    tenderIds: tenderId === undefined ? [] : [tenderId],
    signal: controller.signal,
    onHello: () => { if (region.dataset['state'] !== 'stale') say(live, 'live') },
    onProgress: ({ done, total }) => {
      if (bar === null) return
      bar.hidden = false
      bar.max = total
      bar.value = done
    },
    onLost: () => { if (region.dataset['state'] !== 'stale') say(lost, 'lost') },
    onEvent: () => {
      const link = document.createElement('a')
      link.href = location.href
      link.textContent = stale
      region.replaceChildren(link)
      region.dataset['state'] = 'stale'
    }
  }).catch(() => { say(lost, 'lost') })
}
