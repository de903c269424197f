/** Names of seats and steps in the page's language. */
import type { DeskStep } from '../../domain/desk-step.ts'
import type { CommitteeSeat } from '../../domain/notice.ts'
import { deskWords } from './desk-words.ts'
import { enrolmentWords } from './enrolment-words.ts'

export const STEP_NAMES: Readonly<Record<DeskStep, string>> = {
  contribute: deskWords.stepContribute,
  publish: deskWords.stepPublish,
  'publish-change': deskWords.stepPublishChange,
  reveal: deskWords.stepReveal,
  'evaluate-proposals': deskWords.stepEvaluateProposals,
  evaluate: deskWords.stepEvaluate,
  'await-contribution': deskWords.stepAwaitContribution,
  'await-publication': deskWords.stepAwaitPublication,
  'await-closing': deskWords.stepAwaitClosing,
  'await-opening': deskWords.stepAwaitOpening,
  'await-reveals': deskWords.stepAwaitReveals,
  'await-technical-result': deskWords.stepAwaitTechnicalResult,
  'await-award': deskWords.stepAwaitAward,
  concluded: deskWords.stepConcluded
}

export const SEAT_NAMES: Readonly<Record<CommitteeSeat, string>> = {
  executing: enrolmentWords.roleExecuting, witness: enrolmentWords.roleWitness, audit: deskWords.seatAudit
}
