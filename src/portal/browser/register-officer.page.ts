/** Registration of an officer (`/register/officer`); the platform's first one has the server's one-time code and is approved at once. */
import { applyOfficer } from '../../client/registration.ts'
import { OFFICER_ROLES, type OfficerProfile, type OfficerRole } from '../../domain/holder.ts'
import type { AgencyId } from '../../domain/ids.ts'
import { enrolmentWords, ROLE_NAMES } from './enrolment-words.ts'
import { element } from './page.ts'
import { fieldValue as value, startRegistration } from './registration-form.ts'
import { publicApi } from './session.ts'
import { words } from './supplier-words.ts'

const AGENCY_STEP = 0

const box = (role: OfficerRole): HTMLInputElement => element<HTMLInputElement>(`role-${role}`)
const roles = (): OfficerRole[] => OFFICER_ROLES.filter((role) => box(role).checked)
startRegistration<OfficerProfile>({
  kind: 'officer',
  profile: () => ({
    name: value('officerName'),
    agency: { agencyId: value('agencyId').toUpperCase() as AgencyId, name: value('agencyName') },
    roles: roles(),
    contact: { name: value('contactName'), phone: value('contactPhone'), email: value('contactEmail') }
  }),
  subject: ({ name, agency }) => ({ commonName: name, organization: agency.name }),
  facts: ({ name, agency, roles: asked, contact }) => [
    [enrolmentWords.officerName, name], [enrolmentWords.agencyName, `${agency.name} (${agency.agencyId})`],
    [enrolmentWords.roles, asked.map((role) => ROLE_NAMES[role]).join(', ')],
    [words.contactName, contact.name], [words.contactPhone, contact.phone], [words.contactEmail, contact.email]
  ],
  apply: async (application) => {
    const enrolmentCode = value('enrolmentCode')
    return await applyOfficer(publicApi, { ...application, ...(enrolmentCode === '' ? {} : { enrolmentCode }) })
  },
  backup: () => ({ name: 'bongin-officer-keys.tar', type: 'application/x-tar' }),
  fieldOf: [
    ['/profile/name', 'officerName'], ['/profile/agency/agencyId', 'agencyId'], ['/profile/agency', 'agencyName'], ['/profile/roles', 'role-executing'],
    ['/profile/contact/name', 'contactName'], ['/profile/contact/phone', 'contactPhone'], ['/profile/contact/email', 'contactEmail'],
    ['/enrolmentCode', 'enrolmentCode']
  ],
  checkStep: (index) => {
    const wrong = index === AGENCY_STEP && roles().length === 0
    element('role-executing-error').textContent = wrong ? enrolmentWords.rolesMissing : ''
    return !wrong
  }
})
for (const role of OFFICER_ROLES) box(role).addEventListener('change', () => { element('role-executing-error').textContent = '' })
