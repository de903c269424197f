/**
 * Every time that a page shows says its zone, whether the server or a script put it there; a reader whose machine keeps another zone than
 * Korea's has the own time in its tooltip.
 */
import type { Browser, Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { applyAsOfficer, approveAll, fillNotice, logInAsOfficer, type Person } from '../support/portal-officer.ts'
import { fillBid, HOSTILE_COMPANY, logIn, register, seeStatus, waitForView } from '../support/portal-supplier.ts'
import { makePortalTown } from '../support/portal-town.ts'

const [FAR, NEAR] = ['America/New_York', 'Asia/Seoul']

interface Seen { text: string, title: string | null }

/** Texts of the page that say a time of day; countdowns and what is quoted of a document are none. */
async function timesOn (page: Page): Promise<Seen[]> {
  return await page.evaluate(() => {
    const found: Seen[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent ?? ''
      const parent = node.parentElement
      if (!/\d{4}-\d\d-\d\d[ T]\d\d:\d\d/.test(text) || parent === null || parent.closest('pre, code, script, [data-until]') !== null) continue
      // A signed text's own spelling has its zone in it.
      if (/\d\d:\d\d:\d\d\.\d{3}\+09:00/.test(text)) continue
      found.push({ text, title: parent.closest('time')?.title ?? null })
    }
    return found
  })
}

async function expectTimes (t: Test, page: Page, { name, least }: { name: string, least: number }): Promise<void> {
  const times = await timesOn(page)
  t.ok(times.length >= least, `${name}: ${times.length} times, at least ${least}`)
  t.same(times.filter(({ text }) => !/:\d\d KST$/.test(text)), [], `${name}: each says its zone`)
  t.same(times.filter(({ title }) => title === null || !/\d.*\b(?:E[SD]T|GMT-[45])\b/.test(title)), [], `${name}: each says the reader's own time`)
}

async function personIn (browser: Browser, timezoneId: string): Promise<Person> {
  const context = await browser.newContext({ acceptDownloads: true, locale: 'ko-KR', timezoneId })
  const page = await context.newPage()
  const trouble: string[] = []
  page.on('pageerror', (error) => trouble.push(error.message))
  return { page, context, trouble }
}

t.test('times', { skip: browserMissing }, async (t) => {
  const { app, cast, opened, open } = await makePortalTown(t)
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })

  await t.test('public pages', async (t) => {
    const { page } = await personIn(browser, FAR)
    for (const lang of ['ko', 'en']) {
      for (const [path, least] of [['/', 3], ['/tenders', 3], [`/tenders/${opened}`, 10], [`/tenders/${open}`, 6]] as const) {
        await page.goto(`${app.baseUrl}${path}?lang=${lang}`)
        await expectTimes(t, page, { name: `${path} ${lang}`, least })
      }
    }
    await page.goto(`${app.baseUrl}/tenders/${opened}?lang=en`)
    // 11:00 in Korea, in winter.
    const time = page.locator('time', { hasText: '2026-11-24 11:00 KST' }).first()
    t.match(await time.getAttribute('title'), /^Nov 23, 2026, 9:00:00\sPM EST$/)
    await page.context().close()
  })

  await t.test('who has no mouse sees the own times beside Korea\'s, on every page from then on', async (t) => {
    const { page } = await personIn(browser, FAR)
    await page.goto(`${app.baseUrl}/tenders/${opened}?lang=en`)
    const beside = async (): Promise<string> =>
      await page.locator('main time', { hasText: '2026-11-24 11:00 KST' }).first().evaluate((time) => getComputedStyle(time, '::after').content)
    t.equal(await beside(), 'none')
    const button = page.getByRole('button', { name: 'Show times in my own zone too' })
    await button.focus()
    await page.keyboard.press('Enter')
    t.match(await beside(), /^" \(Nov 23, 2026, 9:00:00\sPM EST\)"$/)
    await page.goto(`${app.baseUrl}/tenders/${opened}?lang=en`)
    t.not(await beside(), 'none', 'it is remembered')
    t.equal(await button.getAttribute('aria-pressed'), 'true')
    await page.setViewportSize({ width: 390, height: 844 })
    t.notOk(await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), 'and fits a phone')
    await button.click()
    t.equal(await beside(), 'none')
    await page.context().close()
  })

  await t.test('a reader in Korea needs no other time', async (t) => {
    const { page } = await personIn(browser, NEAR)
    await page.goto(`${app.baseUrl}/tenders/${opened}`)
    t.ok((await timesOn(page)).length > 9)
    t.equal(await page.locator('time[title]').count(), 0)
    t.ok(await page.locator('#own-times').isHidden(), 'nor a way to ask for it')
    await page.context().close()
  })

  await t.test('what scripts show to a supplier', async (t) => {
    const { page, trouble } = await personIn(browser, FAR)
    await register(page, { app, cast }, { ...HOSTILE_COMPANY, businessNumber: '1138100004' })
    await expectTimes(t, page, { name: '/register/status', least: 3 })
    await page.goto(`${app.baseUrl}/login`)
    await page.waitForSelector('#keys button')
    await expectTimes(t, page, { name: '/login', least: 2 })
    await logIn(page, app)
    await page.goto(`${app.baseUrl}/tenders/${open}/bid`)
    await fillBid(page, { amount: '27,600,000', picks: [1, 2] })
    await page.click('#seal')
    await waitForView(page, 'accepted')
    await expectTimes(t, page, { name: 'the receipt', least: 4 })
    await page.goto(`${app.baseUrl}/my`)
    await page.waitForSelector('#bids tr')
    await page.waitForSelector('#certificate:not([hidden])')
    await expectTimes(t, page, { name: '/my', least: 6 })
    t.same(trouble, [])
    await page.context().close()
  })

  await t.test('what scripts show to officers', async (t) => {
    const chief = await personIn(browser, FAR)
    const officer = await personIn(browser, FAR)
    await applyAsOfficer(chief, app, { name: '둘째 플랫폼', role: 'platform' })
    const { api } = await cast.login(cast.chief)
    const { items: [second] } = await api.get<{ items: Array<{ registrationId: string }> }>('/v1/registrations', { status: 'pending' })
    await api.post(`/v1/registrations/${second?.registrationId ?? ''}/approval`, {})
    await applyAsOfficer(officer, app, { name: '한집행', role: 'executing' })
    await seeStatus(chief.page, 'approved')
    await logInAsOfficer(chief, app, '/desk/approvals')
    await chief.page.waitForSelector('[data-approve]')
    await expectTimes(t, chief.page, { name: '/desk/approvals', least: 3 })
    await approveAll(chief, app)
    await chief.page.goto(`${app.baseUrl}/desk/outages`)
    await chief.page.waitForSelector('#desk-body:not([hidden])')
    await chief.page.fill('#outageFrom', '2026-11-24T10:30')
    await chief.page.fill('#outageRecovered', '2026-11-24T10:45')
    await chief.page.click('#preview-form button')
    await chief.page.waitForSelector('#apply-form:not([hidden])')
    await chief.page.fill('#outageReason', '통신 장애')
    await chief.page.click('#apply-form button')
    await chief.page.waitForSelector('#past tr')
    await expectTimes(t, chief.page, { name: '/desk/outages', least: 4 })

    await seeStatus(officer.page, 'approved')
    await logInAsOfficer(officer, app, '/desk/tenders/new')
    await fillNotice(officer.page, {
      title: '청사 보수공사', estimated: '26,980,000', base: '29,678,000', questionsFrom: '2026-12-07T09:00', closes: '2026-12-07T10:00', opens: '2026-12-07T11:00'
    })
    await officer.page.click('form.draft button[type=submit]')
    await officer.page.waitForURL('**/desk/tenders/R*')
    await officer.page.waitForSelector('#members tr')
    await expectTimes(t, officer.page, { name: '/desk/tenders/ID', least: 4 })
    await officer.page.goto(`${app.baseUrl}/desk`)
    await officer.page.waitForSelector('#list-now tr')
    await expectTimes(t, officer.page, { name: '/desk', least: 3 })
    await officer.page.goto(`${app.baseUrl}/desk/audit?tender=${opened}`)
    await officer.page.waitForSelector('#entries tr')
    await expectTimes(t, officer.page, { name: '/desk/audit', least: 10 })
    t.same([...chief.trouble, ...officer.trouble], [])
  })
})
