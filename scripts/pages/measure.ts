/** One page in a real browser: what it weighs, whether it moves while it loads, when it shows; and its picture. */
import type { Browser } from 'playwright-core'

export interface View { width: number, colorScheme: 'light' | 'dark', lang: 'ko' | 'en' }

export interface PageFigures extends View {
  page: string
  /** Bytes over the line, headers included. */
  transferBytes: number
  requests: number
  /** Of scripts alone, as they run. */
  scriptBytes: number
  /** Cumulative layout shift (CLS) until the page was quiet. */
  layoutShift: number
  /** Milliseconds from the navigation to the first contentful paint. */
  firstPaintMs: number
  errors: string[]
}

/** A page that has not come to rest by then is measured as it is. */
const QUIET_TIMEOUT_MS = 5_000
const HEIGHT = 900

export async function measurePage (browser: Browser, { page: name, url, picture, view }: {
  page: string, url: string, picture: string, view: View
}): Promise<PageFigures> {
  const context = await browser.newContext({
    viewport: { width: view.width, height: HEIGHT }, colorScheme: view.colorScheme, locale: view.lang === 'ko' ? 'ko-KR' : 'en-GB'
  })
  try {
    const page = await context.newPage()
    const [errors, sums] = [[] as string[], { transferBytes: 0, requests: 0, scriptBytes: 0 }]
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()) })
    const line = await context.newCDPSession(page)
    await line.send('Network.enable')
    line.on('Network.loadingFinished', ({ encodedDataLength }) => {
      sums.transferBytes += encodedDataLength
      sums.requests++
    })
    page.on('response', (response) => {
      if (response.request().resourceType() === 'script') response.body().then((body) => { sums.scriptBytes += body.length }, () => {})
    })
    await page.goto(`${url}${url.includes('?') ? '&' : '?'}lang=${view.lang}`, { waitUntil: 'load' })
    // The live line never ends: a page that follows news is quiet when its own files are in.
    await page.waitForLoadState('networkidle', { timeout: QUIET_TIMEOUT_MS }).catch(() => {})
    const { layoutShift, firstPaintMs } = await page.evaluate(readTimes)
    await page.screenshot({ path: picture, fullPage: true })
    return { page: name, ...view, ...sums, layoutShift: Math.round(layoutShift * 10_000) / 10_000, firstPaintMs: Math.round(firstPaintMs), errors }
  } finally {
    await context.close()
  }
}

/** Runs in the page. */
async function readTimes (): Promise<{ layoutShift: number, firstPaintMs: number }> {
  const entries = async (type: string): Promise<PerformanceEntry[]> => await new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => { resolve(list.getEntries()) })
    observer.observe({ type, buffered: true })
    // Nothing buffered: nothing happened.
    setTimeout(() => { resolve([]) }, 200)
  })
  const shifts = await entries('layout-shift') as Array<PerformanceEntry & { value: number, hadRecentInput: boolean }>
  const paint = (await entries('paint')).find(({ name }) => name === 'first-contentful-paint')
  const layoutShift = shifts.reduce((sum, { value, hadRecentInput }) => hadRecentInput ? sum : sum + value, 0)
  return { layoutShift, firstPaintMs: paint?.startTime ?? 0 }
}
