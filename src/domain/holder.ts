/**
 * Who may hold a certificate: suppliers (조달업체) and officers of agencies (수요기관). What they state at registration,
 * and the roles by which every route decides.
 */
import type { AgencyId } from './ids.ts'

export const HOLDER_KINDS = ['supplier', 'officer'] as const
export type HolderKind = typeof HOLDER_KINDS[number]

/** executing: 입찰집행관, witness: 입회관, audit: 감사관 (recovery shares), platform: 등록·인증 담당관, evaluator: 평가위원. */
export const OFFICER_ROLES = ['executing', 'witness', 'audit', 'platform', 'evaluator'] as const
export type OfficerRole = typeof OFFICER_ROLES[number]
export type Role = OfficerRole | 'supplier'

export const REGISTRATION_STATUSES = ['pending', 'approved', 'rejected'] as const
export type RegistrationStatus = typeof REGISTRATION_STATUSES[number]

export interface Contact { name: string, phone: string, email: string }

export interface SupplierProfile {
  companyName: string
  /** 사업자등록번호, 10 digits. */
  businessNumber: string
  /** 대표자. */
  representative: string
  address: string
  contact: Contact
  /** 업종 codes. */
  linesOfBusiness: string[]
  /** 소재지 (시·도). */
  region: string
}

export interface OfficerProfile {
  name: string
  agency: { agencyId: AgencyId, name: string }
  /** What the applicant asks for; approval grants just these. */
  roles: OfficerRole[]
  contact: Contact
}
