/** The members of a joint bid as rows of a form: business number, share, whether the agreement is there. The leader's row is the first. */
import { checkConsortium, type ConsortiumShare } from '../../domain/consortium.ts'
import { isBusinessNumber } from '../../domain/business-number.ts'
import { BonginError } from '../../domain/errors.ts'
import type { SupplierId } from '../../domain/ids.ts'
import type { JointBidRule } from '../../domain/notice.ts'
import { readDecimals } from '../../domain/price-unit.ts'
import { PERCENT_PLACES, percentText } from '../../domain/rate-text.ts'
import { PPM } from '../../domain/rounding.ts'
import { biddingWords } from './bidding-words.ts'
import { companyName, namedSupplier } from './supplier-names.ts'
import { setError } from './fields.ts'
import type { MemberRow } from './joint-kept.ts'
import { element, explain, make } from './page.ts'
import { fillRows } from './tables.ts'
import { publicApi } from './session.ts'
import { words } from './supplier-words.ts'

const valueOf = (id: string): string => (document.getElementById(id) as HTMLInputElement | null)?.value.trim() ?? ''
const totalPpm = (members: readonly ConsortiumShare[]): number => members.reduce((sum, { sharePpm }) => sum + sharePpm, 0)
const numberOf = (text: string): string => text.replaceAll('-', '').trim()

function cell (...children: Array<Node | string>): HTMLTableCellElement {
  return make('td', {}, make('div', {}, ...children))
}

function field (id: string, label: string, attributes: Readonly<Record<string, string>>): HTMLElement[] {
  const input = make('input', { id, autocomplete: 'off', 'aria-label': label, 'aria-describedby': `${id}-note ${id}-error`, ...attributes })
  return [input, make('p', { id: `${id}-note`, class: 'note' }), make('p', { id: `${id}-error`, class: 'field-error', role: 'alert' })]
}

/** `changed` is called whenever what the rows say is another. */
export class MemberRows {
  readonly #leaderId: SupplierId
  readonly #rule: JointBidRule
  readonly #changed: () => void

  constructor ({ leaderId, rule, changed }: { leaderId: SupplierId, rule: JointBidRule, changed: () => void }) {
    this.#leaderId = leaderId
    this.#rule = rule
    this.#changed = changed
    element('members').addEventListener('input', ({ target }) => {
      setError((target as HTMLElement).id, '')
      setError('shares', '')
      this.#showNames()
      this.#showSum()
      changed()
    })
    element('add-member').addEventListener('click', () => {
      this.show([...this.rows(), { supplierId: '', share: '' }])
      element(`member-${this.rows().length - 1}`).focus()
      changed()
    })
  }

  /** As it was typed. */
  rows (): MemberRow[] {
    return [...element('members').querySelectorAll('tr')].map((_, i) => ({
      supplierId: i === 0 ? this.#leaderId : numberOf(valueOf(`member-${i}`)), share: valueOf(`share-${i}`)
    }))
  }

  /** The same in numbers, as far as it goes: 0 for a share that is none yet. */
  shares (): ConsortiumShare[] {
    return this.rows().map(({ supplierId, share }) => ({ supplierId: supplierId as SupplierId, sharePpm: readDecimals(share, PERCENT_PLACES) || 0 }))
  }

  show (rows: readonly MemberRow[]): void {
    fillRows(element('members'), rows.map((row, i) => this.#row(row, i, rows.length)))
    element('add-member').hidden = rows.length >= this.#rule.maxMembers
    this.#showNames()
    this.#showSum()
  }

  #row ({ supplierId, share }: MemberRow, i: number, count: number): HTMLTableRowElement {
    const who = i === 0
      ? [namedSupplier(publicApi, this.#leaderId), ` (${biddingWords.jointLeader})`]
      : field(`member-${i}`, `${biddingWords.jointMember} ${i + 1}`, { value: supplierId, inputmode: 'numeric', maxlength: '12' })
    const remove = make('button', { type: 'button', class: 'quiet', 'aria-label': `${biddingWords.jointRemove}: ${biddingWords.jointMember} ${i + 1}` }, biddingWords.jointRemove)
    remove.addEventListener('click', () => {
      this.show(this.rows().filter((_, other) => other !== i))
      element('add-member').focus()
      this.#changed()
    })
    const actions = i === 0 || count <= 2 ? [] : [' ', remove]
    return make('tr', {},
      cell(...who),
      cell(...field(`share-${i}`, `${biddingWords.jointShare}, ${biddingWords.jointMember} ${i + 1}`, { value: share, inputmode: 'decimal', maxlength: '8' })),
      cell(make('span', { id: `agreement-${i}` }, '–'), ...actions))
  }

  #showNames (): void {
    this.rows().forEach(({ supplierId }, i) => {
      const note = document.getElementById(`member-${i}-note`)
      if (note === null) return
      note.textContent = ''
      if (!isBusinessNumber(supplierId)) return
      companyName(publicApi, supplierId).then((name) => {
        // Another number may stand there by now.
        if (this.rows()[i]?.supplierId !== supplierId) return
        note.textContent = name ?? ''
        if (name === null) setError(`member-${i}`, biddingWords.jointUnknown)
      }, () => {})
    })
  }

  #showSum (): void {
    element('share-sum').textContent = `${percentText(totalPpm(this.shares()))} %`
  }

  /** The members with their shares; null with each fault beside its field. */
  read (): ConsortiumShare[] | null {
    const { minimumSharePpm } = this.#rule
    const members = this.rows().map(({ supplierId, share }, i) => {
      const sharePpm = readDecimals(share, PERCENT_PLACES)
      const known = i === 0 || isBusinessNumber(supplierId)
      setError(`member-${i}`, known ? '' : supplierId === '' ? words.missing : words.businessNumberBad)
      const fault = Number.isNaN(sharePpm) ? biddingWords.jointShareBad : `${biddingWords.jointShareLow} ${percentText(minimumSharePpm)} %`
      setError(`share-${i}`, sharePpm >= minimumSharePpm ? '' : fault)
      return known && sharePpm >= minimumSharePpm ? { supplierId: supplierId as SupplierId, sharePpm } : null
    }).filter((member) => member !== null)
    setError('shares', '')
    return members.length === this.rows().length && this.#keepsRule(members) ? members : null
  }

  #keepsRule (members: readonly ConsortiumShare[]): boolean {
    const total = totalPpm(members)
    if (total !== PPM) {
      this.refuse('/members', `${biddingWords.jointSumBad} ${percentText(total)} %`)
      return false
    }
    try {
      checkConsortium({ members, leaderId: this.#leaderId, rule: this.#rule })
      return true
    } catch (error) {
      if (!(error instanceof BonginError)) throw error
      this.refuse(error.context.field ?? '/members', explain(error).text)
      return false
    }
  }

  /** Says it beside the row that this JSON Pointer means, or for all of them. */
  refuse (place: string, text: string): void {
    const match = /\/members\/(?<row>\d+)(?:\/(?<member>\w+))?/.exec(place)
    const id = match?.groups === undefined ? null : `${match.groups['member'] === 'sharePpm' ? 'share' : 'member'}-${match.groups['row'] ?? ''}`
    if (id !== null && document.getElementById(`${id}-error`) !== null) setError(id, text)
    else {
      setError('shares', text)
      // Where it can be put right.
      element('share-0').setAttribute('aria-invalid', 'true')
    }
  }
}
