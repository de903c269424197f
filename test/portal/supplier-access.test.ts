/** The supplier's pages at every point of the job: no accessibility fault in either language, colour scheme and width, and a way by keyboard. */
import type { Page } from 'playwright-core'
import t from 'tap'
import { draftFor, makeCast } from '../support/actors.ts'
import { expectAccessible, type Lang } from '../support/axe.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { fillBid, fillCompany, HOSTILE_COMPANY, logIn, makeKey, register, waitForView } from '../support/portal-supplier.ts'
import { publishDraft } from '../support/stage.ts'

t.test('the supplier\'s pages', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 0 })
  const stage = { app, cast }
  const [open, lines] = [await publishDraft(stage, draftFor(cast)), await publishDraft(stage, draftFor(cast, { unitPrices: [{ name: '아스콘', unit: '톤', quantity: 10 }] }))]
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const context = await browser.newContext({ bypassCSP: true })
  const page = await context.newPage()

  /** The same page in both languages would lose what is typed: the look changes on the page as it stands. */
  const look = async (name: string, lang: Lang, which: Page = page): Promise<void> => { await expectAccessible(t, which, name, lang) }

  for (const lang of ['ko', 'en'] as const) {
    await page.goto(`${app.baseUrl}/register?lang=${lang}`)
    await page.evaluate(() => { sessionStorage.clear() })
    await page.reload()
    await page.waitForSelector('#registration:not([hidden])')
    await page.click('.step:not([hidden]) [data-next]')
    await look('register-company', lang)
    await fillCompany(page, HOSTILE_COMPANY)
    await look('register-key', lang)
    await makeKey(page)
    await look('register-check', lang)
  }
  await page.close()
  await context.close()

  const people = await browser.newContext({ bypassCSP: true })
  const supplier = await people.newPage()
  await register(supplier, stage, HOSTILE_COMPANY)
  for (const lang of ['ko', 'en'] as const) {
    for (const [name, path] of [['status', '/register/status'], ['login', '/login']] as const) {
      await supplier.goto(`${app.baseUrl}${path}?lang=${lang}`, { waitUntil: 'networkidle' })
      await look(name, lang, supplier)
    }
    await logIn(supplier, app)
    await supplier.goto(`${app.baseUrl}/tenders/${open}/bid?lang=${lang}`)
    await waitForView(supplier, 'form')
    await supplier.click('#bid-form button[type=submit]')
    await look('bid-faults', lang, supplier)
    await fillBid(supplier, { amount: '27600000', picks: [3, 7] })
    await look('bid-confirm', lang, supplier)
    await supplier.goto(`${app.baseUrl}/tenders/${lines}/bid?lang=${lang}`)
    await waitForView(supplier, 'form')
    await supplier.click('#bid-form button[type=submit]')
    await look('bid-lines', lang, supplier)
    t.match(await supplier.locator('input[name=pick]').first().boundingBox(), { width: 24, height: 24 }, 'a box that a finger can tick')
    await supplier.fill('#unit-price-0', '2,760,000.01')
    await supplier.check('input[name=pick][value="1"]')
    await supplier.check('input[name=pick][value="8"]')
    await supplier.click('#bid-form button[type=submit]')
    await waitForView(supplier, 'confirm')
    await look('bid-lines-confirm', lang, supplier)
  }

  await t.test('by keyboard alone', async (t) => {
    await supplier.goto(`${app.baseUrl}/tenders/${open}/bid?lang=ko`)
    await waitForView(supplier, 'form')
    await supplier.focus('#amount')
    await supplier.keyboard.type('27600000')
    for (const key of ['Tab', 'Space', 'Tab', 'Space', 'Enter']) await supplier.keyboard.press(key)
    await waitForView(supplier, 'confirm')
    t.equal(await supplier.evaluate(() => document.activeElement?.tagName), 'H2', 'the summary is where the focus goes')
    t.match(await supplier.textContent('#sealed-part'), '1, 2')
    for (const key of ['Tab', 'Space', 'Enter']) await supplier.keyboard.press(key)
    await waitForView(supplier, 'accepted')
  })

  for (const lang of ['ko', 'en'] as const) {
    await supplier.goto(`${app.baseUrl}/tenders/${open}/bid?lang=${lang}`)
    await waitForView(supplier, 'accepted')
    await supplier.click('#withdrawal summary')
    await look('bid-accepted', lang, supplier)
    await supplier.goto(`${app.baseUrl}/my?lang=${lang}`)
    await supplier.waitForSelector('#certificate:not([hidden])')
    await look('my', lang, supplier)
  }
})
