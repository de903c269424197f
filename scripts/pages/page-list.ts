/**
 * Every page of the portal as people meet it, in its states: who looks, where, when it is ready, and what is done before it is looked
 * at. A line is a picture in every view. Nothing here changes what the server has: a page may be looked at any number of times.
 */
import type { Page } from 'playwright-core'
import type { DeskTown } from '../../test/support/desk-town.ts'
import { HOSTILE_COMPANY, fillBid, fillCompany, makeKey, waitForView } from '../../test/support/portal-supplier.ts'
import type { Who } from './people.ts'

export interface ListedPage {
  name: string
  /** As the portal registers it. */
  route: string
  who?: Who
  /** For the route's parameters. */
  at?: (town: DeskTown) => Record<string, string>
  query?: (town: DeskTown) => string
  /** Where waiting for the network is not enough. */
  ready?: string
  /** Before the page is asked for. */
  before?: (page: Page) => Promise<void>
  /** What the browser's console says here of answers that are no success, and need not be. */
  refusals?: RegExp
  /** What the reader does before the picture. */
  act?: (page: Page) => Promise<void>
}

const TENDER = '/tenders/:tenderId'
const BID = '/tenders/:tenderId/bid'
const JOINT = '/tenders/:tenderId/joint'
const DESK = '/desk/tenders/:tenderId'
const tender = (pick: (town: DeskTown) => string) => (town: DeskTown) => ({ tenderId: pick(town) })

const openDetails = (selector: string) => async (page: Page): Promise<void> => { await page.click(`${selector} summary`) }
const click = (selector: string, then: string) => async (page: Page): Promise<void> => {
  await page.click(selector)
  await page.waitForSelector(then)
}
const nextStep = async (page: Page): Promise<void> => { await page.click('.step:not([hidden]) [data-next]') }
const toCompanyKey = async (page: Page): Promise<void> => { await fillCompany(page, HOSTILE_COMPANY) }

async function toOfficerKey (page: Page): Promise<void> {
  for (const [id, text] of [['officerName', '이집행'], ['agencyId', '1230000'], ['agencyName', '조달청']] as const) await page.fill(`#${id}`, text)
  await page.check('#role-executing')
  await nextStep(page)
  for (const [id, text] of [['contactName', '이집행'], ['contactPhone', '042-000-0000'], ['contactEmail', 'officer@example.kr']] as const) await page.fill(`#${id}`, text)
  await nextStep(page)
}

async function fillOutage (page: Page): Promise<void> {
  await page.fill('#outageFrom', '2027-05-13T10:05')
  await page.fill('#outageRecovered', '2027-05-13T11:15')
  await click('#preview-form button', '#apply-form:not([hidden])')(page)
}

async function fillLines (page: Page): Promise<void> {
  for (const [i, price] of ['84,500', '79,800.50'].entries()) await page.fill(`#unit-price-${i}`, price)
}

async function fillProposal (page: Page): Promise<void> {
  await page.fill('#proposal-summary', '사업 이해와 수행 방안')
  await page.setInputFiles('#proposal-files', { name: '기술제안서.pdf', mimeType: 'application/pdf', buffer: Buffer.from('제안') })
  await page.waitForSelector('#proposal-documents li')
}

async function fillMembers (page: Page): Promise<void> {
  await page.check('input[name=bidder][value=joint]')
  for (const [id, text] of [['share-0', '60'], ['member-1', '2208162517'], ['share-1', '40']] as const) await page.fill(`#${id}`, text)
  await page.waitForSelector('#member-1-note:not(:empty)')
}

/** That there is no bid yet is an answer, too. */
const NO_BID = /404/
/** An answer that does not come leaves the bid sealed and unsent. */
const cutOff = async (page: Page): Promise<void> => { await page.route('**/v1/tenders/*/bids', async (route) => { await route.abort() }) }

