/**
 * Notifications (알림) of a supplier: what they are about, what of them may leave the server, and when a delivery is tried again.
 * A supplier's own tenders are those that it bid for or asked about. That it did is nobody's business before the opening, mail
 * relays included: until then a message outside says that there is news, and neither which tender nor what happened.
 */
import type { AgencyId, Instant, TenderId } from './ids.ts'
import type { AwardMethod, TenderKind } from './notice.ts'
import type { Region } from './regions.ts'
import { anchorsIn, isFoundIn, type SoughtText } from './search-words.ts'

/** Of mails. */
export const LANGUAGES = ['ko', 'en'] as const
export type Language = typeof LANGUAGES[number]

/** Searches that one supplier may save. */
export const MAX_SAVED_SEARCHES = 20
export const MAX_SEARCH_NAME_CHARS = 60
export const MAX_WEBHOOKS = 10
export const MAX_WEBHOOK_URL_CHARS = 500
export const MAX_EMAIL_CHARS = 254

/** Of a saved search: all that are given must hold. As `GET /v1/tenders`, without the state: new notices are published. */
export interface SearchConditions {
  kind?: TenderKind
  method?: AwardMethod
  agencyId?: AgencyId
  /** Both included. */
  closesFrom?: Instant
  closesUntil?: Instant
  /** Won, both included. */
  estimatedFrom?: number
  estimatedUntil?: number
  /** Of a bidder. */
  region?: Region
  query?: string
}

/** A notice as saved searches look at it. */
export interface SearchedNotice {
  kind: TenderKind
  method: AwardMethod
  agencyId: AgencyId
  closesAt: Instant
  estimatedPriceWon: number
  /** None for the whole country. */
  regions: readonly string[]
  text: SoughtText
}

/** Whether the notice answers all conditions. */
export function answersSearch (notice: SearchedNotice, conditions: SearchConditions): boolean {
  const { kind, method, agencyId, closesFrom, closesUntil, estimatedFrom, estimatedUntil, region, query } = conditions
  return (kind === undefined || kind === notice.kind) &&
    (method === undefined || method === notice.method) &&
    (agencyId === undefined || agencyId === notice.agencyId) &&
    (closesFrom === undefined || notice.closesAt >= closesFrom) &&
    (closesUntil === undefined || notice.closesAt <= closesUntil) &&
    (estimatedFrom === undefined || notice.estimatedPriceWon >= estimatedFrom) &&
    (estimatedUntil === undefined || notice.estimatedPriceWon <= estimatedUntil) &&
    (region === undefined || notice.regions.length === 0 || notice.regions.includes(region)) &&
    (query === undefined || isFoundIn(notice.text, query))
}

type Facets = Pick<SearchConditions, 'kind' | 'method' | 'agencyId'>

/** Kind, method and agency of a search as one text; what it leaves open is empty. */
export function facetsKey ({ kind, method, agencyId }: Facets): string {
  return [kind, method, agencyId].map((facet) => facet ?? '').join('|')
}

/** The keys of all searches that such a notice may answer: each facet named or left open, eight in all. */
export function facetsKeysOf ({ kind, method, agencyId }: Required<Facets>): string[] {
  const keys = [0, 1, 2, 3, 4, 5, 6, 7]
  return keys.map((bits) => facetsKey({ ...(bits & 1 ? { kind } : {}), ...(bits & 2 ? { method } : {}), ...(bits & 4 ? { agencyId } : {}) }))
}

/** Of a search without words. */
export const NO_ANCHOR = ''

/** The anchors under which searches that the notice may answer are kept. */
export const anchorsOfNotice = ({ text }: SearchedNotice): string[] => [NO_ANCHOR, ...anchorsIn(text)]

export const TOPICS = [
  'matched', 'revised', 'extended', 'answered', 'closed', 'opened', 'awarded', 'failed', 'cancelled'
] as const
export type Topic = typeof TOPICS[number]

/** What may be said outside the server: with `opened`, `awarded`, `failed` it is public who bid; a match is about no bid. */
const NAMED: ReadonlySet<Topic> = new Set<Topic>(['matched', 'opened', 'awarded', 'failed'])

export function isNamedOutside (topic: Topic): boolean {
  return NAMED.has(topic)
}

/** Public events that are news for those who bid. */
const NEWS: ReadonlyMap<string, Topic> = new Map(
  (['revised', 'extended', 'answered', 'closed', 'opened', 'awarded', 'failed', 'cancelled'] as const).map((topic) => [`tender.${topic}`, topic]))

export function newsTopicOf (eventType: string): Topic | null {
  return NEWS.get(eventType) ?? null
}

/** Events whose notice is held against saved searches: a changed one may answer others than the first did. */
export function isSearched (eventType: string): boolean {
  return eventType === 'tender.published' || eventType === 'tender.revised'
}

/** A supplier hears of a tender once, however many of its searches it answers and however often it is changed. */
export const matchKey = (tenderId: TenderId): string => `match/${tenderId}`
export const newsKey = (position: number): string => `event/${position}`

export type Channel = 'email' | 'webhook'

/** Tries of a delivery, after which it is dead: four to nine hours after the first. */
export const MAX_ATTEMPTS = 10
const FIRST_RETRY_MS = 60_000
const LONGEST_RETRY_MS = 6 * 3_600_000

/**
 * When a delivery that failed `attempts` times is tried again: a minute, doubled each time, of it a share between a half and
 * the whole that `chance` (0 ≤ chance < 1) decides, so that what failed together does not come back together.
 */
export function retryDelayMs (attempts: number, chance: number): number {
  const whole = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1))
  return Math.floor(whole * (0.5 + chance / 2))
}
