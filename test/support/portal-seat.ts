/**
 * Somebody of the cast at the portal, in a real browser: brings the keys through the login page's import, as people do from another
 * device, and logs in. For what happens after a registration; how one registers is in `portal-officer.ts` and `portal-supplier.ts`.
 */
import type { Browser, Page } from 'playwright-core'
import { encryptBytes } from '../../src/crypto/encrypted-file.ts'
import { writePkcs12 } from '../../src/crypto/pkcs12.ts'
import { packKeyFiles } from '../../src/portal/browser/key-archive.ts'
import type { Actor, Cast } from './actors.ts'
import type { TestApp } from './build-app.ts'
import { logInAsOfficer, newPerson, setMachineClock, type Person } from './portal-officer.ts'
import { PASSPHRASE } from './portal-supplier.ts'

/** The file that a browser or the command line would have left: an officer's archive has both keys. */
async function keyFileOf (cast: Cast, actor: Actor): Promise<{ name: string, mimeType: string, buffer: Buffer }> {
  const { certificateDer, name, encryption } = actor.identity
  const p12 = writePkcs12({ privateKeyPkcs8: cast.keyOf(actor), chain: [certificateDer], passphrase: PASSPHRASE, friendlyName: name })
  if (encryption === undefined) return { name: 'key.p12', mimeType: 'application/x-pkcs12', buffer: Buffer.from(p12) }
  const sealed = await encryptBytes(new Uint8Array([...encryption.privateKey, ...encryption.publicKey]), PASSPHRASE)
  const archive = packKeyFiles(new Map([['key.p12', p12], ['encryption.jwe', new TextEncoder().encode(sealed)]]))
  return { name: 'keys.tar', mimeType: 'application/x-tar', buffer: Buffer.from(archive) }
}

/** Into a browser profile that may have other keys already. */
export async function bringKeys (page: Page, { baseUrl }: { baseUrl: string }, { cast, actor }: { cast: Cast, actor: Actor }): Promise<void> {
  await page.goto(`${baseUrl}/login`)
  await page.setInputFiles('#keyFile', await keyFileOf(cast, actor))
  await page.fill('#keyPassphrase', PASSPHRASE)
  await page.click('#import button')
  await page.waitForSelector('#keys button')
}

/** An officer of the cast in a profile of its own, logged in at `path`; its machine's clock shows the server's time. */
export async function seatOfficer (
  browser: Browser, app: TestApp, { cast, actor, path = '/desk' }: { cast: Cast, actor: Actor, path?: string }
): Promise<Person> {
  const person = await newPerson(browser, { bypassCSP: true })
  await setMachineClock(person, app.clock.now())
  await bringKeys(person.page, app, { cast, actor })
  await logInAsOfficer(person, app, path)
  return person
}
