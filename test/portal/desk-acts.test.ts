/**
 * Acts at the desks that no other test drives in a real browser: an agency's own prices are sealed, a tender is cancelled, closings that
 * were held after a silence of the server are released. Each is done once however often it is clicked, refused beside its field, and seen
 * by everybody on the public page and in the API.
 */
import type { Browser, Page } from 'playwright-core'
import t from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { contribute, draftTender } from '../../src/client/ceremony.ts'
import { closingHold } from '../../src/client/outages.ts'
import { getTender } from '../../src/client/tenders.ts'
import { parseJws } from '../../src/crypto/jws.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp, type TestApp } from '../support/build-app.ts'
import { seatOfficer } from '../support/portal-seat.ts'
import { bidAmounts, openAt, publishDraft, scheduleOf } from '../support/stage.ts'

const BASE_WON = 29_678_000
/** Fifteen of them, ±3 % around the base amount. */
const PRICES = Array.from({ length: 15 }, (_none, i) => BASE_WON + (i - 7) * 100_000)
const HOSTILE = '예산 <img src=x onerror=alert(1)> & "변경"으로 취소'

/** As anybody sees it. */
async function publicPage (browser: Browser, { baseUrl }: TestApp, path: string): Promise<Page> {
  const page = await (await browser.newContext({ bypassCSP: true })).newPage()
  await page.goto(`${baseUrl}${path}${path.includes('?') ? '&' : '?'}lang=en`)
  return page
}

t.test('sealed prices: fifteen of them, sealed in the officer\'s browser, opened with the bids', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 2 })
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const draft = draftFor(cast)
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  const tenderId = await draftTender(executing.api, { ...draft, price: { ...draft.price, method: 'multiple-sealed' } })
  for (const { api, identity } of [executing, witness]) await contribute(api, cast.platform, { identity, tenderId, now: app.clock.now() })

  const { page, trouble } = await seatOfficer(browser, app, { cast, actor: cast.executing, path: `/desk/tenders/${tenderId}` })
  const [bodies, sent]: [string[], string[]] = [[], []]
  page.on('request', (request) => {
    bodies.push(request.postData() ?? '')
    if (request.method() === 'PUT') sent.push(new URL(request.url()).pathname)
  })
  await page.waitForSelector('#sealing:not([hidden])')
  t.ok(await page.isHidden('#publication'), 'nothing is published before the prices are sealed')
  for (const [typed, error] of [['', /입력/], ['29,678,000 이천만', /올바르지|형식/], [PRICES.slice(1).join('\n'), /개수/], [[...PRICES.slice(1), 99_000_000].join(' '), /범위/]] as const) {
    await page.fill('#prices', typed)
    await page.click('#sealing-form button')
    await page.waitForSelector('#prices[aria-invalid=true]')
    t.match(await page.textContent('#prices-error'), error)
    t.equal(await page.inputValue('#prices'), typed, 'nothing typed is lost')
  }
  await expectAccessible(t, page, 'desk-sealing-fault')
  await page.fill('#prices', PRICES.map((price) => price.toLocaleString('en-US')).join('\n'))
  await page.dblclick('#sealing-form button')
  await page.waitForSelector('#publication:not([hidden])')
  t.match(await page.textContent('#sealing-state'), /봉인/)
  t.equal(await page.inputValue('#prices'), '', 'the prices are not left in the page')
  t.same(sent, [`/v1/tenders/${tenderId}/sealed-prices`], 'a double click seals once, and what was refused was not sent')
  t.same(bodies.filter((body) => PRICES.some((price) => body.includes(String(price)))), [], 'no price left this browser in the clear')

  await page.click('#review-notice')
  await page.check('#noticeChecked')
  await page.click('#publication-form button[type=submit]')
  await page.waitForSelector('#desk-body[data-state=published]')
  const before = await publicPage(browser, app, `/tenders/${tenderId}`)
  t.notMatch(await before.content(), new RegExp(PRICES.map((price) => price.toLocaleString('en-US')).filter((text) => text !== '29,678,000').join('|')))
  await bidAmounts({ app, cast }, tenderId, { amounts: [27_300_000, 27_900_000], picks: [3, 7] })
  await openAt({ app, cast }, tenderId, draft.schedule.opensAt)
  const { opening } = await getTender(cast.publicApi, tenderId)
  t.match(opening, { outcome: 'ranked' })
  t.same([...opening?.prices.preliminaryPricesWon ?? []].sort((a, b) => a - b), PRICES, 'the sealed prices are those of the opening')
  const after = await publicPage(browser, app, `/tenders/${tenderId}`)
  t.equal(await after.locator('table.prices tbody tr').count(), 15)
  t.match(await after.textContent('table.prices'), '28,978,000')
  t.same(trouble, [])
})

