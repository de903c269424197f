/**
 * Passkeys in a real browser with its own virtual authenticator: registered, asked for at the next login, removed, and taken
 * away by an officer, of which the page tells; no accessibility fault in either language, colour scheme and width.
 */
import type { CDPSession, Page } from 'playwright-core'
import t from 'tap'
import { resetPasskeys } from '../../src/client/passkeys.ts'
import { makeCast } from '../support/actors.ts'
import { expectAccessible } from '../support/axe.ts'
import { browserMissing, openBrowser, troubleOf } from '../support/browser.ts'
import { buildApp } from '../support/build-app.ts'
import { HOSTILE_COMPANY, logIn, register } from '../support/portal-supplier.ts'

const HOSTILE_NAME = '<b onmouseover=alert(1)>휴대전화</b> & "열쇠"'

interface VirtualAuthenticator { cdp: CDPSession, authenticatorId: string }

async function plugIn (page: Page): Promise<VirtualAuthenticator> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  const options = { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } as const
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options })
  return { cdp, authenticatorId }
}

t.test('passkeys at the portal', { skip: browserMissing }, async (t) => {
  const app = await buildApp(t)
  // Browsers take no address of digits for a passkey.
  const origin = app.baseUrl.replace('127.0.0.1', 'localhost')
  app.context.policy.relyingParty = { id: 'localhost', origin }
  const cast = await makeCast(app, { suppliers: 0 })
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const context = await browser.newContext({ locale: 'ko-KR', bypassCSP: true, permissions: ['clipboard-read', 'clipboard-write'] })
  const page = await context.newPage()
  const trouble = troubleOf(page)
  const here = { ...app, baseUrl: origin }
  await register(page, { app: here, cast }, HOSTILE_COMPANY)
  const { cdp, authenticatorId } = await plugIn(page)
  const verify = async (isUserVerified: boolean): Promise<void> => { await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }) }
  const credentials = async (): Promise<number> => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length

  const look = async (name: string): Promise<void> => { await expectAccessible(t, page, name) }
  const security = async (lang = 'ko'): Promise<void> => {
    await page.goto(`${origin}/my/security?lang=${lang}`)
    await page.waitForSelector('#own-passkeys:not([hidden])')
  }
  const toSecondStep = async (lang = 'ko'): Promise<void> => {
    await page.goto(`${origin}/login?lang=${lang}`)
    await page.click('#keys button')
    await page.waitForSelector('#second-step:not([hidden])')
  }
  const outcome = async (): Promise<string> => await page.textContent('#security-state') ?? ''
  const says = async (selector: string, text: RegExp): Promise<void> => {
    await page.waitForFunction(([place, words]) => new RegExp(words ?? '').test(document.querySelector(place ?? '')?.textContent ?? ''), [selector, text.source])
  }

  await t.test('who is not logged in is told so', async (t) => {
    await page.goto(`${origin}/my/security`)
    await page.waitForSelector('#security-login:not([hidden])')
    t.ok(await page.isHidden('#own-passkeys'))
  })

  await t.test('register, by keyboard alone', async (t) => {
    await logIn(page, here)
    for (const lang of ['en', 'ko']) {
      await security(lang)
      t.ok(await page.isVisible('#passkeys-none'))
      await look(`security-none-${lang}`)
    }
    await page.focus('#passkeyName')
    await page.keyboard.press('Enter')
    await says('#passkeyName-error', /입력하십시오/)
    t.equal(await credentials(), 0, 'no name, no passkey')
    await page.keyboard.type(HOSTILE_NAME)
    await page.keyboard.press('Enter')
    await says('#security-state', /등록하였습니다/)
    t.equal(await page.textContent('#passkeys th'), HOSTILE_NAME, 'the name is shown, letter for letter')
    t.equal(await credentials(), 1)
    for (const lang of ['en', 'ko']) {
      await security(lang)
      await look(`security-one-${lang}`)
    }
  })

  await t.test('the same authenticator twice', async (t) => {
    await page.fill('#passkeyName', '또 하나')
    await page.click('#add button')
    await says('#security-error', /이미 등록/)
    t.equal(await outcome(), '', 'nothing says that it is going on')
  })

  await t.test('the session for the command line', async (t) => {
    await page.click('#copy-session')
    await says('#copied', /복사하였습니다/)
    const token = await page.evaluate(async () => await navigator.clipboard.readText())
    t.match(await (await fetch(`${app.baseUrl}/v1/me`, { headers: { authorization: `Bearer ${token}` } })).json(), { holderId: HOSTILE_COMPANY.businessNumber })
  })

  await t.test('log out, log in with both', async (t) => {
    await page.click('#logout')
    await page.waitForURL('**/login')
    for (const lang of ['en', 'ko']) {
      await toSecondStep(lang)
      t.equal(await page.evaluate(() => document.activeElement?.id), 'second-step-title', 'the second step is where the focus goes')
      await look(`login-second-step-${lang}`)
    }
    t.equal(await page.evaluate(() => sessionStorage.getItem('bongin-session')), null, 'no session with one factor')
    await page.click('#second-step-cancel')
    await says('#login-error', /취소/)
    t.ok(await page.isHidden('#second-step'))

    await verify(false)
    await toSecondStep()
    await page.click('#second-step-confirm')
    await says('#second-step-error', /./)
    t.ok(await page.isVisible('#second-step-confirm'), 'who was not recognised may try again')
    await verify(true)
    await page.focus('#second-step-confirm')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/my')
    await page.waitForSelector('#session[data-state=live]')
  })

  await t.test('an officer takes the passkeys away: the session ends, the next login is led to what happened', async (t) => {
    const chief = await cast.login(cast.chief)
    const { holderId, reason } = { holderId: HOSTILE_COMPANY.businessNumber, reason: '휴대전화 <i>분실</i>' }
    await resetPasskeys(chief.api, { identity: chief.identity, platform: cast.platform.name, holderId, reason, now: app.clock.now() })
    await page.goto(`${origin}/my/security`)
    await page.waitForSelector('#session[data-state=ended]')
    await page.goto(`${origin}/login`)
    await page.click('#keys button')
    await page.waitForURL('**/my/security')
    await page.waitForSelector('#resets:not([hidden])')
    t.match(await page.textContent('#reset-list'), reason)
    t.match(await page.textContent('#reset-list'), chief.identity.holderId)
    for (const lang of ['en', 'ko']) {
      await security(lang)
      await look(`security-reset-${lang}`)
    }
    await logIn(page, here)
    t.pass('told once in a browser, then as ever')
  })

  await t.test('required: the login leads to the first one, and nothing else works until then; removing', async (t) => {
    app.context.policy.requirePasskey = 'all'
    await cdp.send('WebAuthn.clearCredentials', { authenticatorId })
    await page.goto(`${origin}/login?lang=ko`)
    await page.click('#keys button')
    await page.waitForURL('**/my/security')
    await page.waitForSelector('#security-required:not([hidden])')
    await look('security-required')
    await page.goto(`${origin}/my`)
    await says('#my-error', /첫 패스키를 등록/)
    await security()
    await page.fill('#passkeyName', '새 휴대전화')
    await page.click('#add button')
    await says('#security-state', /등록하였습니다/)
    t.ok(await page.isHidden('#security-required'))
    await page.click('#passkeys button')
    await says('#security-error', /마지막 패스키/)
    app.context.policy.requirePasskey = 'none'
    await page.focus('#passkeys button')
    await page.keyboard.press('Enter')
    await says('#security-state', /삭제하였습니다/)
    t.equal(await page.evaluate(() => document.activeElement?.id), 'passkeys-title')
    t.ok(await page.isVisible('#passkeys-none'))
  })

  await t.test('at another address the page says where to go', async (t) => {
    app.context.policy.relyingParty = { id: 'bid.example.kr', origin: 'https://bid.example.kr' }
    await security()
    t.ok(await page.isVisible('#security-elsewhere'))
    t.equal(await page.getAttribute('#security-there', 'href'), 'https://bid.example.kr/my/security')
    await page.fill('#passkeyName', '여기')
    await page.click('#add button')
    await says('#security-error', /https:\/\/bid\.example\.kr/)
  })

  await t.test('the authenticator\'s code comes when it is needed', async (t) => {
    const fresh = await context.newPage()
    await fresh.goto(`${origin}/login`, { waitUntil: 'networkidle' })
    const code = await fresh.evaluate(async () => await Promise.all(performance.getEntriesByType('resource')
      .filter(({ name }) => name.endsWith('.js')).map(async ({ name }) => await (await fetch(name)).text())))
    t.notMatch(code.join(''), 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    await fresh.close()
  })

  t.same(trouble, [], 'no dialog and no error')
})
