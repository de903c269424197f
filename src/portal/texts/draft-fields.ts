/**
 * The form of a notice: its sections, fields, words and choices, in the order in which an officer fills them. A field's path is its
 * place in the draft (`domain/draft.ts`) with dots, so that a refusal's JSON pointer names the field where it is shown. The server
 * makes the form of this table, and the browser reads and fills it by the same.
 */
import { PRICE_METHODS as PRICE_METHOD_CODES, AWARD_METHODS, SUITE_X25519, SUITE_XWING, TENDER_KINDS, type AwardMethod } from '../../domain/notice.ts'
import type { Names } from './states.ts'
import { KINDS, METHODS, PRICE_METHODS } from './terms.ts'

/**
 * How a field's text becomes a value: `won` whole won, `amount` units of the tender's prices, `percent` parts per million, `marks`
 * thousandths, `time` Korea Standard Time, `list` by commas, `lines` unit prices one a line, `officers` and `officer` filled by script.
 */
export type DraftFieldType = 'text' | 'longtext' | 'email' | 'won' | 'amount' | 'percent' | 'marks' | 'whole' | 'choice' | 'yes' | 'time' | 'list' | 'lines' |
'officer' | 'officers'
export type Both = readonly [ko: string, en: string]
export interface DraftField {
  path: string
  type: DraftFieldType
  name: Both
  hint?: Both
  choices?: ReadonlyArray<readonly [value: string, ...names: Both]>
  optional?: true
}
interface DraftSection { id: string, name: Both, hint?: Both, methods?: readonly AwardMethod[], fields: readonly DraftField[] }

const choices = <Code extends string>(codes: readonly Code[], names: Names<Code>): Array<readonly [Code, string, string]> =>
  codes.map((code) => [code, ...names[code]] as const)

const priceMarks = (at: string): DraftField[] => [
  { path: `${at}.priceMarksMilli`, type: 'marks', name: ['가격 배점', 'Price marks'] },
  { path: `${at}.slopeMilli`, type: 'marks', name: ['감점 계수(1%당)', 'Marks lost for each percent'] },
  { path: `${at}.minimumPriceMarksMilli`, type: 'marks', name: ['가격 최저점', 'Least price marks'] },
  { path: `${at}.flat.fromRatioPpm`, type: 'percent', name: ['고정점수 적용 비율(%)', 'Flat marks from a ratio of (%)'], optional: true },
  { path: `${at}.flat.marksMilli`, type: 'marks', name: ['고정점수', 'Flat marks'], optional: true }
]

const BASICS: DraftSection = {
  id: 'basics',
  name: ['공고 개요', 'Subject'],
  fields: [
    { path: 'title', type: 'text', name: ['공고명', 'Title'] },
    { path: 'referenceNo', type: 'text', name: ['기관 참조번호', 'Reference of the agency'], optional: true },
    { path: 'kind', type: 'choice', name: ['구분', 'Kind'], choices: choices(TENDER_KINDS, KINDS) },
    { path: 'law', type: 'choice', name: ['적용 법령', 'Law'], choices: [['national', '국가계약법', 'national'], ['local', '지방계약법', 'local']] },
    { path: 'method', type: 'choice', name: ['낙찰방법', 'Method'], choices: choices(AWARD_METHODS, METHODS) },
    { path: 'estimatedPriceWon', type: 'won', name: ['추정가격(원)', 'Estimated price (won)'], hint: ['부가가치세를 뺀 금액', 'Without VAT'] }
  ]
}

const PRICE: DraftSection = {
  id: 'price',
  name: ['예정가격', 'Planned price'],
  fields: [
    { path: 'price.method', type: 'choice', name: ['예정가격 결정방법', 'Price method'], choices: choices(PRICE_METHOD_CODES, PRICE_METHODS) },
    {
      path: 'price.baseAmountWon',
      type: 'amount',
      name: ['기초금액(원)', 'Base amount (won)'],
      hint: ['예정가격이 없는 공고에서는 비웁니다.', 'Leave empty where there is no planned price.'],
      optional: true
    },
    { path: 'price.rangePpm', type: 'percent', name: ['예비가격 범위(±%)', 'Price range (±%)'] },
    {
      path: 'price.slotPlan',
      type: 'choice',
      name: ['예비가격 구간', 'Slots of the prices'],
      choices: [
        ['equal-15', '15개 균등 구간', '15 equal slots'], ['upper-7', '기초금액 위 7개·아래 8개', '7 above the base amount, 8 below'],
        ['upper-8', '기초금액 위 8개·아래 7개', '8 above the base amount, 7 below']
      ]
    },
    { path: 'price.priceUnitWon', type: 'amount', name: ['예비가격 단위(원)', 'Unit of the prices (won)'] },
    {
      path: 'price.plannedPriceRounding',
      type: 'choice',
      name: ['예정가격 끝수 처리', 'Rounding of the planned price'],
      choices: [
        ['up-1', '원 미만 올림', 'up to the unit'], ['up-1000', '천원 미만 올림', 'up to 1,000 won'], ['down-1', '원 미만 버림', 'down to the unit']
      ]
    },
    {
      path: 'price.decimals',
      type: 'choice',
      name: ['금액 단위', 'Amounts in'],
      choices: [['0', '원', 'whole won'], ['2', '1/100원(단가계약)', 'hundredths of a won (unit prices)']]
    },
    { path: 'floorRatePpm', type: 'percent', name: ['낙찰하한율(%)', 'Floor rate (%)'], hint: ['하한율이 없는 낙찰방법에서는 0', '0 where the method has none'] },
    { path: 'netCostWon', type: 'won', name: ['순공사원가(원)', 'Net cost (won)'], hint: ['해당하는 공사에만 입력합니다.', 'For works that have one.'], optional: true }
  ]
}

