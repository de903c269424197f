/**
 * The officers' pages: shells and forms without any data of a tender. Drafts are nobody else's business, and whatever needs a
 * key or a session happens in the reader's browser, through the API (`browser/`).
 */
import { Type } from 'typebox'
import { TENDER_ID_PATTERN } from '../../domain/ids.ts'
import { REGIONS } from '../../domain/regions.ts'
import { draftForm } from '../draft-form.ts'
import { languageOf, TEXTS } from '../locale.ts'
import type { PageRoutes } from '../plugin.ts'
import type { TextKey } from '../texts/ko.ts'

const Params = Type.Object({ tenderId: Type.String({ pattern: TENDER_ID_PATTERN }) })

interface Shell { template: string, script: string, title: TextKey, form?: boolean }

export const officerPages: PageRoutes = (app, { pages }) => {
  const shell = (path: string, { template, script, title, form = false }: Shell): void => {
    const schema = path.includes(':tenderId') ? { params: Params } : {}
    app.get(path, { schema }, async (request, reply) => {
      const language = languageOf(request)
      const tenderId = (request.params as { tenderId?: string }).tenderId ?? ''
      const data = { tenderId, ...(form ? { sections: draftForm(language), regions: REGIONS } : {}) }
      const heading = TEXTS[language][title]
      return await pages.send(request, reply, { template, title: tenderId === '' ? heading : `${heading} · ${tenderId}`, scripts: [script], data })
    })
  }
  shell('/register/officer', { template: 'register-officer.eta', script: 'register-officer.js', title: 'registerOfficer' })
  shell('/desk', { template: 'desk.eta', script: 'desk.js', title: 'desk' })
  shell('/desk/approvals', { template: 'approvals.eta', script: 'approvals.js', title: 'approvals' })
  shell('/desk/tenders/new', { template: 'draft.eta', script: 'draft.js', title: 'newTender', form: true })
  shell('/desk/tenders/:tenderId/edit', { template: 'draft.eta', script: 'draft.js', title: 'editTender', form: true })
  shell('/desk/tenders/:tenderId', { template: 'desk-tender.eta', script: 'desk-tender.js', title: 'deskTender' })
  shell('/desk/outages', { template: 'outages.eta', script: 'outages.js', title: 'outages' })
  shell('/desk/audit', { template: 'audit.eta', script: 'audit.js', title: 'audit' })
}
