/**
 * A town with a half year behind it, for pictures and figures of pages: tenders of several kinds, methods and months, awarded and
 * failed, one open for bids with questions and answers, one cancelled, one closed; a supplier that is suspended.
 */
import { askQuestion, answerQuestion } from '../../src/client/questions.ts'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { award, evaluate } from '../../src/client/openings.ts'
import { suspendSupplier } from '../../src/client/registration.ts'
import { cancelTender } from '../../src/client/tenders.ts'
import type { TenderDraft } from '../../src/domain/draft.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { formatKst, HOUR_MS } from '../../src/domain/time.ts'
import { draftFor } from './actors.ts'
import { makePortalTown, type PortalTown } from './portal-town.ts'
import { openAt, publishDraft, scheduleOf } from './stage.ts'

interface Held { title: string, day: string, change?: Partial<TenderDraft>, amounts: readonly number[] }

const regions = (...names: string[]): Partial<TenderDraft> => ({ eligibility: { linesOfBusiness: [], regions: names } })

const HELD: readonly Held[] = [
  { title: '청사 승강기 교체공사', day: '2026-12-15', amounts: [27_410_000, 27_560_000, 27_880_000], change: regions('서울특별시') },
  { title: '하천 준설토 처리 용역', day: '2026-12-16', amounts: [27_300_000], change: { kind: 'services' } },
  { title: '어린이집 급식기구 구매', day: '2027-01-12', amounts: [27_700_000, 28_020_000], change: { kind: 'goods', ...regions('서울특별시', '인천광역시') } },
  { title: '도서관 냉난방기 교체공사', day: '2027-01-19', amounts: [27_290_000, 27_510_000, 27_660_000, 28_400_000] },
  { title: '마을회관 신축 전기공사', day: '2027-02-16', amounts: [], change: regions('강원특별자치도') },
  { title: '상수도 관로 정비공사(2공구)', day: '2027-03-09', amounts: [27_350_000, 27_480_000, 27_900_000], change: regions('서울특별시') },
  { title: '교통신호기 유지보수 용역', day: '2027-03-16', amounts: [27_600_000, 27_610_000], change: { kind: 'services' } },
  { title: '보건소 의료장비 구매', day: '2027-04-13', amounts: [27_450_000, 29_900_000, 30_500_000], change: { kind: 'goods' } }
]

export interface PictureTown extends PortalTown, Record<'asked' | 'closed' | 'failed' | 'cancelled', TenderId> { supplierId: string, agencyId: string }

export async function makePictureTown (t: Parameters<typeof makePortalTown>[0]): Promise<PictureTown> {
  const town = await makePortalTown(t)
  const { app, cast, opened } = town
  await decide(town, opened)
  const held: TenderId[] = []
  for (const tender of HELD) held.push(await hold(town, tender))
  const failed = held[HELD.findIndex(({ amounts }) => amounts.length === 0)] ?? opened
  const closed = await publishDraft(town, draftFor(cast, { title: '체육관 방수공사', schedule: openDay('2027-05-11') }))
  app.clock.set('2027-05-11T10:05:00+09:00')
  await app.scheduler.tick()
  const asked = await publishDraft(town, draftFor(cast, { title: '국도 3호선 교량 보수공사', schedule: openDay('2027-05-18', app.clock.now()) }))
  const [first, second] = [await cast.login(cast.suppliers[0] ?? cast.chief), await cast.login(cast.suppliers[1] ?? cast.chief)]
  const executing = await cast.login(cast.executing)
  await askQuestion(first.api, { tenderId: asked, text: '설계서 3쪽과 물량내역서의 철근 수량이 서로 다릅니다.\n어느 쪽을 기준으로 산출해야 합니까?' })
  await answerQuestion(executing.api, executing.identity, { tenderId: asked, number: 1, text: '물량내역서를 기준으로 합니다. 설계서는 변경공고로 바로잡겠습니다.' })
  await askQuestion(second.api, { tenderId: asked, text: '현장설명회는 언제 열립니까?' })
  const cancelled = await publishDraft(town, draftFor(cast, { title: '관용차량 임차', kind: 'services', schedule: openDay('2027-05-20', app.clock.now()) }))
  await cancelTender(executing.api, executing.identity, { tenderId: cancelled, reason: '예산 변경' })
  const supplierId = first.identity.holderId
  const chief = await cast.login(cast.chief)
  await suspendSupplier(chief.api, {
    supplierId: second.identity.holderId, from: '2027-06-01T00:00:00+09:00', until: '2027-09-01T00:00:00+09:00', reason: '계약 불이행'
  })
  return { ...town, supplierId, agencyId: '1230000', asked, closed, failed, cancelled }
}

/** Questions may be asked from now on. */
function openDay (day: string, now?: number): TenderDraft['schedule'] {
  const schedule = scheduleOf(day)
  if (now === undefined) return schedule
  return { ...schedule, questionsFrom: formatKst(now), questionsUntil: formatKst(Date.parse(schedule.closesAt) - HOUR_MS) }
}

async function hold (town: PortalTown, { title, day, change = {}, amounts }: Held): Promise<TenderId> {
  const { app, cast } = town
  app.clock.set(`${day}T08:30:00+09:00`)
  await app.scheduler.tick()
  const tenderId = await publishDraft(town, draftFor(cast, { ...change, title, schedule: scheduleOf(day) }))
  for (const [index, amountWon] of amounts.entries()) {
    const supplier = cast.suppliers[(index + amounts.length) % cast.suppliers.length]
    if (supplier === undefined) continue
    const { api, identity } = await cast.login(supplier)
    const content = { amountWon, picks: [1 + (index * 5) % 14, 15] as [number, number] }
    const { envelope } = await sealFor(cast.publicApi, cast.platform, { identity, tenderId, content, now: app.clock.now() })
    await submitBid(api, cast.platform, envelope)
  }
  if (amounts.length === 0) {
    app.clock.set(`${day}T10:01:00+09:00`)
    await app.scheduler.tick()
    app.clock.set(`${day}T11:01:00+09:00`)
    await app.scheduler.tick()
    return tenderId
  }
  await openAt(town, tenderId, `${day}T11:00:00+09:00`)
  await decide(town, tenderId)
  return tenderId
}

/** The award, where the opening has a winner. */
async function decide ({ cast }: PortalTown, tenderId: TenderId): Promise<void> {
  const { api, identity } = await cast.login(cast.executing)
  const { state } = await api.get<{ state: string }>(`/v1/tenders/${tenderId}`)
  if (state !== 'opened') return
  await evaluate(api, identity, { tenderId, qualified: true, reason: '적격' })
  await award(api, identity, { tenderId, reason: '낙찰자 결정' })
}