const A_VALUE: DraftSection = {
  id: 'aValue',
  name: ['A값', 'A value'],
  hint: ['해당하는 공사에만 입력합니다. 모두 비우면 A값이 없는 공고입니다.', 'For works that have one. Leave all of it empty otherwise.'],
  fields: ([
    ['nationalPensionWon', '국민연금보험료', 'National pension'], ['healthInsuranceWon', '국민건강보험료', 'Health insurance'],
    ['longTermCareWon', '노인장기요양보험료', 'Long-term care'], ['retirementMutualAidWon', '퇴직공제부금비', 'Retirement mutual aid'],
    ['industrialSafetyWon', '산업안전보건관리비', 'Industrial safety'], ['safetyManagementWon', '안전관리비', 'Safety management'],
    ['qualityManagementWon', '품질관리비', 'Quality management']
  ] as const).map(([name, ko, en]): DraftField => ({ path: `aValue.${name}`, type: 'won', name: [`${ko}(원)`, `${en} (won)`], optional: true }))
}

const REVIEW: DraftSection = {
  id: 'eligibilityReview',
  name: ['적격심사 기준', 'Eligibility review'],
  methods: ['eligibility-review'],
  fields: [
    ...priceMarks('eligibilityReview'),
    { path: 'eligibilityReview.referenceRatePpm', type: 'percent', name: ['기준 비율(%)', 'Reference rate (%)'] },
    { path: 'eligibilityReview.capabilityMarksMilli', type: 'marks', name: ['이행능력 배점', 'Capability marks'] },
    { path: 'eligibilityReview.passMarkMilli', type: 'marks', name: ['통과점수', 'Pass mark'] }
  ]
}

const COMPREHENSIVE: DraftSection = {
  id: 'comprehensive',
  name: ['종합심사 기준', 'Comprehensive evaluation'],
  methods: ['comprehensive'],
  fields: [
    ...priceMarks('comprehensive'),
    {
      path: 'comprehensive.reference.kind',
      type: 'choice',
      name: ['가격점수의 기준', 'Prices are measured against'],
      choices: [['planned', '예정가격', 'the planned price'], ['balanced', '균형가격', 'a balanced price']]
    },
    { path: 'comprehensive.reference.ratePpm', type: 'percent', name: ['기준 비율(%, 예정가격 기준)', 'Reference rate (%, planned price)'], optional: true },
    { path: 'comprehensive.reference.dropHighestPpm', type: 'percent', name: ['상위 제외(%, 균형가격)', 'Left out at the top (%, balanced)'], optional: true },
    { path: 'comprehensive.reference.dropLowestPpm', type: 'percent', name: ['하위 제외(%, 균형가격)', 'Left out at the bottom (%, balanced)'], optional: true },
    { path: 'comprehensive.reference.minimumBids', type: 'whole', name: ['제외 적용 최소 입찰 수', 'Bids from which any are left out'], optional: true },
    { path: 'comprehensive.capabilityMarksMilli', type: 'marks', name: ['공사수행능력 배점', 'Capability marks'] },
    { path: 'comprehensive.socialMarksMilli', type: 'marks', name: ['사회적 책임 배점', 'Social responsibility marks'] }
  ]
}

const TECHNICAL: DraftSection = {
  id: 'technical',
  name: ['기술평가', 'Technical evaluation'],
  methods: ['negotiated', 'two-stage'],
  fields: [
    { path: 'technical.marksMilli', type: 'marks', name: ['기술 배점', 'Technical marks'] },
    { path: 'technical.passMarkMilli', type: 'marks', name: ['통과점수', 'Pass mark'] },
    { path: 'technical.minimumEvaluators', type: 'whole', name: ['최소 평가위원 수', 'Evaluators at least'] },
    { path: 'technical.dropExtremes', type: 'yes', name: ['최고·최저점 제외', 'Leave out the highest and lowest marks'] }
  ]
}

