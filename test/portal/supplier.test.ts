/**
 * The supplier's main job in a real browser, from the registration to a receipt that the command line verifies: the key never
 * leaves the browser, and what people type is shown as text.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { draftFor, makeCast } from '../support/actors.ts'
import { browserMissing, MAX_SCRIPT_BYTES, openBrowser, scriptBytesOf, troubleOf } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { cli } from '../support/cli.ts'
import { openssl3Missing, opensslSays } from '../support/openssl.ts'
import { downloadBy, fillBid, HOSTILE_COMPANY, logIn, PASSPHRASE, register, waitForView } from '../support/portal-supplier.ts'
import { openAt, publishDraft } from '../support/stage.ts'

t.test('register, be approved, log in, bid, be opened, prove it', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 0 })
  const stage = { app, cast }
  const draft = draftFor(cast, { title: '청사 <script>alert(3)</script> 보수공사' })
  const tenderId = await publishDraft(stage, draft)
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const context = await browser.newContext({ acceptDownloads: true, locale: 'ko-KR' })
  const page = await context.newPage()
  const trouble = troubleOf(page, /404/)

  const { backup, registrationId } = await register(page, stage, HOSTILE_COMPANY)
  t.match(await page.textContent('#applications'), HOSTILE_COMPANY.companyName, 'the name is shown, letter for letter')
  t.match(await page.textContent('#applications'), registrationId)

  await t.test('the key in the browser signs and cannot be taken out', async (t) => {
    const found = await page.evaluate(async () => {
      const db = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('bongin')
        request.onsuccess = () => { resolve(request.result) }
      })
      const [kept] = await new Promise<Array<{ privateKey: CryptoKey }>>((resolve) => {
        const request = db.transaction('keys').objectStore('keys').getAll()
        request.onsuccess = () => { resolve(request.result as Array<{ privateKey: CryptoKey }>) }
      })
      if (kept === undefined) throw new Error('no key')
      const { privateKey } = kept
      const refusals = await Promise.all((['pkcs8', 'jwk'] as const).map(async (format) =>
        await crypto.subtle.exportKey(format, privateKey).then(() => 'exported', (error: Error) => error.name)))
      const { modulusLength } = privateKey.algorithm as RsaKeyAlgorithm
      const storage = Object.values({ ...localStorage, ...sessionStorage }).join()
      return { refusals, extractable: privateKey.extractable, usages: privateKey.usages, modulusLength, storage }
    })
    t.same(found.refusals, ['InvalidAccessError', 'InvalidAccessError'])
    t.match(found, { extractable: false, usages: ['sign'], modulusLength: 3072 })
    t.notMatch(found.storage, PASSPHRASE, 'nor is the passphrase anywhere')
  })

  await t.test('the backup opens with OpenSSL and the passphrase, and with no other', { skip: openssl3Missing }, async (t) => {
    const file = join(t.testdir(), 'backup.p12')
    writeFileSync(file, backup)
    const open = (passphrase: string): string => opensslSays(['pkcs12', '-in', file, '-nodes', '-nocerts', '-passin', `pass:${passphrase}`])
    t.match(open(PASSPHRASE), 'BEGIN PRIVATE KEY')
    t.notMatch(open(`${PASSPHRASE}.`), 'BEGIN PRIVATE KEY')
  })

  await logIn(page, app)
  t.match(await page.textContent('#session'), HOSTILE_COMPANY.businessNumber)
  const identity = await downloadBy(page, '#cli-file')

  await page.goto(`${app.baseUrl}/tenders/${tenderId}/bid`)
  await waitForView(page, 'form')
  await page.fill('#amount', '27,600,000')
  t.equal(await page.textContent('#reading'), '금 이천칠백육십만원정', 'the amount is read out')
  t.equal(await page.textContent('#rate'), '92.9981 %', 'and set against the base amount')
  await fillBid(page, { amount: '27600000', picks: [3, 7] })
  t.equal(await page.textContent('#sealed-amount'), '27,600,000')
  t.match(await page.textContent('#sealed-part'), '3, 7')
  await page.click('#seal')
  await waitForView(page, 'accepted')
  const receipt = await downloadBy(page, '#receipt-file')
  t.equal(receipt.name, `${tenderId}.bid.jws.receipt`)
  t.equal(await page.inputValue('#amount'), '', 'the amount is not left in the page')
  await page.goto(`${app.baseUrl}/my`)
  await page.waitForSelector(`#bids a[href="/tenders/${tenderId}/bid"]`)

  await openAt(stage, tenderId, draft.schedule.opensAt)
  await logIn(page, app)
  await page.goto(`${app.baseUrl}/tenders/${tenderId}/bid`)
  await page.waitForSelector('#inclusion[data-state=good]')

  let certified = Buffer.alloc(0)
  await t.test('the command line uses the backup and verifies the receipt', async (t) => {
    const keys = join(t.testdir(), 'keys')
    mkdirSync(keys)
    writeFileSync(join(keys, 'key.p12'), backup)
    writeFileSync(join(keys, identity.name), identity.bytes)
    const file = join(keys, receipt.name)
    writeFileSync(file, receipt.bytes)
    const run = async (...args: string[]) => await cli([...args, '--keys', keys, '--json'], { env: { BONGIN_PASSPHRASE: PASSPHRASE }, now: () => app.clock.now() })
    t.match((await run('supplier', 'status')).json(), { status: 'approved' })
    const proven = await run('bid', 'receipt', file, '--inclusion')
    t.equal(proven.code, 0, proven.err)
    t.match(proven.json(), { tenderId, supplierId: HOSTILE_COMPANY.businessNumber, inclusion: { leafIndex: 0, size: 1 } })
    certified = readFileSync(join(keys, 'key.p12'))
  })

  await t.test('the backup and the application number bring the key to another device', async (t) => {
    const other = await (await browser.newContext()).newPage()
    await other.goto(`${app.baseUrl}/login?lang=en`)
    await other.setInputFiles('#keyFile', { name: 'backup.p12', mimeType: 'application/x-pkcs12', buffer: backup })
    await other.fill('#keyPassphrase', 'another passphrase')
    await other.click('#import button')
    t.match(await other.waitForSelector('#keyFile-error:not(:empty)').then(async (place) => await place.textContent()), 'wrong passphrase')
    await other.fill('#keyPassphrase', PASSPHRASE)
    await other.click('#import button')
    await other.waitForSelector('#registrationId-error:not(:empty)')
    await other.fill('#registrationId', registrationId)
    await other.click('#import button')
    await other.waitForSelector('#keys button')
    await logIn(other, app)
    await other.goto(`${app.baseUrl}/tenders/${tenderId}/bid`)
    await other.waitForSelector('#inclusion[data-state=good]')
    t.match(await other.textContent('#receipt-facts'), HOSTILE_COMPANY.businessNumber, 'its bid is there, too')
  })

  await t.test('the command line\'s key file has its certificate, and needs no number', async (t) => {
    const other = await (await browser.newContext()).newPage()
    await other.goto(`${app.baseUrl}/login`)
    await other.setInputFiles('#keyFile', { name: 'key.p12', mimeType: 'application/x-pkcs12', buffer: certified })
    await other.fill('#keyPassphrase', PASSPHRASE)
    await other.click('#import button')
    await other.waitForSelector('#keys button')
    await logIn(other, app)
    t.match(await other.textContent('#session'), HOSTILE_COMPANY.businessNumber)
  })

  await t.test('no page loads more script at first than it may', async (t) => {
    for (const path of ['/register', '/register/status', '/login', '/my', `/tenders/${tenderId}/bid`, `/tenders/${tenderId}/joint`]) {
      const bytes = await scriptBytesOf(browser, app.baseUrl + path)
      t.ok(bytes > 0 && bytes <= MAX_SCRIPT_BYTES, `${path} loads ${bytes} bytes of script`)
    }
  })

  t.same(trouble, [], 'no dialog, no error, nothing refused by the policy')
})
