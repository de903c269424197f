/**
 * The officers' pages: shells and forms without any data of a tender. Drafts are nobody else's business, and whatever needs a
 * key or a session happens in the reader's browser, through the API (`browser/`).
 */
import { REGIONS } from '../../domain/regions.ts'
import { draftForm } from '../draft-form.ts'
import type { PageRoutes } from '../plugin.ts'
import { shell, type Shell } from './parts.ts'

export const officerPages: PageRoutes = (app, options) => {
  const at = (path: string, page: Shell): void => { shell([app, options], path, page) }
  const form: Shell['data'] = (language) => ({ sections: draftForm(language), regions: REGIONS })
  at('/register/officer', { template: 'register-officer.eta', script: 'register-officer.js', title: 'registerOfficer' })
  at('/desk', { template: 'desk.eta', script: 'desk.js', title: 'desk' })
  at('/desk/approvals', { template: 'approvals.eta', script: 'approvals.js', title: 'approvals' })
  at('/desk/tenders/new', { template: 'draft.eta', script: 'draft.js', title: 'newTender', data: form })
  at('/desk/tenders/:tenderId/edit', { template: 'draft.eta', script: 'draft.js', title: 'editTender', data: form })
  at('/desk/tenders/:tenderId', { template: 'desk-tender.eta', script: 'desk-tender.js', title: 'deskTender' })
  at('/desk/tenders/:tenderId/marks', { template: 'desk-marks.eta', script: 'desk-marks.js', title: 'markPage' })
  at('/desk/outages', { template: 'outages.eta', script: 'outages.js', title: 'outages' })
  at('/desk/audit', { template: 'audit.eta', script: 'audit.js', title: 'audit' })
}
