/**
 * Every refusal as a problem document (RFC 9457): one table from code to HTTP status and title in both languages.
 * docs/errors.md is checked against it. Whatever is not a `BonginError` or a request that Fastify refused is a bug of
 * ours: logged, and answered with 500 and nothing of its text.
 */
import type { BonginError, ErrorCode } from '../domain/errors.ts'

export const PROBLEM_TYPE = 'application/problem+json'
/** Base of the `type` member; docs/errors.md has an entry under each code. */
export const PROBLEM_URN = 'urn:bongin:problem:'

interface ProblemKind {
  status: number
  title: string
  titleKo: string
}

const kind = (status: number, title: string, titleKo: string): ProblemKind => ({ status, title, titleKo })

export const PROBLEMS: Readonly<Record<ErrorCode, ProblemKind>> = {
  'malformed-json': kind(400, 'The body is not JSON', '본문이 JSON 형식이 아닙니다'),
  'invalid-request': kind(400, 'The request does not have the form it should', '요청 형식이 올바르지 않습니다'),
  'body-too-large': kind(413, 'The body is too large', '본문이 너무 큽니다'),
  'unsupported-media-type': kind(415, 'This content type is not accepted here', '지원하지 않는 콘텐츠 형식입니다'),
  'not-found': kind(404, 'There is no such thing', '찾을 수 없습니다'),
  'too-many-requests': kind(429, 'Too many requests', '요청이 너무 많습니다'),
  overloaded: kind(503, 'The server is busy', '서버가 혼잡합니다'),
  'internal-error': kind(500, 'The server made a mistake', '서버 오류가 발생했습니다'),
  'invalid-cursor': kind(400, 'The page cursor is not valid', '페이지 커서가 올바르지 않습니다'),
  'invalid-business-number': kind(422, 'The business registration number is not valid', '사업자등록번호가 올바르지 않습니다'),
  'invalid-amount': kind(422, 'The amount is not valid', '금액이 올바르지 않습니다'),
  'invalid-picks': kind(422, 'The picks are not valid', '추첨번호가 올바르지 않습니다'),
  'invalid-base64url': kind(400, 'The value is not base64url', 'base64url 형식이 아닙니다'),
  'invalid-time': kind(422, 'The time is not valid', '시각이 올바르지 않습니다'),
  'invalid-rate': kind(422, 'The rate is not valid', '비율이 올바르지 않습니다'),
  'csr-malformed': kind(422, 'The certification request cannot be read', '인증서 신청서를 읽을 수 없습니다'),
  'csr-signature-invalid': kind(422, 'The certification request is not signed by its own key', '인증서 신청서의 자체 서명이 올바르지 않습니다'),
  'weak-key': kind(422, 'The key is too weak or of the wrong kind', '키가 약하거나 종류가 맞지 않습니다'),
  'csr-subject-mismatch': kind(422, 'The certification request names somebody else', '인증서 신청서의 주체가 다릅니다'),
  'registration-exists': kind(409, 'Registered already', '이미 등록되어 있습니다'),
  'registration-decided': kind(409, 'The application was decided before', '이미 처리된 신청입니다'),
  'agency-exists': kind(409, 'The agency is enrolled under another name', '다른 이름으로 등록된 기관입니다'),
  'agency-unknown': kind(422, 'The agency is unknown', '등록되지 않은 기관입니다'),
  'enrolment-code-invalid': kind(403, 'The enrolment code is not valid', '등록 코드가 올바르지 않습니다'),
  'key-reused': kind(409, 'The key is in use already', '이미 사용 중인 키입니다'),
  'certificate-malformed': kind(422, 'The certificate or key file cannot be read', '인증서 또는 키 파일을 읽을 수 없습니다'),
  'certificate-unknown': kind(401, 'The certificate is unknown', '알 수 없는 인증서입니다'),
  'certificate-untrusted': kind(401, 'The certificate was not issued here', '이 시스템이 발급하지 않은 인증서입니다'),
  'certificate-expired': kind(401, 'The certificate is not valid now', '유효기간이 아닌 인증서입니다'),
  'certificate-revoked': kind(401, 'The certificate was revoked', '폐지된 인증서입니다'),
  'external-certificate-refused': kind(422, 'The certificate of the other authority is not accepted', '외부 인증기관의 인증서를 받아들일 수 없습니다'),
  'crl-invalid': kind(422, 'The revocation list cannot be read or is not its issuer\'s', '인증서 폐지 목록을 읽을 수 없거나 발급자의 것이 아닙니다'),
  'authentication-required': kind(401, 'Log in first', '먼저 로그인하십시오'),
  'session-invalid': kind(401, 'The session has ended', '세션이 만료되었습니다'),
  forbidden: kind(403, 'Your role does not allow this', '권한이 없습니다'),
  'challenge-invalid': kind(401, 'The challenge is not valid', '인증 요청값이 올바르지 않습니다'),
  'signature-invalid': kind(401, 'The signature is not valid', '전자서명이 올바르지 않습니다'),
  'second-factor-required': kind(401, 'A passkey is asked for as well', '패스키 확인이 더 필요합니다'),
  'passkey-required': kind(403, 'Register a passkey first', '먼저 패스키를 등록하십시오'),
  'passkey-invalid': kind(401, 'The passkey was not accepted', '패스키를 확인할 수 없습니다'),
  'passkey-cloned': kind(401, 'The passkey seems to have been copied', '패스키가 복제된 것으로 보입니다'),
  'passkey-limit': kind(409, 'There are as many passkeys as there may be', '더 등록할 수 없습니다'),
  'passkey-last': kind(409, 'The last passkey stays', '마지막 패스키는 삭제할 수 없습니다'),
  'tender-not-found': kind(404, 'There is no such tender', '해당 입찰공고가 없습니다'),
  'tender-state': kind(409, 'The tender is in another state', '현재 공고 상태에서는 할 수 없습니다'),
  'schedule-invalid': kind(422, 'The schedule is not possible', '일정이 올바르지 않습니다'),
  'rule-set-invalid': kind(422, 'The terms contradict the rules or each other', '공고 조건이 규정에 맞지 않거나 서로 모순됩니다'),
  'notice-mismatch': kind(409, 'The signed notice is not the one to publish', '서명한 공고가 게시할 공고와 다릅니다'),
  'attachment-unknown': kind(404, 'There is no such attachment', '첨부 파일이 없습니다'),
  'attachment-too-large': kind(413, 'The attachment is too large', '첨부 파일이 너무 큽니다'),
  'not-committee-member': kind(403, "You are not of this tender's committee", '이 공고의 담당자가 아닙니다'),
  'contribution-invalid': kind(422, 'The key contribution is not valid', '키 제출 내용이 올바르지 않습니다'),
  'contribution-missing': kind(409, 'A key contribution is missing', '키가 모두 제출되지 않았습니다'),
  'contribution-exists': kind(409, 'The key was contributed before', '이미 제출된 키입니다'),
  'sealed-prices-invalid': kind(422, 'The sealed prices are not valid', '봉인된 예비가격이 올바르지 않습니다'),
  'sealed-prices-missing': kind(409, 'The sealed prices are missing', '봉인된 예비가격이 없습니다'),
  'closing-slot-full': kind(409, 'Too many tenders close in that hour', '해당 시간대의 입찰 마감 건수가 가득 찼습니다'),
  'lot-invalid': kind(422, 'The lot does not fit its notice', '분류가 공고에 맞지 않습니다'),
  'question-invalid': kind(422, 'The question or answer is not valid', '질의 또는 답변이 올바르지 않습니다'),
  'questions-closed': kind(409, 'Questions are not taken now', '질의 기간이 아닙니다'),
  'question-answered': kind(409, 'The question has been answered', '이미 답변한 질의입니다'),
  'notification-limit': kind(409, 'There are as many as there may be', '등록할 수 있는 개수를 넘었습니다'),
  'webhook-refused': kind(422, 'The webhook\'s address is not accepted', '웹훅 주소를 받아들일 수 없습니다'),
  'email-code-invalid': kind(422, 'The code is not valid', '확인 코드가 올바르지 않습니다'),
  'outage-invalid': kind(422, 'The outage is not possible', '장애 내용이 올바르지 않습니다'),
  'outage-exists': kind(409, 'An outage of that time is on record', '이미 기록된 장애와 기간이 겹칩니다'),
  'holidays-unknown': kind(422, 'The holidays of that year are not known', '해당 연도의 공휴일을 알 수 없습니다'),
  'envelope-malformed': kind(400, 'The signed content does not have the form it should', '서명된 내용의 형식이 올바르지 않습니다'),
  'wrong-tender': kind(409, 'This is for another tender', '다른 공고에 대한 내용입니다'),
  'wrong-revision': kind(409, 'This is for other terms than those in force', '현재 유효한 공고 내용이 아닙니다'),
  'tender-not-open': kind(409, 'The tender takes no bids', '투찰할 수 없는 공고입니다'),
  'bid-late': kind(410, 'The deadline has passed', '마감되었습니다'),
  'bid-exists': kind(409, 'You have a bid already', '이미 투찰하였습니다'),
  'bid-withdrawn': kind(409, 'You withdrew your bid', '취소한 입찰입니다'),
  'bid-not-found': kind(404, 'You have no bid here', '제출한 입찰서가 없습니다'),
  'ciphertext-copied': kind(409, "The sealed content is another bid's", '다른 입찰서의 봉인 내용입니다'),
  'supplier-ineligible': kind(403, 'You are not eligible for this tender', '참가 자격이 없습니다'),
  'supplier-suspended': kind(403, 'You are suspended', '부정당업자 제재 중입니다'),
  'withdrawal-mismatch': kind(409, 'The withdrawal names another bid', '취소 신청 내용이 입찰서와 다릅니다'),
  'joint-bid-invalid': kind(422, 'The joint bid is not possible', '공동수급 입찰이 올바르지 않습니다'),
  'unit-prices-invalid': kind(422, 'The unit prices do not fit', '단가가 맞지 않습니다'),
  'not-yet-open': kind(409, 'It is not yet time', '아직 공개되지 않았습니다'),
  'reveal-early': kind(409, 'Nothing is revealed before the opening time', '개찰 시각 전입니다'),
  'reveal-mismatch': kind(422, 'The seed does not fit', '시드가 맞지 않습니다'),
  'share-mismatch': kind(422, 'The shares do not fit', '복구 조각이 맞지 않습니다'),
  'recovery-unavailable': kind(404, 'There is no such share', '복구 조각이 없습니다'),
  'opening-not-ready': kind(409, 'The opening cannot start yet', '아직 개찰할 수 없습니다'),
  'evaluation-invalid': kind(422, 'The evaluation is not possible', '심사 내용이 올바르지 않습니다'),
  'award-mismatch': kind(409, 'The decision does not follow from the record', '결정이 기록과 다릅니다'),
  'cosignature-invalid': kind(422, 'The cosignature is not valid', '공동서명이 올바르지 않습니다'),
  'receipt-invalid': kind(422, 'The receipt is not valid', '접수증이 올바르지 않습니다'),
  'verification-failed': kind(422, 'The verification failed', '검증에 실패했습니다'),
  'archive-malformed': kind(422, 'The file is not the archive of a record', '개찰 기록 보관 파일이 아니거나 손상되었습니다'),
  'archive-too-large': kind(413, 'The archive is too large', '개찰 기록 보관 파일이 너무 큽니다')
}

export type Problem = ProblemKind & { type: string; code: ErrorCode; detail: string; detailKo: string; field?: string } & Record<string, unknown>

export function problemOf (error: BonginError): Problem {
  const { status, title, titleKo } = PROBLEMS[error.code]
  const { detail = title, detailKo = titleKo, field, extra = {} } = error.context
  return {
    ...extra,
    type: `${PROBLEM_URN}${error.code}`,
    title,
    titleKo,
    status,
    code: error.code,
    detail,
    detailKo,
    ...(field === undefined ? {} : { field })
  }
}