t.test('a cancellation: with a reason, for good, and seen by everybody', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 1 })
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const tenderId = await publishDraft({ app, cast }, draftFor(cast))
  await bidAmounts({ app, cast }, tenderId, { amounts: [27_300_000], picks: [3, 7] })
  const witness = await seatOfficer(browser, app, { cast, actor: cast.witness, path: `/desk/tenders/${tenderId}` })
  await witness.page.waitForSelector('#desk-body[data-state=published]')
  t.ok(await witness.page.isHidden('#cancellation'), 'only the executing officer cancels')

  const { page, trouble } = await seatOfficer(browser, app, { cast, actor: cast.executing, path: `/desk/tenders/${tenderId}` })
  await page.click('#cancellation summary')
  await page.click('#cancel-form button')
  t.not(await page.textContent('#cancelReason-error'), '', 'no cancellation without a reason')
  t.not(await page.textContent('#cancelConfirmed-error'), '', 'nor by a slip of the hand')
  t.match(await getTender(cast.publicApi, tenderId), { state: 'published' })
  await expectAccessible(t, page, 'desk-cancel-fault')
  await page.fill('#cancelReason', HOSTILE)
  await page.check('#cancelConfirmed')
  await page.dblclick('#cancel-form button')
  await page.waitForSelector('#desk-body[data-state=cancelled]')
  t.ok(await page.isHidden('#cancellation'))
  t.match(await page.textContent('#desk-done'), /취소/)
  // The witness hears of it by the live line.
  await witness.page.waitForSelector('#desk-body[data-state=cancelled]')

  const view = await getTender(cast.publicApi, tenderId)
  t.match(view, { state: 'cancelled', opening: null })
  t.match(parseJws(view.cancellation ?? '', 'bongin-cancellation').payload, { tenderId, reason: HOSTILE })
  t.equal(view.history.filter(({ type }) => type === 'tender.cancelled').length, 1, 'a double click cancels once')
  const open = await publicPage(browser, app, `/tenders/${tenderId}`)
  t.equal(await open.textContent('.state'), 'cancelled')
  t.match(await open.textContent('#decision'), HOSTILE, 'the reason, letter for letter')
  await expectAccessible(t, open, 'decision-cancelled')
  const bid = await publicPage(browser, app, `/tenders/${tenderId}/bid`)
  t.equal(await bid.locator('.countdown').count(), 0, 'there is nothing to wait for')
  const { api, identity } = await cast.login(at(cast.suppliers, 0))
  const late = sealFor(api, cast.platform, { identity, tenderId, content: { amountWon: 27_400_000, picks: [1, 2] }, now: app.clock.now() })
  await t.rejects(late.then(async ({ envelope }) => await submitBid(api, cast.platform, envelope)), 'and no bid is taken')
  t.same([...trouble, ...witness.trouble], [])
})

t.test('held closings: an officer sees them, and releases them with a reason', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 2 })
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const day = '2026-11-24'
  const tenderId: TenderId = await publishDraft({ app, cast }, draftFor(cast, { schedule: { ...scheduleOf(day), opensAt: `${day}T15:00:00+09:00` } }))
  await bidAmounts({ app, cast }, tenderId, { amounts: [27_300_000, 27_500_000], picks: [3, 7] })
  /** One round as the process runs it, with the sign of life that a silence is measured from. */
  const run = async (time: string): Promise<void> => {
    app.clock.set(`${day}T${time}:00+09:00`)
    app.scheduler.start()
    await app.scheduler.stop()
  }
  await run('09:40')
  await run('11:30')
  t.match(await getTender(cast.publicApi, tenderId), { state: 'published' }, 'its closing is held')

  const { page, trouble } = await seatOfficer(browser, app, { cast, actor: cast.chief, path: '/desk/outages' })
  await page.waitForSelector('#hold:not([hidden])')
  t.match(await page.textContent('#hold-text'), /09:40:00.*11:30:00.*13:30:00/s, 'the silence, and how long the hold lasts')
  await page.click('#hold-form button')
  t.not(await page.textContent('#holdReason-error'), '', 'no release without a reason')
  await expectAccessible(t, page, 'outages-hold')
  await page.fill('#holdReason', '정기 점검')
  await page.dblclick('#hold-form button')
  await page.waitForSelector('#no-hold:not([hidden])')
  t.not(await page.textContent('#desk-done'), '')
  t.equal(await closingHold((await cast.login(cast.chief)).api), null)

  await app.scheduler.tick()
  t.match(await getTender(cast.publicApi, tenderId), { state: 'closed', closesAt: `${day}T10:00:00.000+09:00` }, 'closed at its own time')
  const open = await publicPage(browser, app, `/tenders/${tenderId}`)
  t.equal(await open.textContent('.state'), 'closed')
  await openAt({ app, cast }, tenderId, `${day}T15:00:00+09:00`)
  t.match(await getTender(cast.publicApi, tenderId), { state: 'opened', openingRows: 2 }, 'every bid is in the opening')
  t.same(trouble, [])
})
