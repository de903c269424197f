/**
 * Bids of unit prices (단가) at the portal, in a real browser: from the form over the receipt to the opening, which finds what was
 * typed; faults are said beside their fields, and nothing is submitted twice.
 */
import type { Page } from 'playwright-core'
import t from 'tap'
import { downloadRecord } from '../../src/client/records.ts'
import { unitPricesOf } from '../../src/crypto/price-schedule.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { SupplierId, TenderId } from '../../src/domain/ids.ts'
import { listBids } from '../../src/storage/bids.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { logIn, register, waitForView } from '../support/portal-supplier.ts'
import { openAt, publishDraft } from '../support/stage.ts'

const COMPANY = { companyName: '주식회사 한강', businessNumber: '2208162517', representative: '홍길동' }
const LINES = [{ name: '중식 <img src=x onerror=alert(1)>', unit: '식', quantity: 10 }, { name: '간식', unit: '개', quantity: 3 }, { name: '음료', unit: '병', quantity: 7 }]
/** 10 × 12,000.01 + 3 × 4,445.85 + 7 × 0.33 = 133,339.96 won; spreadsheets end their last row as well. */
const TYPED = ['12,000.01', '4445.85', '0.33']
const CENTI = [1_200_001, 444_585, 33]

t.test('unit prices', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 0 })
  const stage = { app, cast }
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const context = await browser.newContext({ locale: 'ko-KR' })
  const trouble: string[] = []
  context.on('page', (page) => {
    page.on('pageerror', (error) => trouble.push(error.message))
    page.on('dialog', (dialog) => { trouble.push(dialog.message()); dialog.dismiss().catch(() => {}) })
  })
  const draft = (change: Partial<TenderDraft> = {}): TenderDraft => draftFor(cast, { title: '급식 단가계약', kind: 'services', unitPrices: LINES, ...change })
  const hundredths = draft({
    estimatedPriceWon: 137_745,
    price: {
      method: 'multiple-derived', decimals: 2, baseAmountWon: 15_152_000, rangePpm: 30_000, slotPlan: 'upper-7', priceUnitWon: 1, plannedPriceRounding: 'up-1'
    }
  })
  const open = async (page: Page, tenderId: TenderId, lang = 'ko'): Promise<void> => {
    await page.goto(`${app.baseUrl}/tenders/${tenderId}/bid?lang=${lang}`)
    await waitForView(page, 'form')
  }
  const page = await context.newPage()
  await register(page, stage, COMPANY)
  await logIn(page, app)

  await t.test('what lines lack is said beside them, in both languages', async (t) => {
    const tenderId = await publishDraft(stage, draft())
    for (const [lang, missing] of [['ko', /단가를 숫자로/], ['en', /unit price of 0.01 won or more/]] as const) {
      await open(page, tenderId, lang)
      await page.fill('#unit-price-1', '1.234')
      await page.fill('#unit-price-2', '800')
      await page.click('#bid-form button[type=submit]')
      t.match(await page.textContent('#unit-price-0-error'), missing)
      t.match(await page.textContent('#unit-price-1-error'), missing, 'a third decimal is not rounded away')
      t.equal(await page.textContent('#unit-price-2-error'), '')
      t.not(await page.textContent('#picks-error'), '', 'all faults are said at once')
      t.equal(await page.evaluate(() => document.activeElement?.id), 'unit-price-0')
      t.equal(await page.inputValue('#unit-price-2'), '800', 'nothing typed is lost')
      await page.fill('#unit-price-0', '10,000,000,000,000')
      await page.fill('#unit-price-1', '10,000,000,000,000')
      await page.fill('#unit-price-2', '10,000,000,000,000')
      t.equal(await page.textContent('#lines-sum'), '200,000,000,000,000.00')
      await page.fill('#unit-price-0', '99')
      t.equal(await page.textContent('#unit-price-0-error'), '', 'the fault goes with the next key')
      await page.fill('#unit-price-0', '')
      t.equal(await page.textContent('#lines-filled'), '2/3')
      t.equal(await page.textContent('#lines-amount'), '–')
    }
    const tiny = await publishDraft(stage, draft({ unitPrices: [{ name: '점', unit: '개', quantity: 1 }] }))
    for (const [lang, least] of [['ko', /총액은 1원 이상/], ['en', /total must lie between 1 and/]] as const) {
      await open(page, tiny, lang)
      await page.fill('#unit-price-0', '0.99')
      await page.click('#bid-form button[type=submit]')
      t.match(await page.textContent('#lines-error'), least, '0.99 won is no amount where whole won are bid')
    }
  })

  const tenderId = await publishDraft(stage, hundredths)
  const sent: string[] = []
  page.on('request', (request) => { if (request.method() === 'POST' && request.url().endsWith('/bids')) sent.push(request.postData() ?? '') })

  await t.test('sums are exact while prices are typed, and pasted rows go down the column', async (t) => {
    await open(page, tenderId)
    await page.focus('#unit-price-0')
    await page.evaluate((rows) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text', `${rows.join('\r\n')}\r\n`)
      document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, TYPED)
    t.same(await page.locator('#lines input').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value)), TYPED)
    t.equal(await page.textContent('#unit-price-0-total'), '120,000.10')
    t.equal(await page.textContent('#unit-price-0-reading'), '금 일만이천원 일전정')
    t.equal(await page.textContent('#unit-price-2-total'), '2.31')
    t.equal(await page.textContent('#lines-sum'), '133,339.96')
    t.equal(await page.textContent('#lines-amount'), '133,339.96')
    t.equal(await page.textContent('#reading'), '금 일십삼만삼천삼백삼십구원 구십육전정')
    t.match(await page.textContent('#lines'), LINES[0]?.name, 'the item\'s name is shown as text')
  })

  await t.test('the summary shows every line; back, double clicks and a reload submit nothing twice', async (t) => {
    for (const number of [3, 7]) await page.check(`input[name=pick][value="${number}"]`)
    await page.dblclick('#bid-form button[type=submit]')
    await waitForView(page, 'confirm')
    t.equal(await page.textContent('#sealed-amount'), '133,339.96')
    const cells = await page.locator('#sealed-prices tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)))
    t.same(cells, [
      ['1', LINES[0]?.name, '식', '10', '12,000.01', '120,000.10'], ['2', '간식', '개', '3', '4,445.85', '13,337.55'], ['3', '음료', '병', '7', '0.33', '2.31']
    ])
    await page.goBack()
    await waitForView(page, 'form')
    t.equal(await page.inputValue('#unit-price-0'), TYPED[0], 'back from the summary the form is as it was')
    await page.click('#bid-form button[type=submit]')
    await waitForView(page, 'confirm')
    await page.check('#confirmed')
    await page.dblclick('#seal')
    await waitForView(page, 'accepted')
    t.same(await page.locator('#lines input').evaluateAll((fields) => fields.map((field) => (field as HTMLInputElement).value)), ['', '', ''], 'no price is left')
    await page.reload()
    await waitForView(page, 'accepted')
    t.equal(sent.length, 1)
    const kept = await page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => { const request = indexedDB.open('bongin'); request.onsuccess = () => { resolve(request.result) } })
      return await new Promise<string>((resolve) => {
        const request = db.transaction('bids').objectStore('bids').getAll()
        request.onsuccess = () => { resolve(JSON.stringify([request.result, { ...localStorage }, { ...sessionStorage }])) }
      })
    })
    t.match(kept, sent[0] ?? 'nothing was sent', 'the sealed bid is kept')
    t.notMatch(kept, /unitPricesCenti|1200001|12,000\.01|13333996/, 'no price is, anywhere')
  })

  await t.test('the opening finds what was typed', async (t) => {
    t.equal((await listBids(app.context.db.read, tenderId)).length, 1)
    await openAt(stage, tenderId, hundredths.schedule.opensAt)
    const record = await downloadRecord(cast.publicApi, tenderId)
    t.match(record.opening.rows, [{ supplierId: COMPANY.businessNumber, amountWon: 13_333_996, picks: [3, 7], voidReason: null }])
    t.same(unitPricesOf(record, COMPANY.businessNumber as SupplierId).map(({ unitPriceCenti }) => unitPriceCenti), CENTI)
  })

  t.same(trouble, [], 'no page has complained')
})
