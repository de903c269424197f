/**
 * Accessibility of a page in the browser, by axe: every violation of WCAG 2.2 A and AA and of its best practices, one line each.
 * A look is a colour scheme and a width. The two languages of a page differ in its words alone, and colours do not depend on words:
 * so a page that is seen in both languages meets axe in Korean on a wide light screen and in English on a narrow dark one. What the
 * length of words does change, whether the page scrolls sideways, is looked at in every language at every width. `BONGIN_AXE=all` runs
 * axe in every language, scheme and width.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import type { Test } from 'tap'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Where the pictures go that somebody wants to look at; none are taken otherwise. */
const PICTURES = process.env['BONGIN_TEST_PICTURES']

export type Lang = 'ko' | 'en'
interface Look { lang: Lang | 'both', colorScheme: 'light' | 'dark', width: number }
const PAIRS: readonly Look[] = [{ lang: 'ko', colorScheme: 'light', width: 1280 }, { lang: 'en', colorScheme: 'dark', width: 390 }]
const ALL = [1280, 390].flatMap((width) => (['light', 'dark'] as const).map((colorScheme): Look => ({ lang: 'both', colorScheme, width })))
const LOOKS = process.env['BONGIN_AXE'] === 'all' ? ALL : PAIRS

interface Violation { id: string, nodes: Array<{ target: string[] }> }

/** The page's context must let foreign scripts in (`bypassCSP`). */
async function violationsOf (page: Page): Promise<string[]> {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(AXE)
  const violations = await page.evaluate(async (tags) => {
    const { axe } = globalThis as unknown as { axe: { run: (root: Document, options: object) => Promise<{ violations: Violation[] }> } }
    // Every rule runs; only what passes is not written up, element by element.
    return (await axe.run(document, { runOnly: tags, resultTypes: ['violations'] })).violations
  }, WCAG)
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}

async function scrollsSideways (page: Page): Promise<boolean> {
  return await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
}

/** The page as it stands, in both looks: by axe in those of `lang`, in both for a page that is seen in one language only (null). */
export async function expectAccessible (t: Test, page: Page, name: string, lang: Lang | null = null): Promise<void> {
  const title = lang === null ? name : `${name}-${lang}`
  for (const { lang: axeIn, colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 844 })
    if (lang === null || axeIn === 'both' || lang === axeIn) t.same(await violationsOf(page), [], `${title}, ${colorScheme}, ${width} px: no violation`)
    t.notOk(await scrollsSideways(page), `${title}, ${width} px: it does not scroll sideways`)
    if (PICTURES !== undefined) await page.screenshot({ path: `${PICTURES}/${title.replaceAll('/', '_')}-${colorScheme}-${width}.png`, fullPage: true })
  }
}
