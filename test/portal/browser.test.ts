/** The public pages in a real browser: no accessibility fault in either language or colour scheme, no error, no shift, a live line. */
import t from 'tap'
import { askQuestion } from '../../src/client/questions.ts'
import { getTender } from '../../src/client/tenders.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { makePortalTown } from '../support/portal-town.ts'

t.test('public pages', { skip: browserMissing }, async (t) => {
  const { app, cast, opened, open } = await makePortalTown(t)
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const tenders = ['/tenders', '/tenders?region=경기도&estimatedFrom=many&closesFrom=someday', `/tenders/${opened}`, `/tenders/${open}`]
  const paths = ['/', ...tenders, '/help', '/nowhere', '/statistics', '/agencies/1230000', `/suppliers/${cast.suppliers[0]?.identity.holderId ?? ''}`]

  for (const lang of ['ko', 'en'] as const) {
    t.test(`accessibility: ${lang}`, async (t) => {
      const context = await browser.newContext({ bypassCSP: true })
      const page = await context.newPage()
      const errors: string[] = []
      page.on('pageerror', (error) => errors.push(error.message))
      for (const path of paths) {
        await page.goto(`${app.baseUrl}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`)
        await expectAccessible(t, page, path, lang)
        t.same(errors, [], `${path}: no error`)
      }
      await context.close()
    })
  }

  t.test('the policy lets our own scripts run, and the line is live', async (t) => {
    const page = await browser.newPage()
    const refused: string[] = []
    page.on('console', (message) => { if (message.type() === 'error') refused.push(message.text()) })
    await page.goto(`${app.baseUrl}/tenders/${open}?lang=en`)
    await page.waitForSelector('#live[data-state=live]')
    t.match(await page.textContent('[data-until]'), /\d\d:\d\d:\d\d/, 'the countdown runs')
    t.same(refused, [], 'nothing was refused')
    await page.close()
  })

  t.test('without script the public pages say the same', async (t) => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${app.baseUrl}/tenders/${opened}?lang=en`)
    t.equal(await page.locator('tr.first').count(), 1, 'the winner\'s row')
    await page.goto(`${app.baseUrl}/?lang=en`)
    await page.fill('#q', '공사')
    await page.click('button[type=submit]')
    t.match(page.url(), '/tenders?q=', 'a search works')
    await page.click('details summary')
    await page.fill('#estimatedUntil', '1,000')
    await page.click('button[type=submit]')
    t.match(page.url(), /q=.*&estimatedUntil=1%2C000/, 'and is narrowed')
    t.equal(await page.inputValue('#estimatedUntil'), '1,000', 'with what was typed still there')
    t.equal(await page.locator('tbody tr').count(), 0)
    await context.close()
  })

  t.test('by keyboard alone the first stop skips to the content', async (t) => {
    const page = await browser.newPage()
    await page.goto(`${app.baseUrl}/?lang=en`)
    await page.keyboard.press('Tab')
    t.equal(await page.evaluate(() => document.activeElement?.className), 'skip')
    await page.keyboard.press('Enter')
    t.equal(await page.evaluate(() => document.activeElement?.id), 'content')
    await page.close()
  })

  t.test('a page that comes back out of the browser\'s cache takes the line up again, and misses nothing', async (t) => {
    const page = await browser.newPage()
    await page.goto(`${app.baseUrl}/tenders/${open}?lang=en`)
    await page.waitForSelector('#live[data-state=live]')
    const turn = async (type: 'pagehide' | 'pageshow'): Promise<void> => {
      await page.evaluate((name) => { dispatchEvent(new PageTransitionEvent(name, { persisted: true })) }, type)
    }
    await turn('pagehide')
    app.clock.set(parseInstant((await getTender(cast.publicApi, open)).notice.schedule.questionsFrom))
    const { api } = await cast.login(cast.suppliers[0] ?? cast.executing)
    await askQuestion(api, { tenderId: open, text: '납품 장소는 어디입니까?' })
    t.equal(await page.locator('#live a').count(), 0, 'meanwhile it hears nothing')
    await turn('pageshow')
    await page.waitForSelector('#live[data-state=stale] a')
    t.equal(await page.textContent('#live a'), 'There is news. Reload')
    await page.close()
  })
})
