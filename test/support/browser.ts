/** A real browser for the tests: Debian's chromium, or what `BONGIN_CHROMIUM` names. Where there is none the tests say so and are skipped. */
import { existsSync } from 'node:fs'
import { chromium, type Browser, type Page } from 'playwright-core'

const PLACES = [process.env['BONGIN_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export const browserPath: string | null = PLACES.find((path) => path !== undefined && existsSync(path)) ?? null

/** Why there are no browser tests, for tap's `skip`; false where there are. */
export const browserMissing: string | false = browserPath === null ? 'no chromium: apt-get install chromium, or set BONGIN_CHROMIUM' : false

/** @throws where no browser was found. */
export async function openBrowser (): Promise<Browser> {
  if (browserPath === null) throw new Error('no chromium')
  // The sandbox of a browser needs rights that a container does not have; it only meets our own pages here.
  return await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
}

/** Script that a page may load before anybody has logged in. */
export const MAX_SCRIPT_BYTES = 150_000

/** Bytes of script that a page loads at first, in a profile of its own. */
export async function scriptBytesOf (browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(url, { waitUntil: 'networkidle' })
    const sizes = await page.evaluate(() => performance.getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js')).map((entry) => (entry as PerformanceResourceTiming).decodedBodySize))
    return sizes.reduce((sum, size) => sum + size, 0)
  } finally {
    await context.close()
  }
}

/** An answer that was a refusal, and a line that a test cut. */
const REFUSED_OR_CUT = /Failed to load resource: (?:the server responded with a status of 4\d\d|net::ERR_FAILED)/

/** What goes wrong on the page from now on: a dialog, an error, something that the policy refuses; not the messages that `but` names. */
export function troubleOf (page: Page, but = REFUSED_OR_CUT): string[] {
  const trouble: string[] = []
  page.on('dialog', (dialog) => { trouble.push(`dialog: ${dialog.message()}`); dialog.dismiss().catch(() => {}) })
  page.on('pageerror', (error) => trouble.push(error.message))
  page.on('console', (message) => { if (message.type() === 'error' && !but.test(message.text())) trouble.push(message.text()) })
  return trouble
}
