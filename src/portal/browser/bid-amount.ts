/** The bid at one total: its amount, read out in words while it is typed and set against the base amount. */
import { readAmount } from '../../domain/price-unit.ts'
import { shareText } from '../../domain/rate-text.ts'
import { wonReading } from '../../domain/won-reading.ts'
import type { Part, PriceSaid } from './bid-form.ts'
import { tender } from './bid-state.ts'
import { setError } from './fields.ts'
import { element } from './page.ts'
import { words } from './supplier-words.ts'

/** An amount in the tender's unit; null where none is typed yet. */
export function showReading (units: number | null): void {
  const { decimals, baseAmount } = tender
  element('reading').textContent = units === null ? '–' : wonReading(units, decimals)
  if (baseAmount !== null) element('rate').textContent = units === null ? '–' : `${shareText({ amount: units, base: baseAmount })} %`
}

export function amountPart (): Part<PriceSaid> {
  const amount = element<HTMLInputElement>('amount')
  const typed = (): number | null => readAmount(amount.value.trim(), tender.decimals)
  amount.addEventListener('input', () => {
    setError('amount', '')
    showReading(typed())
  })
  return {
    read () {
      const amountWon = typed()
      setError('amount', amountWon === null ? words.bidAmountBad : '')
      return amountWon === null ? null : { amountWon, unitPricesCenti: null }
    },
    empty () { showReading(null) },
    refuse (place, text) {
      if (place !== '/amountWon') return false
      setError('amount', text)
      return true
    }
  }
}
