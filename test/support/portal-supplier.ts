/** A supplier at the portal, in a real browser: registers, is approved through the API, logs in and bids, as people do it. */
import { readFileSync } from 'node:fs'
import type { Download, Page } from 'playwright-core'
import { approve, listPending } from '../../src/client/registration.ts'
import type { Cast } from './actors.ts'
import type { TestApp } from './build-app.ts'

export const PASSPHRASE = '충분히 긴 암호 10자'

export interface Company { companyName: string, businessNumber: string, representative: string }

/** Texts that would do harm were they not shown as text. */
export const HOSTILE_COMPANY: Company = {
  companyName: '주식회사 <img src=x onerror=alert(1)> & "봉인"', businessNumber: '1018116406', representative: '대표 <b onmouseover=alert(2)>O\'대표</b>'
}

const DETAILS = {
  address: '서울특별시 중구 세종대로 110', linesOfBusiness: '0001, 0002', contactName: '담당자', contactPhone: '02-000-0000', contactEmail: 'a@example.kr'
}

export async function next (page: Page): Promise<void> {
  await page.click('.step:not([hidden]) [data-next]')
}

/** The first two steps. */
export async function fillCompany (page: Page, company: Company): Promise<void> {
  await page.waitForSelector('#registration:not([hidden])')
  const { address, linesOfBusiness } = DETAILS
  for (const [id, text] of Object.entries({ ...company, address, linesOfBusiness })) await page.fill(`#${id}`, text)
  await page.selectOption('#region', '서울특별시')
  await next(page)
  for (const id of ['contactName', 'contactPhone', 'contactEmail'] as const) await page.fill(`#${id}`, DETAILS[id])
  await next(page)
}

/** The third step. Returns the backup file. */
export async function makeKey (page: Page): Promise<Buffer> {
  await page.fill('#passphrase', PASSPHRASE)
  await page.fill('#passphraseAgain', PASSPHRASE)
  const backup = await downloadBy(page, '#make-key')
  await page.check('#backupKept')
  await next(page)
  return backup.bytes
}

export async function downloadBy (page: Page, selector: string): Promise<{ name: string, bytes: Buffer }> {
  const [download] = await Promise.all([page.waitForEvent('download'), page.click(selector)]) as [Download, void]
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
}

/** From the first step to the certificate in the browser. */
export async function register (
  page: Page, { app, cast }: { app: TestApp, cast: Cast }, company: Company
): Promise<{ backup: Buffer, registrationId: string }> {
  await page.goto(`${app.baseUrl}/register`)
  await fillCompany(page, company)
  const backup = await makeKey(page)
  await page.click('#send')
  await page.waitForURL('**/register/status')
  await page.waitForSelector('[data-status=pending]')
  const { api } = await cast.login(cast.chief)
  const [pending] = await listPending(api)
  if (pending === undefined) throw new Error('nothing was applied for')
  await approve(api, pending.registrationId)
  await seeStatus(page, 'approved')
  return { backup, registrationId: pending.registrationId }
}

/** The status page asks at once, unless it has asked by itself meanwhile and hidden its button. */
export async function seeStatus (page: Page, status: 'approved' | 'rejected'): Promise<void> {
  await page.evaluate(() => { document.querySelector<HTMLButtonElement>('#refresh:not([hidden])')?.click() })
  await page.waitForSelector(`[data-status=${status}]`)
}

export async function logIn (page: Page, { baseUrl }: { baseUrl: string }): Promise<void> {
  await page.goto(`${baseUrl}/login`)
  await page.click('#keys button')
  await page.waitForURL('**/my')
  await page.waitForSelector('#session[data-state=live]')
}

export async function waitForView (page: Page, view: string): Promise<void> {
  await page.waitForSelector(`#bid[data-shown=${view}]`, { state: 'attached' })
}

/** Up to the summary. */
export async function fillBid (page: Page, { amount, picks }: { amount: string, picks: readonly number[] }): Promise<void> {
  await waitForView(page, 'form')
  await page.fill('#amount', amount)
  for (const number of picks) await page.check(`input[name=pick][value="${number}"]`)
  await page.click('#bid-form button[type=submit]')
  await waitForView(page, 'confirm')
  await page.check('#confirmed')
}
