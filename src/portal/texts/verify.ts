/** The words of the page that verifies an opening: what each step checks, and what the script says while it runs. */
import type { VerifyStepName } from '../../domain/verify-steps.ts'
import type { Language } from './languages.ts'

interface VerifyTexts {
  lead: string
  trust: string
  start: string
  needsScript: string
  commandLine: string
  archive: string
  back: string
  steps: string
  computed: string
  published: string
  same: string
  save: string
  forget: string
  forgetText: string
  rootTitle: string
  rootNote: string
  noRoot: string
  tableTitle: string
  opened: string
  /** What the script fills in; `{…}` are its places. */
  said: Readonly<Record<'downloading' | 'running' | 'ok' | 'failed' | 'notReached' | 'verified' | 'failedAt' | 'otherTender' | 'otherTable' | 'unreachable' |
    'remembered' | 'firstContact' | 'otherRoot' | 'forgotten' | 'yes' | 'no' | 'checked', string>>
  checks: Readonly<Record<VerifyStepName, string>>
  /** What a failure of the step means; the verifier's own reason stands beside it. */
  means: Readonly<Record<VerifyStepName, string>>
  /** What to do where a step failed. */
  next: string
  reason: string
}

const ko: VerifyTexts = {
  lead: '이 개찰의 공개 기록을 내려받아 서명, 마감 기록, 키, 예정가격, 순위, 낙찰자를 이 브라우저에서 처음부터 다시 계산합니다. 명령줄의 bongin verify와 같은 프로그램이 같은 순서로 확인합니다.',
  trust: '서버의 계산 결과는 믿지 않습니다. 다만 이 페이지의 프로그램도 이 서버가 보낸 것이므로, 서버 자체를 의심한다면 따로 설치한 명령줄 도구로 확인하십시오.',
  start: '검증 시작',
  needsScript: '이 브라우저에서 검증하려면 자바스크립트가 필요합니다.',
  commandLine: '명령줄에서는 기록을 내려받아 다음과 같이 확인합니다.',
  archive: '개찰 기록 내려받기(tar)',
  back: '공고로 돌아가기',
  steps: '검증 단계',
  computed: '다시 계산한 값',
  published: '공개된 값',
  same: '일치',
  save: '검증 결과 저장(JSON)',
  forget: '기억한 인증서 지우기',
  forgetText: '플랫폼이 최상위 인증서를 교체했다고 다른 경로로 확인한 경우에만 지우십시오. 다음 검증에서 새 인증서를 기억합니다.',
  rootTitle: '신뢰한 최상위 인증서',
  rootNote: '모든 확인은 이 인증서에서 출발합니다. 아래 SHA-256 지문을 수요기관이나 다른 사람이 알고 있는 지문과 비교하십시오.',
  noRoot: '아직 기억한 최상위 인증서가 없습니다.',
  tableTitle: '다시 계산한 개찰 결과와 공개된 개찰 결과',
  opened: '입찰서 개봉',
  said: {
    downloading: '공개 기록을 내려받는 중입니다.',
    running: '확인 중',
    ok: '이상 없음',
    failed: '실패',
    notReached: '확인하지 못함',
    verified: '검증되었습니다: {tenderId}. 개찰 기록의 SHA-256은 {sha256}입니다.',
    failedAt: '검증에 실패하였습니다. {step} 단계에서 다음이 어긋납니다.',
    otherTender: '받은 기록은 {tenderId}의 것으로, 이 공고의 기록이 아닙니다.',
    otherTable: '기록은 검증되었으나, 공개된 개찰 결과가 다시 계산한 결과와 다릅니다.',
    unreachable: '기록을 내려받지 못하였습니다.',
    remembered: '이 브라우저가 처음 접속할 때 기억한 인증서와 같은지 확인하였습니다.',
    firstContact: '처음 접속하였으므로 기록에 담긴 인증서를 기억하였습니다. 다음부터 다른 인증서는 거부합니다.',
    otherRoot: '이 브라우저가 기억한 인증서와 다른 인증서이므로 거부하였습니다.',
    forgotten: '지웠습니다.',
    yes: '예',
    no: '아니요',
    checked: '{count}건'
  },
  checks: {
    shape: '기록에 있어야 할 것이 모두 있고 다른 것은 없습니다.',
    platform: '최상위 인증서부터 플랫폼의 접수증 키와 마감 기록 키까지 이어집니다.',
    ledger: '원장의 각 항목이 바로 앞 항목에서 이어집니다.',
    outages: '일정을 옮긴 장애는 담당자가 서명하였습니다.',
    notices: '공고와 변경공고는 입찰집행관이 서명하였습니다.',
    'joint-key': '공고의 공개키는 키 보관자들의 키를 합한 것입니다.',
    checkpoint: '마감 기록에 플랫폼이 서명하였습니다.',
    leaves: '접수된 입찰서로 서명된 마감 기록이 만들어지고, 모두 마감 전에 접수되었습니다.',
    receipts: '접수증이 있는 입찰서는 마감 기록에 들어 있습니다.',
    technical: '제안서 평가는 평가위원의 서명과 점수 그대로입니다.',
    envelopes: '입찰서는 접수된 그대로이며 해당 업체가 서명하였습니다.',
    withdrawals: '취소된 입찰은 해당 업체가 취소하였습니다.',
    'sealed-prices': '봉인된 예비가격은 공고에서 확정한 것입니다.',
    opening: '모든 입찰서를 다시 열어 예정가격, 낙찰하한가, 순위를 다시 계산합니다.',
    evaluations: '심사는 순위에 따라 이루어졌고 입찰집행관이 서명하였습니다.',
    award: '낙찰자와 낙찰금액은 규정에 따른 것입니다.',
    story: '원장의 기록과 서명된 문서가 서로 맞습니다.'
  },
  means: {
    shape: '기록의 일부가 빠졌거나 손상되었습니다.',
    platform: '다른 플랫폼의 기록이거나, 서명에 쓰인 인증서가 이 플랫폼이 발급한 것이 아닙니다.',
    ledger: '원장의 항목이 빠지거나 바뀌거나 순서가 달라졌습니다.',
    outages: '담당자의 서명 없이, 또는 규정과 다르게 일정이 옮겨졌습니다.',
    notices: '공고나 변경공고가 서명된 뒤에 바뀌었거나, 서명할 권한이 없는 사람이 서명하였습니다.',
    'joint-key': '입찰서를 봉인한 키가 키 보관자들이 만든 키가 아니므로, 다른 사람이 미리 열어 보았을 수 있습니다.',
    checkpoint: '마감할 때의 입찰 목록에 플랫폼이 서명한 것이 아닙니다.',
    leaves: '마감 뒤에 입찰이 빠지거나 더해지거나 바뀌었습니다.',
    receipts: '접수증을 받은 입찰이 마감 기록에 없습니다.',
    technical: '제안서 평가 결과가 평가위원이 서명한 점수와 다릅니다.',
    envelopes: '접수된 것과 다른 입찰서이거나, 해당 업체가 서명하지 않은 입찰서입니다.',
    withdrawals: '업체의 서명 없이 취소된 입찰이 있습니다.',
    'sealed-prices': '예비가격이 공고한 뒤에 바뀌었습니다.',
    opening: '예정가격, 낙찰하한가, 금액 또는 순위가 입찰서를 다시 열어 계산한 값과 다릅니다.',
    evaluations: '심사가 순위나 서명된 점수와 다르게 이루어졌습니다.',
    award: '낙찰자나 낙찰금액이 규정에 따른 것과 다릅니다.',
    story: '원장의 기록과 서명된 문서가 서로 다릅니다.'
  },
  next: '개찰 기록(tar)과 검증 결과를 저장하고 기록을 다시 내려받아 한 번 더 검증하십시오. 다시 실패하면 두 파일과 아래의 사유를 수요기관에 보내 이의를 제기하십시오.',
  reason: '검증기가 밝힌 사유(영문)'
}

