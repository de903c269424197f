/** Who looks at the pages: a browser profile for each person, with its keys, logged in as people log in. */
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { openSession } from '../../src/client/sessions.ts'
import type { Actor } from '../../test/support/actors.ts'
import { at } from '../../test/support/attacks.ts'
import { addFirstPasskey, type DeskTown } from '../../test/support/desk-town.ts'
import { logInAsOfficer } from '../../test/support/portal-officer.ts'
import { bringKeys } from '../../test/support/portal-seat.ts'
import { fillBid, fillCompany, logIn, makeKey, waitForView } from '../../test/support/portal-supplier.ts'

/** `applicant` has applied and waits; `guarded` has a passkey. */
export type Who = 'nobody' | 'applicant' | 'supplier' | 'guarded' | 'platform' | 'executing' | 'witness' | 'evaluator'

export type People = Readonly<Record<Exclude<Who, 'nobody'>, BrowserContext>>

const SESSION = 'bongin-session'
const APPLICANT = { companyName: '주식회사 새봄건설', businessNumber: '1298600019', representative: '한새봄' }

export async function seatPeople (browser: Browser, town: DeskTown, { baseUrl }: { baseUrl: string }): Promise<People> {
  const { cast } = town
  const officer = async (actor: Actor): Promise<BrowserContext> => await seat(browser, async (page) => {
    await bringKeys(page, { baseUrl }, { cast, actor })
    await logInAsOfficer({ page, context: page.context(), trouble: [] }, { baseUrl })
  })
  const [own, guarded] = [at(cast.suppliers, 0), at(cast.suppliers, 2)]
  return {
    applicant: await seat(browser, async (page) => { await apply(page, baseUrl) }),
    supplier: await seat(browser, async (page) => {
      await bringKeys(page, { baseUrl }, { cast, actor: own })
      await logIn(page, { baseUrl })
      await leaveUnsent(page, `${baseUrl}/tenders/${town.bids.unsent}/bid`)
    }),
    guarded: await seat(browser, async (page) => {
      await bringKeys(page, { baseUrl }, { cast, actor: guarded })
      await logIn(page, { baseUrl })
      // A first passkey ends the other sessions: the one that added it goes on in the browser.
      const session = await openSession(cast.publicApi, guarded.identity, cast.platform.name)
      await addFirstPasskey(town, session.api)
      await page.evaluate(([name, token]) => {
        sessionStorage.setItem(name, JSON.stringify({ ...JSON.parse(sessionStorage.getItem(name) ?? '{}') as object, token }))
      }, [SESSION, session.token] as const)
    }),
    platform: await officer(cast.chief),
    executing: await officer(cast.executing),
    witness: await officer(cast.witness),
    evaluator: await officer(town.evaluator)
  }
}

/** A profile after `enter`; every page that it opens from then on is logged in as the first one was. */
async function seat (browser: Browser, enter: (page: Page) => Promise<void>): Promise<BrowserContext> {
  const context = await browser.newContext({ acceptDownloads: true, locale: 'ko-KR' })
  const page = await context.newPage()
  await enter(page)
  const session = await page.evaluate((name) => sessionStorage.getItem(name), SESSION)
  if (session !== null) {
    // A login is one tab's; these tabs are one person's. Blank pages have no storage.
    await context.addInitScript(([name, kept]) => { if (location.protocol.startsWith('http')) sessionStorage.setItem(name, kept) }, [SESSION, session] as const)
  }
  await page.close()
  return context
}

async function apply (page: Page, baseUrl: string): Promise<void> {
  await page.goto(`${baseUrl}/register`)
  await fillCompany(page, APPLICANT)
  await makeKey(page)
  await page.click('#send')
  await page.waitForSelector('[data-status=pending]')
}

/** A bid that was sealed and whose way to the server was cut off. */
async function leaveUnsent (page: Page, address: string): Promise<void> {
  await page.route('**/v1/tenders/*/bids', async (route) => { await route.abort() })
  await page.goto(address)
  await fillBid(page, { amount: '27450000', picks: [2, 11] })
  await page.click('#seal')
  await waitForView(page, 'unsent')
}
