/**
 * The opening, `open(notice, closing record, envelopes, seeds) → record`: pure, the same in the server, in `verify` and in
 * the tests, down to the last byte. Everything committed to is checked (terms, closing root, envelopes, seeds, the agency's
 * prices), and a difference there stops the opening, because then it is not the tender that was bid on. No bid can stop it:
 * what does not open, parse or match is void, with its reason, and the rest goes on. Bids come as a stream and stay as columns.
 * Runs in a browser.
 */
import { type BidColumns, DIGEST_BYTES, makeColumns } from '../domain/bid-columns.ts'
import { derivePreliminaryPrices, drawsPrices } from '../domain/draw.ts'
import { BonginError } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import type { NoticeTerms } from '../domain/notice.ts'
import { type RankedBids, rankBids } from '../domain/open-tender.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import { rowsOf } from '../domain/opening-rows.ts'
import { ruleSetNamed } from '../domain/rule-sets.ts'
import type { TechnicalOutcome } from '../domain/technical-opening.ts'
import { concat, fromBase64url, fromHex, sha256Hex, toBase64url, toHex } from './bytes.ts'
import { canonicalBytes } from './canonical-json.ts'
import { priceSource, tieSource } from './draws.ts'
import { bidInfo } from './envelope.ts'
import { openBase } from './hpke.ts'
import { packedMerkleRoot } from './merkle-packed.ts'
import { type Expected, OTHER_ENVELOPE, openLeaves, type OpenedLeaves, type OpeningLeaf, type OpenJob } from './open-leaves.ts'
import { decodePrices, pricesInfo, sealedPricesSha256 } from './sealed-prices.ts'
import type { Sealed } from './sealed.ts'
import { openTenderKey, type HolderSeed, type TenderPrivateKey } from './tender-key.ts'

/** Bids in a slice, a power of two, so that a slice is a subtree of the closing record: at some 40 µs each about 20 ms of a thread's work. */
export const SLICE_BIDS = 512
/** Slices of one opening that are under way: bounds its memory, and leaves room for other openings in between. */
export const MAX_SLICES_UNDER_WAY = 8

export interface OpeningInput {
  terms: NoticeTerms
  termsSha256: Sha256Hex
  closing: { rootSha256: Sha256Hex, size: number }
  leaves: readonly OpeningLeaf[]
  sealedPrices: Sealed | null
  /** What the technical evaluation came to; null where there is one envelope. A price envelope that it leaves out is not needed. */
  technical: TechnicalOutcome | null
  holderSeeds: readonly HolderSeed[]
}

/**
 * Some accepted bids, wherever they are and whoever opens them: this thread or another one that reads them itself. All
 * slices of a tender have the same count, a power of two; the last may have less.
 */
export interface LeafSlice { count: number, open: (job: OpenJob) => Promise<OpenedLeaves> }

/** The same with its bids in slices, in order. */
export type StreamedOpening = Omit<OpeningInput, 'leaves'> & { slices: Iterable<LeafSlice> }

export interface OpeningOptions {
  /** Bids opened so far. */
  onProgress?: ((done: number) => void) | undefined
  signal?: AbortSignal | undefined
  /** Long steps of this thread wait for it now and then, so that others get their turn. */
  turn?: (() => Promise<void>) | undefined
}

/** An opening record whose rows are still columns. */
export interface ComputedOpening { head: Omit<OpeningRecord, 'rows'>, ranked: RankedBids }

/**
 * @throws BonginError `verification-failed` where terms, closing record, envelopes or sealed prices are not the ones
 *   committed to; `reveal-mismatch` where the seeds are not those of the notice's holders. The field names the place.
 */
export async function computeOpening ({ leaves, ...input }: OpeningInput, options: OpeningOptions = {}): Promise<OpeningRecord> {
  const { head, ranked } = await streamOpening({ ...input, slices: slicesOf(leaves) }, options)
  return { ...head, rows: [...rowsOf(ranked)] }
}

/** Slices that are opened on this thread. */
export function * slicesOf (leaves: readonly OpeningLeaf[], sliceBids = SLICE_BIDS): Generator<LeafSlice> {
  for (let from = 0; from < leaves.length; from += sliceBids) {
    const slice = leaves.slice(from, from + sliceBids)
    yield { count: slice.length, open: async (job) => openLeaves(slice, job) }
  }
}

/** @throws as `computeOpening`; the signal's reason once it is aborted. */
export async function streamOpening (input: StreamedOpening, options: OpeningOptions = {}): Promise<ComputedOpening> {
  const { terms, termsSha256, closing } = input
  checkCommitments(input)
  const key = openTenderKey({ terms, kind: 'price', holderSeeds: input.holderSeeds })
  const columns = await openColumns(input, key.opening, options)
  await options.turn?.()
  const ranked = rankBids(columns, {
    terms,
    preliminaryPricesWon: preliminaryPrices(input, key),
    tieSource: tieSource({ jointPrivateKey: key.joint, closingRoot: fromHex(closing.rootSha256) }),
    competition: ruleSetNamed(terms.ruleSet).competition
  })
  const { prices, outcome, outcomeReason, tieOrder } = ranked
  const head: ComputedOpening['head'] = {
    v: 1,
    type: 'bongin-opening',
    tenderId: terms.tenderId,
    termsSha256,
    closing: { rootSha256: closing.rootSha256, size: closing.size },
    jointPrivateKey: toBase64url(key.joint),
    holderSeeds: key.seeds.map(({ holderId, seed }) => ({ holderId, seed: toBase64url(seed) })),
    prices,
    outcome,
    outcomeReason,
    tieOrder
  }
  return { head, ranked }
}

