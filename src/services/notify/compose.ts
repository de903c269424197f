/**
 * What leaves the server about a notification. Of a supplier's own tender nothing does before the opening but that there is news
 * (`isNamedOutside`): a mail relay, or whoever reads along, must not learn who bid.
 */
import { isNamedOutside, type Language, type Topic } from '../../domain/notification.ts'
import type { Instant } from '../../domain/ids.ts'
import type { PriceDecimals } from '../../domain/notice.ts'
import { REMARKS, type RemarkCode } from '../../domain/bid.ts'
import { amountText } from '../../domain/price-unit.ts'
import { formatKst, kstSecond } from '../../domain/time.ts'
import type { StoredNotification } from '../../storage/notifications.ts'
import type { Tender } from '../../storage/tenders.ts'

export interface Letter { subject: string, text: string }

/** By webhook and API: `tender.matched` and so on. */
export const typeOf = (topic: Topic): string => `tender.${topic}`
/** Where the topic may not be named. */
export const WAITING_TYPE = 'notices.waiting'

interface Subject { notification: StoredNotification, tender: Tender, agencyName: string }

const HEADINGS: Readonly<Record<Topic, Readonly<Record<Language, string>>>> = {
  matched: { ko: '맞춤공고', en: 'New notice' },
  revised: { ko: '변경공고', en: 'Change notice' },
  extended: { ko: '입찰연기', en: 'Deadline moved' },
  answered: { ko: '질의 답변', en: 'Answer' },
  closed: { ko: '입찰마감', en: 'Closed' },
  opened: { ko: '개찰결과', en: 'Opened' },
  awarded: { ko: '낙찰자 결정', en: 'Awarded' },
  failed: { ko: '유찰', en: 'Failed' },
  cancelled: { ko: '취소공고', en: 'Cancelled' }
}

export function letterOf ({ notification, tender, agencyName }: Subject, { language, publicUrl }: { language: Language, publicUrl: string }): Letter {
  const { topic } = notification
  if (!isNamedOutside(topic)) return waitingLetter(language, publicUrl)
  const ko = language === 'ko'
  const lines = [
    ...sentences(notification, language),
    '',
    `${ko ? '공고번호' : 'Tender'}: ${tender.tenderId}`,
    `${ko ? '공고명' : 'Title'}: ${tender.title}`,
    `${ko ? '수요기관' : 'Agency'}: ${agencyName}`,
    ...(topic === 'matched' ? [`${ko ? '입찰마감' : 'Closes'}: ${kstSecond(tender.closesAt)}`, `${ko ? '개찰일시' : 'Opens'}: ${kstSecond(tender.opensAt)}`] : []),
    '',
    `${publicUrl}/tenders/${tender.tenderId}`
  ]
  return { subject: `[${ko ? '봉인' : 'Bongin'}] ${HEADINGS[topic][language]}: ${tender.title}`, text: lines.join('\n') }
}

function waitingLetter (language: Language, publicUrl: string): Letter {
  const address = `${publicUrl}/my/notifications`
  return language === 'ko'
    ? {
        subject: '[봉인] 새 알림이 있습니다',
        text: `새 알림이 있습니다. 로그인하여 확인하십시오.\n개찰 전에는 어느 공고에 관한 알림인지 전자우편에 적지 않습니다.\n\n${address}`
      }
    : {
        subject: '[Bongin] There is news for you',
        text: `There is news for you. Log in to read it.\nBefore an opening no message says which tender it is about.\n\n${address}`
      }
}

function sentences ({ topic, data }: StoredNotification, language: Language): string[] {
  const ko = language === 'ko'
  switch (topic) {
    case 'matched':
      return [ko ? `저장하신 검색 ‘${String(data['search'])}’에 해당하는 공고가 게시되었습니다.` : `A notice was published that your saved search "${String(data['search'])}" finds.`]
    case 'opened':
      return [ko ? '참가하신 입찰의 개찰 결과가 공개되었습니다.' : 'The tender that you bid for was opened.', ...ownLine(data, ko)]
    case 'awarded':
      if (data['won'] === true) return [ko ? '귀사가 낙찰자로 결정되었습니다.' : 'The contract was awarded to you.']
      return [ko ? '참가하신 입찰의 낙찰자가 결정되었습니다.' : 'The contract of a tender that you bid for was awarded.']
    default:
      return [ko ? '참가하신 입찰이 유찰되었습니다.' : 'A tender that you bid for has failed.']
  }
}

function ownLine (data: Record<string, unknown>, ko: boolean): string[] {
  const { rank, amount, remark, decimals } = data as { rank?: number | null, amount?: number | null, remark?: RemarkCode, decimals: PriceDecimals }
  if (remark === undefined) return []
  return [
    `${ko ? '순위' : 'Rank'}: ${rank ?? '-'}`,
    `${ko ? '투찰금액' : 'Amount'}: ${amount === null || amount === undefined ? '-' : `${amountText(amount, decimals)}${ko ? '원' : ' won'}`}`,
    `${ko ? '비고' : 'Remark'}: ${ko ? REMARKS[remark] : remark}`
  ]
}

export function codeLetter (code: string, language: Language): Letter {
  return language === 'ko'
    ? { subject: '[봉인] 전자우편 확인 코드', text: `확인 코드: ${code}\n\n30분 안에 입력하십시오. 신청하지 않으셨다면 이 메일을 무시하십시오. 더 이상 보내지 않습니다.` }
    : { subject: '[Bongin] Code for your e-mail address', text: `Code: ${code}\n\nEnter it within 30 minutes. If you did not ask for it, do nothing: no more will be sent.` }
}

export function resetLetter (resetAt: Instant, language: Language): Letter {
  const at = kstSecond(resetAt)
  return language === 'ko'
    ? { subject: '[봉인] 패스키가 초기화되었습니다', text: `${at}에 플랫폼 담당관이 귀사의 패스키를 모두 초기화하였습니다.\n신청하지 않으셨다면 지금 로그인하여 새 패스키를 등록하고, 인증서의 폐지를 요청하십시오.` }
    : { subject: '[Bongin] Your passkeys were reset', text: `At ${at} a platform officer took all your passkeys away.\nIf you did not ask for it, log in now, register a new one, and have your certificate revoked.` }
}

/** A webhook's body (Standard Webhooks): type, time and data, as JSON. */
export function webhookBody ({ notification, tender, agencyName }: Subject): string {
  const { topic, number, at, data } = notification
  if (!isNamedOutside(topic)) return JSON.stringify({ type: WAITING_TYPE, data: { number } })
  const { tenderId, title, agencyId } = tender
  return JSON.stringify({ type: typeOf(topic), timestamp: formatKst(at), data: { number, tenderId, title, agencyId, agencyName, ...data } })
}
