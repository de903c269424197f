/**
 * The notice file of an officer (`notice.json`): a tender's draft, where what goes without saying may be left out, and
 * attachments are named by path. Beside it `tender publish` keeps what it has done so far (`notice.json.tender`), so that
 * it can be run again until the tender is published.
 */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { ClientError, type Identity } from '../client/identity.ts'
import { uploadAttachment } from '../client/ceremony.ts'
import type { Api } from '../client/api.ts'
import { DRAFT_DEFAULTS, PRICE_DEFAULTS, type TenderDraft } from '../domain/draft.ts'
import type { BalancedPriceRule, ComprehensiveRule } from '../domain/notice.ts'
import { DEFAULT_BALANCED_PRICE } from '../domain/rule-sets.ts'
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import type { OfficerId, Sha256Hex, TenderId } from '../domain/ids.ts'
import { isPriceDecimals } from '../domain/price-unit.ts'
import { formatKst, HOUR_MS, parseInstant, DAY_MS } from '../domain/time.ts'
import type { Context } from './context.ts'
import { UsageError } from './exit-codes.ts'
import type { LotFile } from './publish-lots.ts'
import { fileAmount } from './values.ts'

type Written<T, Optional extends keyof T> = Omit<T, Optional> & Partial<Pick<T, Optional>>
type WrittenComprehensive = Omit<ComprehensiveRule, 'reference'> & {
  reference: ComprehensiveRule['reference'] | { kind: 'balanced' } & Partial<BalancedPriceRule>
}
type Price = TenderDraft['price']
/** Amounts in won: whole numbers, or text, which it must be where the tender has decimals. */
export type WrittenPrice = Omit<Written<Price, keyof typeof PRICE_DEFAULTS>, 'baseAmountWon' | 'priceUnitWon'> & {
  baseAmountWon: number | string | null
  priceUnitWon: number | string
}
/** Everything optional has its default here; `path` is relative to the notice file. */
export type NoticeFile = Omit<Written<TenderDraft,
'referenceNo' | keyof typeof DRAFT_DEFAULTS | 'previousTenderId' | 'changeReason'>,
'price' | 'comprehensive' | 'committee' | 'schedule' | 'attachments' | 'eligibility'> & {
  price: WrittenPrice
  comprehensive?: WrittenComprehensive | null
  committee: Written<TenderDraft['committee'], 'executing' | 'recovery' | 'threshold'>
  schedule: Written<TenderDraft['schedule'], 'questionsFrom' | 'questionsUntil' | 'technicalOpensAt' | 'opensAt'>
  eligibility?: Partial<TenderDraft['eligibility']>
  attachments?: Array<{ name?: string, path: string } | TenderDraft['attachments'][number]>
  /** What each lot (분류) of the notice says otherwise than the rest of the file. */
  lots?: LotFile[]
}

const DEFAULT_THRESHOLD = 2
/** From the closing to the opening of prices where proposals are evaluated in between. */
const EVALUATION_MS = 7 * DAY_MS

/** Reads the file, or takes what was read of it as `written`; uploads what it attaches, and fills in what was left out. */
export async function readDraft (context: Context, { file, written: given, api, identity }: {
  file: string, written?: NoticeFile | undefined, api: Api, identity: Identity
}): Promise<TenderDraft> {
  const written = given ?? await context.readJson<NoticeFile>(file)
  const needed = ['price', 'schedule', 'committee'] as const
  if (typeof written !== 'object' || written === null || needed.some((name) => written[name] === undefined)) {
    throw new UsageError(`${file} is no notice: it needs "price", "schedule" and "committee". An example: bongin tender example`)
  }
  const closesAt = parseInstant(written.schedule.closesAt, '/schedule/closesAt')
  const { price, committee, schedule, eligibility, comprehensive, attachments = [], lots, ...rest } = written
  if (lots !== undefined) throw new UsageError(`${file} has lots: only "bongin tender publish" takes it, which drafts them all.`)
  const hasProposals = rest.technical !== undefined && rest.technical !== null
  return {
    referenceNo: '',
    ...DRAFT_DEFAULTS,
    unitPrices: [],
    previousTenderId: null,
    changeReason: '',
    ...rest,
    price: draftPrice(price),
    comprehensive: withReference(comprehensive ?? null),
    eligibility: { linesOfBusiness: [], regions: [], ...eligibility },
    committee: { executing: identity.holderId as OfficerId, recovery: [], threshold: DEFAULT_THRESHOLD, ...committee },
    // KONEPS opens an hour after the closing; questions may be asked until then. Evaluators get a week for their marks.
    schedule: {
      questionsFrom: formatKst(context.io.now()),
      questionsUntil: formatKst(closesAt),
      technicalOpensAt: hasProposals ? formatKst(closesAt + HOUR_MS) : null,
      opensAt: formatKst(closesAt + (hasProposals ? EVALUATION_MS : HOUR_MS)),
      ...schedule
    },
    attachments: await Promise.all(attachments.map(async (attachment) => await attach(api, file, attachment)))
  }
}

/** The file's prices in the tender's unit. Decimals that are none are left to the rules, which name them. */
export function draftPrice ({ baseAmountWon, priceUnitWon, ...price }: WrittenPrice): Price {
  const { decimals } = { ...PRICE_DEFAULTS, ...price }
  const read = (member: string, value: number | string): number => {
    try {
      return fileAmount(value, isPriceDecimals(decimals) ? decimals : 0)
    } catch (error) {
      if (error instanceof InvalidArgumentError) throw new UsageError(`price.${member}: ${error.message}`)
      throw error
    }
  }
  return {
    ...price,
    decimals,
    baseAmountWon: baseAmountWon === null ? null : read('baseAmountWon', baseAmountWon),
    priceUnitWon: read('priceUnitWon', priceUnitWon)
  }
}

/** A balanced price of which the file says no more than that. */
function withReference (written: WrittenComprehensive | null): ComprehensiveRule | null {
  if (written === null) return null
  const { reference, ...rule } = written
  return { ...rule, reference: reference?.kind === 'balanced' ? { ...DEFAULT_BALANCED_PRICE, ...reference } : reference }
}

async function attach (api: Api, file: string, attachment: NonNullable<NoticeFile['attachments']>[number]): Promise<TenderDraft['attachments'][number]> {
  if ('sha256' in attachment) return attachment
  const path = resolve(dirname(file), attachment.path)
  const name = attachment.name ?? basename(path)
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new ClientError('file', `The attachment ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  })
  const { sha256 } = await uploadAttachment(api, { name, bytes: new Uint8Array(bytes) })
  return { name, sha256 }
}

/** What `notice.json.tender` remembers: the tender, the draft as it was sent, and from which text it was made. */
export interface DraftState { tenderId: TenderId, fileSha256: Sha256Hex, draft: TenderDraft }

const stateFile = (file: string): string => `${file}.tender`

export async function fileDigest (context: Context, file: string): Promise<Sha256Hex> {
  return sha256Hex(utf8(await context.readText(file)))
}

/** What this file was drafted as before, or null. */
export async function readState (context: Context, file: string): Promise<DraftState | null> {
  const isThere = await stat(stateFile(file)).then(() => true, () => false)
  return isThere ? await context.readJson<DraftState>(stateFile(file)) : null
}

export async function writeState (file: string, state: DraftState): Promise<void> {
  await writeFile(stateFile(file), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 })
}
