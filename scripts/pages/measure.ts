/** One page in a real browser: what it weighs, whether it moves while it loads, when it shows; and its picture. */
import type { BrowserContext, Page } from 'playwright-core'

export interface View { width: number, colorScheme: 'light' | 'dark', lang: 'ko' | 'en' }

export interface PageFigures extends View {
  page: string
  /** Its file, beside the figures. */
  picture: string
  /** Bytes over the line, headers included. */
  transferBytes: number
  requests: number
  /** Of scripts alone, as they run: what a reader loads at first, and on a page that somebody is logged in to what its work needs. */
  scriptBytes: number
  /** Cumulative layout shift (CLS) until the page was quiet. */
  layoutShift: number
  /** Milliseconds from the navigation to the first contentful paint. */
  firstPaintMs: number
  /** The page is wider than its window. */
  scrollsSideways: boolean
  errors: string[]
}

export interface Visit {
  page: string
  url: string
  view: View
  /** The picture's file. */
  picture: string
  path: string
  /** What shows that the page is there. */
  ready: string | undefined
  before: ((page: Page) => Promise<void>) | undefined
  act: ((page: Page) => Promise<void>) | undefined
}

/** A page that has not come to rest by then is measured as it is. */
const QUIET_TIMEOUT_MS = 5_000
/** A page that is not there by then is not there. */
const READY_TIMEOUT_MS = 20_000
const HEIGHT = 900

export async function measurePage (context: BrowserContext, visit: Visit): Promise<PageFigures> {
  const { page: name, url, picture, path, view, ready, before, act } = visit
  const page = await context.newPage()
  page.setDefaultTimeout(READY_TIMEOUT_MS)
  try {
    await page.setViewportSize({ width: view.width, height: HEIGHT })
    await page.emulateMedia({ colorScheme: view.colorScheme })
    await before?.(page)
    const { errors, sums } = await watch(page)
    await page.goto(`${url}${url.includes('?') ? '&' : '?'}lang=${view.lang}`, { waitUntil: 'load' })
    // The live line never ends: a page that follows news is quiet when its own files are in.
    await page.waitForLoadState('networkidle', { timeout: QUIET_TIMEOUT_MS }).catch(() => {})
    if (ready !== undefined) await page.waitForSelector(ready, { state: 'attached' })
    const { layoutShift, firstPaintMs } = await page.evaluate(readTimes)
    const loaded = { ...sums }
    await act?.(page)
    const scrollsSideways = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
    await page.screenshot({ path, fullPage: true })
    const times = { layoutShift: Math.round(layoutShift * 10_000) / 10_000, firstPaintMs: Math.round(firstPaintMs) }
    return { page: name, picture, ...view, ...loaded, ...times, scrollsSideways, errors }
  } catch (error) {
    throw new Error(`${name} (${view.width} px, ${view.colorScheme}, ${view.lang})`, { cause: error })
  } finally {
    await page.close()
  }
}

/** Counts what comes, all of it over the line: a profile may have the files of a page that it was on before. */
async function watch (page: Page): Promise<{ errors: string[], sums: Pick<PageFigures, 'transferBytes' | 'requests' | 'scriptBytes'> }> {
  const [errors, sums] = [[] as string[], { transferBytes: 0, requests: 0, scriptBytes: 0 }]
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()) })
  const line = await page.context().newCDPSession(page)
  await line.send('Network.enable')
  await line.send('Network.setCacheDisabled', { cacheDisabled: true })
  line.on('Network.loadingFinished', ({ encodedDataLength }) => {
    sums.transferBytes += encodedDataLength
    sums.requests++
  })
  page.on('response', (response) => {
    if (response.request().resourceType() === 'script') response.body().then((body) => { sums.scriptBytes += body.length }, () => {})
  })
  return { errors, sums }
}

/** Runs in the page. */
async function readTimes (): Promise<{ layoutShift: number, firstPaintMs: number }> {
  const entries = async (type: string): Promise<PerformanceEntry[]> => await new Promise((resolve) => {
    const observer = new PerformanceObserver((list) => { resolve(list.getEntries()) })
    observer.observe({ type, buffered: true })
    // Nothing buffered: nothing happened.
    setTimeout(() => { resolve([]) }, 200)
  })
  const [shifts, paints] = await Promise.all([entries('layout-shift'), entries('paint')])
  const moves = shifts as Array<PerformanceEntry & { value: number, hadRecentInput: boolean }>
  const layoutShift = moves.reduce((sum, { value, hadRecentInput }) => hadRecentInput ? sum : sum + value, 0)
  return { layoutShift, firstPaintMs: paints.find(({ name }) => name === 'first-contentful-paint')?.startTime ?? 0 }
}
