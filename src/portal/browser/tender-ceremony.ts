/** Before publication: each member's part of the key, the agency's own prices, and the signature under the notice. */
import { contribute, missingMembers, publish, readNoticeDraft, sealAgencyPrices } from '../../client/ceremony.ts'
import { canonicalBytes } from '../../crypto/canonical-json.ts'
import { sha256Hex } from '../../crypto/bytes.ts'
import { sealsPrices } from '../../domain/draw.ts'
import type { Notice } from '../../domain/notice.ts'
import { amountText, readAmount } from '../../domain/price-unit.ts'
import { percentText } from '../../domain/rate-text.ts'
import { METHODS } from '../texts/terms.ts'
import { onClick, onSubmit, refusedAt, sayDone } from './desk.ts'
import { SEAT_NAMES } from './desk-names.ts'
import { deskWords } from './desk-words.ts'
import { check, setError } from './fields.ts'
import { element, korean, make, showFacts, words } from './page.ts'
import { serverNow } from './server-clock.ts'
import { fillRows } from './tables.ts'
import type { Desk, Snapshot } from './tender-desk.ts'
import { shownTime } from './shown-time.ts'

export function showCeremony ({ ceremony, state, seat }: Snapshot, ownId: string): void {
  const missing = missingMembers(ceremony)
  element('ceremony').hidden = state !== 'draft'
  fillRows(element('members'), ceremony.members.map(({ officerId, name, role, encryptionKey }) => {
    const part = role === 'audit' ? deskWords.holdsShares : missing.includes(officerId) ? deskWords.keyMissing : deskWords.keyThere
    const warning = encryptionKey === null ? ` ${deskWords.noEncryptionKey}` : ''
    return make('tr', {},
      make('th', { scope: 'row' }, name, ' ', make('span', { class: 'code note' }, officerId)), make('td', {}, SEAT_NAMES[role]),
      make('td', { 'data-part': role === 'audit' ? 'shares' : missing.includes(officerId) ? 'missing' : 'there' }, part, warning))
  }))
  const own = seat !== 'audit' && missing.includes(ownId as typeof missing[number])
  element('contribute').hidden = !own
  const rest = missing.length === 0 ? deskWords.keysComplete : deskWords.keysAwaited
  element('ceremony-state').textContent = own ? '' : rest
  const sealed = ceremony.draft !== null && sealsPrices(ceremony.draft.price.method)
  const canSeal = state === 'draft' && seat === 'executing' && sealed && missing.length === 0
  element('sealing').hidden = !canSeal
  element('sealing-state').textContent = ceremony.sealedPrices === null ? '' : deskWords.pricesSealed
  const waitsForPrices = sealed && ceremony.sealedPrices === null
  element('publication').hidden = seat !== 'executing' || ceremony.draft === null || missing.length > 0 || waitsForPrices || (state !== 'draft' && state !== 'published')
}

/** What was looked at, of which draft: this and nothing else is signed. */
let reviewed: { notice: Notice, draft: Snapshot['ceremony']['draft'] } | null = null

async function review ({ session: { api }, tenderId, snapshot }: Desk): Promise<void> {
  const { draft } = snapshot().ceremony
  const notice = await readNoticeDraft(api, tenderId)
  const { terms, schedule, revision } = notice
  reviewed = { notice, draft }
  showFacts(element('notice-facts'), [
    [deskWords.noticeNumber, `${terms.tenderId}-${revision}`], [deskWords.noticeTitle, terms.title],
    [deskWords.noticeMethod, METHODS[terms.method][korean ? 0 : 1]],
    [deskWords.noticeBase, terms.price.baseAmountWon === null ? '–' : amountText(terms.price.baseAmountWon, terms.price.decimals)],
    [deskWords.noticeFloor, `${percentText(terms.floorRatePpm)} %`],
    [deskWords.noticeRules, terms.ruleSet],
    [deskWords.noticeCloses, shownTime(schedule.closesAt)], [deskWords.noticeOpens, shownTime(schedule.opensAt)],
    [deskWords.noticeFiles, terms.attachments.map(({ name }) => name).join(', ') || '–'],
    ...(notice.changeReason === '' ? [] : [[deskWords.changeReason, notice.changeReason] as const]),
    [deskWords.noticeDigest, make('code', { id: 'notice-digest' }, sha256Hex(canonicalBytes(notice)))]
  ])
  element('notice-text').textContent = JSON.stringify(notice, null, 2)
  element('publication-form').hidden = false
  element<HTMLInputElement>('noticeChecked').checked = false
  element('h-publication').focus()
}

async function seal ({ session: { api, platform }, tenderId, snapshot, refresh }: Desk): Promise<void> {
  const draft = snapshot().ceremony.draft
  const field = element<HTMLTextAreaElement>('prices')
  if (draft === null || !check(element('sealing-form'))) return
  const prices = field.value.split(/[\s;]+/).filter((text) => text !== '').map((text) => readAmount(text, draft.price.decimals))
  if (prices.some((price) => price === null)) {
    setError('prices', words.malformed)
    return
  }
  await sealAgencyPrices(api, platform, { tenderId, prices: prices as number[], now: serverNow() })
  field.value = ''
  await refresh()
}

export function watchCeremony (desk: Desk): void {
  const { session: { api, platform, identity }, tenderId, refresh } = desk
  onClick('contribute', async () => {
    element('ceremony-state').textContent = deskWords.contributing
    await contribute(api, platform, { identity, tenderId, now: serverNow() })
    await refresh()
    sayDone(deskWords.contributed)
  })
  onClick('review-notice', async () => { await review(desk) })
  const form = element<HTMLFormElement>('publication-form')
  onSubmit(form, async () => {
    if (reviewed === null || !check(form)) return
    await publish(api, platform, { identity, tenderId, expected: reviewed.draft ?? undefined, reviewed: reviewed.notice, now: serverNow() })
    form.hidden = true
    await refresh()
    sayDone(deskWords.published)
  })
  onSubmit('sealing-form', async () => { await seal(desk) }, refusedAt({ '/prices': 'prices' }))
}
