/**
 * What goes wrong while a supplier registers and bids, in a real browser: lost answers, ended sessions, impatient hands, a wrong
 * clock, refusals. In none of it is a bid submitted twice, lost, or said to be what it is not.
 */
import type { BrowserContext, Page } from 'playwright-core'
import t from 'tap'
import { parseEnvelope } from '../../src/crypto/envelope.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { publish, updateDraft } from '../../src/client/ceremony.ts'
import { listPending, reject } from '../../src/client/registration.ts'
import { formatKst } from '../../src/domain/time.ts'
import { listBids } from '../../src/storage/bids.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { downloadBy, fillBid, fillCompany, logIn, makeKey, register, seeStatus, waitForView } from '../support/portal-supplier.ts'
import { publishDraft, scheduleOf } from '../support/stage.ts'

const COMPANY = { companyName: '주식회사 한강', businessNumber: '2208162517', representative: '홍길동' }
const BID = { amount: '27600000', picks: [3, 7] }
const SESSION_MS = 30 * 60_000

t.test('troubles', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 1 })
  const stage = { app, cast }
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const context: BrowserContext = await browser.newContext({ locale: 'ko-KR' })

  const newTender = async (change: Partial<TenderDraft> = {}): Promise<TenderId> =>
    await publishDraft(stage, draftFor(cast, { schedule: scheduleOf('2026-11-25'), ...change }))
  const bidPage = async (tenderId: TenderId, lang = 'ko'): Promise<Page> => {
    const page = await context.newPage()
    await logIn(page, app)
    await page.goto(`${app.baseUrl}/tenders/${tenderId}/bid?lang=${lang}`)
    return page
  }
  const stored = async (tenderId: TenderId): Promise<string[]> =>
    (await listBids(app.context.db.read, tenderId)).map(({ envelope }) => envelope.toString())
  const posts = (page: Page): string[] => {
    const sent: string[] = []
    page.on('request', (request) => { if (request.method() === 'POST' && request.url().endsWith('/bids')) sent.push(request.postData() ?? '') })
    return sent
  }

  await t.test('a registration that is refused says so beside its fields, in both languages, and nothing typed is lost', async (t) => {
    const taken = cast.suppliers[0]?.identity.holderId ?? ''
    const page = await (await browser.newContext({ locale: 'en-GB' })).newPage()
    await page.goto(`${app.baseUrl}/register?lang=en`)
    await page.waitForSelector('#registration:not([hidden])')
    await page.click('.step:not([hidden]) [data-next]')
    t.equal(await page.textContent('#companyName-error'), 'Please fill this in.')
    t.equal(await page.evaluate(() => document.activeElement?.id), 'companyName', 'the first fault has the focus')
    t.match(await page.getAttribute('#companyName', 'aria-describedby'), 'companyName-error')
    await page.fill('#businessNumber', '123-45-67890')
    t.equal(await page.inputValue('#businessNumber'), '1234567890', 'hyphens are taken out')
    t.match(await page.textContent('#businessNumber-error'), 'check digit is wrong', 'while typing')
    await fillCompany(page, { ...COMPANY, businessNumber: taken })
    await makeKey(page)
    await page.click('#send')
    await page.waitForSelector('#businessNumber[aria-invalid=true]')
    t.match(await page.textContent('#businessNumber-error'), 'is registered and its certificate is valid')
    await page.goto(`${app.baseUrl}/register?lang=ko`)
    await page.waitForSelector('#registration:not([hidden])')
    t.equal(await page.inputValue('#companyName'), COMPANY.companyName, 'typed text outlives a change of language')
    t.equal(await page.inputValue('#contactEmail'), 'a@example.kr')
    for (let step = 0; step < 2; step++) await page.click('.step:not([hidden]) [data-next]')
    await page.check('#backupKept')
    await page.click('.step:not([hidden]) [data-next]')
    await page.click('#send')
    await page.waitForSelector('#businessNumber[aria-invalid=true]')
    t.match(await page.textContent('#businessNumber-error'), '이미 등록되어 유효한 인증서가 있는 사업자입니다')
    await page.context().close()
  })

  await t.test('a rejected application shows the officer\'s reason as text', async (t) => {
    const page = await (await browser.newContext({ locale: 'ko-KR' })).newPage()
    await page.goto(`${app.baseUrl}/register`)
    await fillCompany(page, { ...COMPANY, businessNumber: '1248100998' })
    await makeKey(page)
    await page.click('#send')
    await page.waitForSelector('[data-status=pending]')
    const { api } = await cast.login(cast.chief)
    const [{ registrationId = '' } = {}] = await listPending(api)
    await reject(api, { registrationId, reason: '사업자등록증이 <i>없음</i>' })
    await seeStatus(page, 'rejected')
    t.match(await page.textContent('#applications'), '사업자등록증이 <i>없음</i>')
    t.equal(await page.isVisible('#refresh'), false, 'what is decided is not asked for again')
    await page.context().close()
  })

  const first = await context.newPage()
  await register(first, stage, COMPANY)
  await first.close()

  await t.test('a lost answer: the bid is kept as it was sealed, and sent again it gets the receipt that was lost', async (t) => {
    const tenderId = await newTender()
    const page = await bidPage(tenderId)
    const sent = posts(page)
    await page.route('**/v1/tenders/*/bids', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    }, { times: 1 })
    await fillBid(page, BID)
    await page.click('#seal')
    await waitForView(page, 'unsent')
    t.equal((await stored(tenderId)).length, 1, 'the server has it, and the browser does not know')
    await page.click('#send-again')
    await waitForView(page, 'accepted')
    t.equal(sent.length, 2)
    t.equal(sent[0], sent[1], 'the same envelope')
    t.same(await stored(tenderId), [sent[0]], 'one bid')
    await page.close()
  })

  await t.test('no network at all: the sealed bid waits in the browser, is listed, and goes out on return', async (t) => {
    const tenderId = await newTender()
    const page = await bidPage(tenderId)
    await page.route('**/v1/tenders/*/bids', async (route) => { await route.abort('internetdisconnected') })
    await fillBid(page, BID)
    await page.click('#seal')
    await waitForView(page, 'unsent')
    t.equal((await stored(tenderId)).length, 0)
    await page.close()
    const later = await context.newPage()
    await later.goto(`${app.baseUrl}/my`)
    t.match(await later.waitForSelector('#unsent:not([hidden])').then(async (part) => await part.textContent()), tenderId)
    await logIn(later, app)
    await later.goto(`${app.baseUrl}/tenders/${tenderId}/bid`)
    await waitForView(later, 'accepted')
    t.equal((await stored(tenderId)).length, 1)
    await later.close()
  })

  await t.test('the session ends while the form is filled in: the bid goes out after the next login, once', async (t) => {
    const tenderId = await newTender()
    const page = await bidPage(tenderId)
    await fillBid(page, BID)
    app.clock.advance(SESSION_MS + 1)
    await page.click('#seal')
    await waitForView(page, 'unsent')
    t.match(await page.textContent('#bid-error'), '세션이 만료되었습니다')
    t.equal(await page.getAttribute('#session', 'data-state'), 'ended')
    t.equal((await stored(tenderId)).length, 0)
    const sent = posts(page)
    await page.click('#send-login')
    await page.click('#keys button')
    await page.waitForURL(`**/tenders/${tenderId}/bid*`)
    await waitForView(page, 'accepted')
    t.same(await stored(tenderId), sent, 'what was sealed before is what was sent')
    await page.close()
  })

  await t.test('a double click, a reload and the back button submit nothing twice', async (t) => {
    const tenderId = await newTender()
    const page = await bidPage(tenderId)
    const sent = posts(page)
    await page.waitForSelector('#bid[data-shown=form]')
    await page.fill('#amount', BID.amount)
    for (const number of BID.picks) await page.check(`input[name=pick][value="${number}"]`)
    await page.dblclick('#bid-form button[type=submit]')
    await waitForView(page, 'confirm')
    await page.goBack()
    await waitForView(page, 'form')
    t.equal(await page.inputValue('#amount'), BID.amount, 'back from the summary the form is as it was')
    await page.click('#bid-form button[type=submit]')
    await waitForView(page, 'confirm')
    await page.check('#confirmed')
    await page.dblclick('#seal')
    await waitForView(page, 'accepted')
    await page.goBack()
    await waitForView(page, 'accepted')
    await page.reload()
    await waitForView(page, 'accepted')
    await page.goBack().catch(() => null)
    await page.goForward().catch(() => null)
    await waitForView(page, 'accepted')
    t.equal(sent.length, 1)
    t.equal((await stored(tenderId)).length, 1)
    await page.close()
  })

  await t.test('two windows seal two bids: one stands, and the other says so', async (t) => {
    const tenderId = await newTender()
    const [one, other] = [await bidPage(tenderId), await bidPage(tenderId)]
    await fillBid(one, BID)
    await fillBid(other, { amount: '27700000', picks: [1, 2] })
    await one.click('#seal')
    await waitForView(one, 'accepted')
    await other.click('#seal')
    await waitForView(other, 'accepted')
    t.equal(await one.isVisible('#other-stands'), false)
    t.equal(await other.isVisible('#other-stands'), true, 'the second is told that not its own bid stands')
    t.equal((await stored(tenderId)).length, 1)
    await one.close()
    await other.close()
  })

  await t.test('a wrong clock on the machine changes nothing', async (t) => {
    const tenderId = await newTender()
    const page = await context.newPage()
    await page.clock.setFixedTime('2031-02-03T04:05:06Z')
    await logIn(page, app)
    await page.goto(`${app.baseUrl}/tenders/${tenderId}/bid`)
    await fillBid(page, BID)
    await page.click('#seal')
    await waitForView(page, 'accepted')
    const [envelope = ''] = await stored(tenderId)
    t.equal(parseEnvelope(envelope).payload.clientTime.slice(0, 13), formatKst(app.clock.now()).slice(0, 13), 'the envelope has the server\'s hour')
    await page.close()
  })

  await t.test('what the form lacks is said beside its fields, in both languages', async (t) => {
    const tenderId = await newTender()
    for (const [lang, amountText, picksText] of [['ko', '금액을 숫자로', '두 개를 고르십시오'], ['en', 'amount of 1 or more', 'Pick two numbers']] as const) {
      const page = await bidPage(tenderId, lang)
      await waitForView(page, 'form')
      await page.fill('#amount', '1.5')
      await page.click('#bid-form button[type=submit]')
      t.match(await page.textContent('#amount-error'), amountText)
      t.match(await page.textContent('#picks-error'), picksText)
      t.equal(await page.evaluate(() => document.activeElement?.id), 'amount')
      for (const number of [1, 2, 3]) await page.click(`input[name=pick][value="${number}"]`)
      t.equal(await page.locator('input[name=pick]:checked').count(), 2, 'a third number is not taken')
      t.not(await page.textContent('#picks-error'), '', 'and the form says why')
      await page.close()
    }
  })

  await t.test('a refusal of the server is said in both languages, and the form is as it was', async (t) => {
    const tenderId = await newTender({ eligibility: { linesOfBusiness: ['9999'], regions: [] } })
    for (const [lang, text] of [['ko', /[가-힣]/], ['en', /line/i]] as const) {
      const page = await bidPage(tenderId, lang)
      await fillBid(page, BID)
      await page.click('#seal')
      await waitForView(page, 'refused')
      t.match(await page.textContent('#refusal'), text)
      await page.click('#start-again')
      await waitForView(page, 'form')
      t.equal(await page.inputValue('#amount'), BID.amount)
      await page.close()
    }
    t.equal((await stored(tenderId)).length, 0)
  })

  await t.test('changed terms: a bid sealed for the old ones is refused, and one for the new ones is taken', async (t) => {
    const tenderId = await newTender()
    const page = await bidPage(tenderId)
    await fillBid(page, BID)
    const draft = draftFor(cast, { title: '청사 보수공사, 정정', schedule: scheduleOf('2026-11-25'), changeReason: '공고명 정정' })
    const { api, identity } = await cast.login(cast.executing)
    await updateDraft(api, { tenderId, draft })
    await publish(api, cast.platform, { identity, tenderId, expected: draft, now: app.clock.now() })
    await page.click('#seal')
    await waitForView(page, 'refused')
    await page.click('#start-again')
    await fillBid(page, { ...BID, picks: [] })
    await page.click('#seal')
    await waitForView(page, 'accepted')
    t.equal((await stored(tenderId)).length, 1)
    await page.close()
  })

  await t.test('a withdrawal wants a reason and a tick, and shuts the form', async (t) => {
    const tenderId = await newTender()
    const page = await bidPage(tenderId, 'en')
    await fillBid(page, BID)
    await page.click('#seal')
    await waitForView(page, 'accepted')
    t.equal((await downloadBy(page, '#envelope-file')).bytes.toString(), (await stored(tenderId))[0], 'the sealed bid as it was sent')
    await page.click('#withdrawal summary')
    await page.click('#withdraw-form button')
    t.match(await page.textContent('#reason-error'), 'fill this in')
    t.match(await page.textContent('#withdrawConfirmed-error'), 'tick')
    await page.fill('#reason', '금액 오기')
    await page.check('#withdrawConfirmed')
    await page.click('#withdraw-form button')
    await waitForView(page, 'withdrawn')
    await page.reload()
    await waitForView(page, 'withdrawn')
    await page.close()
  })

  await t.test('logging out ends the session at the server, too', async (t) => {
    const page = await context.newPage()
    await logIn(page, app)
    const token = await page.evaluate(() => (JSON.parse(sessionStorage.getItem('bongin-session') ?? '{}') as { token: string }).token)
    t.notMatch(await page.evaluate(() => JSON.stringify(localStorage)), token, 'it is not in localStorage')
    t.equal(await page.evaluate(() => document.cookie.includes('bongin')), false, 'nor in a cookie')
    await page.click('#logout')
    await page.waitForURL('**/login')
    t.equal((await fetch(`${app.baseUrl}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status, 401)
    await page.close()
  })
})