/** What every bid of a tender must say, inside its seal and outside. */
export function expectedOf ({ tenderId, price, unitPrices }: NoticeTerms, termsSha256: Sha256Hex): Expected {
  const schedule = { lines: unitPrices.map(({ quantity }) => ({ quantity })), decimals: price.decimals }
  return { tenderId, termsSha256, drawsPrices: drawsPrices(price.method), schedule }
}

function checkCommitments ({ terms, termsSha256, sealedPrices, technical }: StreamedOpening): void {
  if (sha256Hex(canonicalBytes(terms)) !== termsSha256) throw differs('/terms')
  const committed = terms.price.sealedPricesSha256
  if ((sealedPrices === null ? null : sealedPricesSha256(sealedPrices)) !== committed) throw differs('/sealedPrices')
  if ((technical !== null) !== (terms.technical !== null)) throw differs('/technical')
}

/** Numbered prices for `openTender`, or null where the agency's sealed ones do not open to prices at all. */
function preliminaryPrices ({ terms, termsSha256, sealedPrices }: StreamedOpening, key: TenderPrivateKey): readonly number[] | null {
  switch (terms.price.method) {
    case 'none': return []
    case 'multiple-derived': return derivePreliminaryPrices(terms.price, priceSource({ jointPrivateKey: key.joint, termsSha256 }))
    case 'multiple-sealed':
    case 'single-sealed': return sealedPrices === null ? null : openPrices({ terms, sealedPrices, privateKey: key.opening })
  }
}

function openPrices ({ terms, sealedPrices, privateKey }: { terms: NoticeTerms, sealedPrices: Sealed, privateKey: Uint8Array }): number[] | null {
  const info = pricesInfo({ tenderId: terms.tenderId, publicKey: fromBase64url(terms.key.publicKey) })
  const enc = fromBase64url(sealedPrices.enc)
  const plaintext = openBase({ privateKey, enc, info, aad: new Uint8Array(0), ciphertext: fromBase64url(sealedPrices.ciphertext) })
  return plaintext === null ? null : decodePrices(plaintext)
}

const NO_ROOT = new Uint8Array(DIGEST_BYTES)

/** Every slice in its place, whatever order they are done in. */
async function openColumns (input: StreamedOpening, privateKey: Uint8Array, { onProgress, signal }: OpeningOptions): Promise<BidColumns> {
  const { terms, termsSha256, closing, technical } = input
  const columns = makeColumns(closing.size)
  const roots: Uint8Array[] = []
  const job: OpenJob = {
    privateKey,
    info: bidInfo({ tenderId: terms.tenderId, termsSha256, publicKey: fromBase64url(terms.key.publicKey) }),
    expected: expectedOf(terms, termsSha256),
    technical
  }
  const underWay = new Set<Promise<void>>()
  // The first one counts: a slice that failed has left the set by the time anybody looks.
  const failures: unknown[] = []
  let from = 0
  let done = 0
  try {
    for (const { count, open } of input.slices) {
      signal?.throwIfAborted()
      const place = from
      const number = roots.push(NO_ROOT) - 1
      from += count
      if (from > closing.size) throw differs('/closing/size')
      const slice = open(job)
        .then((opened) => {
          keep(columns, opened, place)
          roots[number] = opened.root
          onProgress?.(done += count)
        })
        .catch((error: unknown) => { failures.push(error) })
        .finally(() => underWay.delete(slice))
      underWay.add(slice)
      if (underWay.size >= MAX_SLICES_UNDER_WAY) await Promise.race(underWay)
      if (failures.length > 0) break
    }
  } finally {
    await Promise.all(underWay)
  }
  signal?.throwIfAborted()
  if (failures.length > 0) throw failures[0]
  if (from !== closing.size) throw differs('/closing/size')
  if (toHex(packedMerkleRoot(concat(...roots))) !== closing.rootSha256) throw differs('/closing/rootSha256')
  const other = columns.outcomes.indexOf(OTHER_ENVELOPE)
  if (other >= 0) throw differs(`/leaves/${other}/envelope`)
  return columns
}

function keep (columns: BidColumns, opened: OpenedLeaves, place: number): void {
  columns.outcomes.set(opened.outcomes, place)
  columns.amounts.set(opened.amounts, place)
  columns.picks.set(opened.picks, 2 * place)
  columns.supplierIds.set(opened.supplierIds, place)
  columns.acceptedAt.set(opened.acceptedAt, place)
  columns.digests.set(opened.digests, DIGEST_BYTES * place)
  for (const [index, members] of opened.members) columns.members.set(place + index, members)
}

function differs (field: string): BonginError {
  return new BonginError('verification-failed', {
    field,
    detail: `The value at ${field} is not the one that was committed to.`,
    detailKo: `${field} 값이 사전에 확정된 값과 다릅니다.`
  })
}
