/**
 * The whole job with browsers alone: a platform officer, an executing officer, a witness and suppliers, each in a profile of its own,
 * from the first registration over key ceremony, bids and opening to the award, and to the check of the opening by anybody.
 */
import t from 'tap'
import { sha256Hex } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import type { Notice } from '../../src/domain/notice.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { applyAsOfficer, approveAll, fillNotice, logInAsOfficer, newPerson, setMachineClock, type Person } from '../support/portal-officer.ts'
import { fillBid, fillCompany, logIn, makeKey, seeStatus, waitForView } from '../support/portal-supplier.ts'

const SUPPLIERS = [['주식회사 일호', '1018116406', '27600000'], ['주식회사 이호', '2208162517', '27900000']] as const
const OPENS_AT = '2026-11-24T11:00:00+09:00'

t.test('from registration to award, with browsers alone', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const person = async (): Promise<Person> => await newPerson(browser)
  const [chief, executing, witness, reader] = [await person(), await person(), await person(), await person()]
  const suppliers = await Promise.all(SUPPLIERS.map(person))
  const everybody = [chief, executing, witness, reader, ...suppliers]

  await t.test('everybody registers; the first officer is approved by the code, the others at the desk', async (t) => {
    await applyAsOfficer(chief, app, { name: '김플랫폼', role: 'platform', code: app.firstOfficerCode })
    await chief.page.waitForSelector('[data-status=approved]')
    await applyAsOfficer(executing, app, { name: '이집행', role: 'executing' })
    await applyAsOfficer(witness, app, { name: '박입회', role: 'witness' })
    for (const [i, [companyName, businessNumber]] of SUPPLIERS.entries()) {
      const { page } = suppliers[i] as Person
      await page.goto(`${app.baseUrl}/register`)
      await fillCompany(page, { companyName, businessNumber, representative: '대표' })
      await makeKey(page)
      await page.click('#send')
      await page.waitForURL('**/register/status')
    }
    await logInAsOfficer(chief, app)
    t.equal(await approveAll(chief, app), 4)
    for (const { page } of [executing, witness, ...suppliers]) {
      await seeStatus(page, 'approved')
    }
    // Logging in publishes the encryption key, without which nobody sits on a committee.
    await logInAsOfficer(witness, app)
    await logInAsOfficer(executing, app)
  })

  let tenderId = ''
  await t.test('the executing officer drafts, both make their keys, and the notice is published', async (t) => {
    await executing.page.goto(`${app.baseUrl}/desk/tenders/new`)
    await fillNotice(executing.page, {
      title: '청사 보수공사', estimated: '26,980,000', base: '29,678,000', questionsFrom: '2026-11-24T09:00', closes: '2026-11-24T10:00', opens: '2026-11-24T11:00'
    })
    await executing.page.setInputFiles('#files', { name: '설계서.txt', mimeType: 'text/plain', buffer: Buffer.from('설계') })
    await executing.page.waitForSelector('#attached li')
    await executing.page.click('form.draft button[type=submit]')
    await executing.page.waitForURL('**/desk/tenders/R*')
    tenderId = executing.page.url().split('/').at(-1) ?? ''
    await executing.page.click('#contribute')
    await executing.page.waitForSelector('[data-part=there]')
    await witness.page.goto(`${app.baseUrl}/desk`)
    await witness.page.click(`#list-now a[href="/desk/tenders/${tenderId}"]`)
    await witness.page.click('#contribute')
    await witness.page.waitForFunction(() => document.querySelectorAll('[data-part=there]').length === 2)
    // The executing officer's page sees it by itself.
    await executing.page.waitForSelector('#publication:not([hidden])')
    await executing.page.click('#review-notice')
    await executing.page.waitForSelector('#publication-form:not([hidden])')
    const reviewed = await executing.page.textContent('#notice-digest')
    app.clock.advance(60_000)
    await executing.page.check('#noticeChecked')
    await executing.page.click('#publication-form button[type=submit]')
    await executing.page.waitForSelector('#desk-body[data-state=published]')
    await reader.page.goto(`${app.baseUrl}/tenders/${tenderId}`)
    t.match(await reader.page.textContent('main'), '설계서.txt')
    const published = await reader.page.request.get(`${app.baseUrl}/v1/tenders/${tenderId}`)
    const { notice } = await published.json() as { notice: Notice }
    t.equal(sha256Hex(canonicalBytes(notice)), reviewed, 'what was signed is what was looked at')
  })

  await t.test('suppliers bid', async () => {
    for (const [i, [, , amount]] of SUPPLIERS.entries()) {
      const { page } = suppliers[i] as Person
      await logIn(page, app)
      await page.goto(`${app.baseUrl}/tenders/${tenderId}/bid`)
      await fillBid(page, { amount, picks: [1 + i, 8] })
      await page.click('#seal')
      await waitForView(page, 'accepted')
    }
  })

  await t.test('both reveal at the opening time, and the lowest valid bidder is awarded', async (t) => {
    app.clock.set(parseInstant(OPENS_AT))
    await app.scheduler.tick()
    for (const who of [executing, witness]) {
      await setMachineClock(who, app.clock.now())
      await logInAsOfficer(who, app, `/desk/tenders/${tenderId}`)
      await who.page.click('#reveal')
      await who.page.waitForSelector('#desk-done:not(:empty)')
    }
    const { page } = executing
    await page.waitForSelector('#evaluation-form:not([hidden])')
    const first = (await page.textContent('#next-name .code')) ?? ''
    await page.check('input[name=qualified][value=yes]')
    await page.fill('#judgementReason', '제출 서류 이상 없음')
    await page.click('#evaluation-form button[type=submit]')
    await page.waitForSelector('#award-form:not([hidden])')
    await page.fill('#awardReason', '낙찰하한가 이상 최저가')
    await page.click('#award-form button[type=submit]')
    await page.waitForSelector('#desk-body[data-state=awarded]')
    t.match(await page.textContent('#desk-done'), first)
    t.equal(first, SUPPLIERS[0][1])
  })

  await t.test('anybody checks the opening in a browser of their own', async (t) => {
    await reader.page.goto(`${app.baseUrl}/tenders/${tenderId}/verify`)
    await reader.page.click('#start')
    await reader.page.waitForSelector('#verdict[data-state=ok]')
    await reader.page.goto(`${app.baseUrl}/desk/audit?tender=${tenderId}`)
    await reader.page.waitForSelector('#audit-verdict[data-state=ok]')
    t.equal(await reader.page.locator('[data-fault]:not([data-fault=none])').count(), 0)
  })

  t.same(everybody.flatMap(({ trouble }) => trouble), [], 'no page has complained')
})
