/**
 * Who is told of a public event, and what: suppliers whose saved searches a notice answers, and those whose own tender it is, because
 * they bid or asked, or from the opening on because they are of a joint bid.
 * All of it follows from what is committed, so that it may be worked out again after a crash.
 */
import {
  anchorsOfNotice, answersSearch, facetsKeysOf, isSearched, matchKey, newsKey, newsTopicOf, type SearchedNotice, type Topic
} from '../../domain/notification.ts'
import { searchedText } from '../../domain/notice.ts'
import { soughtText } from '../../domain/search-words.ts'
import type { SupplierId, TenderId } from '../../domain/ids.ts'
import type { StoredEvent } from '../../storage/events.ts'
import { listBidders, listMembers, ownResult, type Told } from '../../storage/notifications.ts'
import type { Db } from '../../storage/prepare.ts'
import { getQuestion } from '../../storage/questions.ts'
import { searchesUnderKey } from '../../storage/saved-searches.ts'
import type { Tender } from '../../storage/tenders.ts'
import { noticeInForce } from '../notice-text.ts'
import { turn } from '../turn.ts'

/** Recipients that are told in one transaction. */
export const PAGE_RECIPIENTS = 500
/** Looks into the index between two turns of the event loop: some two milliseconds. */
const LOOKS_AT_ONCE = 128

/** `stands`: its bid is sealed to the terms in force. */
interface Recipient { supplierId: SupplierId, stands?: boolean }
export interface TellPage { topic: Topic, eventKey: string, told: Told[] }

/** Pages of recipients, each supplier at most once in a page. */
export async function * recipientsOf (db: Db, { event, tender }: { event: StoredEvent, tender: Tender }): AsyncGenerator<TellPage> {
  if (isSearched(event.type) && tender.state !== 'cancelled') {
    const { terms } = await noticeInForce(db, tender)
    const notice = { ...terms, regions: terms.eligibility.regions, closesAt: tender.closesAt, text: soughtText(searchedText(terms)) }
    for await (const told of matchesOf(db, { notice, position: event.position })) yield { topic: 'matched', eventKey: matchKey(tender.tenderId), told }
  }
  const topic = newsTopicOf(event.type)
  if (topic === null) return
  const eventKey = newsKey(event.position)
  const tell = async ({ supplierId, stands = true }: Recipient): Promise<Told> =>
    ({ supplierId, data: await newsData(db, { topic, event, supplierId, stands }) })
  const asker = topic === 'answered' ? await askerOf(db, event) : null
  if (asker !== null) yield { topic, eventKey, told: [await tell({ supplierId: asker })] }
  const { tenderId, termsSha256 } = tender
  const lists = [
    async (after: string) => await listBidders(db, { tenderId, termsSha256, after, limit: PAGE_RECIPIENTS }),
    async (after: string) => await listMembers(db, { tenderId, after, limit: PAGE_RECIPIENTS })
  ]
  for (const list of lists) {
    for (let after = '', page: Recipient[] = []; ; after = page.at(-1)?.supplierId ?? '') {
      page = await list(after)
      const told: Told[] = []
      for (const recipient of page) told.push(await tell(recipient))
      if (told.length > 0) yield { topic, eventKey, told }
      if (page.length < PAGE_RECIPIENTS) break
    }
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
        if (++looks % LOOKS_AT_ONCE === 0) await turn()
        if (found.length < PAGE_RECIPIENTS) break
      }
    }
  }
  if (told.size > 0) yield [...told.values()]
}

/** Whether it leads that bid or is a member of it. */
async function isOfBid (db: Db, { tenderId, supplierId, leaderId }: {
  tenderId: TenderId, supplierId: SupplierId, leaderId: SupplierId
}): Promise<boolean> {
  if (supplierId === leaderId) return true
  const [own, leaders] = [await ownResult(db, { supplierId, tenderId }), await ownResult(db, { supplierId: leaderId, tenderId })]
  return own !== null && own.row === leaders?.row
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
      return {
        winner: data['supplierId'],
        amount: data['amountWon'],
        decimals: data['decimals'],
        won: await isOfBid(db, { tenderId, supplierId, leaderId: data['supplierId'] as SupplierId })
      }
    case 'failed':
    case 'cancelled':
      return { reason: data['reason'] }
    case 'closed':
    case 'matched':
      return {}
  }
}
