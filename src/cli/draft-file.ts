/**
 * The notice file of an officer (`notice.json`): a tender's draft, where what goes without saying may be left out, and
 * attachments are named by path. Beside it `tender publish` keeps what it has done so far (`notice.json.tender`), so that
 * it can be run again until the tender is published.
 */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import { ClientError, type Identity } from '../client/identity.ts'
import { uploadAttachment } from '../client/ceremony.ts'
import type { Api } from '../client/api.ts'
import type { TenderDraft } from '../domain/draft.ts'
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import type { OfficerId, Sha256Hex, TenderId } from '../domain/ids.ts'
import { formatKst, HOUR_MS, parseInstant } from '../domain/time.ts'
import type { Context } from './context.ts'
import { UsageError } from './exit-codes.ts'

/** Everything optional has its default here; `path` is relative to the notice file. */
type Written<T, Optional extends keyof T> = Omit<T, Optional> & Partial<Pick<T, Optional>>
export type NoticeFile = Omit<Written<TenderDraft,
'referenceNo' | 'aValueWon' | 'netCostWon' | 'eligibilityReview' | 'previousTenderId' | 'changeReason'>,
'committee' | 'schedule' | 'attachments' | 'eligibility'> & {
  committee: Written<TenderDraft['committee'], 'executing' | 'recovery' | 'threshold'>
  schedule: Written<TenderDraft['schedule'], 'questionsFrom' | 'questionsUntil' | 'opensAt'>
  eligibility?: Partial<TenderDraft['eligibility']>
  attachments?: Array<{ name?: string, path: string } | TenderDraft['attachments'][number]>
}

const DEFAULT_THRESHOLD = 2

/** Reads the file, uploads what it attaches, and fills in what was left out. */
export async function readDraft (context: Context, { file, api, identity }: { file: string, api: Api, identity: Identity }): Promise<TenderDraft> {
  const written = await context.readJson<NoticeFile>(file)
  if (typeof written !== 'object' || written === null || written.schedule === undefined || written.committee === undefined) {
    throw new UsageError(`${file} is no notice: it needs "schedule" and "committee". An example: bongin tender example`)
  }
  const closesAt = parseInstant(written.schedule.closesAt, '/schedule/closesAt')
  const { committee, schedule, eligibility, attachments = [], ...rest } = written
  return {
    referenceNo: '',
    aValueWon: 0,
    netCostWon: null,
    eligibilityReview: null,
    previousTenderId: null,
    changeReason: '',
    ...rest,
    eligibility: { linesOfBusiness: [], regions: [], ...eligibility },
    committee: { executing: identity.holderId as OfficerId, recovery: [], threshold: DEFAULT_THRESHOLD, ...committee },
    // KONEPS opens an hour after the closing; questions may be asked until then.
    schedule: {
      questionsFrom: formatKst(context.io.now()), questionsUntil: formatKst(closesAt), opensAt: formatKst(closesAt + HOUR_MS), ...schedule
    },
    attachments: await Promise.all(attachments.map(async (attachment) => await attach(api, file, attachment)))
  }
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

/** What `tender example` prints. */
export function exampleNotice (closesAt: number): NoticeFile {
  return {
    title: '청사 보수공사',
    kind: 'works',
    method: 'restricted-lowest',
    estimatedPriceWon: 26_980_000,
    price: { method: 'multiple-derived', baseAmountWon: 29_678_000, rangePpm: 30_000, slotPlan: 'upper-7', priceUnitWon: 100, plannedPriceRounding: 'up-1' },
    floorRatePpm: 880_000,
    eligibility: { linesOfBusiness: [], regions: [] },
    contact: { name: '담당자', phone: '02-000-0000', email: 'officer@example.kr' },
    attachments: [],
    committee: { witness: 'O00000002' as OfficerId, recovery: [] },
    schedule: { closesAt: formatKst(closesAt) }
  }
}
