/** Whether a draft can become a notice: everything impossible is refused here, never at the opening. */
import { canonicalJson } from '../crypto/canonical-json.ts'
import type { TenderDraft } from '../domain/draft.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant } from '../domain/ids.ts'
import { checkSchedule } from '../domain/schedule.ts'
import { parseInstant } from '../domain/time.ts'
import { getAttachment } from '../storage/attachments.ts'
import { listContributions } from '../storage/ceremony.ts'
import { getOfficers } from '../storage/officers.ts'
import type { Db } from '../storage/prepare.ts'
import type { Tender } from '../storage/tenders.ts'
import type { Context, OfficerCaller } from './context.ts'
import { currentNotice } from './notice-text.ts'
import { requireTender } from './tender-access.ts'

export type DraftTimes = Pick<Tender, 'closesAt' | 'technicalOpensAt' | 'opensAt'>

/** The instants of a draft's schedule that a tender keeps. @throws BonginError `invalid-time`, `schedule-invalid`. */
export function checkTimes (context: Context, { schedule, technical }: TenderDraft, now: Instant): DraftTimes {
  const closesAt = parseInstant(schedule.closesAt, '/schedule/closesAt')
  const opensAt = parseInstant(schedule.opensAt, '/schedule/opensAt')
  const technicalOpensAt = technicalInstant(schedule)
  checkSchedule({
    now,
    questionsFrom: parseInstant(schedule.questionsFrom, '/schedule/questionsFrom'),
    questionsUntil: parseInstant(schedule.questionsUntil, '/schedule/questionsUntil'),
    closesAt,
    technicalOpensAt,
    opensAt,
    twoEnvelopes: technical !== null,
    stepMs: context.policy.scheduleStepMs
  })
  return { closesAt, technicalOpensAt, opensAt }
}

/** @throws BonginError `invalid-time`. */
export function technicalInstant ({ technicalOpensAt }: Pick<TenderDraft['schedule'], 'technicalOpensAt'>): Instant | null {
  return technicalOpensAt === null ? null : parseInstant(technicalOpensAt, '/schedule/technicalOpensAt')
}

/** Everybody and everything that the draft names exists and may do its part. */
export async function checkReferences (tx: Db, caller: OfficerCaller, draft: TenderDraft): Promise<{ agencyId: Tender['agencyId'] }> {
  const { executing, witness, recovery } = draft.committee
  const seats = [
    { id: executing, role: 'executing' as const, field: '/committee/executing' },
    { id: witness, role: 'witness' as const, field: '/committee/witness' },
    ...recovery.map((id, i) => ({ id, role: 'audit' as const, field: `/committee/recovery/${i}` }))
  ]
  const officers = await getOfficers(
    tx,
    seats.map(({ id }) => id)
  )
  for (const { id, role, field } of seats) {
    const officer = officers.find(({ officerId }) => officerId === id)
    if (officer === undefined || !officer.roles.includes(role) || officer.encryptionKeyJws === null) {
      throw new BonginError('rule-set-invalid', {
        field,
        detail: `There is no officer ${id} with the role "${role}" and a published encryption key.`,
        detailKo: `"${role}" 역할과 공개된 암호화 키를 가진 담당관 ${id}이(가) 없습니다.`
      })
    }
  }
  const own = officers.find(({ officerId }) => officerId === caller.holderId)
  if (own === undefined || executing !== caller.holderId) {
    throw new BonginError('not-committee-member', {
      field: '/committee/executing',
      detail: 'The executing officer drafts the tender itself.',
      detailKo: '입찰집행관 본인이 공고를 작성해야 합니다.'
    })
  }
  for (const [i, { sha256 }] of draft.attachments.entries()) {
    if ((await getAttachment(tx, sha256)) !== null) continue
    throw new BonginError('attachment-unknown', {
      field: `/attachments/${i}/sha256`,
      detail: 'Upload the attachment first.',
      detailKo: '첨부 파일을 먼저 올리십시오.'
    })
  }
  return own
}

/** A re-notice or re-bid takes up a tender that failed. Returns its round. */
export async function checkPrevious (tx: Db, draft: TenderDraft): Promise<number> {
  if (draft.previousTenderId === null) return 0
  const previous = await requireTender(tx, draft.previousTenderId)
  if (previous.state === 'failed' || previous.state === 'cancelled') return previous.rebidRound + 1
  throw new BonginError('tender-state', {
    field: '/previousTenderId',
    detail: 'Only a failed or cancelled tender can be taken up again.',
    detailKo: '유찰되었거나 취소된 공고만 다시 공고할 수 있습니다.',
    extra: { state: previous.state }
  })
}

/** A contribution names its committee's shares and is for one key, so committee and keys stand once somebody has contributed. */
export async function checkCeremony (tx: Db, tender: Tender, draft: TenderDraft): Promise<void> {
  const sameCommittee = canonicalJson(tender.draft?.committee ?? null) === canonicalJson(draft.committee)
  const sameKeys = (tender.draft?.technical === null) === (draft.technical === null)
  if (sameCommittee && sameKeys) return
  if ((await listContributions(tx, tender.tenderId)).length === 0) return
  throw new BonginError('contribution-exists', {
    field: sameCommittee ? '/technical' : '/committee',
    detail: 'A member has contributed to the key already. Make a new draft for another committee, or for other envelopes.',
    detailKo: '이미 키가 제출되어 집행위원이나 봉투 구성을 바꿀 수 없습니다. 새 공고를 작성하십시오.'
  })
}

export async function checkChange (tx: Db, tender: Tender, draft: TenderDraft): Promise<void> {
  const { terms } = await currentNotice(tx, tender.tenderId)
  const fixed: Array<[string, unknown, unknown]> = [
    ['/committee', canonicalJson(draft.committee), canonicalJson(terms.committee)],
    ['/suite', draft.suite, terms.key.suite],
    ['/price/method', draft.price.method, terms.price.method],
    ['/price/decimals', draft.price.decimals, terms.price.decimals],
    ['/technical', draft.technical === null, terms.technical === null],
    ['/lot', canonicalJson(draft.lot), canonicalJson(terms.lot)],
    ['/previousTenderId', draft.previousTenderId, tender.previousTenderId]
  ]
  const changed = fixed.find(([, now, before]) => now !== before)
  const field = changed?.[0] ?? (draft.changeReason.trim() === '' ? '/changeReason' : null)
  if (field === null) return
  throw new BonginError('rule-set-invalid', {
    field,
    detail: 'A change notice needs a reason and keeps the committee, the suite, the price method and its decimals, the envelopes, the lot and the tender it follows.',
    detailKo: '변경공고에는 사유가 필요하며, 집행위원, 암호 방식, 예정가격 결정 방법과 금액의 소수 자릿수, 봉투 구성, 분류와 이전 공고는 바꿀 수 없습니다.'
  })
}
