/** A real browser for the tests: Debian's chromium, or what `BONGIN_CHROMIUM` names. Where there is none the tests say so and are skipped. */
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const PLACES = [process.env['BONGIN_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

export const browserPath: string | null = PLACES.find((path) => path !== undefined && existsSync(path)) ?? null

/** Why there are no browser tests, for tap's `skip`; false where there are. */
export const browserMissing: string | false = browserPath === null ? 'no chromium: apt-get install chromium, or set BONGIN_CHROMIUM' : false

/** @throws where no browser was found. */
export async function openBrowser (): Promise<Browser> {
  if (browserPath === null) throw new Error('no chromium')
  // The sandbox of a browser needs rights that a container does not have; it only meets our own pages here.
  return await chromium.launch({ executablePath: browserPath, args: ['--no-sandbox'] })
}
