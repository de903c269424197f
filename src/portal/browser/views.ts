/** The views of a page, one of which is shown at a time: its heading is focused when it comes, and what goes on is said for everybody to hear. */
import { element } from './page.ts'

/** `open`, `look` and `signed` are of an agreement's page, the others of a bid's; `login`, `closed` and `working` of both. */
export type View = 'login' | 'closed' | 'form' | 'confirm' | 'unsent' | 'refused' | 'accepted' | 'withdrawn' | 'working' | 'open' | 'look' | 'signed'

let shown: View = 'working'

export const currentView = (): View => shown

export function show (view: View, say = ''): void {
  shown = view
  for (const part of element('bid').querySelectorAll<HTMLElement>('[data-view]')) part.hidden = part.dataset['view'] !== view
  element('bid').dataset['shown'] = view
  element('bid-state').textContent = say
  element('bid-error').textContent = ''
  element('bid').querySelector<HTMLElement>(`[data-view=${view}] h2`)?.focus()
}

export function sayError (text: string): void {
  element('bid-error').textContent = text
}
