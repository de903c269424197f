/**
 * The evaluation at the desk, in a real browser, for the methods with marks and for a tender that fails: refusals beside their fields,
 * whose turn is next, the award or the failure; and what the public page and the API say of it afterwards.
 */
import type { Page } from 'playwright-core'
import t from 'tap'
import { getTender } from '../../src/client/tenders.ts'
import { parseJws } from '../../src/crypto/jws.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { comprehensiveDraft, reviewDraft } from '../support/method-drafts.ts'
import { aValueOf } from '../support/notice-terms.ts'
import { seatOfficer } from '../support/portal-seat.ts'
import { bidAmounts, openAt, publishDraft, scheduleOf } from '../support/stage.ts'

const COMPREHENSIVE_BASE = 100_000_000
const HOSTILE = '서류 <b onmouseover=alert(1)>미제출</b> & "보완" 없음'

interface Judgement { qualified: boolean, capability?: string, social?: string, remark?: string, reason: string }

async function fillJudgement (page: Page, { qualified, capability, social, remark, reason }: Judgement): Promise<void> {
  await page.check(`input[name=qualified][value=${qualified ? 'yes' : 'no'}]`)
  if (capability !== undefined) await page.fill('#capabilityMarks', capability)
  if (social !== undefined) await page.fill('#socialMarks', social)
  if (remark !== undefined) await page.selectOption('#remark', remark)
  await page.fill('#judgementReason', reason)
}

/** A double click judges once. Returns what the desk says. */
async function judge (page: Page, judgement: Judgement): Promise<string> {
  await fillJudgement(page, judgement)
  const judged = await page.textContent('#next-name .code') ?? ''
  await page.dblclick('#evaluation-form button[type=submit]')
  await page.waitForFunction((id) => document.querySelector('#desk-done')?.textContent?.startsWith(id), judged)
  return await page.textContent('#desk-done') ?? ''
}

async function decide (page: Page, { reason, state }: { reason: string, state: string }): Promise<void> {
  await page.waitForSelector('#award-form:not([hidden])')
  await page.click('#award-form button[type=submit]')
  await page.waitForSelector('#awardReason-error:not(:empty)')
  await page.fill('#awardReason', reason)
  await page.dblclick('#award-form button[type=submit]')
  await page.waitForSelector(`#desk-body[data-state=${state}]`)
}

