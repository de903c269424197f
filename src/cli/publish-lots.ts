/**
 * A notice file with `lots` (분류): each lot is the file with its own members put over it, drafted and published as a tender
 * of its own, lot 1 first. Like a single notice it is run again until all are published.
 */
import type { TenderId } from '../domain/ids.ts'
import type { PriceTerms } from '../domain/notice.ts'
import type { Context } from './context.ts'
import type { NoticeFile } from './draft-file.ts'
import { UsageError } from './exit-codes.ts'
import { table, won } from './output.ts'
import { bringDraft, priceList, pricesMissing, publishStep, type Drafted, type Session, type Step } from './publishing.ts'

/** What a lot says otherwise than the file; the members of `price` are put over one by one. */
export type LotFile = Partial<Omit<NoticeFile, 'price' | 'lot' | 'lots'>> & { price?: Partial<NoticeFile['price']> }

interface LotProgress extends Drafted { step: Step }

/** Everything that can be done now, for all lots. */
export async function publishLots (context: Context, session: Session, { file, lots, prices }: {
  file: string, lots: readonly LotFile[], prices: string | undefined
}): Promise<void> {
  if (lots.length < 2) throw new UsageError('A notice with lots has at least two of them.')
  const base = await context.readJson<NoticeFile>(file)
  const all: LotProgress[] = []
  for (const [i, lot] of lots.entries()) {
    const written = lotFile(base, lot, { noticeId: all[0]?.id ?? null, number: i + 1, count: lots.length })
    const drafted = await bringDraft(context, session, file, { name: `${file}.lot-${i + 1}`, written })
    const ask = async (): Promise<number[]> => await pricesOfLot(context, { file: prices, index: i, price: drafted.draft.price })
    all.push({ ...drafted, step: await publishStep(context, session, { ...drafted, prices: ask }) })
  }
  report(context, { file, all })
}

function lotFile ({ lots: _, ...base }: NoticeFile, lot: LotFile, { noticeId, number, count }: NonNullable<NoticeFile['lot']>): NoticeFile {
  return { ...base, ...lot, price: { ...base.price, ...lot.price }, lot: { noticeId, number, count } }
}

/** The file holds one list of prices for each lot. */
async function pricesOfLot (context: Context, { file, index, price: { method, decimals } }: {
  file: string | undefined, index: number, price: Pick<PriceTerms, 'method' | 'decimals'>
}): Promise<number[]> {
  if (file === undefined) throw pricesMissing(method)
  const lists = await context.readJson<unknown>(file)
  const list = priceList(Array.isArray(lists) ? lists[index] : undefined, decimals)
  if (list === null) throw new UsageError(`${file} must be a JSON list with one list of prices in won for each lot.`)
  return list
}

function report (context: Context, { file, all }: { file: string, all: readonly LotProgress[] }): void {
  const columns = [
    { name: 'Lot', align: 'right' }, { name: 'Tender' }, { name: 'Title' }, { name: 'Estimated price', align: 'right' }, { name: 'State' }
  ] as const
  const stateOf = ({ step }: LotProgress): string => step.published ? step.state : 'draft'
  const waiting = all.filter(({ step }) => !step.published)
  const noticeId: TenderId | null = all[0]?.id ?? null
  const rows = all.map((lot, i) => [String(i + 1), lot.id, lot.draft.title, won(lot.draft.estimatedPriceWon),
    lot.step.published ? lot.step.state : `waits for officer ${lot.step.missing.join(', ')}`])
  context.out.done({
    json: {
      noticeId,
      published: waiting.length === 0,
      lots: all.map((lot, i) => ({ number: i + 1, tenderId: lot.id, state: stateOf(lot), missing: lot.step.published ? [] : lot.step.missing }))
    },
    text: table(columns, rows),
    next: waiting.length === 0
      ? `bongin tender lots ${noticeId ?? ''}`
      : `the witness runs: bongin tender contribute ${waiting.map(({ id }) => id).join(' ')} --keys WITNESS_KEYS   and then again: bongin tender publish --file ${file}`
  })
}
