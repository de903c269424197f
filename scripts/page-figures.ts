/**
 * `npm run pages`: every public page in chromium at two widths, in both colour schemes and languages; pictures and a table of what
 * the pages weigh go to a folder (`./screenshots`, or the one named). Ends with 1 where a page loads too much script, moves while
 * it loads, or has an error; with 2 where there is no browser.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Test } from 'tap'
import { browserMissing, openBrowser } from '../test/support/browser.ts'
import { makePictureTown, type PictureTown } from '../test/support/picture-town.ts'
import { measurePage, type PageFigures, type View } from './pages/measure.ts'

const MAX_SCRIPT_BYTES = 150 * 1024
/** What the web vitals call good. */
const MAX_LAYOUT_SHIFT = 0.1
/** No browser, or words on the command line that mean nothing. */
const UNUSABLE = 2
const DEFAULT_FOLDER = 'screenshots'

const VIEWS: View[] = [390, 1280].flatMap((width) =>
  (['light', 'dark'] as const).flatMap((colorScheme) => (['ko', 'en'] as const).map((lang) => ({ width, colorScheme, lang }))))

function pagesOf ({ opened, open, asked, closed, supplierId, agencyId }: PictureTown): Array<readonly [name: string, path: string]> {
  return [
    ['home', '/'], ['tenders', '/tenders'], ['openings', '/tenders?state=concluded'], ['tender-open', `/tenders/${asked}`],
    ['tender-hostile', `/tenders/${open}`], ['tender-closed', `/tenders/${closed}`], ['tender-opened', `/tenders/${opened}`],
    ['verify', `/tenders/${opened}/verify`], ['statistics', '/statistics'], ['agency', `/agencies/${agencyId}`], ['supplier', `/suppliers/${supplierId}`], ['help', '/help'], ['missing', '/nowhere']
  ]
}

async function run (folder: string): Promise<PageFigures[]> {
  const endings: Array<() => unknown> = []
  // The town is the tests': all that it wants of a test is to be told the end.
  const town = await makePictureTown({ teardown: (ending: () => unknown) => { endings.unshift(ending) } } as unknown as Test)
  const browser = await openBrowser()
  const figures: PageFigures[] = []
  try {
    for (const [name, path] of pagesOf(town)) {
      for (const view of VIEWS) {
        const picture = join(folder, `${name}-${view.width}-${view.colorScheme}-${view.lang}.png`)
        figures.push(await measurePage(browser, { page: name, url: town.app.baseUrl + path, picture, view }))
      }
      console.log(`  ${name}`)
    }
  } finally {
    await browser.close()
    for (const ending of endings) await ending()
  }
  return figures
}

/** The heaviest and the slowest of each page's views. */
function table (figures: readonly PageFigures[]): string {
  const names = [...new Set(figures.map(({ page }) => page))]
  const rows = names.map((name) => {
    const views = figures.filter(({ page }) => page === name)
    const most = (value: (view: PageFigures) => number): number => Math.max(...views.map(value))
    const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1)
    return `| ${name} | ${kilobytes(most((v) => v.transferBytes))} | ${most((v) => v.requests)} | ${kilobytes(most((v) => v.scriptBytes))} | ` +
      `${most((v) => v.layoutShift).toFixed(4)} | ${most((v) => v.firstPaintMs)} |`
  })
  return ['| page | transfer, KB | requests | script, KB | layout shift | first paint, ms |', '|---|--:|--:|--:|--:|--:|', ...rows, ''].join('\n')
}

/** Why a page is not as it should be. */
function faults ({ page, width, colorScheme, lang, scriptBytes, layoutShift, errors }: PageFigures): string[] {
  const where = `${page} (${width} px, ${colorScheme}, ${lang})`
  // A page that is not there says so with 404, which the console calls an error.
  const real = page === 'missing' ? [] : errors
  return [
    ...(scriptBytes > MAX_SCRIPT_BYTES ? [`${where}: ${scriptBytes} bytes of script`] : []),
    ...(layoutShift > MAX_LAYOUT_SHIFT ? [`${where}: layout shift ${layoutShift}`] : []),
    ...real.map((error) => `${where}: ${error}`)
  ]
}

const [named, ...others] = process.argv.slice(2)
if (others.length > 0 || named?.startsWith('-') === true) {
  console.error('Usage: npm run pages [-- FOLDER]')
  process.exitCode = UNUSABLE
} else if (browserMissing !== false) {
  console.error(`No pictures: ${browserMissing}.`)
  process.exitCode = UNUSABLE
} else {
  const folder = resolve(named ?? DEFAULT_FOLDER)
  mkdirSync(folder, { recursive: true })
  const figures = await run(folder)
  writeFileSync(join(folder, 'pages.json'), `${JSON.stringify(figures, null, 2)}\n`)
  writeFileSync(join(folder, 'pages.md'), table(figures))
  console.log(`\n${table(figures)}\nPictures and figures: ${folder}`)
  const found = figures.flatMap(faults)
  for (const fault of found) console.error(fault)
  process.exitCode = found.length > 0 ? 1 : 0
}
