/** A tender at the officers' desk in a real browser, where the draft is made through the API: keys, publication, reveals. */
import { Api } from '../../src/client/api.ts'
import { draftTender } from '../../src/client/ceremony.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import { approve, listPending } from '../../src/client/registration.ts'
import type { OfficerId, TenderId } from '../../src/domain/ids.ts'
import type { Cast } from './actors.ts'
import type { TestApp } from './build-app.ts'
import { applyAsOfficer, logInAsOfficer, setMachineClock, type OfficerData, type Person } from './portal-officer.ts'
import { seeStatus } from './portal-supplier.ts'

/** Registers in this browser, is approved through the API, and logs in, which publishes the encryption key. */
export async function enrolAtPortal (person: Person, { app, cast }: { app: TestApp, cast: Cast }, data: OfficerData): Promise<void> {
  const { page } = person
  await applyAsOfficer(person, app, data)
  await page.waitForSelector('[data-status=pending]')
  const { api } = await cast.login(cast.chief)
  for (const { registrationId } of await listPending(api)) await approve(api, registrationId)
  await seeStatus(page, 'approved')
  await logInAsOfficer(person, app)
}

/** The API with the login of this person's tab. */
export async function apiOf ({ page }: Person, { baseUrl }: Pick<TestApp, 'baseUrl'>): Promise<Api> {
  const kept = await page.evaluate(() => sessionStorage.getItem('bongin-session'))
  return new Api({ baseUrl }).withToken((JSON.parse(kept ?? '{}') as { token: string }).token)
}

/** The number of who is logged in. */
export async function officerIdOf ({ page }: Person): Promise<OfficerId> {
  const kept = await page.evaluate(() => sessionStorage.getItem('bongin-session'))
  return (JSON.parse(kept ?? '{}') as { holderId: OfficerId }).holderId
}

/** Drafted with the executing officer's login; both make their keys, and it is published, at the desk. */
export async function publishAtDesk (app: TestApp, { executing, witness, draft }: {
  executing: Person, witness: Person, draft: TenderDraft
}): Promise<TenderId> {
  const tenderId = await draftTender(await apiOf(executing, app), draft)
  for (const { page } of [executing, witness]) {
    await page.goto(`${app.baseUrl}/desk/tenders/${tenderId}`)
    await page.click('#contribute')
    await page.waitForSelector('#contribute', { state: 'hidden' })
  }
  const { page } = executing
  await page.waitForSelector('#publication:not([hidden])')
  await page.click('#review-notice')
  await page.check('#noticeChecked')
  await page.click('#publication-form button[type=submit]')
  await page.waitForSelector('#desk-body[data-state=published]')
  return tenderId
}

/** Everybody logs in anew, with a machine whose clock is right, and reveals the key that is due. */
export async function revealAtDesk (app: TestApp, tenderId: TenderId, people: readonly Person[]): Promise<void> {
  for (const person of people) {
    await setMachineClock(person, app.clock.now())
    await logInAsOfficer(person, app, `/desk/tenders/${tenderId}`)
    await person.page.click('#reveal')
    await person.page.waitForSelector('#desk-done:not(:empty)')
  }
}
