/** The public pages as they come from the server, without script: what they show, what they never show, what guards them. */
import t from 'tap'
import { MAX_SCRIPT_BYTES } from '../support/browser.ts'
import { HOSTILE_TITLE, makePortalTown } from '../support/portal-town.ts'

const { app, cast, opened, open } = await makePortalTown(t)
const supplierId = cast.suppliers[0]?.identity.holderId ?? ''

async function page (path: string, headers: Record<string, string> = {}): Promise<{ status: number, html: string, headers: Headers }> {
  const response = await fetch(app.baseUrl + path, { headers: { accept: 'text/html', ...headers } })
  return { status: response.status, html: await response.text(), headers: response.headers }
}

t.test('every page comes whole, in both languages, under a policy without inline script', async (t) => {
  const shells = ['/register', '/register/status', '/login', '/my', `/tenders/${open}/bid`, `/tenders/${opened}/bid`, `/tenders/${open}/joint`]
  const views = ['/', '/tenders', `/tenders/${opened}`, `/tenders/${open}`, '/help', '/statistics', '/agencies/1230000', `/suppliers/${supplierId}`]
  for (const path of [...views, ...shells]) {
    for (const lang of ['ko', 'en']) {
      const { status, html, headers } = await page(`${path}?lang=${lang}`)
      t.equal(status, 200, `${path} ${lang}`)
      t.match(html, new RegExp(`^<!doctype html>\\n<html lang="${lang}">`), 'a document in the language asked for')
      t.match(html, /<\/html>\s*$/, 'to its end')
      t.equal(html.match(/<h1/g)?.length, 1, 'one heading of the first rank')
      t.notMatch(html, /<script(?![^>]* src=)|\sstyle=|\son\w+=/i, 'nothing inline')
      t.notMatch(html, /undefined|\[object Object\]|NaN/, 'no value leaks out as a word of the language')
      const policy = headers.get('content-security-policy') ?? ''
      t.match(policy, /default-src 'none'.*script-src 'self'.*frame-ancestors 'none'/, 'a strict policy')
      t.notMatch(policy, /unsafe|\*/, 'without exceptions')
    }
  }
})

t.test('help leads to the pages where people bid, and then to the command line', async (t) => {
  for (const [lang, heading] of [['ko', '입찰하는 방법'], ['en', 'How to bid']] as const) {
    const { html } = await page(`/help?lang=${lang}`)
    const part = html.slice(html.indexOf(`<h2>${heading}</h2>`), html.lastIndexOf('<h2>'))
    const places = [...['/register', '/register/status', '/login', '/tenders?state=published', '/my'].map((path) => part.indexOf(`href="${path}"`)), part.indexOf('npx bongin')]
    t.ok(places.every((place) => place > 0), `${lang}: all of them are named`)
    t.equal(Math.max(...places), places.at(-1), `${lang}: the command line comes last`)
  }
})

t.test('the language is the one in the address, else the one chosen before, else the browser\'s', async (t) => {
  const chosen = await page('/?lang=en')
  const cookie = (chosen.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  t.match((await page('/', { cookie })).html, /<html lang="en">/)
  t.match((await page('/', { 'accept-language': 'en-GB,en;q=0.8' })).html, /<html lang="en">/)
  t.match((await page('/', { 'accept-language': 'fr-FR' })).html, /<html lang="ko">/, 'Korean for all others')
})

t.test('text from people is shown as text', async (t) => {
  const { html } = await page(`/tenders/${open}`)
  t.notMatch(html, '<script>alert', 'no element is made of a title')
  t.match(html, '도로 &lt;script&gt;', 'the title is there, letter for letter')
  const search = await page(`/tenders?q=${encodeURIComponent('"><script>alert(2)</script>')}`)
  t.notMatch(search.html, '<script>alert', 'nor of a query')
})

t.test('the board shows what the record says, and nothing before the opening', async (t) => {
  const record = await (await fetch(`${app.baseUrl}/v1/tenders/${opened}/opening`)).json() as {
    prices: { plannedPriceWon: number, drawnNumbers: number[] }, rows: Array<{ supplierId: string, amountWon: number }>
  }
  const { html } = await page(`/tenders/${opened}?lang=en`)
  t.match(html, record.prices.plannedPriceWon.toLocaleString('en-US'), 'the planned price')
  for (const { supplierId, amountWon } of record.rows) {
    t.match(html, supplierId)
    t.match(html, amountWon.toLocaleString('en-US'))
  }
  t.equal(html.match(/<circle [^>]*><title>/g)?.length, record.rows.length, 'a point for every bid')
  t.equal(html.match(/class="drawn"/g)?.length, record.prices.drawnNumbers.length, 'the drawn numbers are marked')
  const before = await page(`/tenders/${open}?lang=en`)
  t.match(before.html, 'Not opened yet')
  t.notMatch(before.html, /<circle|<table class="prices"/)
})

t.test('a search can be subscribed to and downloaded', async (t) => {
  const atom = await page('/tenders.atom?state=published')
  t.match(atom.headers.get('content-type'), 'application/atom+xml')
  t.match(atom.html, `<id>${app.baseUrl}/tenders/${open}</id>`)
  t.notMatch(atom.html, '<script>')
  const calendar = await page('/tenders.ics?state=published&lang=en')
  t.match(calendar.headers.get('content-type'), 'text/calendar')
  t.equal(calendar.html.match(/BEGIN:VEVENT/g)?.length, 2, 'its closing and its opening')
  t.ok(calendar.html.split('\r\n').every((line) => Buffer.byteLength(line) <= 75), 'no line is longer than RFC 5545 allows')
  const csv = await page('/tenders.csv')
  t.equal(csv.html.trim().split('\r\n').length, 3, 'a head and two tenders')
  t.match(csv.html, `"${HOSTILE_TITLE.replaceAll('"', '""')}"`, 'quoted as RFC 4180 says')
})

t.test('what is not there is told as a page to people and as a problem to programs', async (t) => {
  const missing = await page('/nowhere')
  t.equal(missing.status, 404)
  t.match(missing.html, '<h1>')
  t.equal((await page('/tenders/R99BK00000001')).status, 404)
  t.equal((await page('/tenders?state=nonsense')).status, 400)
  t.equal((await page('/assets/portal.0000000000000000.css')).status, 404)
  const program = await fetch(`${app.baseUrl}/v1/nowhere`, { headers: { accept: 'text/html' } })
  t.equal(program.headers.get('content-type'), 'application/problem+json', 'the API stays the API')
  const other = await fetch(`${app.baseUrl}/nowhere`, { headers: { accept: 'application/json' } })
  t.equal(other.headers.get('content-type'), 'application/problem+json')
})

t.test('scripts and style come from here alone, small, and may be kept for ever', async (t) => {
  const { html } = await page(`/tenders/${opened}`)
  const assets = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')
  t.ok(assets.length >= 3, 'a style and two scripts')
  let scriptBytes = 0
  for (const path of assets) {
    const response = await fetch(app.baseUrl + path)
    t.equal(response.status, 200, path)
    t.match(response.headers.get('cache-control'), 'immutable')
    if (path.endsWith('.js')) scriptBytes += (await response.arrayBuffer()).byteLength
  }
  t.ok(scriptBytes > 0 && scriptBytes <= MAX_SCRIPT_BYTES, `${scriptBytes} bytes of script`)
  t.notMatch(html.replaceAll(app.baseUrl, ''), /(?:src|href)="(?:https?:)?\/\//, 'no other host')
})
