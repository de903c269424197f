/**
 * The technical evaluation with browsers alone: proposals (sealed through the client), evaluators appointed at the desk, marks given in
 * each evaluator's own browser, the result computed and signed at the desk, prices opened, and the award. What is shown was verified, what
 * is typed is not lost, bad marks are refused beside their fields, and what suppliers wrote is text.
 */
import t from 'tap'
import { downloadRecord } from '../../src/client/records.ts'
import { readProposals, readTechnical } from '../../src/client/technical.ts'
import { sha256Hex } from '../../src/crypto/bytes.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { readMarks } from '../../src/crypto/verify-technical.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, MAX_SCRIPT_BYTES, openBrowser, scriptBytesOf } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { apiOf, enrolAtPortal, officerIdOf, publishAtDesk, revealAtDesk } from '../support/portal-desk.ts'
import { logInAsOfficer, newPerson, type Person } from '../support/portal-officer.ts'
import { downloadBy } from '../support/portal-supplier.ts'
import { bidUndecryptable, bidWith, moveTo, negotiatedDraft, proposalOf, supplierOf } from '../support/two-envelopes.ts'

const HOSTILE_SUMMARY = '제안 <img src=x onerror=alert(1)> 요약\n둘째 줄'
const HOSTILE_NAME = '<img src=x onerror=alert(2)>제안서.pdf'
const DOCUMENT = Buffer.from('제안서의 내용')

