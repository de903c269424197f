/**
 * What a half year leaves on people's desks: tenders at every step from the draft to the award, closings on hold, applications that
 * wait, a supplier with bids of every fate. Built on top of the picture town, for pictures and figures of everybody's pages.
 */
import type { Api } from '../../src/client/api.ts'
import { addPasskey } from '../../src/client/passkeys.ts'
import { withdrawBid } from '../../src/client/bids.ts'
import { contribute, draftTender } from '../../src/client/ceremony.ts'
import { addWebhook, enterEmail, saveSearch } from '../../src/client/notifications.ts'
import { evaluate, reveal } from '../../src/client/openings.ts'
import { applyOutage } from '../../src/client/outages.ts'
import { applyOfficer, applySupplier } from '../../src/client/registration.ts'
import { appointEvaluators } from '../../src/client/technical.ts'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { unsubscribeToken } from '../../src/crypto/notification-keys.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { AgencyId, SupplierId, TenderId } from '../../src/domain/ids.ts'
import { formatKst, HOUR_MS, parseInstant } from '../../src/domain/time.ts'
import { draftFor, type Actor } from './actors.ts'
import { at } from './attacks.ts'
import { Authenticator } from './authenticator.ts'
import type { TestApp } from './build-app.ts'
import { testKeyPair } from './kept-keys.ts'
import { comprehensiveDraft, reviewDraft } from './method-drafts.ts'
import { makePictureTown, type PictureTown } from './picture-town.ts'
import { bidAmounts, openAt, publishDraft, scheduleOf } from './stage.ts'
import { bidWith, idOf, moveTo, negotiatedDraft, proposalOf, revealAll, scheduleOn } from './two-envelopes.ts'

/** The day before the pictures, on which everything was opened that is still to be decided; and the day of the pictures. */
const [DAY_BEFORE, DAY, LATER] = ['2027-05-12', '2027-05-13', '2027-05-20'] as const
const CONTACT = { name: '담당자', phone: '02-000-0000', email: 'a@example.kr' }
const LONG_TITLE = '국도 제37호선 노후방음벽 교체 및 진출입로 개설공사(전기·정보통신·소방시설 포함, 장기계속계약 2차분)'

/** Tenders by what their desk shows. */
export type DeskTenders = Record<
  'ceremony' | 'sealing' | 'publication' | 'waiting' | 'proposals' | 'revealing' | 'marking' | 'evaluating' | 'reviewing' | 'comprehensive' | 'deciding', TenderId>
/** Tenders by what the supplier's bid page shows. */
export type BidTenders = Record<'accepted' | 'withdrawn' | 'unsent' | 'unitPrices' | 'proposal' | 'joint', TenderId>

export interface DeskTown extends PictureTown {
  /** Appointed to mark the proposals of `marking`. */
  evaluator: Actor
  desk: DeskTenders
  bids: BidTenders
  /** The token of the link in mails. */
  unsubscribe: string
}

export async function makeDeskTown (t: Parameters<typeof makePictureTown>[0]): Promise<DeskTown> {
  const town = await makePictureTown(t)
  await announcePastOutage(town)
  const opened = await undecided(town)
  const evaluator = await appoint(town, opened.marking)
  const held = await waitingOnes(town)
  const unsubscribe = await subscribe(town)
  const bids = await ownBids(town)
  const drafts = await draftedOnes(town)
  await applyInVain(town)
  await town.app.notifier.tick()
  return { ...town, evaluator, desk: { ...opened, ...held, ...drafts }, bids, unsubscribe }
}

/** When no tender was open. */
async function announcePastOutage ({ app, cast }: PictureTown): Promise<void> {
  await moveTo(app, `${DAY_BEFORE}T07:30:00+09:00`)
  const { api, identity } = await cast.login(cast.chief)
  const period = { fromAt: parseInstant(`${DAY_BEFORE}T06:40:00+09:00`), recoveredAt: parseInstant(`${DAY_BEFORE}T07:10:00+09:00`) }
  await applyOutage(api, { ...cast.platform, serverTime: formatKst(app.clock.now()) }, { identity, period, reason: '통신사 회선 장애로 인한 접속 지연' })
}

type Opened = Pick<DeskTenders, 'revealing' | 'marking' | 'evaluating' | 'reviewing' | 'comprehensive' | 'deciding'>

