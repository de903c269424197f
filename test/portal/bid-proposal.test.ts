/**
 * Bids with a proposal (두 봉투) at the portal, in a real browser: documents are read for their digests and never sent, both envelopes
 * are sealed here and opened with what was typed, and an envelope that did not arrive is sent again as it is.
 */
import type { Page } from 'playwright-core'
import t from 'tap'
import { downloadRecord } from '../../src/client/records.ts'
import { readProposals } from '../../src/client/technical.ts'
import { sha256Hex } from '../../src/crypto/bytes.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { listBids } from '../../src/storage/bids.ts'
import { makeCast, type Actor } from '../support/actors.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { logIn, register, waitForView } from '../support/portal-supplier.ts'
import { bidWith, evaluateAll, moveTo, negotiatedDraft, proposalOf, publishTwo, revealAll } from '../support/two-envelopes.ts'

const COMPANY = { companyName: '주식회사 한강', businessNumber: '2208162517', representative: '홍길동' }
const SUMMARY = '수행 방안 <script>alert(1)</script>\n둘째 줄'
const HOSTILE = '..\\..\\<img src=x onerror=alert(2)> 제안서.pdf'
const FILES = [
  { name: HOSTILE, mimeType: 'application/pdf', buffer: Buffer.from('제안서의 내용') },
  { name: '실적증명.pdf', mimeType: 'application/pdf', buffer: Buffer.alloc(300_000, 7) }
]
const AMOUNT = 82_000_000

/** Drops files of the given names and contents; `size` is what the browser says of a file too large to be made here. */
async function drop (page: Page, files: Array<{ name: string, text: string, size?: number }>): Promise<void> {
  await page.evaluate((given) => {
    const dataTransfer = new DataTransfer()
    const made = given.map(({ name, text, size }) => {
      const file = new File([text], name)
      if (size !== undefined) Object.defineProperty(file, 'size', { value: size })
      return file
    })
    Object.defineProperty(dataTransfer, 'files', { value: made })
    document.getElementById('proposal-drop')?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))
  }, files)
}

