/** The officers' part of a day: many tenders with one deadline, published, and at the opening the committee's keys revealed. */
import { fromBase64url } from '../../src/crypto/bytes.ts'
import { ApiProblem } from '../../src/client/api.ts'
import { contribute, draftTender, publish } from '../../src/client/ceremony.ts'
import { reveal } from '../../src/client/openings.ts'
import { getCheckedTender } from '../../src/client/tenders.ts'
import { DRAFT_DEFAULTS, type TenderDraft } from '../../src/domain/draft.ts'
import type { Instant, OfficerId, TenderId } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'
import type { Officers, Person, Town } from '../../scripts/demo/people.ts'
import type { SealTask } from './seal.ts'

export const BASE_AMOUNT_WON = 100_000_000
/** Between deadline and opening: an hour, compressed. */
export const OPENS_AFTER_MS = 5_000

export type OpenTender = Omit<SealTask, 'bids'>

export async function publishTender (
  { publicApi, trust }: Town, officers: Officers, { number, closesAt }: { number: number, closesAt: Instant }
): Promise<OpenTender> {
  const { executing, witness } = officers
  const tenderId = await draftTender(executing.api, draftOf(officers, { number, closesAt }))
  for (const { api, identity } of [executing, witness]) await contribute(api, trust, { identity, tenderId, now: Date.now() })
  await publish(executing.api, trust, { identity: executing.identity, tenderId, now: Date.now() })
  // As every bidder's machine would: nothing is sealed to a key that was not proven.
  const { terms, termsSha256 } = (await getCheckedTender(publicApi, trust, tenderId)).last.notice
  return { tenderId, termsSha256, publicKey: fromBase64url(terms.key.publicKey) }
}

export async function revealBoth ({ trust }: Town, { executing, witness }: Officers, tenderId: TenderId): Promise<void> {
  try {
    for (const { api, identity } of [executing, witness]) await reveal(api, trust, { identity, tenderId, envelope: 'price', now: Date.now() })
  } catch (error) {
    // All of its bids were late: the clock has failed it (유찰), and there is nothing to reveal.
    if (!(error instanceof ApiProblem && error.code === 'tender-state')) throw error
  }
}

function draftOf ({ executing, witness, audit }: Officers, { number, closesAt }: { number: number, closesAt: Instant }): TenderDraft {
  const id = ({ identity }: Person): OfficerId => identity.holderId as OfficerId
  const now = formatKst(Date.now())
  return {
    ...DRAFT_DEFAULTS,
    unitPrices: [],
    title: `하루 부하 시험 ${number}`,
    referenceNo: '',
    kind: 'works',
    method: 'restricted-lowest',
    estimatedPriceWon: Math.round(BASE_AMOUNT_WON / 1.1),
    price: {
      method: 'multiple-derived', decimals: 0, baseAmountWon: BASE_AMOUNT_WON, rangePpm: 30_000, slotPlan: 'upper-7', priceUnitWon: 100, plannedPriceRounding: 'up-1'
    },
    floorRatePpm: 880_000,
    eligibility: { linesOfBusiness: [], regions: [] },
    contact: { name: '계약담당', phone: '070-0000-0000', email: 'contract@example.kr' },
    attachments: [],
    committee: { executing: id(executing), witness: id(witness), recovery: [id(audit)], threshold: 2 },
    schedule: {
      questionsFrom: now, questionsUntil: now, closesAt: formatKst(closesAt), technicalOpensAt: null, opensAt: formatKst(closesAt + OPENS_AFTER_MS)
    },
    previousTenderId: null,
    changeReason: ''
  }
}
