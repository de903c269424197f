/** `tender open|recover|status|evaluate|award`: the opening desk. */
import { Option, type Command } from 'commander'
import type { Api } from '../../client/api.ts'
import { award, evaluate, openingStatus, readEvaluation, reveal, revealShares, waitForOpening } from '../../client/openings.ts'
import { getOpening, getTender } from '../../client/tenders.ts'
import { DISQUALIFICATIONS, REMARKS, type Disqualification } from '../../domain/bid.ts'
import type { OpeningStatusView } from '../../client/types.ts'
import type { EnvelopeKind } from '../../domain/envelope-kind.ts'
import type { Candidate } from '../../domain/evaluation.ts'
import type { SupplierId, TenderId } from '../../domain/ids.ts'
import type { Action, Context } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { openingText } from '../opening-table.ts'
import { amount, facts, marksText, table } from '../output.ts'
import { marksMilli, position, tenderId } from '../values.ts'

const DEFAULT_WAIT_SECONDS = 60

function holdersText ({ holders }: Pick<OpeningStatusView, 'holders'>): string {
  const columns = ['Holder', 'Role', 'Revealed', 'Recovery shares'].map((name) => ({ name }))
  return table(columns, holders.map(({ holderId, role, revealed, shares, threshold }) =>
    [holderId, role, revealed ? 'yes' : role === 'platform' ? 'by the clock' : 'no', role === 'platform' ? '-' : `${shares} of ${threshold}`]))
}

function technicalText (technical: NonNullable<OpeningStatusView['technical']>): string {
  const { opensAt, opened, evaluated } = technical
  const state = evaluated ? 'evaluated' : opened ? 'open, not evaluated' : 'sealed'
  return `${facts([['Proposals', state], ['Technical opening time', opensAt]])}${holdersText(technical)}Price keys:\n`
}

/** Waits for the opening that everybody's key makes possible, and shows it. */
async function showOpening (context: Context, api: Api, { id, envelope, waitSeconds }: {
  id: TenderId, envelope: EnvelopeKind, waitSeconds: number
}): Promise<void> {
  const status = await waitForOpening(api, id, { timeoutMs: waitSeconds * 1000, envelope })
  const view = await getTender(api, id)
  if (envelope === 'technical' && status.technical?.opened === true) {
    const failed = view.failure === null ? 'The proposals are open; prices stay sealed.' : `No proposal is left: ${view.failure.reason}.`
    context.out.done({
      json: { tenderId: id, envelope, ...status, opened: true },
      text: `${holdersText(status.technical)}${failed}`,
      next: view.failure === null ? `bongin tender proposals ${id}${context.keysOption}` : `bongin tender show ${id}`
    })
    return
  }
  if (view.opening === null) {
    context.out.done({ json: { tenderId: id, ...status, opened: false }, text: `${holdersText(status)}Not opened yet.`, next: `bongin tender status ${id}${context.keysOption}` })
    return
  }
  const opening = await getOpening(api, id)
  const { decimals } = view.notice.terms.price
  const evaluation = `the executing officer evaluates: bongin tender evaluate ${id} --qualified --reason …`
  const next = view.state === 'opened' ? evaluation : `bongin verify ${api.baseUrl}/v1/tenders/${id}`
  context.out.done({
    json: { tenderId: id, state: view.state, opened: true, decimals, opening },
    text: openingText(opening, decimals),
    next
  })
}

function addRevealCommands (tender: Command, action: Action): void {
  tender.command('open')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('reveal this officer\'s key that is due, technical before price, and wait for the opening (개찰)')
    .option('--wait <seconds>', 'how long to wait for the opening once all keys are in', position, DEFAULT_WAIT_SECONDS)
    .action(action(async (context, id: TenderId, { wait }: { wait: number }) => {
      await context.withSession(async ({ api, identity, platform }) => {
        const { envelope, holders, opening } = await reveal(api, platform, { identity, tenderId: id, now: context.io.now() })
        if (opening) return await showOpening(context, api, { id, envelope, waitSeconds: wait })
        const missing = holders.filter(({ revealed, role }) => !revealed && role !== 'platform').map(({ holderId }) => holderId)
        context.out.done({
          json: { tenderId: id, envelope, opened: false, holders },
          text: `${holdersText({ holders })}Your ${envelope} key is in.`,
          next: `officer ${missing.join(', ')} runs "bongin tender open ${id}"; if that is impossible, the others run "bongin tender recover ${id}"`
        })
      })
    }))

  tender.command('recover')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('reveal the recovery shares that this officer holds of missing members (키 복구)')
    .option('--owner <officerId>', 'of this member alone')
    .option('--wait <seconds>', 'how long to wait for the opening once all keys are in', position, DEFAULT_WAIT_SECONDS)
    .action(action(async (context, id: TenderId, { owner, wait }: { owner?: string, wait: number }) => {
      await context.withSession(async ({ api, identity, platform }) => {
        const { envelope, owners, answer } = await revealShares(api, platform, { identity, tenderId: id, ownerId: owner, now: context.io.now() })
        if (answer?.opening === true) return await showOpening(context, api, { id, envelope, waitSeconds: wait })
        context.out.done({
          json: { tenderId: id, envelope, revealedSharesOf: owners, opened: false, holders: answer?.holders ?? [] },
          text: answer === null ? 'You hold no share of a member who has not revealed.' : `${holdersText(answer)}Shares revealed: ${owners.join(', ')}.`,
          next: answer === null ? undefined : 'other share holders do the same until the threshold is met'
        })
      })
    }))

  tender.command('status')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('who has revealed, who is missing; committee and recovery officers (개찰 현황)')
    .action(action(async (context, id: TenderId) => {
      await context.withSession(async ({ api }) => {
        const status = await openingStatus(api, id)
        const { state, opensAt, serverTime, technical } = status
        context.out.done({
          json: { tenderId: id, ...status },
          text: `${facts([['State', state], ['Opening time', opensAt], ['Server\'s clock', serverTime]])}${technical === null ? '' : technicalText(technical)}${holdersText(status)}`
        })
      })
    }))
}

