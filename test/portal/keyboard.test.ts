/**
 * The supplier's main path by Tab, Enter, Space and typing alone: from the login over the bid to the receipt, with the skip link first on
 * every page. Wherever the focus stands, it is seen: an outline of at least two pixels in a colour other than what is behind it.
 */
import type { Page } from 'playwright-core'
import t, { type Test } from 'tap'
import { draftFor, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { newPerson } from '../support/portal-officer.ts'
import { bringKeys } from '../support/portal-seat.ts'
import { waitForView } from '../support/portal-supplier.ts'
import { publishDraft } from '../support/stage.ts'

/** No page of this path has more places for the focus before the one that is looked for. */
const MAX_TABS = 60
const MIN_OUTLINE_PX = 2

interface Focus {
  what: string
  matches: boolean
  focusVisible: boolean
  outlinePx: number
  outlineStyle: string
  outlineColor: string
  background: string
  onScreen: boolean
}

const isSeen = ({ focusVisible, outlineStyle, outlinePx, outlineColor, background, onScreen }: Focus): boolean =>
  focusVisible && outlineStyle !== 'none' && outlinePx >= MIN_OUTLINE_PX && outlineColor !== background && onScreen

/** What has the focus, and how it looks. */
async function focusIn (page: Page, selector: string): Promise<Focus> {
  return await page.evaluate((wanted) => {
    const element = document.activeElement ?? document.body
    const { outlineWidth, outlineStyle, outlineColor } = getComputedStyle(element)
    const box = element.getBoundingClientRect()
    let behind: Element | null = element.parentElement
    while (behind !== null && getComputedStyle(behind).backgroundColor === 'rgba(0, 0, 0, 0)') behind = behind.parentElement
    return {
      what: `${element.tagName.toLowerCase()}${element.id === '' ? '' : `#${element.id}`} ${(element.textContent ?? '').trim().slice(0, 30)}`,
      matches: element.matches(wanted),
      focusVisible: element.matches(':focus-visible'),
      outlinePx: Number.parseFloat(outlineWidth),
      outlineStyle,
      outlineColor,
      background: behind === null ? '' : getComputedStyle(behind).backgroundColor,
      onScreen: box.width > 0 && box.bottom > 0 && box.top < innerHeight
    }
  }, selector)
}

/** Goes on by Tab until this has the focus, unless it has it; on the way every place that the focus takes is seen. */
async function tabTo (t: Test, page: Page, selector: string): Promise<void> {
  const unseen: Focus[] = []
  let focus = await focusIn(page, selector)
  for (let tabs = 0; tabs < MAX_TABS && !focus.matches; tabs++) {
    await page.keyboard.press('Tab')
    focus = await focusIn(page, selector)
    if (!isSeen(focus)) unseen.push(focus)
  }
  t.ok(focus.matches, `${selector} is reached by Tab`)
  t.same(unseen, [], `the focus is seen all the way to ${selector}`)
}

/** The first Tab of a page is the skip link, and Enter on it leads past the menu. */
async function skipToContent (t: Test, page: Page): Promise<void> {
  await page.keyboard.press('Tab')
  const skip = await focusIn(page, 'a.skip')
  t.ok(skip.matches && skip.focusVisible && skip.onScreen, 'the skip link comes first, and comes into sight')
  await page.keyboard.press('Enter')
  t.equal(await page.evaluate(() => document.activeElement?.id), 'content')
  await page.keyboard.press('Tab')
  t.ok(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement)), 'the next Tab is in the content, past the menu')
}

t.test('from the login to the receipt, without a mouse', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 1 })
  const tenderId = await publishDraft({ app, cast }, draftFor(cast))
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const { page, trouble } = await newPerson(browser)
  await bringKeys(page, app, { cast, actor: at(cast.suppliers, 0) })

  // A page that scrolls smoothly is under way when the focus is there.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${app.baseUrl}/tenders/${tenderId}`)
    await skipToContent(t, page)
  }
  await page.goto(`${app.baseUrl}/tenders/${tenderId}`)
  await tabTo(t, page, `a[href="/tenders/${tenderId}/bid"]`)
  await page.keyboard.press('Enter')
  await page.waitForURL('**/bid')
  await waitForView(page, 'login')
  await tabTo(t, page, '[data-view=login] a')
  await page.keyboard.press('Enter')
  await page.waitForSelector('#keys button')
  await skipToContent(t, page)
  await tabTo(t, page, '#keys button')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/tenders/${tenderId}/bid`)

  await waitForView(page, 'form')
  await tabTo(t, page, '#amount')
  await page.keyboard.type('27600000')
  await tabTo(t, page, 'input[name=pick][value="3"]')
  await page.keyboard.press('Space')
  await tabTo(t, page, 'input[name=pick][value="7"]')
  await page.keyboard.press('Space')
  await tabTo(t, page, '#bid-form button[type=submit]')
  await page.keyboard.press('Enter')
  await waitForView(page, 'confirm')
  t.equal(await page.textContent('#sealed-amount'), '27,600,000')
  t.match(await page.textContent('#sealed-part'), '3, 7')
  await tabTo(t, page, '#confirmed')
  await page.keyboard.press('Space')
  await tabTo(t, page, '#seal')
  await page.keyboard.press('Enter')
  await waitForView(page, 'accepted')
  t.equal(await page.evaluate(() => document.activeElement?.tagName), 'H2', 'the focus stands where the receipt is told of')
  const download = page.waitForEvent('download')
  await tabTo(t, page, '#receipt-file')
  await page.keyboard.press('Enter')
  t.equal((await download).suggestedFilename(), `${tenderId}.bid.jws.receipt`)
  t.same(trouble, [], 'no page has complained')
})
