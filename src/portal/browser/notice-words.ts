/** What a notice says besides its tender, in the page's language. */
import type { NoticeView } from '../../client/notifications.ts'
import { amountText } from '../../domain/price-unit.ts'
import type { PriceDecimals } from '../../domain/notice.ts'
import { notificationsEn } from '../texts/en/notifications.ts'
import { notificationsKo } from '../texts/ko/notifications.ts'
import { korean } from './page.ts'
import { shownTime } from './shown-time.ts'

export const noticeWords = korean ? notificationsKo : notificationsEn

const NEWS: Readonly<Record<string, string>> = {
  'tender.matched': noticeWords.newsMatched,
  'tender.revised': noticeWords.newsRevised,
  'tender.extended': noticeWords.newsExtended,
  'tender.answered': noticeWords.newsAnswered,
  'tender.closed': noticeWords.newsClosed,
  'tender.opened': noticeWords.newsOpened,
  'tender.awarded': noticeWords.newsAwarded,
  'tender.failed': noticeWords.newsFailed,
  'tender.cancelled': noticeWords.newsCancelled
}

export const newsName = (type: string): string => NEWS[type] ?? type

interface Said {
  search?: string,
  bidStands?: boolean,
  closesAt?: string,
  reason?: string,
  question?: number,
  rank?: number | null,
  amount?: number | null,
  decimals?: PriceDecimals
  won?: boolean
}

/** One sentence at most; empty where the news is all. */
export function newsText ({ type, data }: NoticeView): Array<Node | string> {
  const { search, bidStands, closesAt, reason, question, rank, amount, decimals = 0, won } = data as Said
  switch (type) {
    case 'tender.matched': return [`${noticeWords.saysSearch}: ${search ?? ''}`]
    case 'tender.revised': return [bidStands === true ? noticeWords.saysBidStands : noticeWords.saysBidAgain]
    case 'tender.extended': return [...(closesAt === undefined ? [] : [shownTime(closesAt)]), ` ${reason ?? ''}`]
    case 'tender.answered': return [`${noticeWords.saysQuestion} ${question ?? ''}`]
    case 'tender.closed': return [noticeWords.saysClosed]
    case 'tender.opened': {
      const place = rank === null || rank === undefined ? noticeWords.saysNoRank : `${noticeWords.saysRank} ${rank}`
      return [amount === null || amount === undefined ? place : `${place} · ${amountText(amount, decimals)}`]
    }
    case 'tender.awarded': return [won === true ? noticeWords.saysWon : '']
    case 'tender.cancelled': return [reason ?? '']
    default: return []
  }
}