const CONDITIONS: DraftSection = {
  id: 'conditions',
  name: ['참가자격과 조건', 'Who may bid, and how'],
  fields: [
    { path: 'eligibility.linesOfBusiness', type: 'list', name: ['업종 코드', 'Lines of business'], hint: ['쉼표로 구분, 비우면 제한 없음', 'By commas; empty for any'], optional: true },
    { path: 'eligibility.regions', type: 'list', name: ['지역 제한(시·도)', 'Regions'], hint: ['쉼표로 구분, 비우면 전국', 'By commas; empty for nationwide'], optional: true },
    {
      path: 'unitPrices',
      type: 'lines',
      name: ['단가계약 품목', 'Lines of a unit-price contract'],
      hint: ['한 줄에 하나씩: 품명, 단위, 수량', 'One a line: name, unit, quantity'],
      optional: true
    },
    { path: 'jointBids.maxMembers', type: 'whole', name: ['공동수급체 최대 구성원 수', 'Members of a consortium at most'], hint: ['비우면 단독 입찰만', 'Empty: single suppliers only'], optional: true },
    { path: 'jointBids.minimumSharePpm', type: 'percent', name: ['공동수급 최소 지분율(%)', 'Least share of a member (%)'], optional: true },
    { path: 'lot.number', type: 'whole', name: ['분류 번호', 'Number of this lot'], hint: ['분류가 없으면 비웁니다.', 'Empty where there are no lots.'], optional: true },
    { path: 'lot.count', type: 'whole', name: ['분류 수', 'Number of lots'], optional: true },
    { path: 'lot.noticeId', type: 'text', name: ['첫 분류의 공고번호', 'Tender number of lot 1'], optional: true },
    { path: 'previousTenderId', type: 'text', name: ['이전 공고번호(재공고·재입찰)', 'Tender taken up again'], optional: true }
  ]
}

const CONTACT: DraftSection = {
  id: 'contact',
  name: ['담당자', 'Contact'],
  fields: [
    { path: 'contact.name', type: 'text', name: ['성명', 'Name'] }, { path: 'contact.phone', type: 'text', name: ['전화번호', 'Telephone'] },
    { path: 'contact.email', type: 'email', name: ['전자우편', 'E-mail'] }
  ]
}

const COMMITTEE: DraftSection = {
  id: 'committee',
  name: ['키 보관자', 'Key holders'],
  hint: [
    '입찰집행관은 작성자 본인입니다. 입회관은 다른 사람이어야 하며, 감사관은 잃어버린 키를 되살릴 복구 조각을 보관합니다.',
    'You are the executing officer. The witness is somebody else; auditors hold recovery shares for a key that is lost.'
  ],
  fields: [
    { path: 'committee.witness', type: 'officer', name: ['입회관', 'Witness'] },
    { path: 'committee.recovery', type: 'officers', name: ['감사관', 'Auditors'], optional: true },
    { path: 'committee.threshold', type: 'whole', name: ['복구에 필요한 조각 수', 'Shares that rebuild a key'] },
    {
      path: 'suite',
      type: 'choice',
      name: ['봉인 방식', 'Sealing'],
      choices: [[SUITE_X25519, 'X25519', 'X25519'], [SUITE_XWING, 'X-Wing(양자내성)', 'X-Wing (post-quantum)']]
    }
  ]
}

const SCHEDULE: DraftSection = {
  id: 'schedule',
  name: ['일정', 'Schedule'],
  hint: ['한국 표준시입니다. 마감은 정시에 하며, 개찰은 보통 마감 한 시간 뒤입니다.', 'Korea Standard Time. Tenders close on the hour, and are opened an hour later as a rule.'],
  fields: [
    { path: 'schedule.questionsFrom', type: 'time', name: ['질의 시작', 'Questions from'] },
    { path: 'schedule.questionsUntil', type: 'time', name: ['질의 마감', 'Questions until'] },
    { path: 'schedule.closesAt', type: 'time', name: ['입찰 마감', 'Closing'] },
    { path: 'schedule.technicalOpensAt', type: 'time', name: ['기술제안서 개찰', 'Opening of proposals'], hint: ['기술평가가 있는 공고에만 입력합니다.', 'Where proposals are evaluated.'], optional: true },
    { path: 'schedule.opensAt', type: 'time', name: ['개찰', 'Opening'] }
  ]
}

const CHANGE: DraftSection = {
  id: 'change',
  name: ['변경 사유', 'Reason of the change'],
  fields: [{ path: 'changeReason', type: 'longtext', name: ['변경 사유', 'Reason of the change'], optional: true }]
}

export const DRAFT_SECTIONS: readonly DraftSection[] = [
  CHANGE, BASICS, PRICE, A_VALUE, REVIEW, COMPREHENSIVE, TECHNICAL, CONDITIONS, CONTACT, COMMITTEE, SCHEDULE
]
export const DRAFT_FIELDS: readonly DraftField[] = DRAFT_SECTIONS.flatMap(({ fields }) => fields)
