/**
 * `npm run pages`: every page of the portal in chromium at two widths, in both colour schemes and languages, with the people who see
 * it logged in; pictures, a page of all pictures and a table of what the pages weigh go to a folder (`./screenshots`, or the one
 * named). `--only=WORD` for the pages with that word in their names. Ends with 1 where a page loads too much script, moves while it
 * loads, is wider than its window, has an error, or is not in the list of pages; with 2 where there is no browser.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import { progressBar } from '../src/cli/progress.ts'
import { browserMissing, openBrowser } from '../test/support/browser.ts'
import { makeDeskTown } from '../test/support/desk-town.ts'
import { measurePage, type PageFigures, type View, type Visit } from './pages/measure.ts'
import { addressOf, listFaults, PAGES, type ListedPage } from './pages/page-list.ts'
import { seatPeople, type People } from './pages/people.ts'
import { faultsOf, figuresTable, picturesPage } from './pages/report.ts'
import { portalPages } from './pages/routes.ts'

/** No browser, or words on the command line that mean nothing. */
const UNUSABLE = 2
const DEFAULT_FOLDER = 'screenshots'

const VIEWS: View[] = [390, 1280].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((colorScheme) => (['ko', 'en'] as const).map((lang) => ({ width, colorScheme, lang }))))

interface Outcome { figures: PageFigures[], faults: string[] }

async function run (folder: string, pages: readonly ListedPage[]): Promise<Outcome> {
  const endings: Array<() => unknown> = []
  console.log('A half year passes.')
  // The town is the tests': all that it wants of a test is to be told the end.
  const town = await makeDeskTown({ teardown: (ending: () => unknown) => { endings.unshift(ending) } } as unknown as Test)
  const browser = await openBrowser()
  try {
    const faults = listFaults(await portalPages(town.app.context))
    // Browsers take no address of digits for a passkey.
    const baseUrl = town.app.baseUrl.replace('127.0.0.1', 'localhost')
    town.app.context.policy.relyingParty = { id: 'localhost', origin: baseUrl }
    const people = await seatPeople(browser, town, { baseUrl })
    console.log('Everybody is logged in.')
    const figures = await visitAll({ browser, people, folder, pages, urlOf: (page) => `${baseUrl}${addressOf(page, town)}` })
    return { figures, faults: [...faults, ...figures.flatMap((one) => faultsOf(one, pages.find(({ name }) => name === one.page) ?? {}))] }
  } finally {
    await browser.close()
    for (const ending of endings) await ending()
  }
}

async function visitAll ({ browser, people, folder, pages, urlOf }: {
  browser: Browser, people: People, folder: string, pages: readonly ListedPage[], urlOf: (page: ListedPage) => string
}): Promise<PageFigures[]> {
  const figures: PageFigures[] = []
  const bar = progressBar('pages', process.stderr.isTTY)
  for (const [index, page] of pages.entries()) {
    const { name, who = 'nobody', ready, before, act } = page
    for (const view of VIEWS) {
      const picture = `${name}-${view.width}-${view.colorScheme}-${view.lang}.png`
      const visit: Visit = { page: name, url: urlOf(page), view, picture, path: join(folder, picture), ready, before, act }
      const context = who === 'nobody' ? await browser.newContext({ acceptDownloads: true }) : people[who]
      figures.push(await measurePage(context, visit))
      if (who === 'nobody') await context.close()
      bar.update(figures.length, pages.length * VIEWS.length)
    }
    if (!process.stderr.isTTY) console.log(`  ${index + 1}/${pages.length} ${name}`)
  }
  bar.stop()
  return figures
}

/** null for words that mean nothing. */
function readArguments (): { folder: string, pages: readonly ListedPage[] } | null {
  try {
    const { values: { only = '' }, positionals: [named = DEFAULT_FOLDER, ...others] } = parseArgs({ options: { only: { type: 'string' } }, allowPositionals: true })
    const pages = PAGES.filter(({ name }) => name.includes(only))
    return others.length > 0 || pages.length === 0 ? null : { folder: resolve(named), pages }
  } catch {
    return null
  }
}

const wanted = readArguments()
if (wanted === null) {
  console.error('Usage: npm run pages [-- [--only=WORD] FOLDER]')
  process.exitCode = UNUSABLE
} else if (browserMissing !== false) {
  console.error(`No pictures: ${browserMissing}.`)
  process.exitCode = UNUSABLE
} else {
  const { folder, pages } = wanted
  mkdirSync(folder, { recursive: true })
  const { figures, faults } = await run(folder, pages)
  writeFileSync(join(folder, 'pages.json'), `${JSON.stringify(figures, null, 2)}\n`)
  writeFileSync(join(folder, 'pages.md'), figuresTable(figures))
  writeFileSync(join(folder, 'index.html'), picturesPage(figures, pages))
  console.log(`\n${figuresTable(figures)}\nPictures side by side: ${join(folder, 'index.html')}`)
  for (const fault of faults) console.error(fault)
  process.exitCode = faults.length > 0 ? 1 : 0
}
