/** The ledger's page in a real browser, with a ledger longer than what it shows at once: the verdict is on all of it, rows come on demand. */
import t from 'tap'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { sha256Hex } from '../../src/crypto/bytes.ts'
import type { LedgerEntry } from '../../src/crypto/record.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'

const TENDER_ID = 'R26BK00000001'
const [ENTRIES, CHANGED] = [1_201, 1_100]

/** A chain as a server keeps it; one entry of it says afterwards what it did not say. */
function ledger ({ changed }: { changed: number | null }): LedgerEntry[] {
  let previousHash = '0'.repeat(64)
  return Array.from({ length: ENTRIES }, (_, sequence) => {
    const payload = { number: sequence }
    const payloadSha256 = sha256Hex(canonicalBytes(payload))
    const entry = { tenderId: TENDER_ID, sequence, at: '2026-11-24T10:00:00.000+09:00', actor: 'S00000001', type: 'bid', payloadSha256, previousHash }
    const hash = sha256Hex(canonicalBytes(entry))
    previousHash = hash
    return { ...entry, payload: sequence === changed ? { number: 0 } : payload, hash } as unknown as LedgerEntry
  })
}

t.test('a long ledger', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const page = await (await browser.newContext({ bypassCSP: true })).newPage()
  let changed: number | null = null
  await page.route('**/ledger', async (route) => { await route.fulfill({ json: { entries: ledger({ changed }) } }) })
  const rows = page.locator('#entries tr')

  await page.addInitScript(() => {
    const said: string[] = []
    Object.assign(globalThis, { said })
    new MutationObserver(() => {
      const text = document.querySelector('#audit-progress')?.textContent ?? ''
      if (text !== '') said.push(text)
    }).observe(document, { subtree: true, childList: true })
  })
  await page.goto(`${app.baseUrl}/desk/audit?tender=${TENDER_ID}&lang=en`)
  await page.waitForSelector('#audit-verdict[data-state=ok]')
  t.match(await page.textContent('#audit-verdict'), `(${ENTRIES})`, 'the verdict is on the whole chain')
  t.match(await page.evaluate(() => (globalThis as unknown as { said: string[] }).said), ['Checking 1,000 / 1,201'], 'and how far the check is was said')
  t.equal(await page.textContent('#audit-progress'), '')
  t.equal(await rows.count(), 500)
  t.equal(await page.textContent('#entries-left'), 'Entries not shown yet: 701')
  await expectAccessible(t, page, 'audit-long')
  await page.focus('#more-entries')
  await page.keyboard.press('Enter')
  t.equal(await rows.count(), 1_000)
  await page.keyboard.press('Enter')
  t.equal(await rows.count(), ENTRIES)
  t.ok(await page.isHidden('#more-entries'), 'nothing is left')
  t.equal(await rows.last().locator('td').first().textContent(), String(ENTRIES - 1))

  changed = CHANGED
  await page.reload()
  await page.waitForSelector('#audit-verdict[data-state=failed]')
  t.equal(await page.locator('[data-fault=payload-digest]').count(), 0, 'an entry at fault that is not shown yet')
  t.match(await page.textContent('#audit-verdict'), new RegExp(`\\(1/${ENTRIES}\\): ${CHANGED}$`), 'is named by the verdict')
})
