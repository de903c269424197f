/**
 * Which of the two languages a reader wants: the one in the address (`?lang=en`), else the one chosen before (cookie), else
 * the browser's first that we have, else Korean. The choice in the address is remembered.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { en } from './texts/en.ts'
import { LANGUAGES, type Language } from './texts/languages.ts'
import { ko, type Texts } from './texts/ko.ts'

export { LANGUAGES, type Language } from './texts/languages.ts'

export const TEXTS: Readonly<Record<Language, Texts>> = { ko, en }

const COOKIE = /(?:^|;\s*)lang=(ko|en)(?:;|$)/
const REMEMBERED_SECONDS = 365 * 24 * 3_600

export function languageOf (request: Pick<FastifyRequest, 'query' | 'headers'>): Language {
  const { lang } = (request.query ?? {}) as { lang?: unknown }
  if (isLanguage(lang)) return lang
  const remembered = COOKIE.exec(request.headers.cookie ?? '')?.[1]
  if (isLanguage(remembered)) return remembered
  const wanted = (request.headers['accept-language'] ?? '').split(',').map((one) => one.trim().slice(0, 2).toLowerCase())
  return wanted.find(isLanguage) ?? 'ko'
}

/** A preference, no secret: nothing but the language is in it. */
export function rememberLanguage (request: Pick<FastifyRequest, 'query'>, reply: FastifyReply): void {
  const { lang } = (request.query ?? {}) as { lang?: unknown }
  if (isLanguage(lang)) reply.header('set-cookie', `lang=${lang}; Path=/; Max-Age=${REMEMBERED_SECONDS}; SameSite=Lax`)
}

/** The same address in the other language. */
export function inOtherLanguage (url: string, language: Language): string {
  const address = new URL(url, 'http://localhost')
  address.searchParams.set('lang', language === 'ko' ? 'en' : 'ko')
  return address.pathname + address.search
}

function isLanguage (value: unknown): value is Language {
  return LANGUAGES.includes(value as Language)
}
