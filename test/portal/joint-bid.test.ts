/**
 * Joint bids (공동수급) at the portal: a leader and a member in browsers of their own and a member on the command line make one bid. Each
 * sees what it signs, the leader sees who has signed it, and the record names them all.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { agreementFile, requestFile } from '../../src/client/joint-bids.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { approve, listPending } from '../../src/client/registration.ts'
import { agreementText, signAgreement } from '../../src/crypto/consortium.ts'
import type { SupplierId, TenderId } from '../../src/domain/ids.ts'
import { listBids } from '../../src/storage/bids.ts'
import { BUSINESS_NUMBERS, draftFor, makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { cli } from '../support/cli.ts'
import { newPerson } from '../support/portal-officer.ts'
import { downloadBy, logIn, register, waitForView } from '../support/portal-supplier.ts'
import { openAt, publishDraft } from '../support/stage.ts'

const [OUTSIDER, LEADER, PARTNER, TYPIST] = BUSINESS_NUMBERS as unknown as [SupplierId, SupplierId, SupplierId, SupplierId]
const COMPANY = { companyName: '주식회사 한강 <b>대표</b>', businessNumber: LEADER, representative: '홍길동' }
const MEMBER = { companyName: '주식회사 <img src=x onerror=alert(1)>', businessNumber: PARTNER, representative: '김구성' }
const SHARES = [{ supplierId: LEADER, sharePpm: 500_000 }, { supplierId: PARTNER, sharePpm: 300_000 }, { supplierId: TYPIST, sharePpm: 200_000 }]

interface Saved { name: string, bytes: Buffer }

t.test('joint bids', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  const cast = await makeCast(app, { suppliers: 1 })
  const stage = { app, cast }
  const outsider = at(cast.suppliers, 0).identity
  const draft = draftFor(cast, { jointBids: { maxMembers: 3, minimumSharePpm: 100_000 } })
  const [tenderId, elsewhere] = [await publishDraft(stage, draft), await publishDraft(stage, draft)]
  const terms = { tenderId, leaderId: LEADER, members: SHARES }
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const [leader, member] = [await newPerson(browser, { bypassCSP: true }), await newPerson(browser, { bypassCSP: true })]
  const { page } = leader
  const json = (name: string, contents: string): { name: string, mimeType: string, buffer: Buffer } =>
    ({ name, mimeType: 'application/json', buffer: Buffer.from(contents) })
  const open = async (lang = 'ko', id: TenderId = tenderId): Promise<void> => {
    await page.goto(`${app.baseUrl}/tenders/${id}/bid?lang=${lang}`)
    await waitForView(page, 'form')
  }
  const states = async (): Promise<Array<string | null>> =>
    await page.locator('[data-agreement]').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-agreement')))
  const fault = async (id: string): Promise<string> => await page.textContent(`#${id}-error`) ?? ''

  await register(page, stage, COMPANY)
  await register(member.page, stage, MEMBER)
  for (const person of [leader, member]) await logIn(person.page, app)
  const dir = t.testdir()
  const keys = join(dir, 'typist')
  const typist = async (...args: string[]): ReturnType<typeof cli> => await cli([...args, '--keys', keys, '--json'], {
    env: { BONGIN_SERVER: app.baseUrl, BONGIN_PASSPHRASE: '충분히 긴 암호문' }, now: () => app.clock.now()
  })
  const applied = await typist('supplier', 'register', '--company', '주식회사 명령', '--business-number', TYPIST, '--representative', '대표', '--address', '서울',
    '--phone', '02-2', '--email', 's@b.kr', '--line', '0001', '--region', '서울특별시', '--rsa-bits', '2048')
  t.equal(applied.code, 0, applied.err)
  const { api } = await cast.login(cast.chief)
  for (const { registrationId } of await listPending(api)) await approve(api, registrationId)
  t.equal((await typist('supplier', 'status')).code, 0)

  let request: Saved = { name: '', bytes: Buffer.alloc(0) }
  await t.test('what members and shares lack is said beside them, in both languages; a reload loses nothing', async (t) => {
    const cases = [
      ['ko', { bad: /검증 숫자/, unknown: /등록되지 않은 업체/, low: /최소 10 %/, share: /네 자리까지/, sum: /지금은 99\.9999 %/, twice: /중복/, unsigned: /서명하지 않은 구성원: .*1208147521/ }],
      ['en', { bad: /check digit/, unknown: /No supplier is registered/, low: /least share: 10 %/, share: /up to four decimals/, sum: /sum to 99\.9999 %/, twice: /twice/, unsigned: /not signed this: .*1208147521/ }]
    ] as const
    for (const [lang, said] of cases) {
      await page.evaluate(() => { localStorage.removeItem(Object.keys(localStorage).find((key) => key.startsWith('bongin-joint')) ?? '') })
      await open(lang)
      t.notOk(await page.isVisible('#joint'), 'a single supplier sees none of it')
      await page.check('input[name=bidder][value=joint]')
      await page.fill('#member-1', '123-45-67890')
      await page.fill('#share-0', '9.9')
      await page.fill('#share-1', '1.23456')
      await page.click('#request-file')
      t.match(await fault('member-1'), said.bad)
      t.match(await fault('share-0'), said.low)
      t.match(await fault('share-1'), said.share)
      t.equal(await page.evaluate(() => document.activeElement?.id), 'share-0')
      await page.fill('#member-1', '1234567891')
      await page.waitForSelector('#member-1-error:not(:empty)')
      t.match(await fault('member-1'), said.unknown)
      await page.click('#add-member')
      t.equal(await page.evaluate(() => document.activeElement?.id), 'member-2')
      t.notOk(await page.isVisible('#add-member'), 'the notice allows no fourth')
      for (const [id, text] of [['member-1', PARTNER], ['share-0', '50'], ['share-1', '29.9999'], ['member-2', PARTNER], ['share-2', '20']] as const) await page.fill(`#${id}`, text)
      t.equal(await page.textContent('#share-sum'), '99.9999 %')
      await page.click('#request-file')
      t.match(await fault('shares'), said.sum)
      await page.fill('#share-1', '30')
      await page.click('#request-file')
      t.match(await fault('member-2'), said.twice)
      await expectAccessible(t, page, 'joint-faults', lang)
      await page.fill('#member-2', '120-81-47521')
      await page.click('#bid-form button[type=submit]')
      t.match(await fault('agreement-files'), said.unsigned)
      t.not(await fault('amount'), '', 'beside all other faults')
      await page.waitForFunction((name) => document.querySelector('#member-1-note')?.textContent === name, MEMBER.companyName)
      await page.reload()
      await waitForView(page, 'form')
      t.equal(await page.inputValue('#member-2'), TYPIST)
      t.equal(await page.inputValue('#share-1'), '30')
      t.same(await states(), ['leads', 'missing', 'missing'])
    }
    request = await downloadBy(page, '#request-file')
    t.same(request, { name: `${tenderId}.joint-bid.json`, bytes: Buffer.from(requestFile(terms).contents) })
    t.equal(await page.textContent('#agree-command'), `bongin bid agree ${tenderId} --leader ${LEADER} --member ${LEADER}=50 --member ${PARTNER}=30 --member ${TYPIST}=20`)
  })

  let agreement: Saved = { name: '', bytes: Buffer.alloc(0) }
  await t.test('a member sees exactly what it signs, and nothing else can be opened', async (t) => {
    const { page } = member
    const others = [{ supplierId: LEADER, sharePpm: 500_000 }, { supplierId: TYPIST, sharePpm: 500_000 }]
    const low = SHARES.map(({ supplierId }, i) => ({ supplierId, sharePpm: [850_000, 75_000, 75_000][i] ?? 0 }))
    const files = [
      ['{"members":', /공동수급 파일이 아닙니다/, /not a file of a joint bid/],
      [requestFile({ ...terms, tenderId: elsewhere }).contents, /다른 공고의 파일/, /of another tender/],
      [requestFile({ ...terms, members: others }).contents, /구성원이 아닙니다/, /not among the members/],
      [requestFile({ ...terms, leaderId: PARTNER }).contents, /따로 서명하지 않습니다/, /signs the bid itself/],
      [requestFile({ ...terms, members: low }).contents, /100000 이상/, /at least 100000/],
      ['x'.repeat(65 * 1024), /64 KB를 넘는/, /more than 64 KB/]
    ] as const
    for (const lang of ['ko', 'en'] as const) {
      await page.goto(`${app.baseUrl}/tenders/${tenderId}/joint?lang=${lang}`)
      await waitForView(page, 'open')
      for (const [contents, ko, en] of files) {
        await page.setInputFiles('#request', json('받은 파일.json', contents))
        await page.waitForSelector('#request-error:not(:empty)')
        t.match(await page.textContent('#request-error'), lang === 'ko' ? ko : en)
        t.match(await page.textContent('#request-error'), '받은 파일.json')
      }
      await expectAccessible(t, page, 'joint-file', lang)
      await page.setInputFiles('#request', json(request.name, request.bytes.toString()))
      await waitForView(page, 'look')
      t.equal(await page.textContent('#own-share'), '30 %')
      t.equal(await page.textContent('#statement'), agreementText(terms))
      await page.waitForFunction((name) => document.querySelector('#look-facts')?.textContent?.includes(name), COMPANY.companyName)
      t.same(await page.locator('#asked-members td.number:last-child').allTextContents(), ['50', '30', '20'])
      await page.click('#sign')
      t.not(await page.textContent('#agreed-error'), '', 'nothing is signed without a tick')
      await expectAccessible(t, page, 'joint-look', lang)
    }
    await page.goBack()
    await waitForView(page, 'open')
    await page.setInputFiles('#request', json(request.name, request.bytes.toString()))
    await waitForView(page, 'look')
    await page.check('#agreed')
    const downloads: string[] = []
    page.on('download', (download) => downloads.push(download.suggestedFilename()))
    const [download] = await Promise.all([page.waitForEvent('download'), page.dblclick('#sign')])
    await waitForView(page, 'signed')
    t.equal(download.suggestedFilename(), `${tenderId}.${PARTNER}.agreement.json`)
    agreement = await downloadBy(page, '#agreement-again')
    t.same(downloads.length, 2, 'a double click signs and saves once')
    await expectAccessible(t, page, 'joint-signed')
  })

  const typed = join(dir, 'typist.agreement.json')
  await t.test('the leader sees who has signed this, who something else, and who nothing', async (t) => {
    const foreign = agreementFile({ tenderId, supplierId: OUTSIDER, jws: await signAgreement(outsider.signer, terms) })
    await page.setInputFiles('#agreement-files', [
      json(agreement.name, agreement.bytes.toString()), json('기타.json', foreign.contents), json('깨진 파일.json', '[]')
    ])
    await page.waitForSelector('#agreement-files-error:not(:empty)')
    t.match(await fault('agreement-files'), /기타\.json: This is not the agreement of a member/)
    t.match(await fault('agreement-files'), /깨진 파일\.json: This is not a file/)
    t.same(await states(), ['leads', 'signed', 'missing'])
    await page.fill('#share-0', '49')
    await page.fill('#share-2', '21')
    t.same(await states(), ['leads', 'differs', 'missing'], 'other shares are another agreement')
    await page.fill('#share-0', '50')
    await page.fill('#share-2', '20')
    t.same(await states(), ['leads', 'signed', 'missing'])
    writeFileSync(`${typed}.request`, request.bytes)
    t.match(await typist('bid', 'agree', elsewhere, '--request', `${typed}.request`, '--out', typed), { code: 2 }, 'the command line, too, reads for which tender it is')
    const agreed = await typist('bid', 'agree', tenderId, '--request', `${typed}.request`, '--out', typed)
    t.equal(agreed.code, 0, agreed.err)
    await page.setInputFiles('#agreement-files', typed)
    await page.waitForFunction(() => document.querySelector('#agreements-count')?.textContent === '2/2')
    t.equal(await fault('agreement-files'), '')
    await page.reload()
    await waitForView(page, 'form')
    t.same(await states(), ['leads', 'signed', 'signed'], 'after a reload as well')
  })

  const fill = async (): Promise<void> => {
    await page.fill('#amount', '27,600,000')
    for (const number of [3, 7]) await page.check(`input[name=pick][value="${number}"]`)
    await page.dblclick('#bid-form button[type=submit]')
    await waitForView(page, 'confirm')
  }

  await t.test('a signature that is not the member\'s own: the server refuses, the row says so, and nothing is lost', async (t) => {
    await open('ko', elsewhere)
    await page.check('input[name=bidder][value=joint]')
    const shares = [{ supplierId: LEADER, sharePpm: 600_000 }, { supplierId: PARTNER, sharePpm: 400_000 }]
    const halves = { tenderId: elsewhere, leaderId: LEADER, members: shares }
    const forged = agreementFile({ tenderId: elsewhere, supplierId: PARTNER, jws: await signAgreement(outsider.signer, halves) })
    await page.setInputFiles('#agreement-files', json(forged.name, forged.contents))
    await page.waitForFunction(() => document.querySelector('#agreements-count')?.textContent === '1/1')
    t.equal(await page.inputValue('#member-1'), PARTNER, 'an empty form takes the members of the agreement')
    await fill()
    await page.check('#confirmed')
    await page.click('#seal')
    await waitForView(page, 'refused')
    t.match(await page.textContent('#refusal'), OUTSIDER)
    await page.click('#start-again')
    await waitForView(page, 'form')
    t.match(await fault('member-1'), OUTSIDER, 'beside the member at fault')
    t.equal(await page.inputValue('#amount'), '27,600,000')
    t.equal((await listBids(app.context.db.read, elsewhere)).length, 0)
  })

  await t.test('the bid goes out once, and the opening names its members', async (t) => {
    for (const lang of ['en', 'ko'] as const) {
      await open(lang)
      await fill()
      t.same(await page.locator('#signed-members td.number:last-child').allTextContents(), ['50', '30', '20'])
      await expectAccessible(t, page, 'joint-confirm', lang)
    }
    await page.check('#confirmed')
    await page.dblclick('#seal')
    await waitForView(page, 'accepted')
    await page.goBack().catch(() => null)
    await page.reload()
    await waitForView(page, 'accepted')
    t.equal((await listBids(app.context.db.read, tenderId)).length, 1)
    await openAt(stage, tenderId, draft.schedule.opensAt)
    const { opening } = await downloadRecord(cast.publicApi, tenderId)
    t.match(opening.rows, [{ supplierId: LEADER, amountWon: 27_600_000, picks: [3, 7], members: SHARES, voidReason: null }])
    await logIn(member.page, app)
    await member.page.goto(`${app.baseUrl}/tenders/${tenderId}/joint`)
    await waitForView(member.page, 'closed')
  })

  t.same([...leader.trouble, ...member.trouble], [], 'no page has complained')
})
