/**
 * Who may hold a certificate: suppliers (조달업체) and officers of agencies (수요기관). What they state at registration,
 * and the roles by which every route decides.
 */
import type { AgencyId, Thumbprint } from './ids.ts'

export const HOLDER_KINDS = ['supplier', 'officer'] as const
export type HolderKind = typeof HOLDER_KINDS[number]

/** executing: 입찰집행관, witness: 입회관, audit: 감사관 (recovery shares), platform: 등록·인증 담당관, evaluator: 평가위원. */
export const OFFICER_ROLES = ['executing', 'witness', 'audit', 'platform', 'evaluator'] as const
export type OfficerRole = typeof OFFICER_ROLES[number]
export type Role = OfficerRole | 'supplier'

export const REGISTRATION_STATUSES = ['pending', 'approved', 'rejected'] as const
export type RegistrationStatus = typeof REGISTRATION_STATUSES[number]

/** Why a certificate was taken back, in the words of RFC 5280 §5.3.1; those that the platform itself gives come first. */
export const REVOCATION_CODES = ['unspecified', 'keyCompromise', 'affiliationChanged', 'superseded', 'cessationOfOperation', 'privilegeWithdrawn'] as const
export type RevocationCode = typeof REVOCATION_CODES[number] | 'cACompromise' | 'certificateHold' | 'aACompromise'

/** What an applicant shows of a certificate of another authority. */
export interface ExternalEvidence {
  /** PEM: the certificate, then authorities that lead to an anchor; the anchor itself may be left out. */
  chain: readonly string[]
  /** JWS of type bongin-external-identity by the certificate's key. */
  proof: string
}

/** In a path from another authority's certificate to a trust anchor, both included. */
export const MAX_CHAIN_CERTIFICATES = 6

/** A certificate of another authority (공동인증서, say) whose key the applicant was shown to have; names as text for people. */
export interface ExternalIdentity {
  subject: string
  issuer: string
  serialHex: string
  thumbprint: Thumbprint
  /** RFC 3339. */
  notAfter: string
  /** The trust anchor to which its chain was followed. */
  anchor: string
  anchorThumbprint: Thumbprint
}

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