interface EvaluateOptions {
  supplier?: string
  qualified?: boolean
  disqualified?: boolean
  remark?: Disqualification
  marks?: number
  socialMarks?: number
  reason?: string
}

function addDecisionCommands (tender: Command, action: Action): void {
  tender.command('evaluate')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('judge the bidder whose turn it is; without a judgement, show whose turn it is (심사)')
    .option('--qualified', 'documents and licence are in order')
    .option('--disqualified', 'they are not; the turn passes')
    .addOption(new Option('--remark <code>', 'of a disqualified bidder (비고: 서류미제출, 면허종류 틀림)').choices(DISQUALIFICATIONS))
    .option('--marks <marks>', 'capability marks of an eligibility review or comprehensive evaluation, e.g. 28.5', marksMilli)
    .option('--social-marks <marks>', 'social marks of a comprehensive evaluation', marksMilli)
    .option('--supplier <supplierId>', 'refuse unless it is this bidder\'s turn')
    .option('--reason <text>')
    .action(action(async (context, id: TenderId, options: EvaluateOptions) => {
      const { qualified = false, disqualified = false, remark, marks, socialMarks, supplier, reason } = options
      if (qualified && disqualified) throw new UsageError('A bidder is --qualified or --disqualified, not both.')
      if ((qualified || disqualified) && (reason ?? '').trim() === '') throw new UsageError('A judgement needs --reason.')
      await context.withSession(async ({ api, identity }) => {
        if (!qualified && !disqualified) return await showEvaluation(context, api, id)
        const judged = await evaluate(api, identity, {
          tenderId: id,
          supplierId: supplier as SupplierId | undefined,
          qualified,
          remark: remark ?? null,
          capabilityMarksMilli: marks ?? null,
          socialMarksMilli: socialMarks ?? null,
          reason: reason ?? ''
        })
        const { outcome, result } = judged
        context.out.done({
          json: { tenderId: id, ...judged },
          text: facts([
            ['Bidder', judged.supplierId], ['Passes', result.passes ? 'yes' : 'no'], ['Remark (비고)', remark === undefined ? '-' : REMARKS[remark]], ['Evaluation', outcome.state],
            ['Next', outcome.next ?? '-'], ['Winner', outcome.winner ?? '-']
          ]),
          next: outcome.state === 'open' ? `bongin tender evaluate ${id} …${context.keysOption}` : `bongin tender award ${id} --reason …${context.keysOption}`
        })
      })
    }))

  tender.command('award')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('sign what the evaluation came to: the award, or the failure (낙찰·유찰 결정)')
    .requiredOption('--reason <text>')
    .action(action(async (context, id: TenderId, { reason }: { reason: string }) => {
      await context.withSession(async ({ api, identity }) => {
        const awarded = await award(api, identity, { tenderId: id, reason })
        context.out.done({
          json: { tenderId: id, ...awarded },
          text: facts([['Tender', id], ['Decision', awarded.decision], ['Supplier', awarded.supplierId ?? '-'], ['Amount (won)', amount(awarded.amountWon, awarded.decimals)]]),
          next: `bongin verify ${api.baseUrl}/v1/tenders/${id}`
        })
      })
    }))
}

async function showEvaluation (context: Context, api: Api, id: TenderId): Promise<void> {
  const evaluation = await readEvaluation(api, id)
  const { order, outcome, decimals } = evaluation
  const scored = order.some((candidate) => candidate.marks !== undefined)
  const marked = scored ? ['Technical', 'Price', 'Total'].map((name) => ({ name, align: 'right' as const })) : []
  const columns = [{ name: 'Rank', align: 'right' as const }, { name: 'Supplier' }, { name: 'Amount (won)', align: 'right' as const }, ...marked, { name: 'Turn' }]
  const turn = (supplierId: SupplierId): string => supplierId === outcome.next ? 'next' : supplierId === outcome.winner ? 'winner' : ''
  context.out.done({
    json: { tenderId: id, ...evaluation },
    text: `${table(columns, order.map((candidate) =>
      [String(candidate.rank), candidate.supplierId, amount(candidate.amountWon, decimals), ...marksOf(candidate), turn(candidate.supplierId)]))}Evaluation: ${outcome.state}.`,
    next: outcome.next === null ? undefined : `bongin tender evaluate ${id} --qualified --reason …${context.keysOption}`
  })
}

/** Of a negotiated contract: technical, price and total marks. */
function marksOf ({ marks: given }: Candidate): string[] {
  return given === undefined ? [] : [given.technicalMarksE4, given.priceMarksE4, given.totalMarksE4].map(marksText)
}

export function addOpeningCommands (tender: Command, action: Action): void {
  addRevealCommands(tender, action)
  addDecisionCommands(tender, action)
}
