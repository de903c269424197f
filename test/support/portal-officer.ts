/** Officers at the portal, in a real browser: register, approve, draft, make keys, publish, open, decide, as people do it. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { OfficerRole } from '../../src/domain/holder.ts'
import { troubleOf } from './browser.ts'
import type { TestApp } from './build-app.ts'
import { downloadBy, next, PASSPHRASE } from './portal-supplier.ts'

export interface Person { page: Page, context: BrowserContext, trouble: string[] }

/** A browser profile of its own. Its clock shows the server's time from `tell` on, as a machine's that is set right does. */
export async function newPerson (browser: Browser, { locale = 'ko-KR', bypassCSP = false } = {}): Promise<Person> {
  const context = await browser.newContext({ acceptDownloads: true, locale, bypassCSP })
  const page = await context.newPage()
  return { page, context, trouble: troubleOf(page) }
}

/** What the machine of this profile takes for the time, from its next page on. */
export async function setMachineClock ({ context }: Person, at: number): Promise<void> {
  await context.addInitScript((now) => { Date.now = () => now }, at)
}

export interface OfficerData { name: string, role: OfficerRole, code?: string }

/** From the first step to the application. Returns the backup file. */
export async function applyAsOfficer ({ page }: Person, { baseUrl }: Pick<TestApp, 'baseUrl'>, { name, role, code }: OfficerData): Promise<Buffer> {
  await page.goto(`${baseUrl}/register/officer`)
  await page.waitForSelector('#registration:not([hidden])')
  await page.fill('#officerName', name)
  await page.fill('#agencyId', '1230000')
  await page.fill('#agencyName', '조달청')
  await page.check(`#role-${role}`)
  if (code !== undefined) await page.fill('#enrolmentCode', code)
  await next(page)
  for (const [id, text] of [['contactName', name], ['contactPhone', '042-000-0000'], ['contactEmail', 'officer@example.kr']] as const) await page.fill(`#${id}`, text)
  await next(page)
  await page.fill('#passphrase', PASSPHRASE)
  await page.fill('#passphraseAgain', PASSPHRASE)
  const backup = await downloadBy(page, '#make-key')
  await page.check('#backupKept')
  await next(page)
  await page.click('#send')
  await page.waitForURL('**/register/status')
  return backup.bytes
}

export async function logInAsOfficer ({ page }: Person, { baseUrl }: Pick<TestApp, 'baseUrl'>, path = '/desk'): Promise<void> {
  await page.goto(`${baseUrl}/login?return=${encodeURIComponent(path)}`)
  await page.click('#keys button')
  await page.waitForURL(`**${path}`)
  await page.waitForSelector('#session[data-state=live]')
  await page.waitForSelector('#desk-body:not([hidden])')
}

/** Approves what is pending, one after the other. */
export async function approveAll ({ page }: Person, { baseUrl }: Pick<TestApp, 'baseUrl'>): Promise<number> {
  await page.goto(`${baseUrl}/desk/approvals`)
  for (let count = 0; ; count++) {
    await page.waitForSelector('[data-approve], #none-pending:not([hidden])')
    const button = page.locator('[data-approve]').first()
    if (await button.count() === 0) return count
    const id = await button.getAttribute('data-approve') ?? ''
    await button.click()
    await page.waitForSelector(`[data-approve="${id}"]`, { state: 'detached' })
  }
}

export interface NoticeData { title: string, estimated: string, base: string, closes: string, opens: string, questionsFrom: string }

/** Fills the form of a works tender by restricted lowest price, with what the rule book prescribes. */
export async function fillNotice (page: Page, { title, estimated, base, closes, opens, questionsFrom }: NoticeData): Promise<void> {
  await page.waitForSelector('form.draft[data-ready]')
  const at = (path: string): string => `[id="${path}"]`
  await page.fill(at('title'), title)
  await page.fill(at('estimatedPriceWon'), estimated)
  await page.click('#use-rules')
  await page.fill(at('price.baseAmountWon'), base)
  await page.selectOption(at('committee.witness'), { index: 1 })
  for (const [path, time] of [['questionsFrom', questionsFrom], ['questionsUntil', closes], ['closesAt', closes], ['opensAt', opens]] as const) {
    await page.fill(at(`schedule.${path}`), time)
  }
}
