/** `tender list|show|lots`: what the public may read. */
import { aValueWon } from '../../domain/a-value.ts'
import type { Command } from 'commander'
import { eachTender, getCheckedTender, getTender, listLots } from '../../client/tenders.ts'
import type { LotItem, TenderListItem, TenderView } from '../../client/types.ts'
import type { Notice } from '../../domain/notice.ts'
import type { TenderId } from '../../domain/ids.ts'
import { percentText } from '../../domain/rate-text.ts'
import type { Action } from '../context.ts'
import { openingText } from '../opening-table.ts'
import { amount, facts, table, won } from '../output.ts'
import { amountWon, position, tenderId } from '../values.ts'

const DEFAULT_LIMIT = 20
/** More than this is a job for the API. */
const MAX_LIMIT = 10_000

interface ListOptions {
  state?: string
  kind?: string
  method?: string
  agencyId?: string
  estimatedFrom?: number
  estimatedUntil?: number
  region?: string
  query?: string
  limit: number
}

function noticeFacts ({ state, view, notice }: { state: string, view: TenderView, notice: Notice }): string {
  const { terms, schedule, revision } = notice
  const moved = view.extensions.filter((extension) => extension.revision === revision).at(-1)
  const { price } = terms
  return facts([
    ['Tender (공고번호)', `${terms.tenderId}-${revision}`],
    ['Title (공고명)', terms.title],
    ['Agency (수요기관)', `${terms.agencyName} (${terms.agencyId})`],
    ['State (상태)', view.failure === null ? state : `${state}: ${view.failure.reason}`],
    ['Kind, method', `${terms.kind}, ${terms.method}`],
    ['Estimated price (추정가격)', won(terms.estimatedPriceWon)],
    ['Base amount (기초금액)', `${amount(price.baseAmountWon, price.decimals)}  ±${percentText(price.rangePpm)} %  ${price.method}`],
    ['Floor rate (낙찰하한율)', terms.floorRatePpm === 0 ? '-' : `${percentText(terms.floorRatePpm)} %`],
    ['A value (A값)', won(aValueWon(terms))],
    ['Closing (입찰마감)', view.closesAt],
    ...(schedule.technicalOpensAt === null ? [] : [['Technical opening (기술 개찰)', moved?.technicalOpensAt ?? schedule.technicalOpensAt] as const]),
    ['Opening (개찰)', view.opensAt],
    ...view.extensions.map(({ rule, previous }) => ['Moved by an outage (장애 연기)', `${rule}, closing was ${previous.closesAt}`] as const),
    ['Committee (집행관, 입회관)', `${terms.committee.executing}, ${terms.committee.witness}`],
    ['Terms, SHA-256', notice.termsSha256],
    ['Attachments', terms.attachments.map(({ name, sizeBytes }) => `${name} (${sizeBytes} bytes)`).join('\n') || '-']
  ])
}

function listLine ({ tenderId, revision, title, agencyName, state, estimatedPriceWon, closesAt }: TenderListItem): string[] {
  return [`${tenderId}-${revision}`, title, agencyName, state, won(estimatedPriceWon), closesAt]
}

export function addReadCommands (tender: Command, action: Action): void {
  tender.command('lots')
    .argument('<tenderId>', 'any lot of the notice', tenderId)
    .description('the lots of a notice, each a tender of its own (입찰분류)')
    .action(action(async (context, id: TenderId) => {
      const { noticeId, count, items } = await listLots(await context.api(), id)
      const columns = [
        { name: 'Lot', align: 'right' }, { name: 'Tender' }, { name: 'Title' }, { name: 'State' }, { name: 'Estimated price', align: 'right' }, { name: 'Closing' }
      ] as const
      const line = (lot: LotItem): string[] => [`${lot.number}/${count}`, lot.tenderId, lot.title, lot.state, won(lot.estimatedPriceWon), lot.closesAt]
      context.out.done({ json: { noticeId, count, items }, text: table(columns, items.map(line)), next: `bongin tender show ${items[0]?.tenderId ?? ''}` })
    }))

  tender.command('list')
    .description('published tenders, newest first (공고 검색)')
    .option('--state <state>')
    .option('--kind <kind>', 'goods, works, services, foreign')
    .option('--method <method>')
    .option('--agency-id <code>')
    .option('--estimated-from <won>', 'estimated price, at least', amountWon)
    .option('--estimated-until <won>', 'estimated price, at most', amountWon)
    .option('--region <name>', 'where you are (시·도): tenders open to it')
    .option('--query <words>', 'words in title, agency or reference number')
    .option('--limit <count>', 'how many at most', position, DEFAULT_LIMIT)
    .action(action(async (context, { query, limit, ...filter }: ListOptions) => {
      const items: TenderListItem[] = []
      const api = await context.api()
      const wanted = query === undefined ? filter : { ...filter, q: query }
      for await (const item of eachTender(api, wanted, Math.min(limit, MAX_LIMIT))) items.push(item)
      const columns = [
        { name: 'Tender' }, { name: 'Title' }, { name: 'Agency' }, { name: 'State' }, { name: 'Estimated price', align: 'right' }, { name: 'Closing' }
      ] as const
      context.out.done({
        json: { items },
        text: items.length === 0
          ? 'No tender fits.'
          : table(columns, items.map(listLine)),
        next: items.length === 0 ? undefined : `bongin tender show ${items[0]?.tenderId ?? ''}`
      })
    }))

  tender.command('show')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('one tender: notice, state, opening, decisions; checks the notice\'s signature and key (공고 조회)')
    .option('--unchecked', 'show what the server says without checking it')
    .action(action(async (context, id: TenderId, { unchecked }: { unchecked?: boolean }) => {
      const api = await context.api()
      const checked = unchecked === true ? null : await getCheckedTender(api, await context.platform(api), id)
      const view = checked?.view ?? await getTender(api, id)
      const { opening, openingRows, state } = view
      const result = opening === null ? '' : openingText(opening, view.notice.terms.price.decimals, openingRows ?? undefined)
      const trust = checked === null ? 'not checked' : 'signature, certificate and joint key are in order'
      context.out.done({
        json: { ...view, checked: checked !== null },
        text: `${noticeFacts({ state, view, notice: view.notice })}${result}Notice: ${trust}.`,
        next: state === 'published' ? `bongin bid seal ${id} --amount WON --picks 3,7` : opening === null ? undefined : `bongin verify ${api.baseUrl}/v1/tenders/${id}`
      })
    }))
}
