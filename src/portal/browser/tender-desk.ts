/**
 * One tender as its desk knows it: read anew after every act and every piece of news, and given to the parts of the page, which show
 * what is so and leave the forms alone that somebody may be typing into.
 */
import { readCeremony } from '../../client/ceremony.ts'
import { openingStatus, readEvaluation } from '../../client/openings.ts'
import { readTechnical } from '../../client/technical.ts'
import { getTender } from '../../client/tenders.ts'
import type { CeremonyView, EvaluationView, OpeningStatusView, TechnicalView, TenderView } from '../../client/types.ts'
import type { Instant, TenderId } from '../../domain/ids.ts'
import type { CommitteeSeat } from '../../domain/notice.ts'
import { isOpened, type TenderState } from '../../domain/tender.ts'
import { parseInstant } from '../../domain/time.ts'
import type { LoggedIn } from './session.ts'

export interface Snapshot {
  tenderId: TenderId
  state: TenderState
  title: string
  seat: CommitteeSeat
  ceremony: CeremonyView
  /** null before the first notice. */
  view: TenderView | null
  /** From the closing to the opening. */
  opening: OpeningStatusView | null
  /** From the technical opening on, for those of the committee who may read it. */
  technical: TechnicalView | null
  /** From the opening to the award. */
  evaluation: EvaluationView | null
  closesAt: Instant
  opensAt: Instant
}

export interface Desk { session: LoggedIn, tenderId: TenderId, snapshot: () => Snapshot, refresh: () => Promise<void> }

/** @throws ApiProblem `tender-not-found`, `not-committee-member`. */
export async function readSnapshot ({ api, identity }: LoggedIn, tenderId: TenderId): Promise<Snapshot> {
  const ceremony = await readCeremony(api, tenderId)
  const view = ceremony.state === 'draft' ? null : await getTender(api, tenderId)
  const seat = ceremony.members.find(({ officerId }) => officerId === identity.holderId)?.role ?? 'audit'
  const state = view?.state ?? ceremony.state
  const { closesAt, opensAt } = view ?? ceremony.draft?.schedule ?? { closesAt: '', opensAt: '' }
  const opening = state === 'closed' ? await openingStatus(api, tenderId) : null
  const proposalsOpen = opening === null ? isOpened(state) && (view?.notice.terms.technicalKey ?? null) !== null : opening.technical?.opened === true
  return {
    tenderId,
    state,
    title: view?.notice.terms.title ?? ceremony.draft?.title ?? tenderId,
    seat,
    ceremony,
    view,
    opening,
    technical: proposalsOpen && seat !== 'audit' ? await readTechnical(api, tenderId) : null,
    evaluation: isOpened(state) && view?.opening?.outcome === 'ranked' ? await readEvaluation(api, tenderId) : null,
    closesAt: parseInstant(closesAt),
    opensAt: parseInstant(opensAt)
  }
}