/** Closed at 10:00; opened but for one that nobody has revealed yet, and one whose proposals are being marked. */
async function undecided (town: PictureTown): Promise<Opened> {
  const { app, cast } = town
  await moveTo(app, `${DAY_BEFORE}T08:00:00+09:00`)
  const schedule = scheduleOf(DAY_BEFORE)
  const publishOne = async (draft: TenderDraft, amounts = [27_480_000, 27_560_000, 27_910_000, 28_240_000]): Promise<TenderId> => {
    const tenderId = await publishDraft(town, draft)
    await bidAmounts(town, tenderId, { amounts, picks: [4, 15] })
    return tenderId
  }
  const revealing = await publishOne(draftFor(cast, { title: '구민회관 외벽 보수공사', schedule }))
  const evaluating = await publishOne(draftFor(cast, { title: LONG_TITLE, schedule }))
  const reviewing = await publishOne(reviewDraft(cast, { title: '초등학교 급식실 환기설비 개선공사', schedule }))
  const comprehensive = await publishOne(comprehensiveDraft(cast, { title: '종합운동장 육상트랙 전면 교체공사', schedule }))
  const deciding = await publishOne(draftFor(cast, { title: '보행자 안전난간 설치공사', schedule }))
  const marking = await publishDraft(town, negotiatedDraft(cast, { title: '통합민원시스템 고도화', schedule: scheduleOn(DAY_BEFORE) }))
  for (const actor of cast.suppliers.slice(0, 3)) {
    await bidWith(app, cast, { actor, tenderId: marking, amountWon: 91_000_000, proposal: proposalOf('사업 이해와 추진 전략') })
  }
  await moveTo(app, `${DAY_BEFORE}T10:00:00+09:00`)
  for (const tenderId of [evaluating, reviewing, comprehensive, deciding]) await openAt(town, tenderId, schedule.opensAt)
  await revealAll(app, cast, marking, 'technical')
  const { api, identity } = await cast.login(cast.executing)
  const judge = async (tenderId: TenderId, more: object = {}): Promise<void> => {
    await evaluate(api, identity, { tenderId, qualified: true, reason: '제출 서류를 확인하였으며 이상이 없음', ...more })
  }
  await judge(evaluating, { qualified: false, remark: 'missingDocuments', reason: '실적증명서 원본 미제출. 보완 기한을 넘김' })
  await judge(reviewing, { capabilityMarksMilli: 9_000 })
  await judge(comprehensive, { capabilityMarksMilli: 44_250, socialMarksMilli: 8_500 })
  await judge(deciding)
  await reveal(api, cast.platform, { identity, tenderId: revealing, now: app.clock.now() })
  return { revealing, marking, evaluating, reviewing, comprehensive, deciding }
}

async function appoint ({ cast }: PictureTown, tenderId: TenderId): Promise<Actor> {
  const evaluators = await Promise.all(['강평가', '조평가', '윤평가'].map(async (name) => await cast.enrol(name, 'evaluator')))
  const { api, identity } = await cast.login(cast.executing)
  await appointEvaluators(api, cast.platform, { identity, tenderId, evaluators: evaluators.map(idOf) })
  return at(evaluators, 0)
}

/** One round as the process runs it, with the sign of life that a silence is measured from. */
async function runScheduler ({ scheduler }: TestApp): Promise<void> {
  scheduler.start()
  await scheduler.stop()
}

/** Two that are closed and wait for their opening; then a silence of the server, into which a closing falls. */
async function waitingOnes (town: PictureTown): Promise<Pick<DeskTenders, 'waiting' | 'proposals'>> {
  const { app, cast } = town
  await moveTo(app, `${DAY}T08:30:00+09:00`)
  const at14 = { ...scheduleOf(DAY), opensAt: `${DAY}T14:00:00+09:00` }
  const waiting = await publishDraft(town, draftFor(cast, { title: '체육센터 수영장 여과기 교체공사', schedule: at14 }))
  await bidAmounts(town, waiting, { amounts: [27_500_000, 27_700_000], picks: [4, 15] })
  const proposals = await publishDraft(town, negotiatedDraft(cast, { title: '도시계획 재정비 용역', schedule: { ...scheduleOn(DAY), technicalOpensAt: `${DAY}T10:00:00+09:00` } }))
  await bidWith(app, cast, { actor: at(cast.suppliers, 0), tenderId: proposals, amountWon: 88_000_000, proposal: proposalOf('과업 수행 계획') })
  const late = { ...scheduleOf(DAY), closesAt: `${DAY}T11:00:00+09:00`, opensAt: `${DAY}T15:00:00+09:00` }
  await publishDraft(town, draftFor(cast, { title: '어린이공원 놀이시설 정비공사', schedule: late }))
  await moveTo(app, `${DAY}T10:05:00+09:00`)
  await runScheduler(app)
  app.clock.set(`${DAY}T11:20:00+09:00`)
  await runScheduler(app)
  return { waiting, proposals }
}

const later = (app: TestApp): TenderDraft['schedule'] => {
  const schedule = scheduleOf(LATER)
  return { ...schedule, questionsFrom: formatKst(app.clock.now()), questionsUntil: formatKst(parseInstant(schedule.closesAt) - HOUR_MS) }
}