const PUBLIC: readonly ListedPage[] = [
  { name: 'home', route: '/' },
  { name: 'tenders', route: '/tenders' },
  { name: 'tenders-narrowed', route: '/tenders', query: () => 'agency=조달청&region=경기도&estimatedUntil=30,000,000&closesFrom=2026-11-01' },
  { name: 'tenders-faults', route: '/tenders', query: () => 'agency=없는 기관&estimatedFrom=many&closesUntil=someday', refusals: /400/ },
  { name: 'tenders-none', route: '/tenders', query: () => 'q=없는말' },
  { name: 'openings', route: '/tenders', query: () => 'state=concluded' },
  { name: 'tender-open', route: TENDER, at: tender(({ asked }) => asked) },
  { name: 'tender-hostile', route: TENDER, at: tender(({ open }) => open) },
  { name: 'tender-closed', route: TENDER, at: tender(({ desk }) => desk.waiting) },
  { name: 'tender-evaluated', route: TENDER, at: tender(({ desk }) => desk.reviewing) },
  { name: 'tender-opened', route: TENDER, at: tender(({ opened }) => opened) },
  { name: 'tender-unit-prices', route: TENDER, at: tender(({ bids }) => bids.unitPrices) },
  { name: 'tender-proposals', route: TENDER, at: tender(({ desk }) => desk.marking) },
  { name: 'verify', route: '/tenders/:tenderId/verify', at: tender(({ opened }) => opened) },
  { name: 'verify-done', route: '/tenders/:tenderId/verify', at: tender(({ opened }) => opened), act: click('#start', '#verdict[data-state=ok]') },
  { name: 'verify-not-opened', route: '/tenders/:tenderId/verify', at: tender(({ asked }) => asked) },
  { name: 'statistics', route: '/statistics' },
  { name: 'agency', route: '/agencies/:agencyId', at: ({ agencyId }) => ({ agencyId }) },
  { name: 'supplier', route: '/suppliers/:supplierId', at: ({ supplierId }) => ({ supplierId }) },
  { name: 'help', route: '/help' },
  { name: 'unsubscribe', route: '/unsubscribe/:token', at: ({ unsubscribe }) => ({ token: unsubscribe }) },
  { name: 'missing', route: '/*', refusals: /404/ }
]

const SUPPLIER: readonly ListedPage[] = [
  { name: 'register', route: '/register', ready: '#registration:not([hidden])' },
  { name: 'register-faults', route: '/register', ready: '#registration:not([hidden])', act: nextStep },
  { name: 'register-key', route: '/register', ready: '#registration:not([hidden])', act: toCompanyKey },
  { name: 'register-check', route: '/register', ready: '#registration:not([hidden])', act: async (page) => { await toCompanyKey(page); await makeKey(page) } },
  { name: 'register-status', route: '/register/status', who: 'applicant', ready: '[data-status=pending]' },
  { name: 'register-status-none', route: '/register/status' },
  { name: 'login', route: '/login', who: 'supplier', ready: '#keys button' },
  { name: 'login-no-key', route: '/login' },
  { name: 'login-second-step', route: '/login', who: 'guarded', ready: '#keys button', refusals: /401/, act: click('#keys button', '#second-step:not([hidden])') },
  { name: 'my', route: '/my', who: 'supplier', ready: '#certificate:not([hidden])' },
  { name: 'my-nobody', route: '/my' },
  { name: 'security', route: '/my/security', who: 'supplier', ready: '#own-passkeys:not([hidden])' },
  { name: 'security-passkey', route: '/my/security', who: 'guarded', ready: '#passkeys tr' },
  { name: 'notifications', route: '/my/notifications', who: 'supplier', ready: '#notice-rows tr' },
  { name: 'ask', route: `${TENDER}/ask`, who: 'supplier', at: tender(({ asked }) => asked), ready: 'form[data-ready]' },
  { name: 'ask-nobody', route: `${TENDER}/ask`, at: tender(({ asked }) => asked) },
  { name: 'ask-late', route: `${TENDER}/ask`, at: tender(({ opened }) => opened) },
  { name: 'bid-nobody', route: BID, at: tender(({ asked }) => asked) },
  { name: 'bid-form', route: BID, who: 'supplier', refusals: NO_BID, at: tender(({ asked }) => asked), ready: '#bid[data-shown=form]' },
  { name: 'bid-faults', route: BID, who: 'supplier', refusals: NO_BID, at: tender(({ asked }) => asked), ready: '#bid[data-shown=form]', act: async (page) => { await page.click('#bid-form button[type=submit]') } },
  { name: 'bid-confirm', route: BID, who: 'supplier', refusals: NO_BID, at: tender(({ asked }) => asked), ready: '#bid[data-shown=form]', act: async (page) => { await fillBid(page, { amount: '27600000', picks: [3, 7] }) } },
  { name: 'bid-unsent', route: BID, who: 'supplier', at: tender(({ bids }) => bids.unsent), refusals: /404|ERR_FAILED/, before: cutOff, act: async (page) => { await waitForView(page, 'unsent') } },
  { name: 'bid-accepted', route: BID, who: 'supplier', at: tender(({ bids }) => bids.accepted), ready: '#bid[data-shown=accepted]', act: openDetails('#withdrawal') },
  { name: 'bid-withdrawn', route: BID, who: 'supplier', at: tender(({ bids }) => bids.withdrawn), ready: '#bid[data-shown=withdrawn]' },
  { name: 'bid-closed', route: BID, who: 'supplier', refusals: NO_BID, at: tender(({ closed }) => closed), ready: '#bid[data-shown=closed]' },
  { name: 'bid-opened', route: BID, who: 'supplier', at: tender(({ opened }) => opened), ready: '#inclusion[data-state=good]' },
  { name: 'bid-unit-prices', route: BID, who: 'supplier', refusals: NO_BID, at: tender(({ bids }) => bids.unitPrices), ready: '#bid[data-shown=form]', act: fillLines },
  { name: 'bid-proposal', route: BID, who: 'supplier', refusals: NO_BID, at: tender(({ bids }) => bids.proposal), ready: '#bid[data-shown=form]', act: fillProposal },
  { name: 'bid-joint', route: BID, who: 'supplier', refusals: NO_BID, at: tender(({ bids }) => bids.joint), ready: '#bid[data-shown=form]', act: fillMembers },
  { name: 'joint-nobody', route: JOINT, at: tender(({ bids }) => bids.joint) },
  { name: 'joint', route: JOINT, who: 'supplier', at: tender(({ bids }) => bids.joint), ready: '#bid[data-shown=open]' }
]