t.test('proposals', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 1 })
  const evaluators = await Promise.all(['평가일', '평가이', '평가삼'].map(async (name) => await cast.enrol(name, 'evaluator')))
  const tenderId = await publishTwo(app, cast, negotiatedDraft(cast))
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const context = await browser.newContext({ locale: 'ko-KR', bypassCSP: true })
  const page = await context.newPage()
  const trouble: string[] = []
  page.on('pageerror', (error) => trouble.push(error.message))
  page.on('dialog', (dialog) => { trouble.push(dialog.message()); dialog.dismiss().catch(() => {}) })
  const sent: string[] = []
  page.on('request', (request) => { if (request.method() === 'POST') sent.push(request.postData() ?? '') })
  const open = async (lang: string, id: TenderId = tenderId): Promise<void> => {
    await page.goto(`${app.baseUrl}/tenders/${id}/bid?lang=${lang}`)
    await waitForView(page, 'form')
  }
  const listed = async (): Promise<Array<string | null>> => await page.locator('#proposal-documents strong').allTextContents()
  await register(page, { app, cast }, COMPANY)
  await logIn(page, app)

  await t.test('limits are said before anything is sealed, beside their fields, in both languages', async (t) => {
    const cases = [
      ['ko', { empty: /요약을 적거나/, large: /4 GB를 넘는/, name: /200자를 넘습니다/, twice: /같은 이름/, long: /너무 깁니다/, many: /40개까지/ }],
      ['en', { empty: /Write a summary/, large: /more than 4 GB/, name: /more than 200 characters/, twice: /has this name/, long: /too long/, many: /at most 40/ }]
    ] as const
    for (const [lang, said] of cases) {
      await open(lang)
      await page.click('#bid-form button[type=submit]')
      t.match(await page.textContent('#proposal-summary-error'), said.empty)
      t.not(await page.textContent('#amount-error'), '')
      const expectFault = async (pattern: RegExp, name: string): Promise<void> => {
        await page.waitForSelector('#proposal-files-error:not(:empty)')
        t.match(await page.textContent('#proposal-files-error'), pattern)
        t.match(await page.textContent('#proposal-files-error'), name, 'the file is named')
      }
      await drop(page, [{ name: '큰 파일.zip', text: '', size: 4 * 1024 ** 3 + 1 }])
      await expectFault(said.large, '큰 파일.zip')
      await drop(page, [{ name: '가'.repeat(201), text: 'x' }])
      await expectFault(said.name, '가가')
      await drop(page, [{ name: 'a.pdf', text: 'one' }, { name: 'a.pdf', text: 'two' }, { name: 'b.pdf', text: 'one' }])
      await expectFault(said.twice, 'a.pdf')
      await page.waitForFunction(() => document.querySelector('#proposal-documents')?.textContent?.includes('b.pdf'))
      t.same(await listed(), ['b.pdf'], 'the same content under another name is the same document')
      await page.click('#proposal-documents button')
      t.same(await listed(), [])
      await drop(page, Array.from({ length: 41 }, (_, i) => ({ name: `${i}.pdf`, text: String(i) })))
      await expectFault(said.many, '40.pdf')
      t.equal((await listed()).length, 40)
      await page.fill('#proposal-summary', '가'.repeat(4_000))
      t.match(await page.textContent('#proposal-summary-error'), said.long, 'while typing')
      await page.fill('#amount', '1000')
      await page.click('#bid-form button[type=submit]')
      t.equal(await page.evaluate(() => document.activeElement?.id), 'proposal-summary')
      t.equal(await page.getAttribute('#bid', 'data-shown'), 'form')
      await expectAccessible(t, page, 'proposal-faults', lang)
    }
  })

  await t.test('documents are named as they are and shown as text; the summary shows both envelopes', async (t) => {
    for (const lang of ['en', 'ko'] as const) {
      await open(lang)
      await page.fill('#amount', String(AMOUNT))
      await page.fill('#proposal-summary', SUMMARY)
      await page.setInputFiles('#proposal-files', FILES)
      await page.waitForFunction(() => document.querySelectorAll('#proposal-documents li').length === 2)
      t.match((await listed())[0], '<img src=x', 'letter for letter')
      t.match(await page.textContent('#proposal-documents'), sha256Hex(FILES[1]?.buffer ?? Buffer.alloc(0)))
      await page.dblclick('#bid-form button[type=submit]')
      await waitForView(page, 'confirm')
      t.equal(await page.textContent('#sealed-amount'), '82,000,000')
      t.equal(await page.textContent('#sealed-summary'), SUMMARY)
      t.match(await page.textContent('#sealed-documents'), sha256Hex(FILES[0]?.buffer ?? Buffer.alloc(0)))
      await expectAccessible(t, page, 'proposal-confirm', lang)
    }
    await page.goBack()
    await waitForView(page, 'form')
    t.equal(await page.inputValue('#proposal-summary'), SUMMARY, 'back from the summary nothing is lost')
    t.equal((await listed()).length, 2)
    await page.click('#bid-form button[type=submit]')
    await waitForView(page, 'confirm')
    await page.check('#confirmed')
  })

  await t.test('without the network the sealed bid is kept, and goes out as it was sealed after a reload', async (t) => {
    sent.length = 0
    await page.route('**/v1/tenders/*/bids', async (route) => { await route.abort('internetdisconnected') })
    await page.dblclick('#seal')
    await waitForView(page, 'unsent')
    const kept = await page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => { const request = indexedDB.open('bongin'); request.onsuccess = () => { resolve(request.result) } })
      return await new Promise<string>((resolve) => {
        const request = db.transaction('bids').objectStore('bids').getAll()
        request.onsuccess = () => { resolve(JSON.stringify([request.result, { ...localStorage }, { ...sessionStorage }])) }
      })
    })
    t.notMatch(kept, /수행 방안|제안서|82000000|82,000,000/, 'nothing of the proposal or the price is readable here')
    t.equal((await listBids(app.context.db.read, tenderId)).length, 0)
    await page.unroute('**/v1/tenders/*/bids')
    await page.reload()
    await waitForView(page, 'accepted')
    const envelopes = sent.filter((body) => body.split('.').length === 3)
    t.ok(envelopes.length >= 2 && new Set(envelopes).size === 1, 'one envelope')
    t.same((await listBids(app.context.db.read, tenderId)).map(({ envelope }) => envelope.toString()), envelopes.slice(0, 1))
    t.notMatch(sent.join('\n'), /제안서의 내용/, 'no document was sent')
    t.equal(await page.inputValue('#proposal-summary'), '')
    t.same(await listed(), [])
    for (const lang of ['ko', 'en'] as const) {
      await page.goto(`${app.baseUrl}/tenders/${tenderId}/bid?lang=${lang}`)
      await waitForView(page, 'accepted')
      await expectAccessible(t, page, 'proposal-accepted', lang)
    }
  })

  await t.test('both openings find what was typed', async (t) => {
    const rival = cast.suppliers[0] as Actor
    await bidWith(app, cast, { actor: rival, tenderId, amountWon: 90_000_000, proposal: proposalOf('다른 제안') })
    await moveTo(app, '2026-11-24T10:00:00+09:00')
    await moveTo(app, '2026-11-24T11:00:00+09:00')
    await revealAll(app, cast, tenderId, 'technical')
    const { proposals } = await readProposals((await cast.login(cast.executing)).api, tenderId)
    const own = proposals.find(({ supplierId }) => supplierId === COMPANY.businessNumber)
    const documents = FILES.map(({ name, buffer }) => ({ name, sha256: sha256Hex(buffer), sizeBytes: buffer.length }))
    t.same(own?.content?.proposal, { summary: SUMMARY, documents })
    const suppliers = [{ identity: { holderId: COMPANY.businessNumber } }, rival]
    await evaluateAll(cast, { tenderId, evaluators, suppliers, rows: [[78_000, 70_000], [77_000, 71_000], [76_000, 72_000]] })
    await moveTo(app, '2026-11-24T14:00:00+09:00')
    t.equal(await revealAll(app, cast, tenderId, 'price'), 'opened')
    const { opening } = await downloadRecord(cast.publicApi, tenderId)
    t.match(opening.rows.find(({ supplierId }) => supplierId === COMPANY.businessNumber), { amountWon: AMOUNT, voidReason: null })
  })

  t.same(trouble, [], 'no page has complained')
})
