/**
 * The opening (개찰): who has revealed and who is missing, the own seed, recovery shares. A seed leaves this browser only when the
 * notice's time has come by the server's clock and by this machine's own (`client/openings.ts`).
 */
import { reveal, revealShares } from '../../client/openings.ts'
import type { HolderStatus } from '../../client/types.ts'
import type { Instant } from '../../domain/ids.ts'
import { parseInstant } from '../../domain/time.ts'
import { onClick, sayDone } from './desk.ts'
import { SEAT_NAMES } from './desk-names.ts'
import { deskWords } from './desk-words.ts'
import { element, make } from './page.ts'
import { serverNow } from './server-clock.ts'
import { fillRows } from './tables.ts'
import type { Desk, Snapshot } from './tender-desk.ts'
import { shownTime } from './shown-time.ts'

const roleName = (role: string): string => role === 'platform' ? deskWords.holderPlatform : SEAT_NAMES[role === 'witness' ? 'witness' : 'executing']

/** The key whose turn it is, its holders and its time. */
interface DueKey { name: string, holders: HolderStatus[], opensAt: Instant, waitsForMarks: boolean }

export function dueKey ({ opening }: Snapshot): DueKey | null {
  if (opening === null) return null
  const { technical } = opening
  if (technical !== null && !technical.opened) {
    return { name: deskWords.technicalKey, holders: technical.holders, opensAt: parseInstant(technical.opensAt), waitsForMarks: false }
  }
  const waitsForMarks = technical !== null && !technical.evaluated
  const name = technical === null ? deskWords.tenderKey : deskWords.priceKey
  return { name, holders: opening.holders, opensAt: parseInstant(opening.opensAt), waitsForMarks }
}

export function showOpening (snapshot: Snapshot, ownId: string): void {
  const key = dueKey(snapshot)
  element('opening').hidden = key === null
  if (key === null) return
  const { name, holders, opensAt, waitsForMarks } = key
  const due = serverNow() >= opensAt && !waitsForMarks
  const notDue = [`${deskWords.openingNotDue} `, shownTime(opensAt)]
  element('opening-note').replaceChildren(...(waitsForMarks ? [deskWords.awaitsMarks] : due ? [deskWords.openingDue] : notDue))
  element('keys').replaceChildren(holdersTable(snapshot, name, holders))
  const own = holders.find(({ holderId }) => holderId === ownId)
  element('reveal').hidden = own === undefined || own.revealed || !due
  const missing = holders.filter(({ role, revealed }) => role !== 'platform' && !revealed)
  element('recover').hidden = !due || !missing.some(({ holderId, threshold }) => holderId !== ownId && threshold > 0)
  if (missing.length === 0) element('opening-state').textContent = deskWords.allRevealed
}

function holdersTable ({ ceremony }: Snapshot, caption: string, holders: readonly HolderStatus[]): HTMLElement {
  const nameOf = (id: string): string => ceremony.members.find(({ officerId }) => officerId === id)?.name ?? ''
  const heads = [deskWords.holder, deskWords.mySeat, deskWords.revealState, deskWords.sharesState]
  const rows = holders.map(({ holderId, role, revealed, shares, threshold }) => {
    const state = revealed ? deskWords.revealed : role === 'platform' ? deskWords.byTheClock : deskWords.notRevealed
    return make('tr', {},
      make('th', { scope: 'row' }, nameOf(holderId), ' ', make('span', { class: 'code note' }, holderId)), make('td', {}, roleName(role)),
      make('td', { 'data-revealed': revealed || role !== 'platform' ? String(revealed) : 'later' }, state), make('td', {}, threshold > 0 && role !== 'platform' ? `${shares}/${threshold}` : '–'))
  })
  const body = make('tbody')
  const head = make('thead', {}, make('tr', {}, ...heads.map((name) => make('th', { scope: 'col' }, name))))
  const table = make('table', { class: 'stack' }, make('caption', {}, caption), head, body)
  fillRows(body, rows)
  return make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption }, table)
}

export function watchOpening ({ session: { api, platform, identity }, tenderId, refresh }: Desk): void {
  onClick('reveal', async () => {
    element('opening-state').textContent = deskWords.revealing
    try {
      await reveal(api, platform, { identity, tenderId, now: Date.now() })
    } finally {
      element('opening-state').textContent = ''
    }
    sayDone(deskWords.revealDone)
    await refresh()
  })
  onClick('recover', async () => {
    const { owners } = await revealShares(api, platform, { identity, tenderId, now: Date.now() })
    sayDone(owners.length === 0 ? deskWords.noShares : `${deskWords.sharesDone} ${owners.join(', ')}`)
    await refresh()
  })
}