const BODY = '#desk-body:not([hidden])'
const LOOKED = '#desk-body[data-state]'
const OFFICER: readonly ListedPage[] = [
  { name: 'register-officer', route: '/register/officer', ready: '#registration:not([hidden])' },
  { name: 'register-officer-key', route: '/register/officer', ready: '#registration:not([hidden])', act: toOfficerKey },
  { name: 'desk', route: '/desk', who: 'executing', ready: '#list-now tr' },
  { name: 'desk-platform', route: '/desk', who: 'platform', ready: BODY },
  { name: 'desk-nobody', route: '/desk', ready: '#desk-login:not([hidden])' },
  { name: 'approvals', route: '/desk/approvals', who: 'platform', ready: '[data-approve]', act: async (page) => { await page.locator('#pending summary').first().click() } },
  { name: 'outages', route: '/desk/outages', who: 'platform', ready: '#hold:not([hidden])', act: fillOutage },
  { name: 'draft-new', route: '/desk/tenders/new', who: 'executing', ready: 'form.draft[data-ready]' },
  { name: 'draft-faults', route: '/desk/tenders/new', who: 'executing', ready: 'form.draft[data-ready]', act: async (page) => { await page.click('form.draft button[type=submit]') } },
  { name: 'draft-edit', route: '/desk/tenders/:tenderId/edit', who: 'executing', at: tender(({ desk }) => desk.sealing), ready: 'form.draft[data-ready]', act: click('#preview-draft', '#preview-name:not(:empty)') },
  { name: 'draft-change', route: '/desk/tenders/:tenderId/edit', who: 'executing', at: tender(({ asked }) => asked), ready: 'form.draft[data-ready]' },
  { name: 'desk-ceremony', route: DESK, who: 'executing', at: tender(({ desk }) => desk.ceremony), ready: '#contribute:not([hidden])' },
  { name: 'desk-sealing', route: DESK, who: 'executing', at: tender(({ desk }) => desk.sealing), ready: '#sealing:not([hidden])' },
  { name: 'desk-publication', route: DESK, who: 'executing', at: tender(({ desk }) => desk.publication), ready: '#publication:not([hidden])', act: click('#review-notice', '#publication-form:not([hidden])') },
  { name: 'desk-published', route: DESK, who: 'executing', at: tender(({ asked }) => asked), ready: LOOKED, act: openDetails('#cancellation') },
  { name: 'desk-waiting', route: DESK, who: 'executing', at: tender(({ desk }) => desk.waiting), ready: '#opening:not([hidden])' },
  { name: 'desk-proposals', route: DESK, who: 'executing', at: tender(({ desk }) => desk.proposals), ready: '#reveal:not([hidden])' },
  { name: 'desk-revealing', route: DESK, who: 'witness', at: tender(({ desk }) => desk.revealing), ready: '#reveal:not([hidden])' },
  { name: 'desk-marking', route: DESK, who: 'executing', at: tender(({ desk }) => desk.marking), ready: '#technical-desk:not([hidden])' },
  { name: 'desk-marks', route: `${DESK}/marks`, who: 'evaluator', at: tender(({ desk }) => desk.marking), ready: '#marks-form:not([hidden])' },
  { name: 'desk-marks-faults', route: `${DESK}/marks`, who: 'evaluator', at: tender(({ desk }) => desk.marking), ready: '#marks-form:not([hidden])', act: async (page) => { await page.click('#marks-form button[type=submit]') } },
  { name: 'desk-evaluator', route: '/desk', who: 'evaluator', ready: '#to-mark:not([hidden])' },
  { name: 'desk-evaluating', route: DESK, who: 'executing', at: tender(({ desk }) => desk.evaluating), ready: '#evaluation-form:not([hidden])' },
  { name: 'desk-reviewing', route: DESK, who: 'executing', at: tender(({ desk }) => desk.reviewing), ready: '#capability:not([hidden])', act: click('#evaluation-form button[type=submit]', '#qualified-error:not(:empty)') },
  { name: 'desk-comprehensive', route: DESK, who: 'executing', at: tender(({ desk }) => desk.comprehensive), ready: '#social:not([hidden])' },
  { name: 'desk-deciding', route: DESK, who: 'executing', at: tender(({ desk }) => desk.deciding), ready: '#award-form:not([hidden])' },
  { name: 'desk-awarded', route: DESK, who: 'executing', at: tender(({ opened }) => opened), ready: '#desk-body[data-state=awarded]' },
  { name: 'desk-failed', route: DESK, who: 'executing', at: tender(({ failed }) => failed), ready: '#desk-body[data-state=failed]' },
  { name: 'desk-cancelled', route: DESK, who: 'executing', at: tender(({ cancelled }) => cancelled), ready: '#desk-body[data-state=cancelled]' },
  { name: 'audit', route: '/desk/audit', query: ({ opened }) => `tender=${opened}`, ready: '#audit-verdict[data-state=ok]' },
  { name: 'audit-empty', route: '/desk/audit' }
]

export const PAGES: readonly ListedPage[] = [...PUBLIC, ...SUPPLIER, ...OFFICER]

/** Routes without a line, and lines without a route. */
export function listFaults (routes: readonly string[], pages: readonly ListedPage[] = PAGES): string[] {
  const listed = new Set(pages.map(({ route }) => route))
  const names = pages.map(({ name }) => name)
  return [
    ...routes.filter((route) => !listed.has(route)).map((route) => `${route} is a page of the portal that scripts/pages/page-list.ts does not list.`),
    ...[...listed].filter((route) => !routes.includes(route)).map((route) => `scripts/pages/page-list.ts lists ${route}, which is no page of the portal.`),
    ...names.filter((name, i) => names.indexOf(name) !== i).map((name) => `scripts/pages/page-list.ts has two pages called ${name}.`)
  ]
}

/** The address of a listed page, without the language. */
export function addressOf ({ route, at, query }: ListedPage, town: DeskTown): string {
  const values = at?.(town) ?? {}
  const path = route === '/*' ? '/nowhere' : route.replaceAll(/:(\w+)/g, (_all, name: string) => values[name] ?? '')
  return query === undefined ? path : `${path}?${query(town)}`
}
