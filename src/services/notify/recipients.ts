/**
 * Who is told of a public event, and what: suppliers whose saved searches a notice answers, and those whose own tender it is, because
 * they bid or asked. All of it follows from what is committed, so that it may be worked out again after a crash.
 */
import {
  anchorsOfNotice, answersSearch, facetsKeysOf, isSearched, matchKey, newsKey, newsTopicOf, type SearchedNotice, type Topic
} from '../../domain/notification.ts'
import { searchedText } from '../../domain/notice.ts'
import { soughtText } from '../../domain/search-words.ts'
import type { SupplierId } from '../../domain/ids.ts'
import type { StoredEvent } from '../../storage/events.ts'
import { listBidders, ownResult, type Told } from '../../storage/notifications.ts'
import type { Db } from '../../storage/prepare.ts'
import { getQuestion } from '../../storage/questions.ts'
import { searchesUnderKey } from '../../storage/saved-searches.ts'
import type { Tender } from '../../storage/tenders.ts'
import { noticeInForce } from '../notice-text.ts'

/** Recipients that are told in one transaction. */
export const PAGE_RECIPIENTS = 500
/** Looks into the index between two turns of the event loop: some two milliseconds. */
const LOOKS_AT_ONCE = 128

export interface TellPage { topic: Topic, eventKey: string, told: Told[] }

/** Pages of recipients, each supplier at most once in a page. */
export async function * recipientsOf (db: Db, { event, tender }: { event: StoredEvent, tender: Tender }): AsyncGenerator<TellPage> {
  if (isSearched(event.type) && tender.state !== 'cancelled') {
    const { terms } = await noticeInForce(db, tender)
    const notice = { ...terms, closesAt: tender.closesAt, text: soughtText(searchedText(terms)) }
    for await (const told of matchesOf(db, { notice, position: event.position })) yield { topic: 'matched', eventKey: matchKey(tender.tenderId), told }
  }
  const topic = newsTopicOf(event.type)
  if (topic === null) return
  const eventKey = newsKey(event.position)
  const asker = topic === 'answered' ? await askerOf(db, event) : null
  if (asker !== null) {
    const data = await newsData(db, { topic, event, supplierId: asker, stands: true })
    yield { topic, eventKey, told: [{ supplierId: asker, data }] }
  }
  const { tenderId, termsSha256 } = tender
  for (let after = '', bidders: Awaited<ReturnType<typeof listBidders>> = []; ; after = bidders.at(-1)?.supplierId ?? '') {
    bidders = await listBidders(db, { tenderId, termsSha256, after, limit: PAGE_RECIPIENTS })
    const told: Told[] = []
    for (const { supplierId, stands } of bidders) told.push({ supplierId, data: await newsData(db, { topic, event, supplierId, stands }) })
    if (told.length > 0) yield { topic, eventKey, told }
    if (bidders.length < PAGE_RECIPIENTS) return
  }
}

/**
 * Suppliers with a search, saved before the event of that position, that the notice answers; a page at a time, each once in a page. Looks under
 * some hundreds of keys, whatever the number of searches, and reads of them those that have a key in common with the notice.
 */
export async function * matchesOf (db: Db, { notice, position }: { notice: SearchedNotice, position: number }): AsyncGenerator<Told[]> {
  let [told, looks] = [new Map<SupplierId, Told>(), 0]
  for (const anchor of anchorsOfNotice(notice)) {
    for (const facets of facetsKeysOf(notice)) {
      for (let after = 0, found: Awaited<ReturnType<typeof searchesUnderKey>> = []; ; after = found.at(-1)?.searchId ?? 0) {
        found = await searchesUnderKey(db, { anchor, facets, after, limit: PAGE_RECIPIENTS })
        for (const { supplierId, name, conditions, afterPosition } of found) {
          if (afterPosition >= position || told.has(supplierId) || !answersSearch(notice, conditions)) continue
          told.set(supplierId, { supplierId, data: { search: name } })
        }
        if (told.size >= PAGE_RECIPIENTS) {
          yield [...told.values()]
          told = new Map<SupplierId, Told>()
        }
        if (++looks % LOOKS_AT_ONCE === 0) await new Promise((resolve) => { setImmediate(resolve) })
        if (found.length < PAGE_RECIPIENTS) break
      }
    }
  }
  if (told.size > 0) yield [...told.values()]
}

/** Nobody else is ever told who asked. */
async function askerOf (db: Db, { tenderId, data }: StoredEvent): Promise<SupplierId | null> {
  return (await getQuestion(db, { tenderId, number: Number(data['number']) }))?.questions.supplierId ?? null
}

/** What the supplier is told besides the tender. What is in it was public with the event, or was the supplier's own before. */
async function newsData (db: Db, { topic, event, supplierId, stands }: {
  topic: Topic, event: StoredEvent, supplierId: SupplierId, stands: boolean
}): Promise<Record<string, unknown>> {
  const { tenderId, data } = event
  switch (topic) {
    case 'revised':
      return { revision: data['revision'], bidStands: stands }
    case 'extended':
      return { closesAt: data['closesAt'], opensAt: data['opensAt'], reason: data['reason'] }
    case 'answered':
      return { question: data['number'] }
    case 'opened': {
      const own = await ownResult(db, { supplierId, tenderId })
      return { outcome: data['outcome'], decimals: data['decimals'], ...(own === null ? {} : { rank: own.rank, amount: own.amount, remark: own.remark }) }
    }
    case 'awarded':
      return { winner: data['supplierId'], amount: data['amountWon'], decimals: data['decimals'], won: data['supplierId'] === supplierId }
    case 'failed':
    case 'cancelled':
      return { reason: data['reason'] }
    case 'closed':
    case 'matched':
      return {}
  }
}
