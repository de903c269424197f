/** Pending registrations (`/desk/approvals`), oldest first: a platform officer approves, or rejects with a reason. */
import { approve, listPending, reject } from '../../client/registration.ts'
import type { PendingRegistration } from '../../client/types.ts'
import type { OfficerProfile, SupplierProfile } from '../../domain/holder.ts'
import { check } from './fields.ts'
import { onClick, onSubmit, sayDone, startDesk } from './desk.ts'
import { deskWords } from './desk-words.ts'
import { enrolmentWords, ROLE_NAMES } from './enrolment-words.ts'
import { element, make, showFacts, words } from './page.ts'
import type { LoggedIn } from './session.ts'
import { shownTime } from './shown-time.ts'

type Facts = Array<readonly [string, string]>

function factsOfSupplier ({ companyName, businessNumber, representative, address, region, linesOfBusiness, contact }: SupplierProfile): Facts {
  return [
    [words.companyName, companyName], [words.businessNumber, businessNumber], [words.representative, representative],
    [words.address, `${address} (${region})`], [words.linesOfBusiness, linesOfBusiness.join(', ')],
    [words.contactName, `${contact.name}, ${contact.phone}, ${contact.email}`]
  ]
}

function factsOfOfficer ({ name, agency, roles, contact }: OfficerProfile): Facts {
  return [
    [enrolmentWords.officerName, name], [enrolmentWords.agencyName, `${agency.name} (${agency.agencyId})`], [enrolmentWords.roles, roles.map((role) => ROLE_NAMES[role]).join(', ')],
    [words.contactName, `${contact.name}, ${contact.phone}, ${contact.email}`]
  ]
}

function card (session: LoggedIn, { registrationId, kind, profile, external, createdAt }: PendingRegistration): HTMLElement {
  const isSupplier = kind === 'supplier'
  const facts = make('dl', { class: 'facts' })
  showFacts(facts, [
    ...(isSupplier ? factsOfSupplier(profile as SupplierProfile) : factsOfOfficer(profile as OfficerProfile)),
    ...(external === null ? [] : [[deskWords.externalIdentity, `${external.subject} (${external.issuer})`] as const]),
    [deskWords.appliedAt, shownTime(createdAt)], [words.applicationNumber, make('code', {}, registrationId)]
  ])
  const heading = isSupplier ? (profile as SupplierProfile).companyName : (profile as OfficerProfile).name
  const yes = make('button', { type: 'button', 'data-approve': registrationId }, deskWords.approve)
  onClick(yes, async () => {
    const { holderId } = await approve(session.api, registrationId)
    await show(session)
    sayDone(`${deskWords.approved}: ${heading} (${holderId})`)
  })
  const title = make('h3', { id: `t-${registrationId}` }, `${isSupplier ? deskWords.kindSupplier : deskWords.kindOfficer}: ${heading}`)
  return make('article', { class: 'panel', 'aria-labelledby': `t-${registrationId}` }, title, facts, make('p', { class: 'actions' }, yes), rejection(session, registrationId, heading))
}

function rejection (session: LoggedIn, registrationId: string, heading: string): HTMLElement {
  const id = `reason-${registrationId}`
  const reason = make('textarea', { id, rows: '2', maxlength: '2000', required: '', 'aria-describedby': `${id}-error` })
  const form = make(
    'form', { novalidate: '' },
    make('div', { class: 'field' }, make('label', { for: id }, deskWords.rejectReason), reason, make('p', { id: `${id}-error`, class: 'field-error' })),
    make('button', { type: 'submit', class: 'danger' }, deskWords.reject)
  )
  onSubmit(form, async () => {
    if (!check(form)) return
    await reject(session.api, { registrationId, reason: reason.value.trim() })
    await show(session)
    sayDone(`${deskWords.rejected}: ${heading}`)
  })
  return make('details', {}, make('summary', {}, deskWords.reject), form)
}

async function show (session: LoggedIn): Promise<void> {
  const pending = await listPending(session.api)
  element('pending').replaceChildren(...pending.map((one) => card(session, one)))
  element('none-pending').hidden = pending.length > 0
}

startDesk(async (session) => {
  onClick('refresh', async () => { await show(session) })
  await show(session)
})
