/**
 * Every way in which Bongin says no, as one closed list of stable codes.
 * A code never changes its meaning; `http/problems.ts` gives each its HTTP status and its Korean and
 * English title, and `docs/errors.md` explains it. Broken invariants are assertions, not codes.
 */
export const ERROR_CODES = [
  // the request itself
  'malformed-json', 'invalid-request', 'body-too-large', 'unsupported-media-type', 'not-found',
  'too-many-requests', 'overloaded', 'internal-error', 'invalid-cursor',
  // values
  'invalid-business-number', 'invalid-amount', 'invalid-picks', 'invalid-base64url', 'invalid-time', 'invalid-rate',
  // identity and certificates
  'csr-malformed', 'csr-signature-invalid', 'weak-key', 'csr-subject-mismatch',
  'registration-exists', 'registration-decided', 'agency-exists', 'agency-unknown', 'enrolment-code-invalid', 'key-reused',
  'certificate-malformed', 'certificate-unknown', 'certificate-untrusted', 'certificate-expired', 'certificate-revoked',
  'external-certificate-refused', 'crl-invalid',
  // sessions
  'authentication-required', 'session-invalid', 'forbidden', 'challenge-invalid', 'signature-invalid',
  // passkeys
  'second-factor-required', 'passkey-required', 'passkey-invalid', 'passkey-cloned', 'passkey-limit', 'passkey-last',
  // tenders
  'tender-not-found', 'tender-state', 'schedule-invalid', 'rule-set-invalid', 'notice-mismatch', 'attachment-unknown',
  'attachment-too-large', 'not-committee-member', 'contribution-invalid', 'contribution-missing', 'contribution-exists',
  'sealed-prices-invalid', 'sealed-prices-missing', 'closing-slot-full', 'lot-invalid',
  // questions and answers
  'question-invalid', 'questions-closed', 'question-answered',
  // notifications
  'notification-limit', 'webhook-refused', 'email-code-invalid',
  // outages
  'outage-invalid', 'outage-exists', 'holidays-unknown',
  // bids
  'envelope-malformed', 'wrong-tender', 'wrong-revision', 'tender-not-open', 'bid-late', 'bid-exists', 'bid-withdrawn',
  'bid-not-found', 'ciphertext-copied', 'supplier-ineligible', 'supplier-suspended', 'withdrawal-mismatch', 'joint-bid-invalid',
  'unit-prices-invalid',
  // opening, evaluation, award
  'not-yet-open', 'reveal-early', 'reveal-mismatch', 'share-mismatch', 'recovery-unavailable', 'opening-not-ready',
  'evaluation-invalid', 'award-mismatch', 'receipt-invalid', 'cosignature-invalid', 'verification-failed',
  // the record as one file
  'archive-malformed', 'archive-too-large',
] as const

export type ErrorCode = typeof ERROR_CODES[number]

/** What a refusal may carry besides its code; all of it is shown to the caller, so none of it may be secret. */
export interface ErrorContext {
  /** JSON Pointer (RFC 6901) of the value at fault in the request, e.g. `/picks/1`. */
  field?: string
  /** One English sentence on this very case; the code's own title is added at the HTTP door in both languages. */
  detail?: string
  /** The same sentence in Korean. */
  detailKo?: string
  /** Extra members of the problem document, e.g. `{ serverTime }`; JSON values only. */
  extra?: Readonly<Record<string, JsonValue>>
}

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [member: string]: JsonValue | undefined }

/** An expected refusal. Thrown by domain, crypto and services alike; never for a broken invariant. */
export class BonginError extends Error {
  override readonly name = 'BonginError'
  readonly code: ErrorCode
  readonly context: ErrorContext
  constructor (code: ErrorCode, context: ErrorContext = {}) {
    super(context.detail ?? code)
    this.code = code
    this.context = context
  }
}

/** Asserts an invariant of our own code: a failure is a bug (500), never the caller's fault. */
export function invariant (condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`invariant broken: ${message}`)
}
