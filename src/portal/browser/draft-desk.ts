/**
 * Drafting a notice (`/desk/tenders/new`, `…/edit`). What is typed is kept in this tab until the server has it. The form is checked
 * here by the rules that the server goes by, and again by the server; what either refuses stands beside its field.
 */
import { draftOf, draftTender, readCeremony, updateDraft } from '../../client/ceremony.ts'
import { officersWith } from '../../client/officers.ts'
import { me } from '../../client/registration.ts'
import { getTender } from '../../client/tenders.ts'
import type { CeremonyView } from '../../client/types.ts'
import type { TenderDraft } from '../../domain/draft.ts'
import type { OfficerProfile } from '../../domain/holder.ts'
import type { TenderId } from '../../domain/ids.ts'
import { checkDraft } from '../../domain/notice-rules.ts'
import { checkSchedule, ceilToStep } from '../../domain/schedule.ts'
import { DAY_MS, HOUR_MS, kstMinute, KST_OFFSET_MS, parseInstant } from '../../domain/time.ts'
import { formValues } from '../texts/draft-values.ts'
import { setAttached, watchAttachments } from './attachments.ts'
import { deskFailed, onClick, onSubmit, sayDeskError } from './desk.ts'
import { deskWords } from './desk-words.ts'
import { clearFaults, fill, form, readDraftForm, showFault, shownFacts, showOfficers, showSections, values } from './draft-page-form.ts'
import { element, make, showFacts } from './page.ts'
import { showRules } from './rule-check.ts'
import { serverNow } from './server-clock.ts'
import type { LoggedIn } from './session.ts'
import { forgetTyped, keepTyped, restoreTyped } from './typed.ts'

const tenderId = (form.dataset['tender'] ?? '') as TenderId
/** Bids are taken for a week, unless the officer says otherwise. */
const NOTICE_MS = 7 * DAY_MS
/** A published notice keeps these. */
const FIXED = ['price.method', 'price.decimals', 'suite', 'committee.witness', 'committee.threshold', 'lot.number', 'lot.count', 'lot.noticeId', 'previousTenderId']

/** Ten in the morning of a weekday, a week from now. */
function defaultTimes (): Map<string, string> {
  const day = (at: number): number => new Date(at + KST_OFFSET_MS).getUTCDay()
  let closesAt = ceilToStep(serverNow() + NOTICE_MS, DAY_MS) + 10 * HOUR_MS
  while (day(closesAt) === 0 || day(closesAt) === 6) closesAt += DAY_MS
  return new Map([
    ['schedule.questionsFrom', kstMinute(serverNow())], ['schedule.questionsUntil', kstMinute(closesAt)],
    ['schedule.closesAt', kstMinute(closesAt)], ['schedule.opensAt', kstMinute(closesAt + HOUR_MS)]
  ])
}

async function startingValues ({ api }: LoggedIn): Promise<void> {
  const { contact } = (await me(api)).profile as OfficerProfile
  fill(new Map([
    ['kind', 'works'], ['method', 'restricted-lowest'], ['price.rangePpm', '2'], ['price.priceUnitWon', '100'], ['floorRatePpm', '0'], ['committee.threshold', '2'],
    ['contact.name', contact.name], ['contact.phone', contact.phone], ['contact.email', contact.email], ...defaultTimes()
  ]))
}

/** What waits to be published, or else what the notice in force says. */
async function draftOnServer ({ api }: LoggedIn): Promise<{ draft: TenderDraft, ceremony: CeremonyView }> {
  const ceremony = await readCeremony(api, tenderId)
  if (ceremony.draft !== null) return { draft: ceremony.draft, ceremony }
  return { draft: { ...draftOf((await getTender(api, tenderId)).notice), changeReason: '' }, ceremony }
}

