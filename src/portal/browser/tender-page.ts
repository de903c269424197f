/**
 * One tender at the officer's desk (`/desk/tenders/:tenderId`): from the key ceremony to the award, whatever is due now. News come by
 * WebSocket, whose state is seen; what no feed tells (drafts, reveals) is asked for again while the page is looked at.
 */
import { missingMembers } from '../../client/ceremony.ts'
import { cancelTender } from '../../client/tenders.ts'
import { nextStep } from '../../domain/desk-step.ts'
import type { TenderId } from '../../domain/ids.ts'
import type { TenderState } from '../../domain/tender.ts'
import { parseInstant } from '../../domain/time.ts'
import { deskFailed, onSubmit, sayDone, stateMark } from './desk.ts'
import { STEP_NAMES, SEAT_NAMES } from './desk-names.ts'
import { deskWords } from './desk-words.ts'
import { check } from './fields.ts'
import { keepLine } from './live-line.ts'
import { element, showFacts } from './page.ts'
import { serverNow } from './server-clock.ts'
import { showCeremony, watchCeremony } from './tender-ceremony.ts'
import { readSnapshot, type Desk, type Snapshot } from './tender-desk.ts'
import { fetchNames, showEvaluation, showResult, watchEvaluation } from './tender-evaluation.ts'
import { dueKey, showOpening, watchOpening } from './tender-opening.ts'
import type * as Technical from './tender-technical.ts'
import { publicApi, type LoggedIn } from './session.ts'
import { shownTime } from './shown-time.ts'

const POLL_MS = 3_000
/** Drafts, parts of keys and reveals are on no feed; from the opening on the news tell everything. */
const ASKED_STATES: ReadonlySet<TenderState> = new Set(['draft', 'published', 'closed'])

const tenderId = (element('desk-body').dataset['tender'] ?? '') as TenderId

function showHead (snapshot: Snapshot, ownId: string): void {
  const { state, title, seat, ceremony, view, opening, closesAt, opensAt } = snapshot
  element('tender-state').replaceChildren(stateMark(state))
  element('tender-title').textContent = title
  showFacts(element('tender-facts'), [
    [deskWords.mySeat, SEAT_NAMES[seat]], [deskWords.noticeCloses, shownTime(closesAt)],
    [deskWords.noticeOpens, shownTime(opensAt)]
  ])
  element('notice-link').hidden = view === null
  element('audit-link').hidden = view?.checkpoint === null || view === null
  const edits = seat === 'executing' && (state === 'draft' || (state === 'published' && serverNow() < closesAt))
  element('edit-link').hidden = !edits
  element('cancellation').hidden = seat !== 'executing' || !(state === 'published' || state === 'closed')
  showCountdown(snapshot)
  const missing: readonly string[] = missingMembers(ceremony)
  const own = dueKey(snapshot)?.holders.find(({ holderId }) => holderId === ownId)
  const technical = view?.notice.schedule.technicalOpensAt ?? null
  const { step, mine } = nextStep({
    seat,
    state,
    hasDraft: ceremony.draft !== null,
    contributed: seat === 'audit' || !missing.includes(ownId),
    keysComplete: missing.length === 0,
    revealed: own?.revealed ?? false,
    proposalsOpened: opening?.technical?.opened ?? false,
    proposalsEvaluated: opening?.technical?.evaluated ?? false,
    closesAt,
    technicalOpensAt: technical === null ? null : parseInstant(technical),
    opensAt
  }, serverNow())
  element('turn').textContent = mine ? `${deskWords.yourTurn}: ${STEP_NAMES[step]}` : STEP_NAMES[step]
  element('turn').dataset['step'] = step
}

function showCountdown (snapshot: Snapshot): void {
  const { state, closesAt } = snapshot
  const until = state === 'published' || state === 'draft' ? closesAt : dueKey(snapshot)?.opensAt ?? 0
  element('countdown').hidden = until <= serverNow()
  element('countdown-name').textContent = state === 'closed' ? deskWords.untilOpens : deskWords.untilCloses
  element('countdown-time').dataset['until'] = String(until)
}

