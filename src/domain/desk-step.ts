/**
 * What an officer has to do next for a tender, by its seat and by what has been done: what a desk is sorted by. It decides
 * nothing; the server's rules do.
 */
import type { Instant } from './ids.ts'
import type { CommitteeSeat } from './notice.ts'
import type { TenderState } from './tender.ts'

export const DESK_STEPS = [
  'contribute', 'publish', 'publish-change', 'reveal', 'evaluate-proposals', 'evaluate', 'await-contribution', 'await-publication', 'await-closing',
  'await-opening', 'await-reveals', 'await-technical-result', 'await-award', 'concluded'
] as const
export type DeskStep = typeof DESK_STEPS[number]

export interface DeskTender {
  seat: CommitteeSeat
  state: TenderState
  hasDraft: boolean
  contributed: boolean
  keysComplete: boolean
  /** Its part of the key whose turn it is: with two envelopes the technical one until the proposals are open. */
  revealed: boolean
  /** With two envelopes: the proposals are open; their evaluation is signed. */
  proposalsOpened: boolean
  proposalsEvaluated: boolean
  closesAt: Instant
  technicalOpensAt: Instant | null
  opensAt: Instant
}

/** `mine`: it is this officer's turn. `dueAt`: when it must be done, or when what is waited for comes; null where there is no time. */
export interface NextStep { step: DeskStep, mine: boolean, dueAt: Instant | null }

const mine = (step: DeskStep, dueAt: Instant | null): NextStep => ({ step, mine: true, dueAt })
const waiting = (step: DeskStep, dueAt: Instant | null): NextStep => ({ step, mine: false, dueAt })

export function nextStep (tender: DeskTender, now: Instant): NextStep {
  const { seat, state, hasDraft, closesAt } = tender
  switch (state) {
    case 'draft': return stepOfDraft(tender)
    case 'published': return hasDraft && seat === 'executing' ? mine('publish-change', closesAt) : waiting('await-closing', closesAt)
    case 'closed': return stepOfClosed(tender, now)
    case 'opened':
    case 'evaluated': return seat === 'executing' ? mine('evaluate', null) : waiting('await-award', null)
    case 'awarded':
    case 'failed':
    case 'cancelled': return waiting('concluded', null)
  }
}

function stepOfDraft ({ seat, contributed, keysComplete, closesAt }: DeskTender): NextStep {
  if (seat !== 'audit' && !contributed) return mine('contribute', closesAt)
  if (seat !== 'executing') return waiting('await-publication', closesAt)
  return keysComplete ? mine('publish', closesAt) : waiting('await-contribution', closesAt)
}

function stepOfClosed ({ seat, revealed, proposalsOpened, proposalsEvaluated, technicalOpensAt, opensAt }: DeskTender, now: Instant): NextStep {
  if (proposalsOpened && !proposalsEvaluated) return seat === 'executing' ? mine('evaluate-proposals', null) : waiting('await-technical-result', null)
  const due = proposalsOpened ? opensAt : technicalOpensAt ?? opensAt
  if (now < due) return waiting('await-opening', due)
  return seat !== 'audit' && !revealed ? mine('reveal', null) : waiting('await-reveals', null)
}
