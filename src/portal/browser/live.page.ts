/** Live news for the page: what has happened to the tender that it shows is said in a live region, with a way to see it. */
import { keepLine } from './live-line.ts'

const region = document.querySelector<HTMLElement>('#live')
if (region !== null) {
  keepLine({
    region,
    tenderId: region.dataset['tender'],
    onEvent: () => {
      const link = document.createElement('a')
      link.href = location.href
      link.textContent = region.dataset['stale'] ?? ''
      region.replaceChildren(link)
      region.dataset['state'] = 'stale'
    }
  })
}
