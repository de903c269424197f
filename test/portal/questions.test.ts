/**
 * Questions in a real browser: a supplier asks, what it typed outlives a login, a broken line and a second click; the executing officer
 * answers at its desk; the public reads both as text.
 */
import t from 'tap'
import { listQuestions } from '../../src/client/questions.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, MAX_SCRIPT_BYTES, openBrowser, scriptBytesOf } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { enrolAtPortal, officerIdOf, publishAtDesk } from '../support/portal-desk.ts'
import { newPerson } from '../support/portal-officer.ts'
import { HOSTILE_COMPANY, logIn, register } from '../support/portal-supplier.ts'

const QUESTION = '<img src=x onerror=alert(1)> 설계서 3쪽의 물량은\n무엇을 기준으로 합니까?'
const ANSWER = '<script>alert(2)</script> 단가산출서를 기준으로 합니다.'

t.test('questions in the browser', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 0 })
  const stage = { app, cast }
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const [supplier, executing, witness, reader] = [
    await newPerson(browser, { bypassCSP: true }), await newPerson(browser, { bypassCSP: true }), await newPerson(browser), await newPerson(browser)
  ]
  await register(supplier.page, stage, HOSTILE_COMPANY)
  await enrolAtPortal(executing, stage, { name: '이집행', role: 'executing' })
  await enrolAtPortal(witness, stage, { name: '박입회', role: 'witness' })
  const draft = draftFor(cast)
  const committee = { ...draft.committee, executing: await officerIdOf(executing), witness: await officerIdOf(witness) }
  const tenderId: TenderId = await publishAtDesk(app, { executing, witness, draft: { ...draft, committee } })
  const path = `/tenders/${tenderId}/ask`
  const texts = async (): Promise<string[]> => (await listQuestions(cast.publicApi, cast.platform, tenderId)).map(({ text }) => text)
  const { page } = supplier

  await t.test('what was typed is there after the login', async (t) => {
    await page.goto(`${app.baseUrl}/tenders/${tenderId}`)
    await page.click(`a[href="${path}"]`)
    await page.waitForSelector('#ask-login:not([hidden])')
    await page.fill('#question', QUESTION)
    await page.click('form[data-tender] button')
    t.not(await page.textContent('#question-error'), '', 'nobody is logged in')
    await page.click('#ask-login a')
    await page.click('#keys button')
    await page.waitForURL(`**${path}`)
    await page.waitForSelector('form[data-tender][data-ready]')
    t.equal(await page.inputValue('#question'), QUESTION)
    t.ok(await page.isHidden('#ask-login'))
    t.same(await texts(), [], 'nothing was sent before')
  })

  await t.test('what is refused stands beside the field, in both languages, and nothing is lost', async (t) => {
    for (const [lang, words] of [['en', /without control characters/], ['ko', /제어 문자/]] as const) {
      await page.goto(`${app.baseUrl}${path}?lang=${lang}`)
      await page.waitForSelector('form[data-tender][data-ready]')
      for (const bad of ['  ', '가'.repeat(2_001), 'a\u202eb']) {
        await page.fill('#question', bad)
        await page.click('form[data-tender] button')
        t.match(await page.textContent('#question-error'), words)
        t.equal(await page.getAttribute('#question', 'aria-invalid'), 'true')
        t.equal(await page.inputValue('#question'), bad)
      }
      await page.fill('#question', QUESTION)
      t.match(await page.textContent('#question-count'), `${QUESTION.length} / 2,000`)
      await page.route(`**/v1/tenders/${tenderId}/questions`, async (route) => {
        const problem = { code: 'question-invalid', title: 'Refused', titleKo: '거절', detail: 'No, without control characters.', detailKo: '제어 문자 거절' }
        await route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify(problem) })
      })
      await page.click('form[data-tender] button')
      await page.waitForSelector('#question[aria-invalid=true]')
      t.match(await page.textContent('#question-error'), words, 'the server\'s refusal, too')
      t.equal(await page.inputValue('#question'), QUESTION)
      await expectAccessible(t, page, 'ask-refused', lang)
      await page.unroute(`**/v1/tenders/${tenderId}/questions`)
    }
  })

  await t.test('an answer that is lost, and a double click: the question is asked once', async (t) => {
    await page.route(`**/v1/tenders/${tenderId}/questions`, async (route) => {
      await route.fetch()
      await route.abort()
    })
    await page.click('form[data-tender] button')
    await page.waitForSelector('#ask-error:not(:empty)')
    await page.unroute(`**/v1/tenders/${tenderId}/questions`)
    t.same(await texts(), [QUESTION], 'it had arrived')
    t.equal(await page.inputValue('#question'), QUESTION, 'the page cannot know, and keeps it')
    await page.dblclick('form[data-tender] button')
    await page.waitForSelector('#ask-done:not(:empty)')
    t.match(await page.textContent('#ask-done'), /이미 등록.* 1\./)
    t.equal(await page.inputValue('#question'), '')
    await page.fill('#question', '현장 설명은 언제 합니까?')
    await page.dblclick('form[data-tender] button')
    await page.waitForFunction(() => document.querySelector('#ask-done')?.textContent?.includes('2.'))
    t.same(await texts(), [QUESTION, '현장 설명은 언제 합니까?'])
    await page.reload()
    await page.waitForSelector('form[data-tender][data-ready]')
    t.equal(await page.inputValue('#question'), '', 'what was asked is not offered again')
  })

  await t.test('the desk hears of it, and the executing officer answers once', async (t) => {
    const { page } = executing
    await page.waitForSelector('#open-questions-list li[data-number="2"]')
    t.equal(await page.textContent('#open-questions-list li[data-number="1"] .words'), QUESTION, 'as text')
    t.ok(await witness.page.isHidden('#open-questions'), 'nobody else answers')
    await page.click('li[data-number="1"] button')
    t.not(await page.textContent('#answer-1-error'), '')
    await page.fill('#answer-1', 'a\u202eb')
    await page.click('li[data-number="1"] button')
    t.match(await page.textContent('#answer-1-error'), /제어 문자/)
    for (const lang of ['en', 'ko'] as const) {
      await page.fill('#answer-1', ANSWER)
      await page.goto(`${app.baseUrl}/desk/tenders/${tenderId}?lang=${lang}`)
      await page.waitForSelector('#answer-1')
      t.equal(await page.inputValue('#answer-1'), ANSWER, 'what was typed is kept')
      await expectAccessible(t, page, 'desk-questions', lang)
    }
    await page.route(`**/v1/tenders/${tenderId}/answers`, async (route) => {
      await route.fetch()
      const problem = { code: 'question-answered', title: 'Answered', titleKo: '이미 답변한 질의입니다.', detail: '', detailKo: '', field: '/payload/number' }
      await route.fulfill({ status: 409, contentType: 'application/problem+json', body: JSON.stringify(problem) })
    })
    await page.dblclick('li[data-number="1"] button')
    await page.waitForSelector('li[data-number="1"]', { state: 'detached' })
    await page.unroute(`**/v1/tenders/${tenderId}/answers`)
    await page.fill('#answer-2', '개찰 전날 합니다.')
    await page.dblclick('li[data-number="2"] button')
    await page.waitForSelector('#desk-done:not(:empty)')
    await page.waitForSelector('#open-questions-none:not([hidden])')
    const all = await listQuestions(cast.publicApi, cast.platform, tenderId)
    t.same(all.map(({ answer }) => answer?.text), [ANSWER, '개찰 전날 합니다.'], 'signed to these questions')
  })

  await t.test('the public reads both as text', async (t) => {
    await reader.page.goto(`${app.baseUrl}/tenders/${tenderId}`)
    t.equal(await reader.page.textContent('#question-1 .words'), QUESTION)
    t.match(await reader.page.textContent('#question-1'), ANSWER)
    t.notMatch(await reader.page.textContent('main'), HOSTILE_COMPANY.companyName, 'who asked is not there')
    t.equal(await reader.page.locator('#question-1 img, #question-1 script').count(), 0)
  })

  await t.test('no page loads more script at first than it may', async (t) => {
    const bytes = await scriptBytesOf(browser, app.baseUrl + path)
    t.ok(bytes > 0 && bytes <= MAX_SCRIPT_BYTES, `${path} loads ${bytes} bytes of script`)
  })

  await t.test('after the time for questions there is no form, and an old page is told so beside its field', async (t) => {
    app.clock.set('2026-11-24T09:20:00+09:00')
    await logIn(page, app)
    await page.goto(app.baseUrl + path)
    await page.waitForSelector('form[data-tender][data-ready]')
    await page.fill('#question', '늦은 질의')
    app.clock.set(draft.schedule.questionsUntil)
    await page.click('form[data-tender] button')
    await page.waitForSelector('#question[aria-invalid=true]')
    t.match(await page.textContent('#question-error'), '질의 기간은')
    for (const lang of ['en', 'ko'] as const) {
      await page.goto(`${app.baseUrl}${path}?lang=${lang}`)
      t.equal(await page.locator('form[data-tender]').count(), 0)
      await expectAccessible(t, page, 'ask-late', lang)
    }
    await page.goto(`${app.baseUrl}/tenders/${tenderId}`)
    t.equal(await page.locator(`a[href="${path}"]`).count(), 0)
  })

  t.same([supplier, executing, witness, reader].flatMap(({ trouble }) => trouble), [], 'no page has complained, no text has become script')
})
