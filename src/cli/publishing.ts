/** Publishing a notice file step by step: every call does what can be done now, and says what is missing. */
import type { Api } from '../client/api.ts'
import { contribute, draftTender, missingMembers, publish, readCeremony, sealAgencyPrices, updateDraft } from '../client/ceremony.ts'
import type { Identity } from '../client/identity.ts'
import type { Platform } from '../client/platform.ts'
import type { TenderDraft } from '../domain/draft.ts'
import type { OfficerId, TenderId } from '../domain/ids.ts'
import { sealsPrices } from '../domain/draw.ts'
import type { PriceDecimals, PriceMethod } from '../domain/notice.ts'
import type { TenderState } from '../domain/tender.ts'
import type { Context } from './context.ts'
import { fileDigest, readDraft, readState, writeState, type NoticeFile } from './draft-file.ts'
import { UsageError } from './exit-codes.ts'
import { fileAmount } from './values.ts'

export interface Session { api: Api, identity: Identity, platform: Platform }

export interface Drafted { id: TenderId, draft: TenderDraft, isNew: boolean }

/**
 * Drafts the file, or brings the draft up to date with it.
 * @param part what of the file this tender is, and under which name its state is kept; the whole file unless told otherwise.
 */
export async function bringDraft (
  context: Context, session: Session, file: string, part: { name: string, written: NoticeFile } | null = null
): Promise<Drafted> {
  const name = part?.name ?? file
  const state = await readState(context, name)
  const fileSha256 = await fileDigest(context, file)
  if (state !== null && state.fileSha256 === fileSha256) return { id: state.tenderId, draft: state.draft, isNew: false }
  const draft = await readDraft(context, { file, written: part?.written, ...session })
  if (state !== null) await updateDraft(session.api, { tenderId: state.tenderId, draft })
  const id = state?.tenderId ?? await draftTender(session.api, draft)
  await writeState(name, { tenderId: id, fileSha256, draft })
  return { id, draft, isNew: state === null }
}

/** How far a tender has come. */
export type Step =
  { published: false, missing: OfficerId[] } |
  { published: true, state: TenderState, now: null } |
  { published: true, state: TenderState, now: { revision: string, publishedAt: string, witness: OfficerId | null } }

/** As far as it goes now. `prices` is asked for just when the agency's prices are to be sealed. */
export async function publishStep (context: Context, { api, identity, platform }: Session, { id, draft, prices }: {
  id: TenderId, draft: TenderDraft, prices: () => Promise<number[]>
}): Promise<Step> {
  const now = context.io.now()
  const before = await readCeremony(api, id)
  if (before.state !== 'draft') return { published: true, state: before.state, now: null }
  const { repeated } = await contribute(api, platform, { identity, tenderId: id, now })
  if (!repeated) context.out.note(`Contributed to the key of ${id}.`)
  const ceremony = await readCeremony(api, id)
  const missing = missingMembers(ceremony)
  if (missing.length > 0) return { published: false, missing }
  if (sealsPrices(draft.price.method) && ceremony.sealedPrices === null) {
    await sealAgencyPrices(api, platform, { tenderId: id, prices: await prices(), now })
    context.out.note('Sealed the agency\'s prices.')
  }
  const { state, revision, publishedAt } = await publish(api, platform, { identity, tenderId: id, expected: draft, now })
  const witness = ceremony.members.find(({ role }) => role === 'witness')?.officerId ?? null
  return { published: true, state, now: { revision, publishedAt, witness } }
}

/** The agency's prices in the tender's unit, out of a JSON list of won: numbers, or text where the tender has decimals. */
export async function readPriceList (context: Context, { file, decimals }: { file: string, decimals: PriceDecimals }): Promise<number[]> {
  const prices = priceList(await context.readJson<unknown>(file), decimals)
  if (prices !== null) return prices
  throw new UsageError(`${file} must be a JSON list of prices in won.`)
}

/** null for what is no list. @throws InvalidArgumentError for a price that is none of this tender. */
export function priceList (value: unknown, decimals: PriceDecimals): number[] | null {
  return Array.isArray(value) ? value.map((price) => fileAmount(price, decimals)) : null
}

export function pricesMissing (method: PriceMethod): UsageError {
  return new UsageError(`The price method ${method} needs the agency's prices: add --prices prices.json.`)
}