async function editedValues (session: LoggedIn): Promise<void> {
  const { draft, ceremony } = await draftOnServer(session)
  fill(formValues(draft))
  setAttached(draft.attachments.map(({ name, sha256 }) => ({ name, sha256, sizeBytes: null })))
  const published = ceremony.state !== 'draft'
  element('change-note').hidden = !published
  element('section-change').hidden = !published
  if (!published) return
  element<HTMLTextAreaElement>('changeReason').required = true
  for (const path of FIXED) element(path).setAttribute('disabled', '')
  element('committee.recovery').setAttribute('disabled', '')
}

/** The draft once the rules take it; each fault stands beside its field. */
function checked (session: LoggedIn): TenderDraft | null {
  const draft = readDraftForm(session.identity.holderId)
  if (draft === null) return null
  try {
    checkDraft(draft)
    const { questionsFrom, questionsUntil, closesAt, technicalOpensAt, opensAt } = draft.schedule
    checkSchedule({
      now: serverNow(),
      questionsFrom: parseInstant(questionsFrom),
      questionsUntil: parseInstant(questionsUntil),
      closesAt: parseInstant(closesAt),
      technicalOpensAt: technicalOpensAt === null ? null : parseInstant(technicalOpensAt),
      opensAt: parseInstant(opensAt),
      twoEnvelopes: draft.technical !== null,
      stepMs: session.platform.scheduleStepMs
    })
    return draft
  } catch (error) {
    refused(error)
    return null
  }
}

function refused (error: unknown): void {
  element('check-state').textContent = ''
  if (!showFault(error)) deskFailed(error)
}

async function save (session: LoggedIn): Promise<void> {
  const draft = checked(session)
  if (draft === null) return
  element('check-state').textContent = deskWords.saving
  let saved = tenderId
  if (tenderId === '') saved = await draftTender(session.api, draft)
  else await updateDraft(session.api, { tenderId, draft })
  forgetTyped(form)
  location.assign(`/desk/tenders/${saved}`)
}

function preview (): void {
  const button = element('preview-draft')
  const place = element('preview')
  place.hidden = !place.hidden
  button.setAttribute('aria-expanded', String(!place.hidden))
  if (place.hidden) return
  element('preview-name').textContent = element<HTMLInputElement>('title').value
  element('preview-body').replaceChildren(...[...form.querySelectorAll<HTMLElement>('section[id^=section-]:not([hidden])')].flatMap((section) => {
    const facts = shownFacts(section.id.replace('section-', ''))
    if (facts.length === 0) return []
    const list = make('dl', { class: 'facts' })
    showFacts(list, facts)
    return [make('h4', {}, section.querySelector('h2')?.textContent ?? ''), list]
  }))
  element('preview-title').focus()
}

function watchRules (): void {
  let suggestion = showRules(values())
  for (const name of ['input', 'change']) {
    form.addEventListener(name, () => {
      showSections()
      suggestion = showRules(values())
    })
  }
  element('use-rules').addEventListener('click', () => {
    if (suggestion === null) return
    fill(suggestion.values)
    clearFaults()
    keepTyped(form)
    suggestion = showRules(values())
  })
}

export async function runDraft (session: LoggedIn): Promise<void> {
  const { api, identity } = session
  const [witnesses, auditors] = await Promise.all([officersWith(api, 'witness'), officersWith(api, 'audit')])
  showOfficers({ witnesses, auditors, self: identity.holderId })
  await (tenderId === '' ? startingValues(session) : editedValues(session))
  restoreTyped(form)
  watchAttachments(api)
  showSections()
  form.addEventListener('input', () => { keepTyped(form) })
  form.addEventListener('change', () => { keepTyped(form) })
  watchRules()
  onClick('check-draft', async () => {
    if (checked(session) !== null) element('check-state').textContent = deskWords.checkGood
  })
  element('preview-draft').addEventListener('click', preview)
  onSubmit(form, async () => { await save(session) }, refused)
  sayDeskError('')
  form.dataset['ready'] = ''
}
