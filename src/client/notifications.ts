/** A supplier's notifications (알림): notices, saved searches, its e-mail address and its webhooks. Runs in a browser. */
import type { AwardMethod, TenderKind } from '../domain/notice.ts'
import type { AgencyId, TenderId } from '../domain/ids.ts'
import type { Language } from '../domain/notification.ts'
import { segment, type Api } from './api.ts'

export interface NoticeView {
  /** The supplier's own numbering. */
  number: number
  at: string
  /** `tender.matched`, `.revised`, `.extended`, `.answered`, `.closed`, `.opened`, `.awarded`, `.failed`, `.cancelled`. */
  type: string
  tenderId: TenderId
  title: string
  data: Record<string, unknown>
  read: boolean
}
export interface NoticePage { items: NoticeView[], unread: number, nextCursor: number | null }

export interface SearchWire {
  kind?: TenderKind
  method?: AwardMethod
  agencyId?: AgencyId
  closesFrom?: string
  closesUntil?: string
  /** Won, both included. */
  estimatedFrom?: number
  estimatedUntil?: number
  /** Of a bidder, one of `REGIONS`. */
  region?: string
  q?: string
}
export interface SavedSearchView extends SearchWire { number: number, name: string, createdAt: string }

export interface EmailView { address: string, language: Language, verifiedAt: string | null, codeExpiresAt: string | null }
export interface WebhookView { webhookId: string, url: string, createdAt: string, previousSecretUntil: string | null }
/** The secret is said this once. */
export type NewSecret = WebhookView & { secret: string }

/** Newest first. */
export async function listNotices (session: Api, query: { cursor?: number, limit?: number } = {}): Promise<NoticePage> {
  return await session.get('/v1/me/notices', query)
}

/** Up to and with a number; returns how many are left unread. */
export async function markNoticesRead (session: Api, upTo: number): Promise<number> {
  return (await session.post<{ unread: number }>('/v1/me/notices/read', { upTo })).unread
}

export async function listSearches (session: Api): Promise<SavedSearchView[]> {
  return (await session.get<{ items: SavedSearchView[] }>('/v1/me/searches')).items
}

/** Returns its number. */
export async function saveSearch (session: Api, search: SearchWire & { name: string }): Promise<number> {
  return (await session.post<{ number: number }>('/v1/me/searches', search)).number
}

export async function deleteSearch (session: Api, number: number): Promise<void> {
  await session.delete(`/v1/me/searches/${number}`)
}

export async function readEmail (session: Api): Promise<EmailView | null> {
  return (await session.get<{ email: EmailView | null }>('/v1/me/email')).email
}

/** A code goes to the address. */
export async function enterEmail (session: Api, email: { address: string, language?: Language }): Promise<EmailView> {
  return await session.put('/v1/me/email', email)
}

export async function verifyEmail (session: Api, code: string): Promise<EmailView> {
  return await session.post('/v1/me/email/verification', { code })
}

export async function deleteEmail (session: Api): Promise<void> {
  await session.delete('/v1/me/email')
}

export async function listWebhooks (session: Api): Promise<WebhookView[]> {
  return (await session.get<{ items: WebhookView[] }>('/v1/me/webhooks')).items
}

export async function addWebhook (session: Api, url: string): Promise<NewSecret> {
  return await session.post('/v1/me/webhooks', { url })
}

/** The secret before signs too for a day. */
export async function rotateSecret (session: Api, webhookId: string): Promise<NewSecret> {
  return await session.post(`/v1/me/webhooks/${segment(webhookId)}/secret`, {})
}

export async function deleteWebhook (session: Api, webhookId: string): Promise<void> {
  await session.delete(`/v1/me/webhooks/${segment(webhookId)}`)
}
