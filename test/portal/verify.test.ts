/**
 * The page that verifies an opening, in a real browser: the same report as the command line's for a good record, the right step
 * named for a record that was altered on its way, a root certificate that is remembered, no accessibility fault, no mouse needed.
 */
import { readFile } from 'node:fs/promises'
import t from 'tap'
import type { BrowserContext, Page } from 'playwright-core'
import type { TenderRecord } from '../../src/crypto/record.ts'
import { VERIFY_STEPS } from '../../src/domain/verify-steps.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { cli } from '../support/cli.ts'
import { makePortalTown } from '../support/portal-town.ts'
import { makeRecord } from '../support/make-record.ts'
import { makeWorld } from '../support/make-world.ts'

type Change = (record: TenderRecord) => void

/** Another character at this place of a text, one that is still base64url. */
function changed (text: string, at: number): string {
  const place = at < 0 ? text.length + at : at
  return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1)
}

t.test('the page that verifies an opening', { skip: browserMissing }, async (t) => {
  const { app, opened, open } = await makePortalTown(t)
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const address = `${app.baseUrl}/tenders/${opened}/verify?lang=en`
  const good = await (await fetch(`${app.baseUrl}/v1/tenders/${opened}/record`)).json() as TenderRecord

  async function openPage (context: BrowserContext, url = address): Promise<{ page: Page, errors: string[] }> {
    const page = await context.newPage()
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()) })
    await page.goto(url)
    return { page, errors }
  }

  async function runOn (page: Page): Promise<{ state: string | null, text: string | null }> {
    await page.click('#start')
    await page.waitForSelector('#verdict:is([data-state=ok], [data-state=failed])')
    return { state: await page.getAttribute('#verdict', 'data-state'), text: await page.textContent('#verdict') }
  }

  async function save (page: Page): Promise<string> {
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#save')])
    t.equal(download.suggestedFilename(), `${opened}.verify.json`)
    return await readFile(await download.path(), 'utf8')
  }

  const statesOn = async (page: Page): Promise<string[]> =>
    await page.locator('#steps li').evaluateAll((items) => items.map((item) => (item as HTMLElement).dataset['state'] ?? ''))

  await t.test('a good record passes, with the report of the command line', async (t) => {
    const context = await browser.newContext()
    const { page, errors } = await openPage(context)
    const { state, text } = await runOn(page)
    t.equal(state, 'ok')
    t.match(text, `Verified: ${opened}. Opening record SHA-256 `)
    t.same(await statesOn(page), VERIFY_STEPS.map(() => 'ok'))
    t.equal(await page.textContent('#opened-count'), '4 / 4')
    const first = await cli(['verify', `${app.baseUrl}/v1/tenders/${opened}`, '--json'])
    t.equal(await save(page), first.out, 'at the first contact, as without a trusted root')
    const root = String(first.json()['rootFingerprint'])
    t.equal(await page.textContent('#root'), root)
    t.match(await page.textContent('#root-said'), 'first contact')
    t.equal(await page.locator('#rows tr').count(), 4)
    t.equal(await page.locator('#rows tr.differs').count(), 0)
    t.match(await page.textContent('#rows'), '27,500,000')

    await page.reload()
    t.equal(await page.textContent('#root'), root, 'the root is remembered')
    t.equal((await runOn(page)).state, 'ok')
    t.equal(await save(page), (await cli(['verify', `${app.baseUrl}/v1/tenders/${opened}`, '--root', root, '--json'])).out, 'and now it is the trusted one')
    t.same(errors, [], 'nothing was refused by the policy')
    await context.close()
  })

  await t.test('another root than the remembered one is refused, until it is forgotten', async (t) => {
    const context = await browser.newContext()
    const { page } = await openPage(context)
    await page.evaluate(() => { localStorage.setItem('bongin.root', 'ab'.repeat(32)) })
    await page.reload()
    t.equal((await runOn(page)).state, 'failed')
    t.match(await page.textContent('#verdict'), 'FAILED at platform')
    t.match(await page.textContent('#reason'), 'is not the trusted one')
    t.equal(await page.textContent('#root'), 'ab'.repeat(32))
    t.match(await page.textContent('#root-said'), 'Refused')
    t.equal(await page.evaluate(() => localStorage.getItem('bongin.root')), 'ab'.repeat(32), 'it stays remembered')
    await page.click('#forget-part summary')
    await page.click('#forget')
    t.equal((await runOn(page)).state, 'ok')
    await context.close()
  })

  const changes: Record<string, { step: string, change: Change }> = {
    'a member too many': { step: 'shape', change: (record) => { Object.assign(record, { more: true }) } },
    'other keys of the platform': { step: 'platform', change: (record) => { record.platform.keys = changed(record.platform.keys, -20) } },
    'an entry of the ledger left out': { step: 'ledger', change: (record) => { record.ledger.splice(2, 1) } },
    'a notice with another signature': { step: 'notices', change: (record) => { record.notices[0] = changed(record.notices[0] ?? '', -20) } },
    'a contribution left out': { step: 'joint-key', change: (record) => { record.contributions.pop() } },
    'a checkpoint with another signature': { step: 'checkpoint', change: (record) => { record.checkpoint = changed(record.checkpoint, -20) } },
    'another time of acceptance': {
      step: 'leaves',
      change: ({ leaves: [leaf] }) => { if (leaf !== undefined) leaf.acceptedAt = leaf.acceptedAt.replace(/\.\d{3}/, (ms) => ms === '.000' ? '.001' : '.000') }
    },
    'another envelope': { step: 'envelopes', change: (record) => { record.envelopes[0] = changed(record.envelopes[0] ?? '', 900) } },
    'another amount': {
      step: 'opening',
      change: ({ opening: { rows: [row] } }) => { if (row !== undefined && row.amountWon !== null) row.amountWon -= 1 }
    },
    'other ranks': {
      step: 'opening',
      change: ({ opening }) => { opening.rows = opening.rows.toReversed() }
    }
  }
  await t.test('a record that was altered on its way fails at the step that it concerns', async (t) => {
    const context = await browser.newContext()
    for (const [what, { step, change }] of Object.entries(changes)) {
      const { page } = await openPage(context)
      const record = structuredClone(good)
      change(record)
      await page.route('**/record', async (route) => await route.fulfill({ json: record }))
      const { state, text } = await runOn(page)
      t.equal(state, 'failed', what)
      t.match(text, `FAILED at ${step}:`, what)
      t.not(await page.textContent('#reason'), '', `${what}: ${await page.textContent('#reason') ?? ''}`)
      t.ok(await page.locator('#next').isVisible(), 'what to do')
      t.same(await page.locator('.meaning:visible').evaluateAll((shown) => shown.map((text) => (text.closest('li') as HTMLElement).dataset['step'])), [step], 'what it means')
      const at = VERIFY_STEPS.findIndex((name) => name === step)
      t.same(await statesOn(page), VERIFY_STEPS.map((_, index) => index < at ? 'ok' : index === at ? 'failed' : 'notReached'), what)
      const report = JSON.parse(await save(page)) as { ok: boolean, failure: { step: string } }
      t.same({ ok: report.ok, step: report.failure.step }, { ok: false, step }, 'the report says so too')
      t.ok(await page.locator('#compared').isHidden(), 'and no table')
      await page.close()
    }
    await context.close()
  })

  await t.test('a failure is told in Korean', async (t) => {
    const context = await browser.newContext({ bypassCSP: true })
    const { page } = await openPage(context, address.replace('lang=en', 'lang=ko'))
    const record = structuredClone(good)
    record.ledger.splice(2, 1)
    await page.route('**/record', async (route) => await route.fulfill({ json: record }))
    t.match((await runOn(page)).text, '원장 사슬 단계')
    t.equal(await page.locator('.meaning:visible').textContent(), '원장의 항목이 빠지거나 바뀌거나 순서가 달라졌습니다.')
    t.match(await page.locator('#next:visible').textContent(), '이의를 제기')
    await expectAccessible(t, page, 'a failed verification', 'ko')
    await context.close()
  })

  await t.test('a published opening that is not the record\'s, and the record of another tender', async (t) => {
    const context = await browser.newContext()
    const { page } = await openPage(context)
    await page.route('**/opening', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ body: (await answer.text()).replace('27500000', '27500001') })
    })
    t.same(await runOn(page), { state: 'failed', text: 'The record was verified, but the published opening is not the one computed from it.' })
    t.equal(await page.locator('#rows tr.differs').count(), 1)
    t.match(await page.textContent('#rows tr.differs'), /27,500,000.*27,500,001.*no/s)

    await page.route('**/record', async (route) => await route.abort())
    t.equal((await runOn(page)).text, 'The record could not be downloaded.')

    const other = 'R26BK00000077'
    const html = (await (await fetch(address)).text()).replaceAll(opened, other)
    await context.route(`**/tenders/${other}/verify`, async (route) => await route.fulfill({ contentType: 'text/html', body: html }))
    await context.route(`**/v1/tenders/${other}/record`, async (route) => await route.fulfill({ json: good }))
    await context.route(`**/v1/tenders/${other}/opening`, async (route) => await route.fulfill({ json: good.opening }))
    const { page: misled } = await openPage(context, `${app.baseUrl}/tenders/${other}/verify`)
    t.same(await runOn(misled), { state: 'failed', text: `The record that came is that of ${opened}, not of this tender.` })
    await context.close()
  })

  await t.test('a whole record by another platform', async (t) => {
    const foreign = await makeRecord(await makeWorld())
    t.equal(foreign.opening.tenderId, opened, 'of a tender of the same number')
    const context = await browser.newContext()
    const { page } = await openPage(context)
    t.equal((await runOn(page)).state, 'ok', 'our own came first')
    await page.route('**/record', async (route) => await route.fulfill({ json: foreign }))
    t.match((await runOn(page)).text, 'FAILED at platform', 'its root is not the remembered one')
    await context.close()
  })

  await t.test('by keyboard alone', async (t) => {
    const context = await browser.newContext()
    const { page } = await openPage(context)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    for (let stops = 0; stops < 10 && await page.evaluate(() => document.activeElement?.id) !== 'start'; stops++) await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForSelector('#verdict[data-state=ok]')
    t.equal(await page.evaluate(() => document.activeElement?.id), 'start', 'the focus stays')
    await page.keyboard.press('Tab')
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')])
    t.equal(download.suggestedFilename(), `${opened}.verify.json`)
    await context.close()
  })

  await t.test('no accessibility fault before, after success and after failure', async (t) => {
    for (const lang of ['ko', 'en'] as const) {
      const context = await browser.newContext({ bypassCSP: true })
      const { page } = await openPage(context, `${app.baseUrl}/tenders/${opened}/verify?lang=${lang}`)
      await expectAccessible(t, page, 'verify-before', lang)
      t.equal((await runOn(page)).state, 'ok')
      await expectAccessible(t, page, 'verify-verified', lang)
      const record = structuredClone(good)
      changes['another amount']?.change(record)
      await page.route('**/record', async (route) => await route.fulfill({ json: record }))
      t.equal((await runOn(page)).state, 'failed')
      await expectAccessible(t, page, 'verify-failed', lang)
      await context.close()
    }
  })

  await t.test('without script, and before the opening', async (t) => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const { page } = await openPage(context)
    t.ok(await page.locator('#start').isHidden(), 'no button that would do nothing')
    t.match(await page.textContent('#verify'), `npx bongin verify ${opened}.record.tar`)
    t.equal(await page.getAttribute('#verify a[download]', 'href'), `/v1/tenders/${opened}/record.tar`)
    t.equal(await page.locator('#steps li').count(), VERIFY_STEPS.length)
    await page.goto(`${app.baseUrl}/tenders/${open}/verify?lang=en`)
    t.match(await page.textContent('#verify'), 'Not opened yet.')
    t.equal(await page.locator('#start').count(), 0)
    await page.goto(`${app.baseUrl}/tenders/${opened}?lang=en`)
    await page.click(`a[href="/tenders/${opened}/verify"]`)
    t.equal(await page.locator('#verify').count(), 1, 'the tender\'s page leads here')
    await context.close()
  })
})
