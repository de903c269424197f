/** The words of an officer's registration, and the names of roles, in the page's language. */
import type { OfficerRole } from '../../domain/holder.ts'
import { enrolmentEn } from '../texts/en/enrolment.ts'
import { enrolmentKo } from '../texts/ko/enrolment.ts'
import { korean } from './page.ts'

export const enrolmentWords = korean ? enrolmentKo : enrolmentEn

export const ROLE_NAMES: Readonly<Record<OfficerRole, string>> = {
  executing: enrolmentWords.roleExecuting,
  witness: enrolmentWords.roleWitness,
  audit: enrolmentWords.roleAudit,
  platform: enrolmentWords.rolePlatform,
  evaluator: enrolmentWords.roleEvaluator
}