function show (desk: Desk): void {
  const { snapshot: snapshotOf, session: { identity: { holderId } } } = desk
  const snapshot = snapshotOf()
  showCeremony(snapshot, holderId)
  showOpening(snapshot, holderId)
  technical?.showTechnical(desk)
  element('open-questions').hidden = !answers(snapshot)
  showResult(snapshot)
  showEvaluation(snapshot)
  showHead(snapshot, holderId)
  element('desk-body').dataset['state'] = snapshot.state
}

/** News make the desk read anew. */
function follow (refresh: () => Promise<void>): void {
  const again = (): void => { refresh().catch(deskFailed) }
  keepLine({ region: element('live'), tenderId, onHello: again, onEvent: again })
}

/** Times pass without an event: what was not due may be now. */
function keepAsking (desk: Desk): void {
  let busy = false
  const asking = setInterval(() => {
    if (!ASKED_STATES.has(desk.snapshot().state)) clearInterval(asking)
    else if (!busy && document.visibilityState === 'visible') {
      busy = true
      desk.refresh().catch(deskFailed).finally(() => { busy = false })
    }
  }, POLL_MS)
}

function watchCancellation ({ session: { api, identity }, refresh }: Desk): void {
  const form = element<HTMLFormElement>('cancel-form')
  onSubmit(form, async () => {
    if (!check(form)) return
    await cancelTender(api, identity, { tenderId, reason: element<HTMLTextAreaElement>('cancelReason').value.trim() })
    await refresh()
    sayDone(deskWords.cancelDone)
  })
}

/** Parts that few tenders need are loaded by those that do. */
let technical: typeof Technical | null = null
let technicalLoads: Promise<typeof Technical> | null = null

async function technicalPart (desk: Desk): Promise<typeof Technical> {
  technicalLoads ??= import('./tender-technical.ts').then((part) => {
    part.watchTechnical(desk)
    technical = part
    return part
  })
  return await technicalLoads
}

const answers = ({ seat, state }: Snapshot): boolean => seat === 'executing' && state === 'published'

async function readQuestions (desk: Desk): Promise<void> {
  if (answers(desk.snapshot())) await (await import('./tender-questions.ts')).showQuestions(desk)
}

export async function runTender (session: LoggedIn): Promise<void> {
  let snapshot = await readSnapshot(session, tenderId)
  let prepared = ''
  let shown = ''
  const showNew = (): void => {
    const due = serverNow() >= (dueKey(snapshot)?.opensAt ?? Number.POSITIVE_INFINITY)
    // What has not changed is left as it is: somebody may be reading it out, or have the focus in it.
    const { view, opening, ...rest } = snapshot
    const text = JSON.stringify({ ...rest, view: { ...view, serverTime: '' }, opening: { ...opening, serverTime: '' }, due, prepared })
    if (text === shown) return
    shown = text
    show(desk)
  }
  const desk: Desk = {
    session,
    tenderId,
    snapshot: () => snapshot,
    refresh: async () => {
      snapshot = await readSnapshot(session, tenderId)
      await prepare()
    }
  }
  const prepare = async (): Promise<void> => {
    await fetchNames(publicApi, snapshot)
    prepared = snapshot.technical === null ? '' : await (await technicalPart(desk)).prepareTechnical(desk)
    showNew()
  }
  watchCeremony(desk)
  watchOpening(desk)
  watchEvaluation(desk)
  watchCancellation(desk)
  await prepare()
  await readQuestions(desk)
  // Questions come with the news alone: they are read when the line stands, and whenever something has happened.
  follow(async () => {
    await desk.refresh()
    await readQuestions(desk)
  })
  keepAsking(desk)
}
