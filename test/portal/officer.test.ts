/**
 * The officers' pages in a real browser, at every point of the job: faults stand beside their fields and nothing is lost, a click is
 * an act once, keys do not leave, time is held by two clocks; no accessibility fault in either language, colour scheme and width.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import t from 'tap'
import { contribute } from '../../src/client/ceremony.ts'
import { myTenders } from '../../src/client/desk.ts'
import { revealShares } from '../../src/client/openings.ts'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { makeCast } from '../support/actors.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, MAX_SCRIPT_BYTES, openBrowser, scriptBytesOf } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { cli } from '../support/cli.ts'
import { applyAsOfficer, approveAll, fillNotice, logInAsOfficer, newPerson, setMachineClock } from '../support/portal-officer.ts'
import { PASSPHRASE, seeStatus } from '../support/portal-supplier.ts'

const HOSTILE = '청사 <img src=x onerror=alert(1)> & "보수"공사'
const [CLOSES_AT, OPENS_AT] = ['2026-11-24T10:00:00+09:00', '2026-11-24T11:00:00+09:00']
const NOTICE = {
  title: HOSTILE, estimated: '26,980,000', base: '29,678,000', questionsFrom: '2026-11-24T09:00', closes: '2026-11-24T10:00', opens: '2026-11-24T11:00'
}
const at = (path: string): string => `[id="${path}"]`

t.test('the officers\' pages', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 2 })
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const officer = await newPerson(browser, { bypassCSP: true })
  const { page } = officer

  /** As the page stands, in two looks. */
  const look = async (name: string, which: Page = page): Promise<void> => { await expectAccessible(t, which, name) }
  /** The page anew in both languages; ends with Korean. */
  const lookBoth = async (name: string, ready: string, which: Page = page): Promise<void> => {
    for (const lang of ['en', 'ko'] as const) {
      const url = new URL(which.url())
      url.searchParams.set('lang', lang)
      await which.goto(url.toString())
      await which.waitForSelector(ready)
      await expectAccessible(t, which, name, lang)
    }
  }

  let backup: Buffer = Buffer.alloc(0)
  await t.test('registration: a role has to be chosen; the keys stay in the browser', async (t) => {
    await page.goto(`${app.baseUrl}/register/officer`)
    await page.click('.step:not([hidden]) [data-next]')
    t.not(await page.textContent('#role-executing-error'), '')
    await lookBoth('register-officer', '#registration:not([hidden])')
    backup = await applyAsOfficer(officer, app, { name: '한집행', role: 'executing' })
    await page.waitForSelector('[data-status=pending]')
    const found = await page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('bongin')
        request.onsuccess = () => { resolve(request.result) }
      })
      interface Kept { privateKey: CryptoKey, encryption: { wrappingKey: CryptoKey, ciphertext: ArrayBuffer } }
      const [kept] = await new Promise<Kept[]>((resolve) => {
        const request = db.transaction('keys').objectStore('keys').getAll()
        request.onsuccess = () => { resolve(request.result as never) }
      })
      if (kept === undefined) throw new Error('no key')
      const { privateKey, encryption: { wrappingKey, ciphertext } } = kept
      return { signing: privateKey.extractable, wrapping: wrappingKey.extractable, bytes: ciphertext.byteLength }
    })
    t.same(found, { signing: false, wrapping: false, bytes: 48 }, 'neither key can be exported; the encryption key lies there encrypted')
  })

  await t.test('approvals: one is rejected with a reason, one approved', async (t) => {
    const chief = await newPerson(browser, { bypassCSP: true })
    await applyAsOfficer(chief, app, { name: '두번째 <b>플랫폼</b>', role: 'platform' })
    const other = await newPerson(browser)
    await applyAsOfficer(other, app, { name: '모르는 사람', role: 'witness' })
    const { api } = await cast.login(cast.chief)
    const { items } = await api.get<{ items: Array<{ registrationId: string, profile: { name: string } }> }>('/v1/registrations', { status: 'pending' })
    const second = items.find(({ profile }) => profile.name.startsWith('두번째'))
    await api.post(`/v1/registrations/${second?.registrationId ?? ''}/approval`, {})
    await seeStatus(chief.page, 'approved')
    await logInAsOfficer(chief, app, '/desk/approvals')
    await chief.page.waitForSelector('[data-approve]')
    const stranger = chief.page.locator('article', { hasText: '모르는 사람' })
    await stranger.locator('summary').click()
    await stranger.locator('form button').click()
    t.not(await stranger.locator('.field-error').textContent(), '', 'no rejection without a reason')
    await lookBoth('approvals', '[data-approve]', chief.page)
    await stranger.locator('summary').click()
    await stranger.locator('textarea').fill('소속을 확인할 수 없음')
    await stranger.locator('form button').click()
    await chief.page.waitForSelector('#desk-done:not(:empty)')
    await seeStatus(other.page, 'rejected')
    t.match(await other.page.textContent('[data-status=rejected] >> xpath=ancestor::article'), '소속을 확인할 수 없음')
    t.equal(await approveAll(chief, app), 1)

    await chief.page.goto(`${app.baseUrl}/desk/outages`)
    await chief.page.waitForSelector('#desk-body:not([hidden])')
    await chief.page.fill('#outageFrom', '2026-11-24T08:30')
    await chief.page.fill('#outageRecovered', '2026-11-24T08:00')
    await chief.page.click('#preview-form button')
    t.not(await chief.page.textContent('#outageRecovered-error'), '')
    await chief.page.fill('#outageRecovered', '2026-11-24T08:45')
    await chief.page.click('#preview-form button')
    await chief.page.waitForSelector('#apply-form:not([hidden])')
    await look('outages-ko', chief.page)
    await chief.page.fill('#outageReason', '통신 장애')
    await chief.page.click('#apply-form button')
    await chief.page.waitForSelector('#past tr')
    t.match(await chief.page.textContent('#past'), '통신 장애')
    await lookBoth('outages-done', '#past tr', chief.page)
    await chief.page.route('**/v1/outages/preview*', async (route) => { await route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer ended' } }) })
    await chief.page.fill('#outageFrom', '2026-11-24T08:30')
    await chief.page.fill('#outageRecovered', '2026-11-24T08:45')
    await chief.page.click('#preview-form button')
    await chief.page.waitForSelector('#desk-login:not([hidden])')
    t.not(await chief.page.textContent('#desk-error'), '', 'a session that is over leads to the login, as at every desk')
    t.same([...chief.trouble, ...other.trouble], [])
  })

  await t.test('the backup is a key folder of the command line', async (t) => {
    // The page has asked by itself, or does so now.
    await page.reload()
    await page.waitForSelector('[data-status=approved]')
    const registrationId = (await page.textContent('#applications code')) ?? ''
    const keys = join(t.testdir(), 'keys')
    mkdirSync(keys)
    writeFileSync(join(keys, 'backup.tar'), backup)
    execFileSync('tar', ['xf', 'backup.tar'], { cwd: keys })
    const whoever = await newPerson(browser)
    await whoever.page.goto(`${app.baseUrl}/login`)
    await whoever.page.setInputFiles('#keyFile', { name: 'backup.tar', mimeType: 'application/x-tar', buffer: backup })
    await whoever.page.fill('#keyPassphrase', PASSPHRASE)
    await whoever.page.fill('#registrationId', registrationId)
    await whoever.page.click('#import button')
    await whoever.page.waitForSelector('#keys button')
    await logInAsOfficer(whoever, app)
    t.equal(await whoever.page.textContent('#desk-warning'), '', 'another browser has both keys by the backup')
    const info = join(keys, 'identity.json')
    writeFileSync(info, JSON.stringify({ ...JSON.parse(readFileSync(info, 'utf8')) as object, registrationId }))
    const status = await cli(['officer', 'status', '--keys', keys, '--json'], { env: { BONGIN_PASSPHRASE: PASSPHRASE }, now: () => app.clock.now() })
    t.equal(status.code, 0, status.err)
    t.match(status.json(), { status: 'approved' }, 'and so has the command line')
  })

  await logInAsOfficer(officer, app)
  await lookBoth('desk-empty', '#empty-now:not([hidden])')

  let tenderId = '' as TenderId
  await t.test('drafting: faults beside their fields, nothing lost, one draft whatever is clicked', async (t) => {
    await page.goto(`${app.baseUrl}/desk/tenders/new`)
    await page.waitForSelector('form.draft[data-ready]')
    await page.click('form.draft button[type=submit]')
    t.not(await page.textContent(at('title-error')), '', 'an empty field says so')
    await fillNotice(page, NOTICE)
    await page.check('[data-officers] input')
    t.equal(await page.inputValue(at('floorRatePpm')), '89.745', 'the rule book fills in its floor')

    await page.selectOption(at('method'), 'eligibility-review')
    await page.click('#use-rules')
    await page.waitForSelector('[data-agrees]')
    await page.fill(at('floorRatePpm'), '87.745')
    await page.waitForSelector('[data-differs=floorRatePpm]')
    for (const [lang, text] of [['en', /floor/i], ['ko', /하한율/]] as const) {
      await page.goto(`${app.baseUrl}/desk/tenders/new?lang=${lang}`)
      await page.waitForSelector('form.draft[data-ready]')
      t.equal(await page.inputValue(at('title')), HOSTILE, 'a change of language loses nothing')
      t.equal(await page.inputValue(at('floorRatePpm')), '87.745')
      await page.click('#check-draft')
      await page.waitForSelector(`${at('floorRatePpm')}[aria-invalid=true]`)
      t.match(await page.textContent(at('floorRatePpm-error')), text, 'a floor that is not that of the pass mark')
      await expectAccessible(t, page, 'draft-fault', lang)
    }
    await page.selectOption(at('method'), 'restricted-lowest')
    await page.click('#use-rules')

    await page.evaluate(() => {
      const transfer = new DataTransfer()
      transfer.items.add(new File(['도면'], '도면 <b>1</b>.txt'))
      document.querySelector('#drop')?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
    })
    await page.waitForSelector('#attached li')
    t.match(await page.textContent('#attached'), '도면 <b>1</b>.txt', 'a dropped file is there, its name as text')
    await page.click('#preview-draft')
    t.equal(await page.textContent('#preview-name'), HOSTILE)
    await look('draft-preview-ko')

    await page.route('**/v1/tenders', async (route) => {
      const problem = { code: 'schedule-invalid', titleKo: '일정', detail: 'no', detailKo: '그 시간대는 마감이 가득 찼습니다.', field: '/schedule/closesAt' }
      await route.fulfill({ status: 422, contentType: 'application/problem+json', body: JSON.stringify(problem) })
    })
    await page.click('form.draft button[type=submit]')
    await page.waitForSelector(`${at('schedule.closesAt')}[aria-invalid=true]`)
    t.equal(await page.textContent(at('schedule.closesAt-error')), '그 시간대는 마감이 가득 찼습니다.', 'what the server refuses stands beside its field')
    await page.unroute('**/v1/tenders')
    await page.dblclick('form.draft button[type=submit]')
    await page.waitForURL('**/desk/tenders/R*')
    tenderId = page.url().split('/').at(-1) as TenderId
    await page.waitForSelector('#members tr')
    await page.goto(`${app.baseUrl}/desk`)
    await page.waitForSelector('#list-now tr')
    t.equal(await page.locator('#list-now tr').count(), 1, 'a double click drafts once')
    await lookBoth('desk', '#list-now tr')
  })

  await t.test('the key ceremony and the publication by keyboard alone', async (t) => {
    await page.goto(`${app.baseUrl}/desk/tenders/${tenderId}`)
    await page.waitForSelector('#contribute:not([hidden])')
    await lookBoth('tender-draft', '#contribute:not([hidden])')
    await page.focus('#contribute')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await page.waitForSelector('[data-part=there]')
    const witness = await cast.login(cast.witness)
    await contribute(witness.api, cast.platform, { identity: witness.identity, tenderId, now: app.clock.now() })
    await page.waitForSelector('#publication:not([hidden])')
    await page.focus('#review-notice')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#publication-form:not([hidden])')
    await look('tender-publish-ko')
    for (const key of ['Tab', 'Tab', 'Tab', 'Space', 'Enter']) await page.keyboard.press(key)
    await page.waitForSelector('#desk-body[data-state=published]')
    t.equal(await page.textContent('#tender-title'), HOSTILE)
    await page.waitForSelector('#live[data-state=live]')
    await lookBoth('tender-published', '#desk-body[data-state=published]')
  })

  await t.test('a change notice is drafted and published', async (t) => {
    await page.goto(`${app.baseUrl}/desk/tenders/${tenderId}/edit`)
    await page.waitForSelector('form.draft[data-ready]')
    t.ok(await page.isDisabled(at('committee.witness')), 'what is fixed cannot be typed')
    await page.fill(at('contact.phone'), '042-111-1111')
    await page.click('form.draft button[type=submit]')
    await page.waitForSelector(`${at('changeReason')}[aria-invalid=true]`)
    t.not(await page.textContent(at('changeReason-error')), '', 'a change has a reason')
    await page.fill(at('changeReason'), '담당자 전화번호 정정')
    await look('draft-change-ko')
    await page.click('form.draft button[type=submit]')
    await page.waitForURL(`**/desk/tenders/${tenderId}`)
    await page.click('#review-notice')
    await page.check('#noticeChecked')
    await page.click('#publication-form button[type=submit]')
    await page.waitForSelector('#desk-done:not(:empty)')
    t.equal((await myTenders((await cast.login(cast.witness)).api)).items[0]?.revision, 1)
  })

  await t.test('the token is no cookie: a request that another site could send is nobody\'s', async (t) => {
    const status = await page.evaluate(async (id) => {
      const request = { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{"jws":"a.b.c"}' } as const
      return (await fetch(`/v1/tenders/${id}/cancellation`, request)).status
    }, tenderId)
    t.equal(status, 401)
    t.notMatch((await officer.context.cookies()).map(({ name }) => name).join(), 'session')
    officer.trouble.length = 0
  })

  await t.test('no seed leaves early, whatever one clock says; a missing witness is made up for by shares', async (t) => {
    for (const [i, supplier] of cast.suppliers.entries()) {
      const { api, identity } = await cast.login(supplier)
      const content = { amountWon: 27_600_000 + 300_000 * i, picks: [1, 2] as const }
      const { envelope } = await sealFor(cast.publicApi, cast.platform, { identity, tenderId, content, now: app.clock.now() })
      await submitBid(api, cast.platform, envelope)
    }
    app.clock.set(parseInstant(CLOSES_AT))
    await app.scheduler.tick()
    await logInAsOfficer(officer, app, `/desk/tenders/${tenderId}`)
    await page.waitForSelector('#opening:not([hidden])')
    t.ok(await page.isHidden('#reveal'), 'nothing to reveal before the time')
    await lookBoth('tender-closed', '#opening:not([hidden])')

    app.clock.set(parseInstant(OPENS_AT))
    await setMachineClock(officer, parseInstant(OPENS_AT) - 60_000)
    await logInAsOfficer(officer, app, `/desk/tenders/${tenderId}`)
    await page.click('#reveal')
    await page.waitForSelector('#desk-error:not(:empty)')
    t.equal(await page.locator('[data-revealed=true]').count(), 0, 'this machine\'s clock holds the seed back')
    await setMachineClock(officer, parseInstant(OPENS_AT))
    await page.reload()
    await page.waitForSelector('#reveal:not([hidden])')
    await lookBoth('tender-reveal', '#reveal:not([hidden])')
    await page.dblclick('#reveal')
    await page.waitForSelector('[data-revealed=true]')
    t.ok(await page.isVisible('#recover'))
    await page.click('#recover')
    await page.waitForSelector('#desk-done:not(:empty)')
    const audit = await cast.login(cast.audit)
    await revealShares(audit.api, cast.platform, { identity: audit.identity, tenderId, now: app.clock.now() })
    await page.waitForSelector('#evaluation-form:not([hidden])')
  })

  await t.test('a name that does not come costs no other; after the opening the desk waits for news and asks no more', async (t) => {
    const lost = cast.suppliers[0]?.identity.holderId ?? ''
    await page.route(`**/v1/suppliers/${lost}`, async (route) => { await route.abort() })
    await page.clock.install()
    await page.reload()
    await page.waitForSelector('#live[data-state=live]')
    await page.waitForSelector('#evaluation-form:not([hidden])')
    t.match(await page.textContent('#candidates'), lost, 'the number is there')
    t.equal((await page.textContent('#candidates'))?.match(/주식회사/g)?.length, 1, 'the other name is there')
    t.equal(await page.textContent('#desk-error'), '')
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    await page.clock.runFor(60_000)
    t.same(asked, [], 'nothing is asked in a minute')
    await page.unrouteAll()
  })

  await t.test('evaluation and award', async (t) => {
    await page.click('#evaluation-form button[type=submit]')
    t.not(await page.textContent('#qualified-error'), '')
    t.not(await page.textContent('#judgementReason-error'), '')
    await look('tender-evaluate-ko')
    await page.check('input[name=qualified][value=no]')
    await page.selectOption('#remark', 'missingDocuments')
    await page.fill('#judgementReason', '서류 <i>미제출</i>')
    await page.dblclick('#evaluation-form button[type=submit]')
    await page.waitForSelector('#desk-done:not(:empty)')
    t.match(await page.textContent('#candidates'), '서류 <i>미제출</i>')
    await page.check('input[name=qualified][value=yes]')
    await page.fill('#judgementReason', '이상 없음')
    await page.click('#evaluation-form button[type=submit]')
    await page.waitForSelector('#award-form:not([hidden])')
    await look('tender-award-ko')
    await page.fill('#awardReason', '차순위 적격')
    await page.dblclick('#award-form button[type=submit]')
    await page.waitForSelector('#desk-body[data-state=awarded]')
    await lookBoth('tender-awarded', '#desk-body[data-state=awarded]')
    await page.goto(`${app.baseUrl}/desk/audit?tender=${tenderId}`)
    await page.waitForSelector('#audit-verdict[data-state=ok]')
    await lookBoth('audit', '#audit-verdict[data-state=ok]')
    await page.route('**/ledger', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: (await answer.text()).replace('"type":"closed"', '"type":"opened"') })
    })
    await page.reload()
    await page.waitForSelector('#audit-verdict[data-state=failed]')
    t.equal(await page.locator('[data-fault=hash]').count(), 1, 'a changed entry shows')
  })

  await t.test('no page loads more script at first than it may', async (t) => {
    for (const path of ['/register/officer', '/desk', '/desk/approvals', '/desk/outages', '/desk/audit', '/desk/tenders/new', `/desk/tenders/${tenderId}`]) {
      const bytes = await scriptBytesOf(browser, app.baseUrl + path)
      t.ok(bytes > 0 && bytes <= MAX_SCRIPT_BYTES, `${path} loads ${bytes} bytes of script`)
    }
  })

  t.same(officer.trouble, [], 'no page has complained')
})