t.test('the evaluation desk', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 3 })
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const [first, second, third] = [0, 1, 2].map((i) => at(cast.suppliers, i).identity.holderId)
  const trouble: string[] = []

  /** Opened on this day, by a single sealed price that is the planned price, with the executing officer at its desk. */
  const openedDesk = async (day: string, { draft, amounts }: {
    draft: (schedule: Partial<TenderDraft>) => TenderDraft, amounts: readonly number[]
  }) => {
    app.clock.set(`${day}T09:00:00+09:00`)
    const { price, ...rest } = draft({ schedule: scheduleOf(day) })
    const sealed: TenderDraft = { ...rest, price: { ...price, method: 'single-sealed' } }
    const tenderId = await publishDraft({ app, cast }, sealed, [price.baseAmountWon ?? 0])
    await bidAmounts({ app, cast }, tenderId, { amounts })
    await openAt({ app, cast }, tenderId, sealed.schedule.opensAt)
    const person = await seatOfficer(browser, app, { cast, actor: cast.executing, path: `/desk/tenders/${tenderId}` })
    await person.page.waitForSelector('#evaluation-form:not([hidden])')
    return { tenderId, person, page: person.page }
  }
  const turn = async (page: Page): Promise<string> => await page.textContent('#next-name .code') ?? ''
  const publicPage = async (tenderId: TenderId): Promise<Page> => {
    const page = await (await browser.newContext({ bypassCSP: true })).newPage()
    page.on('dialog', () => { trouble.push('a dialog: text became script') })
    await page.goto(`${app.baseUrl}/tenders/${tenderId}?lang=en`)
    return page
  }

  await t.test('eligibility review: marks, a refusal beside their field, the next in turn, the award', async (t) => {
    const { tenderId, person, page } = await openedDesk('2026-11-24', {
      draft: (schedule) => reviewDraft(cast, schedule), amounts: [27_000_000, 27_200_000, 20_000_000]
    })
    t.ok(await page.isVisible('#capabilityMarks'))
    t.notOk(await page.isVisible('#socialMarks'), 'this method has no such marks')
    t.equal(await page.locator('#candidates tr').count(), 2, 'who bid below the floor is no candidate')
    t.equal(await turn(page), first)
    for (const [marks, error] of [['열', /올바르지|형식/], ['10.001', /10점/], ['', /점수를 입력/]] as const) {
      await fillJudgement(page, { qualified: true, capability: marks, reason: '이행능력 심사' })
      await page.click('#evaluation-form button[type=submit]')
      await page.waitForSelector('#capabilityMarks[aria-invalid=true]')
      t.match(await page.textContent('#capabilityMarks-error'), error, `marks "${marks}"`)
      t.equal(await page.inputValue('#judgementReason'), '이행능력 심사', 'nothing typed is lost')
    }
    await expectAccessible(t, page, 'desk-review-fault')
    t.match(await judge(page, { qualified: true, capability: '9.999', reason: '실적 부족' }), /부적격/, '94.999 of 95 marks')
    t.equal(await turn(page), second, 'the next in turn')
    t.match(await page.textContent('#candidates'), '실적 부족')
    t.match(await judge(page, { qualified: true, capability: '10', reason: '이상 없음' }), /적격/)
    await decide(page, { reason: '적격심사 통과', state: 'awarded' })
    t.match(await page.textContent('#desk-done'), second)

    const view = await getTender(cast.publicApi, tenderId)
    t.match(parseJws(view.award ?? '', 'bongin-award').payload, { decision: 'awarded', supplierId: second, amountWon: 27_200_000, reason: '적격심사 통과' })
    t.match(view.evaluations.map(({ result }) => result), [
      { supplierId: first, passes: false, review: { totalMarksMilli: 94_999 } },
      { supplierId: second, passes: true, review: { totalMarksMilli: 95_000 } }
    ])
    const open = await publicPage(tenderId)
    t.match(await open.textContent('#decision .facts'), new RegExp(`Winner.*${second}.*₩27,200,000.*적격심사 통과`, 's'))
    t.match(await open.locator('#decision tbody tr').allTextContents(), [/does not pass.*94\.999.*실적 부족/s, /passes.*95\.000.*이상 없음/s])
    t.match(await open.textContent('#decision tr.first'), second, 'the winner is marked, not the lowest bidder')
    await expectAccessible(t, open, 'decision-review')
    trouble.push(...person.trouble)
  })

  await t.test('comprehensive evaluation: everybody is judged, the best total wins', async (t) => {
    const base = draftFor(cast).price
    const { tenderId, person, page } = await openedDesk('2026-11-25', {
      draft: (schedule) => comprehensiveDraft(cast, {
        ...schedule, estimatedPriceWon: 90_000_000, price: { ...base, baseAmountWon: COMPREHENSIVE_BASE }, aValue: aValueOf(50_000_000)
      }),
      amounts: [96_000_000, 94_000_000, 95_000_000]
    })
    t.equal(await turn(page), second, 'the lowest first')
    await fillJudgement(page, { qualified: true, capability: '40', social: '10.5', reason: '심사' })
    await page.click('#evaluation-form button[type=submit]')
    await page.waitForSelector('#socialMarks[aria-invalid=true]')
    t.match(await page.textContent('#socialMarks-error'), /10점/, 'more than there are')
    await judge(page, { qualified: true, capability: '40', social: '4', reason: '심사' })
    t.equal(await turn(page), third)
    t.ok(await page.isHidden('#award-form'), 'nobody has won before the last one is judged')
    await judge(page, { qualified: false, capability: '50', social: '10', remark: 'missingDocuments', reason: HOSTILE })
    t.match(await page.textContent('#candidates'), HOSTILE)
    await judge(page, { qualified: true, capability: '45', social: '4', reason: '심사' })
    await page.waitForSelector('#award-form:not([hidden])')
    t.match(await page.textContent('#award-text'), first, 'the best total, not the lowest bid')
    await expectAccessible(t, page, 'desk-comprehensive-award')
    await decide(page, { reason: '종합점수 최고', state: 'awarded' })

    const view = await getTender(cast.publicApi, tenderId)
    t.match(parseJws(view.award ?? '', 'bongin-award').payload, { decision: 'awarded', supplierId: first, amountWon: 96_000_000 })
    const open = await publicPage(tenderId)
    t.match(await open.textContent('#decision .facts'), new RegExp(`${first}.*₩96,000,000`, 's'))
    t.match(await open.locator('#decision tbody tr').allTextContents(), [/84\.000/, /98\.000.*documents missing/s, /85\.000/])
    t.match(await open.textContent('#decision'), HOSTILE, 'a reason is shown letter for letter')
    trouble.push(...person.trouble)
  })

  await t.test('nobody qualifies: the tender fails, and everybody reads why', async (t) => {
    const { tenderId, person, page } = await openedDesk('2026-11-26', {
      draft: (schedule) => draftFor(cast, schedule), amounts: [27_000_000, 27_200_000]
    })
    await judge(page, { qualified: false, remark: 'wrongLicence', reason: '면허 없음' })
    await judge(page, { qualified: false, reason: '실적 없음' })
    t.match(await page.textContent('#award-title'), /유찰/)
    await decide(page, { reason: '적격자가 없어 재공고 예정', state: 'failed' })
    t.match(await page.textContent('#result-facts'), /적격자 없음/, 'the reason in words, not as a code')
    await expectAccessible(t, page, 'desk-failed')

    const view = await getTender(cast.publicApi, tenderId)
    t.match(view, { state: 'failed', failure: { reason: 'nobody-qualified' } })
    t.match(parseJws(view.award ?? '', 'bongin-award').payload, { decision: 'failed', supplierId: null, amountWon: null })
    const open = await publicPage(tenderId)
    t.match(await open.textContent('.state'), 'failed')
    t.match(await open.textContent('#decision .facts'), /nobody qualified.*재공고 예정/s)
    t.match(await open.locator('#decision tbody tr').allTextContents(), [/wrong licence.*면허 없음/s, /실적 없음/])
    trouble.push(...person.trouble)
  })

  t.same(trouble, [], 'no page has complained')
})
