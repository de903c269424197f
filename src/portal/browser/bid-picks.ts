/** The two numbers of the draw (추첨번호): a third is not taken, and the form says why. */
import type { Part, PicksSaid } from './bid-form.ts'
import { element } from './page.ts'
import { words } from './supplier-words.ts'

const PICKS = 2

const boxes = (): HTMLInputElement[] => [...element('picks').querySelectorAll<HTMLInputElement>('input[name=pick]')]
const picked = (): number[] => boxes().filter(({ checked }) => checked).map(({ value }) => Number(value))

function showCount (): void {
  element('picks-count').textContent = `${words.bidPicksCount}: ${picked().join(', ') || '–'} (${picked().length}/${PICKS})`
}

function say (text: string): void {
  element('picks-error').textContent = text
  for (const box of boxes()) {
    if (text === '') box.removeAttribute('aria-invalid')
    else box.setAttribute('aria-invalid', 'true')
  }
}

export function picksPart (): Part<PicksSaid> {
  for (const box of boxes()) {
    box.addEventListener('change', () => {
      const full = picked().length > PICKS
      if (full) box.checked = false
      say(full ? words.bidPicksFull : '')
      showCount()
    })
  }
  showCount()
  return {
    read () {
      const [first, second, ...more] = picked()
      const two = first !== undefined && second !== undefined && more.length === 0
      say(two ? '' : words.bidPicksWrong)
      return two ? { picks: [first, second] } : null
    },
    empty: showCount,
    refuse (place, text) {
      if (place !== '/picks') return false
      say(text)
      return true
    }
  }
}
