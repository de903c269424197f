/** What was measured of the pages: as a table, as faults, and as one page to look at the pictures side by side. */
import { MAX_SCRIPT_BYTES } from '../../test/support/browser.ts'
import type { PageFigures } from './measure.ts'
import type { ListedPage } from './page-list.ts'

/** The desk's cryptography and rules come once somebody is logged in; so does a page's work at a reader's wish. */
const MAX_SIGNED_IN_SCRIPT_BYTES = 340 * 1024
/** What the web vitals call good. */
const MAX_LAYOUT_SHIFT = 0.1

const kilobytes = (bytes: number): string => (bytes / 1024).toFixed(1)

/** The heaviest and the slowest of each page's views. */
export function figuresTable (figures: readonly PageFigures[]): string {
  const rows = [...Map.groupBy(figures, ({ page }) => page)].map(([name, views]) => {
    const most = (value: (view: PageFigures) => number): number => Math.max(...views.map(value))
    return `| ${name} | ${kilobytes(most((v) => v.transferBytes))} | ${most((v) => v.requests)} | ${kilobytes(most((v) => v.scriptBytes))} | ` +
      `${most((v) => v.layoutShift).toFixed(4)} | ${most((v) => v.firstPaintMs)} |`
  })
  return ['| page | transfer, KB | requests | script, KB | layout shift | first paint, ms |', '|---|--:|--:|--:|--:|--:|', ...rows, ''].join('\n')
}

/** Why a page is not as it should be. */
export function faultsOf (figures: PageFigures, { who, refusals }: Pick<ListedPage, 'who' | 'refusals'>): string[] {
  const { page, width, colorScheme, lang, scriptBytes, layoutShift, scrollsSideways, errors } = figures
  const where = `${page} (${width} px, ${colorScheme}, ${lang})`
  const allowed = who === undefined ? MAX_SCRIPT_BYTES : MAX_SIGNED_IN_SCRIPT_BYTES
  return [
    ...(scriptBytes > allowed ? [`${where}: ${scriptBytes} bytes of script`] : []),
    ...(layoutShift > MAX_LAYOUT_SHIFT ? [`${where}: layout shift ${layoutShift}`] : []),
    ...(scrollsSideways ? [`${where}: wider than its window`] : []),
    ...errors.filter((error) => refusals?.test(error) !== true).map((error) => `${where}: ${error}`)
  ]
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { margin: 0 auto; padding: 1rem }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem }
nav { columns: 14rem }
nav a { display: block }
.views { display: flex; gap: 1rem; align-items: flex-start; overflow-x: auto }
figure { margin: 0; flex: none }
img { display: block; border: 1px solid #8888 }
.narrow img { width: 195px }
.wide img { width: 480px }
figcaption, .facts { font-size: .85rem }`

/** All views of a page in one row, each a link to its picture. */
export function picturesPage (figures: readonly PageFigures[], pages: readonly ListedPage[]): string {
  const sections = pages.flatMap(({ name, route, who = 'nobody' }) => {
    const views = figures.filter(({ page }) => page === name)
    if (views.length === 0) return []
    const shown = views.map(({ picture, width, colorScheme, lang, layoutShift, transferBytes }) => `<figure class="${width < 600 ? 'narrow' : 'wide'}">
<a href="${escaped(picture)}"><img src="${escaped(picture)}" alt="${escaped(`${name}, ${width} px, ${colorScheme}, ${lang}`)}" loading="lazy"></a>
<figcaption>${width} px, ${colorScheme}, ${lang}; ${kilobytes(transferBytes)} KB, shift ${layoutShift}</figcaption></figure>`)
    return [`<section id="${escaped(name)}"><h2>${escaped(name)}</h2><p class="facts"><code>${escaped(route)}</code>, ${who}</p><div class="views" tabindex="0">${shown.join('\n')}</div></section>`]
  })
  const names = [...new Set(figures.map(({ page }) => page))]
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Bongin: pages</title><style>${STYLE}</style></head>
<body><h1>Pages of the portal</h1>
<p>${names.length} pages, ${figures.length} pictures. Figures: <a href="pages.md">pages.md</a>, <a href="pages.json">pages.json</a>.</p>
<nav aria-label="Pages">${names.map((name) => `<a href="#${escaped(name)}">${escaped(name)}</a>`).join('\n')}</nav>
${sections.join('\n')}
</body></html>
`
}
