/** The words of an officer's registration in Korean; by themselves, so that the registration loads no words of the desk. */

export const enrolmentKo = {
  registerOfficer: '담당관 등록',
  registerOfficerIntro: '수요기관의 입찰집행관, 입회관, 감사관 등으로 등록합니다. 플랫폼 담당관이 승인하면 인증서가 발급됩니다.',
  stepOfficer: '소속과 역할',
  officerName: '성명',
  agencyId: '수요기관 코드',
  agencyIdHint: '7자리 기관 코드(예: 1230000)',
  agencyName: '수요기관명',
  roles: '역할',
  rolesHint: '승인되면 선택한 역할 그대로 부여됩니다.',
  rolesMissing: '역할을 하나 이상 선택하십시오.',
  roleExecuting: '입찰집행관',
  roleWitness: '입회관',
  roleAudit: '감사관(복구 조각 보관)',
  roleEvaluator: '평가위원',
  rolePlatform: '플랫폼 담당관(등록 승인, 장애 처리)',
  enrolmentCode: '최초 플랫폼 담당관 등록 코드',
  enrolmentCodeHint: '서버를 설치할 때 출력된 일회용 코드입니다. 최초 플랫폼 담당관만 입력합니다.',
  keyIntroOfficer: '서명용 RSA 3072비트 키와, 봉인된 키를 받을 X25519 암호화 키를 만듭니다. 두 키는 이 브라우저에 보관되며, 비밀번호로 암호화된 백업 파일 하나가 내려받아집니다.',
  checkIntroOfficer: '아래 내용으로 신청합니다. 성명과 수요기관명은 인증서에 기재됩니다.',
  nextApprovedOfficer: '인증서를 받았습니다. 이제 로그인하여 업무를 시작할 수 있습니다.',
  importNoKey: '이 파일에는 담당관의 키가 없습니다.'
} as const

export type EnrolmentTexts = Readonly<Record<keyof typeof enrolmentKo, string>>
