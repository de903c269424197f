/**
 * `/my/notifications` in a real browser: a search is saved from the search page, its notice comes, an address is verified, a webhook's secret is
 * shown once.
 */
import t from 'tap'
import { draftFor, makeCast } from '../support/actors.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, openBrowser, troubleOf } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { codeIn, lettersIn } from '../support/mailbox.ts'
import { HOSTILE_COMPANY, logIn, register } from '../support/portal-supplier.ts'
import { publishDraft } from '../support/stage.ts'

const HOSTILE_TITLE = '청사 보수공사 <img src=x onerror=alert(1)> & "도로"'

t.test('notifications in the browser', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const stage = { app, cast: await makeCast(app, { suppliers: 0 }) }
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const context = await browser.newContext({ bypassCSP: true, locale: 'ko-KR' })
  const page = await context.newPage()
  const trouble = troubleOf(page)
  await register(page, stage, HOSTILE_COMPANY)

  await page.goto(`${app.baseUrl}/tenders?q=보수공사&kind=works&region=경기도&estimatedUntil=30,000,000`)
  await page.click('a[href^="/my/notifications"]')
  await page.click('#session a')
  await page.waitForSelector('#keys button')
  await page.click('#keys button')
  await page.waitForSelector('#notifications:not([hidden])')
  t.equal(await page.inputValue('#q'), '보수공사', 'the search came along, through the login')
  t.equal(await page.inputValue('#kind'), 'works')
  t.equal(await page.inputValue('#region'), '경기도')
  t.equal(await page.inputValue('#estimatedUntil'), '30000000')
  await page.click('#search-form button')
  await page.waitForSelector('#searches li')
  t.match(await page.textContent('#searches li'), /보수공사.*경기도.*–30,000,000/)

  const tenderId = await publishDraft(stage, draftFor(stage.cast, { title: HOSTILE_TITLE }))
  await app.notifier.tick()
  await page.reload()
  await page.waitForSelector('#notice-rows tr')
  t.match(await page.textContent('#notice-rows'), tenderId)
  t.match(await page.textContent('#notice-rows'), '저장 검색: 보수공사')
  t.match(await page.textContent('#unread'), '읽지 않음: 1')
  await page.click('#mark-read')
  await page.waitForFunction('document.querySelector("#unread").textContent === ""')

  await page.click('#email-form button')
  t.equal(await page.textContent('#address-error'), '입력하십시오.', 'what a field lacks stands beside it')
  await page.fill('#address', 'nobody')
  t.equal(await page.textContent('#address-error'), '', 'until it is changed')
  await page.click('#email-form button')
  t.equal(await page.textContent('#address-error'), '전자우편 주소 형식이 아닙니다.')
  t.equal(await page.getAttribute('#address', 'aria-invalid'), 'true')
  await page.fill('#address', 'bid@supplier.example')
  await page.click('#email-form button')
  await page.waitForSelector('#code-form:not([hidden])')
  await app.notifier.tick()
  await page.fill('#code', codeIn(lettersIn(app.dataDir)[0]))
  await page.click('#code-form button')
  await page.waitForFunction('document.querySelector("#email-state").textContent.includes("확인됨")')

  await page.fill('#url', 'http://10.0.0.1/')
  await page.click('#webhook-form button')
  await page.waitForFunction('document.querySelector("#url-error").textContent.includes("https")')
  t.equal(await page.getAttribute('#url', 'aria-invalid'), 'true', 'what the server refuses stands there as well')
  await page.fill('#url', 'https://hooks.example.kr/bongin')
  await page.click('#webhook-form button')
  await page.waitForSelector('#secret pre')
  t.match(await page.textContent('#secret pre'), /^whsec_/)

  for (const lang of ['ko', 'en'] as const) {
    await expectAccessible(t, page, 'notifications', lang)
    await page.goto(`${app.baseUrl}/my/notifications?lang=en`)
    await page.waitForSelector('#webhooks li')
    t.equal(await page.$('#secret pre'), null, 'not shown again')
  }
  await logIn(page, app)
  t.same(trouble, [])
})