/** The first supplier's bids of every fate, on tenders that are open for a week. */
async function ownBids (town: PictureTown): Promise<BidTenders> {
  const { app, cast } = town
  const publishOne = async (title: string, change: Partial<TenderDraft> = {}): Promise<TenderId> =>
    await publishDraft(town, draftFor(cast, { title, schedule: later(app), ...change }))
  const accepted = await publishOne('노인복지관 승강기 설치공사')
  const withdrawn = await publishOne('시립도서관 방수공사')
  const unsent = await publishOne('배수펌프장 수문 정비공사')
  const unitPrices = await publishOne('도로포장용 아스콘 단가계약', {
    unitPrices: [{ name: '아스팔트콘크리트(표층용 WC-2)', unit: '톤', quantity: 10 }, { name: '아스팔트콘크리트(기층용)', unit: '톤', quantity: 24 }]
  })
  const joint = await publishOne('생활체육관 건립공사', { jointBids: { maxMembers: 3, minimumSharePpm: 100_000 } })
  const proposal = await publishDraft(town, negotiatedDraft(cast, { title: '교통정보센터 전광판 구축', schedule: { ...scheduleOn(LATER) } }))
  await bidAmounts(town, accepted, { amounts: [27_640_000], picks: [4, 15] })
  await bidAmounts(town, withdrawn, { amounts: [27_720_000], picks: [4, 15] })
  const { api, identity } = await cast.login(at(cast.suppliers, 0))
  await withdrawBid(api, cast.platform, { identity, tenderId: withdrawn, reason: '산출 내역의 오류를 발견하여 취소함' })
  return { accepted, withdrawn, unsent, unitPrices, joint, proposal }
}

/** Without any part of the key; with both and prices to seal; with both and nothing to wait for. */
async function draftedOnes ({ app, cast }: PictureTown): Promise<Pick<DeskTenders, 'ceremony' | 'sealing' | 'publication'>> {
  const [executing, witness] = [await cast.login(cast.executing), await cast.login(cast.witness)]
  const plain = draftFor(cast)
  const draft = async (title: string, price: TenderDraft['price']): Promise<TenderId> =>
    await draftTender(executing.api, { ...plain, title, price, schedule: later(app) })
  const ceremony = await draft('공영주차장 태양광 발전설비 설치공사', plain.price)
  const sealing = await draft('하수처리장 탈수기 교체공사', { ...plain.price, method: 'multiple-sealed' })
  const publication = await draft('문화예술회관 무대조명 교체공사', plain.price)
  for (const tenderId of [sealing, publication]) {
    for (const { api, identity } of [executing, witness]) await contribute(api, cast.platform, { identity, tenderId, now: app.clock.now() })
  }
  return { ceremony, sealing, publication }
}

/** A supplier and an officer whose applications nobody has looked at. */
async function applyInVain ({ cast: { publicApi } }: PictureTown): Promise<void> {
  const agency = { agencyId: '6110000' as AgencyId, name: '서울특별시' }
  const company = { companyName: '주식회사 한강종합건설', businessNumber: '1058128544', representative: '정한강' }
  const csrFor = async (subject: Parameters<typeof createCsr>[0]['subject']): Promise<string> => createCsr({ privateKeyPkcs8: (await testKeyPair()).privateKeyPkcs8, subject })
  await applySupplier(publicApi, {
    csr: await csrFor({ commonName: company.representative, organization: company.companyName, serialNumber: company.businessNumber }),
    profile: { ...company, address: '서울특별시 마포구 월드컵로 212', contact: CONTACT, linesOfBusiness: ['0001', '0036'], region: '서울특별시' }
  })
  await applyOfficer(publicApi, {
    csr: await csrFor({ commonName: '윤입회', organization: agency.name }), profile: { name: '윤입회', agency, roles: ['witness', 'evaluator'], contact: CONTACT }
  })
}

/** Saved searches, an address that waits for its code, a webhook. Returns the token of the address. */
async function subscribe ({ app, cast }: PictureTown): Promise<string> {
  const { api, identity } = await cast.login(at(cast.suppliers, 0))
  const address = 'bid@supplier.example'
  await saveSearch(api, { name: '서울 시설공사', kind: 'works', q: '공사' })
  await saveSearch(api, { name: '단가계약', q: '단가' })
  await enterEmail(api, { address, language: 'ko' })
  await addWebhook(api, 'https://hooks.example.kr/bongin')
  return unsubscribeToken(app.context.platform.notificationKey, { supplierId: identity.holderId as SupplierId, address })
}

/** For the holder of this session, whose logins ask for a second step from now on. */
export async function addFirstPasskey ({ app }: Pick<DeskTown, 'app'>, session: Api): Promise<void> {
  const authenticator = new Authenticator({ origin: app.context.policy.relyingParty.origin })
  await addPasskey(session, { name: '사무실 보안키', create: async ({ options }) => authenticator.create(options) })
}