t.test('the technical evaluation in the browser', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 4 })
  const stage = { app, cast }
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const person = async (): Promise<Person> => await newPerson(browser, { bypassCSP: true })
  const [executing, witness, firstEvaluator, secondEvaluator] = [await person(), await person(), await person(), await person()]
  await enrolAtPortal(executing, stage, { name: '이집행', role: 'executing' })
  await enrolAtPortal(witness, stage, { name: '박입회', role: 'witness' })
  await enrolAtPortal(firstEvaluator, stage, { name: '평가 <b>일</b>', role: 'evaluator' })
  await enrolAtPortal(secondEvaluator, stage, { name: '평가이', role: 'evaluator' })
  // Prices are opened for competition: two pass.
  const [passing, failing, voided, second] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2), at(cast.suppliers, 3)]
  const evaluatorIds = [await officerIdOf(firstEvaluator), await officerIdOf(secondEvaluator)]

  const draft = negotiatedDraft(cast, { technical: { marksMilli: 80_000, passMarkMilli: 68_000, minimumEvaluators: 2, dropExtremes: false } })
  const committee = { ...draft.committee, executing: await officerIdOf(executing), witness: await officerIdOf(witness) }
  const tenderId: TenderId = await publishAtDesk(app, { executing, witness, draft: { ...draft, committee } })
  const [deskPath, marksPath] = [`/desk/tenders/${tenderId}`, `/desk/tenders/${tenderId}/marks`]
  const named = { name: HOSTILE_NAME, sha256: sha256Hex(DOCUMENT), sizeBytes: DOCUMENT.length }
  await bidWith(app, cast, { actor: passing, tenderId, amountWon: 70_000_000, proposal: { summary: HOSTILE_SUMMARY, documents: [named] } })
  await bidWith(app, cast, { actor: failing, tenderId, amountWon: 60_000_000, proposal: proposalOf('') })
  await bidWith(app, cast, { actor: second, tenderId, amountWon: 82_000_000, proposal: proposalOf('차순위 제안') })
  await bidUndecryptable(app, cast, { actor: voided, tenderId, amountWon: 65_000_000 })
  const proposal = (of: Actor): string => `[data-proposal="${supplierOf(of)}"]`
  const mark = (of: Actor, criterion = 0): string => `#mark-${supplierOf(of)}-${criterion}`

  const lookBoth = async ({ page }: Person, name: string, ready: string): Promise<void> => {
    for (const lang of ['en', 'ko'] as const) {
      const url = new URL(page.url())
      url.searchParams.set('lang', lang)
      await page.goto(url.toString())
      await page.waitForSelector(ready)
      await expectAccessible(t, page, name, lang)
    }
  }

  await t.test('the committee reads the proposals that the opening committed to; what suppliers wrote is text', async (t) => {
    await moveTo(app, '2026-11-24T10:00:00+09:00')
    await moveTo(app, '2026-11-24T11:00:00+09:00')
    await revealAtDesk(app, tenderId, [executing, witness])
    for (const { page } of [executing, witness]) await page.waitForSelector(proposal(voided))
    const { page } = executing
    const { proposals, openingSha256 } = await readProposals(await apiOf(executing, app), tenderId)
    t.match(await page.textContent('#technical-facts'), openingSha256)
    t.equal(await page.textContent(`${proposal(passing)} .words`), HOSTILE_SUMMARY)
    t.equal(await page.textContent(`${proposal(passing)} [data-document] th`), HOSTILE_NAME)
    t.match(await page.textContent(proposal(passing)), proposals[0]?.proposalSha256 ?? 'none')
    t.match(await page.textContent(`${proposal(voided)}[data-void=technical-undecryptable]`), '봉인이 열리지 않는')
    t.equal(await page.locator('#proposals img').count(), 0)
    t.match(await page.getAttribute('#turn', 'data-step'), 'evaluate-proposals')
    const saved = await downloadBy(page, `${proposal(passing)} button`)
    t.equal(saved.name, `${tenderId}-${supplierOf(passing)}.proposal.json`)
    t.same(JSON.parse(saved.bytes.toString()), proposals[0]?.content)
    await page.setInputFiles('#handed-files', [
      { name: HOSTILE_NAME, mimeType: 'application/pdf', buffer: DOCUMENT }, { name: '다른 것.pdf', mimeType: 'application/pdf', buffer: Buffer.from('다른 것') }
    ])
    await page.waitForSelector('#handed-results li:nth-child(2)[data-match=false]')
    t.match(await page.textContent('#handed-results li:nth-child(1)[data-match=true]'), supplierOf(passing))
    t.ok(await witness.page.isHidden('#appointment'), 'the witness reads, and appoints nobody')
  })

  await t.test('evaluators are chosen from the officers: too few are refused at the field, a double click appoints once', async (t) => {
    await logInAsOfficer(firstEvaluator, app)
    await firstEvaluator.page.goto(app.baseUrl + marksPath)
    await firstEvaluator.page.waitForSelector('#desk-error:not(:empty)')
    t.ok(await firstEvaluator.page.isHidden('#marks'), 'nobody reads a proposal before the appointment')
    const { page } = executing
    const box = (id: string): string => `#evaluator-${id}`
    for (const lang of ['en', 'ko'] as const) {
      await page.goto(`${app.baseUrl}${deskPath}?lang=${lang}`)
      await page.waitForSelector(box(at(evaluatorIds, 0)))
      await page.check(box(at(evaluatorIds, 0)))
      await page.fill('#evaluator-filter', '평가이')
      t.ok(await page.isVisible(box(at(evaluatorIds, 0))), 'who is chosen stays in sight')
      await page.fill('#evaluator-filter', 'nobody')
      t.ok(await page.isHidden(box(at(evaluatorIds, 1))))
      await page.fill('#evaluator-filter', '')
      await page.click('#appointment form button[type=submit]')
      t.match(await page.textContent('#evaluators-error'), lang === 'ko' ? /최소 2명/ : /At least 2/)
      await expectAccessible(t, page, 'desk-technical', lang)
    }
    t.equal(await page.locator(box(committee.executing)).count(), 0, 'nobody of the committee is offered')
    await page.check(box(at(evaluatorIds, 1)))
    await page.dblclick('#appointment form button[type=submit]')
    await page.waitForSelector('#evaluators-table td')
    const { appointments, evaluators } = await readTechnical(await apiOf(executing, app), tenderId)
    t.same([appointments.length, evaluators], [1, evaluatorIds])
    t.match(await page.textContent('#evaluators-table'), '평가 <b>일</b>')
    t.ok(await page.isHidden('#compute-result'), 'no result before the marks')
  })

  await t.test('an evaluator marks by criteria: bad marks are refused beside their fields, sums follow the typing, nothing is lost', async (t) => {
    const { page } = firstEvaluator
    await page.goto(`${app.baseUrl}/desk`)
    await page.waitForSelector('#to-mark-list tr[data-marked=false]')
    await lookBoth(firstEvaluator, 'desk-evaluator', '#to-mark-list tr')
    await page.click(`#to-mark-list a[href="${marksPath}"]`)
    await page.waitForSelector('#marks-form:not([hidden])')
    t.equal(await page.textContent(`${proposal(passing)} .words`), HOSTILE_SUMMARY)
    t.equal(await page.locator(`${proposal(voided)} input`).count(), 0, 'a void proposal is not marked')
    await page.fill('#criterion-name-0', '이해도')
    await page.fill('#criterion-max-0', '30')
    await page.click('#add-criterion')
    await page.fill('#criterion-name-1', '수행계획 <i>')
    await page.fill('#criterion-max-1', '49.999')
    for (const [text, error] of [['30.001', /배점보다 큽니다. 최고 30/], ['-1', /세 자리/], ['1.0001', /세 자리/], ['좋음', /세 자리/]] as const) {
      await page.fill(mark(passing), text)
      t.match(await page.textContent(`${mark(passing)}-error`), error, `${text}, while it is typed`)
      t.equal(await page.textContent(`#sum-${supplierOf(passing)}`), '– / 80')
    }
    for (const [lang, missing] of [['en', /Enter the marks/], ['ko', /점수를 입력/]] as const) {
      await page.goto(`${app.baseUrl}${marksPath}?lang=${lang}`)
      await page.waitForSelector('#marks-form:not([hidden])')
      t.same([await page.inputValue('#criterion-max-1'), await page.inputValue(mark(passing))], ['49.999', '좋음'], 'what was typed is there')
      await page.click('#marks-form button[type=submit]')
      t.match(await page.textContent('#criteria-error'), /80/, 'the criteria come to the marks of the notice')
      t.match(await page.textContent(`${mark(failing, 1)}-error`), missing)
      t.not(await page.textContent('#markReason-error'), '')
      t.ok(await page.isHidden('#marks-confirm'))
      await expectAccessible(t, page, 'marks-faults', lang)
    }
    await page.fill('#criterion-max-1', '50')
    t.equal(await page.textContent('#criteria-sum'), '80 / 80')
    await page.fill(mark(passing), '28.125')
    await page.fill(mark(passing, 1), '46.875')
    await page.fill(mark(failing), '0')
    await page.fill(mark(failing, 1), '40.5')
    await page.fill(mark(second), '20')
    await page.fill(mark(second, 1), '50')
    t.equal(await page.textContent(`#sum-${supplierOf(passing)}`), '75 / 80')
    t.match(await page.textContent(`${mark(passing, 1)}-label`), '수행계획 <i> (최고 50)')
    await page.fill('#markReason', '평가표에 따름 <script>alert(3)</script>')
  })

  await t.test('what is signed is shown first, and signed once', async (t) => {
    const { page } = firstEvaluator
    for (const lang of ['en', 'ko'] as const) {
      await page.goto(`${app.baseUrl}${marksPath}?lang=${lang}`)
      await page.waitForSelector('#marks-form:not([hidden])')
      await page.click('#marks-form button[type=submit]')
      await page.waitForSelector('#marks-confirm:not([hidden])')
      await expectAccessible(t, page, 'marks-confirm', lang)
    }
    t.match(await page.textContent('#signed-marks'), '75 / 80')
    const reason = await page.textContent('#signed-reason')
    t.equal(reason, [
      '평가표에 따름 <script>alert(3)</script>', '', `${supplierOf(passing)}: 이해도 28.125, 수행계획 <i> 46.875 = 75`,
      `${supplierOf(failing)}: 이해도 0, 수행계획 <i> 40.5 = 40.5`, `${supplierOf(second)}: 이해도 20, 수행계획 <i> 50 = 70`
    ].join('\n'))
    await page.click('#edit-marks')
    t.equal(await page.inputValue(mark(passing)), '28.125')
    await page.click('#marks-form button[type=submit]')
    await page.click('#marks-confirm button[type=submit]')
    t.not(await page.textContent('#marksChecked-error'), '', 'what was not confirmed is not signed')
    await page.check('#marksChecked')
    await page.dblclick('#marks-confirm button[type=submit]')
    await page.waitForSelector('#marks-given:not([hidden])')
    const { marks } = await readTechnical(await apiOf(firstEvaluator, app), tenderId)
    t.match(marks.map(({ jws }) => readMarks(jws).payload), [{
      evaluatorId: evaluatorIds[0],
      reason,
      marks: [[passing, 75_000], [failing, 40_500], [second, 70_000]].map(([of, marksMilli]) => ({ supplierId: supplierOf(of as Actor), marksMilli }))
    }])
    t.equal(marks.length, 1)
    t.equal(await page.evaluate(() => Object.keys(sessionStorage).some((key) => key.startsWith('bongin-marks'))), false, 'nothing is left in the tab')
    await lookBoth(firstEvaluator, 'marks-given', '#marks-given:not([hidden])')
  })

  await t.test('a proposal that is not the one committed to is not shown; an answer that is lost is found', async (t) => {
    const { page } = secondEvaluator
    await page.route(`**/v1/tenders/${tenderId}/proposals`, async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: (await answer.text()).replace('둘째 줄', '셋째 줄') })
    })
    await logInAsOfficer(secondEvaluator, app)
    await page.goto(app.baseUrl + marksPath)
    await page.waitForSelector('#desk-error:not(:empty)')
    t.match(await page.textContent('#desk-error'), supplierOf(passing))
    t.ok(await page.isHidden('#marks'))
    await page.unroute(`**/v1/tenders/${tenderId}/proposals`)
    await page.reload()
    await page.waitForSelector('#marks-form:not([hidden])')
    await page.fill(mark(passing), '73')
    await page.fill(mark(failing), '60')
    await page.fill(mark(second), '68')
    await page.fill('#markReason', '종합 평가')
    await page.click('#marks-form button[type=submit]')
    await page.check('#marksChecked')
    await page.route(`**/v1/tenders/${tenderId}/technical-marks`, async (route) => {
      await route.fetch()
      await route.abort()
    })
    await page.click('#marks-confirm button[type=submit]')
    await page.waitForSelector('#marks-given:not([hidden])')
    t.match(await page.textContent('#given-marks'), '73 / 80')
  })

  await t.test('the result is computed at the desk from verified marks, and signed once', async (t) => {
    const { page } = executing
    // The page sees by itself who has marked.
    await page.waitForSelector('#compute-result:not([hidden])')
    t.equal(await page.locator('[data-marked=true]').count(), 2)
    t.ok(await witness.page.isHidden('#compute-result'))
    await page.route(`**/v1/tenders/${tenderId}/technical`, async (route) => {
      const answer = await route.fetch()
      const view = await answer.json() as { marks: Array<{ jws: string }> }
      // The signature of one under the payload of the other.
      const [a, b] = view.marks.map(({ jws }) => jws.split('.'))
      if (a === undefined || b === undefined) throw new Error('two have marked')
      at(view.marks, 0).jws = [a[0], b[1], a[2]].join('.')
      await route.fulfill({ response: answer, json: view })
    })
    await page.click('#compute-result')
    await page.waitForSelector('#desk-error:not(:empty)')
    t.equal(await page.locator('#technical-scores tr').count(), 0, 'of marks that were not verified nothing is computed')
    await page.unroute(`**/v1/tenders/${tenderId}/technical`)
    await page.reload()
    for (const lang of ['en', 'ko'] as const) {
      await page.goto(`${app.baseUrl}${deskPath}?lang=${lang}`)
      await page.click('#compute-result')
      await page.waitForSelector('#technical-result-form:not([hidden])')
      await expectAccessible(t, page, 'desk-technical-result', lang)
    }
    t.match(await page.textContent('#technical-scores tr[data-passes=true]'), /74통과/)
    t.match(await page.textContent('#technical-scores tr[data-passes=false]'), /50\.25미통과/)
    await page.click('#technical-result-form button')
    t.not(await page.textContent('#resultChecked-error'), '')
    await page.check('#resultChecked')
    await page.dblclick('#technical-result-form button')
    await page.waitForSelector('#desk-done:not(:empty)')
    t.ok((await readTechnical(await apiOf(executing, app), tenderId)).result)
    await page.waitForFunction(() => document.querySelector('#turn')?.getAttribute('data-step') === 'await-opening')
    await lookBoth(executing, 'desk-technical-signed', '#technical-scores tr[data-passes=true]')
    t.ok(await page.isHidden('#appointment'))
  })

  await t.test('and goes on to the award', async (t) => {
    await moveTo(app, '2026-11-24T14:00:00+09:00')
    await revealAtDesk(app, tenderId, [executing, witness])
    const { page } = executing
    await page.waitForSelector('#evaluation-form:not([hidden])')
    t.equal(await page.textContent('#next-name .code'), supplierOf(passing))
    await page.check('input[name=qualified][value=yes]')
    await page.fill('#judgementReason', '협상 성립')
    await page.click('#evaluation-form button[type=submit]')
    await page.waitForSelector('#award-form:not([hidden])')
    await page.fill('#awardReason', '협상적격자')
    await page.click('#award-form button[type=submit]')
    await page.waitForSelector('#desk-body[data-state=awarded]')
    await page.waitForSelector(proposal(passing))
    await lookBoth(executing, 'desk-technical-awarded', proposal(passing))
    const report = await verifyRecord(await downloadRecord(cast.publicApi, tenderId), { trustedRootDer: cast.platform.rootDer })
    t.equal(report.failure, null, 'and anybody can check it')
    await logInAsOfficer(secondEvaluator, app)
    await secondEvaluator.page.waitForSelector('#to-mark-none:not([hidden])')
  })

  await t.test('no page loads more script at first than it may', async (t) => {
    for (const path of ['/desk', deskPath, marksPath]) {
      const bytes = await scriptBytesOf(browser, app.baseUrl + path)
      t.ok(bytes > 0 && bytes <= MAX_SCRIPT_BYTES, `${path} loads ${bytes} bytes of script`)
    }
  })

  t.same([executing, witness, firstEvaluator, secondEvaluator].flatMap(({ trouble }) => trouble), [], 'no page has complained, no text has become script')
})