const en: VerifyTexts = {
  lead: 'Downloads the public record of this opening and computes signatures, closing record, keys, planned price, ranks and award again, in this browser. It is the same program, in the same order, as bongin verify on a command line.',
  trust: 'Nothing that the server computed is believed. This page\'s program does come from this server, though: whoever doubts the server itself checks with a command line tool from elsewhere.',
  start: 'Start the verification',
  needsScript: 'Verifying in this browser needs JavaScript.',
  commandLine: 'On a command line, download the record and run:',
  archive: 'Download the record (tar)',
  back: 'Back to the tender',
  steps: 'Steps',
  computed: 'Computed again',
  published: 'Published',
  same: 'Same',
  save: 'Save the report (JSON)',
  forget: 'Forget the remembered certificate',
  forgetText: 'Only if you learned by another way that the platform replaced its root certificate. The next verification remembers the new one.',
  rootTitle: 'Trusted root certificate',
  rootNote: 'Everything hangs on this certificate. Compare its SHA-256 fingerprint with one that an agency or somebody else knows.',
  noRoot: 'No root certificate is remembered yet.',
  tableTitle: 'The opening computed again and as published',
  opened: 'Bids opened',
  said: {
    downloading: 'Downloading the public record.',
    running: 'running',
    ok: 'ok',
    failed: 'FAILED',
    notReached: 'not reached',
    verified: 'Verified: {tenderId}. Opening record SHA-256 {sha256}.',
    failedAt: 'The verification FAILED at {step}:',
    otherTender: 'The record that came is that of {tenderId}, not of this tender.',
    otherTable: 'The record was verified, but the published opening is not the one computed from it.',
    unreachable: 'The record could not be downloaded.',
    remembered: 'It is the one that this browser remembered at its first contact.',
    firstContact: 'This was the first contact: the certificate in the record is now remembered, and another one will be refused.',
    otherRoot: 'Refused: it is not the one that this browser remembers.',
    forgotten: 'Forgotten.',
    yes: 'yes',
    no: 'no',
    checked: '{count} checked'
  },
  checks: {
    shape: 'Everything that a record has is there, and nothing besides.',
    platform: 'From the root certificate to the keys by which the platform signs receipts and closing records.',
    ledger: 'Every entry of the ledger follows from the one before.',
    outages: 'Outages that moved the schedule were signed by an officer.',
    notices: 'Notice and changes were signed by the executing officer.',
    'joint-key': 'The public key in the notice is the sum of the key holders\' keys.',
    checkpoint: 'The platform signed the closing record.',
    leaves: 'The accepted bids give the signed closing record, and all came before the deadline.',
    receipts: 'Every bid with a receipt is in the closing record.',
    technical: 'Proposals were evaluated by the marks that the evaluators signed.',
    envelopes: 'Every bid is the one that was accepted, signed by its supplier.',
    withdrawals: 'Every withdrawn bid was withdrawn by its supplier.',
    'sealed-prices': 'Sealed preliminary prices are those that the notice committed to.',
    opening: 'All bids are opened again; planned price, floor price and ranks are computed again.',
    evaluations: 'Bidders were judged in the order of their ranks, signed by the executing officer.',
    award: 'Winner and amount are those that the rules give.',
    story: 'The ledger tells what the signed documents say.'
  },
  means: {
    shape: 'A part of the record is missing or damaged.',
    platform: 'The record is that of another platform, or a certificate in it was not issued by this one.',
    ledger: 'An entry of the ledger is missing, was changed, or stands elsewhere.',
    outages: 'The schedule was moved without an officer\'s signature, or otherwise than by the rules.',
    notices: 'The notice or a change was altered after it was signed, or signed by somebody who may not.',
    'joint-key': 'Bids were sealed to a key that the key holders did not make: somebody else may have opened them early.',
    checkpoint: 'The platform did not sign this list of bids at the deadline.',
    leaves: 'After the deadline a bid was removed, added or altered.',
    receipts: 'A bid that has a receipt is not in the closing record.',
    technical: 'The result of the technical evaluation is not that of the marks which the evaluators signed.',
    envelopes: 'A bid is not the one that was accepted, or its supplier did not sign it.',
    withdrawals: 'A bid was withdrawn without its supplier\'s signature.',
    'sealed-prices': 'The preliminary prices were changed after the notice.',
    opening: 'Planned price, floor price, an amount or a rank is not what the opened bids give.',
    evaluations: 'Bidders were judged in another order, or by other marks, than those that were signed.',
    award: 'Winner or amount is not what the rules give.',
    story: 'The ledger tells something else than the signed documents.'
  },
  next: 'Save the record (tar) and the report, download the record again and verify once more. If it fails again, send both files and the reason below to the agency and object.',
  reason: 'The verifier\'s own reason'
}

export const VERIFY_TEXTS: Readonly<Record<Language, VerifyTexts>> = { ko, en }
