/**
 * The opening, `open(notice, closing record, envelopes, seeds) → record`: pure, the same in the server, in `verify` and in
 * the tests, down to the last byte. First everything committed to is checked (terms, closing root, envelopes, seeds, the
 * agency's prices), and a difference there stops the opening, because then it is not the tender that was bid on. After
 * that no bid can stop it: what does not open, parse or match is void, with its reason, and the rest goes on.
 */
import type { OpenedBid, VoidReason } from '../domain/bid.ts'
import type { ConsortiumShare } from '../domain/consortium.ts'
import { derivePreliminaryPrices } from '../domain/draw.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import type { Instant, Sha256Hex, SupplierId } from '../domain/ids.ts'
import type { NoticeTerms, PriceMethod } from '../domain/notice.ts'
import { openTender } from '../domain/open-tender.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import { ruleSetNamed } from '../domain/rule-sets.ts'
import { technicalVoidReason, type TechnicalOutcome } from '../domain/technical-opening.ts'
import { type Bytes, fromBase64url, fromHex, sha256Hex, toBase64url, toHex } from './bytes.ts'
import { canonicalBytes } from './canonical-json.ts'
import { priceSource, tieSource } from './draws.ts'
import { bidInfo, type Envelope, parseEnvelope } from './envelope.ts'
import { openBase } from './hpke.ts'
import { merkleRoot } from './merkle.ts'
import { type OpenBids, openedBidAt, packBids } from './open-bids.ts'
import { receiptLeafHash } from './receipt.ts'
import { decodePrices, pricesInfo, sealedPricesSha256 } from './sealed-prices.ts'
import type { Sealed } from './sealed.ts'
import { openTenderKey, type HolderSeed, type TenderPrivateKey } from './tender-key.ts'

/** One accepted bid, in order of acceptance. */
export interface OpeningLeaf {
  supplierId: SupplierId
  envelopeSha256: Sha256Hex
  acceptedAt: Instant
  /** Not in the tree: whoever calls must hold the signed withdrawal, or the change of terms that superseded the bid. */
  state: 'sealed' | 'withdrawn' | 'superseded'
  /** The compact JWS; needed for a sealed bid, never looked at for the others. */
  envelope: Uint8Array | null
}

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
 * @throws BonginError `verification-failed` where terms, closing record, envelopes or sealed prices are not the ones
 *   committed to; `reveal-mismatch` where the seeds are not those of the notice's holders. The field names the place.
 */
export async function computeOpening (input: OpeningInput, openBids: OpenBids): Promise<OpeningRecord> {
  const { terms, termsSha256, closing } = input
  checkCommitments(input)
  const key = openTenderKey({ terms, kind: 'price', holderSeeds: input.holderSeeds })
  const bids = await openLeaves(input, key.opening, openBids)
  return {
    v: 1,
    type: 'bongin-opening',
    tenderId: terms.tenderId,
    termsSha256,
    closing: { rootSha256: closing.rootSha256, size: closing.size },
    jointPrivateKey: toBase64url(key.joint),
    holderSeeds: key.seeds.map(({ holderId, seed }) => ({ holderId, seed: toBase64url(seed) })),
    ...openTender({
      terms,
      bids,
      preliminaryPricesWon: preliminaryPrices(input, key),
      tieSource: tieSource({ jointPrivateKey: key.joint, closingRoot: fromHex(closing.rootSha256) }),
      competition: ruleSetNamed(terms.ruleSet).competition
    })
  }
}

/** What the ledger commits to and `bongin verify` must reproduce. */
export function openingRecordBytes (record: OpeningRecord): Bytes {
  return canonicalBytes(record)
}

/** Whether bidders pick numbers under this price method. */
export function drawsPrices (method: PriceMethod): boolean {
  return method === 'multiple-derived' || method === 'multiple-sealed'
}

function checkCommitments ({ terms, termsSha256, closing, leaves, sealedPrices, technical }: OpeningInput): void {
  if (sha256Hex(canonicalBytes(terms)) !== termsSha256) throw differs('/terms')
  if (leaves.length !== closing.size) throw differs('/closing/size')
  const root = merkleRoot(leaves.map((leaf) => receiptLeafHash({ ...leaf, tenderId: terms.tenderId })))
  if (toHex(root) !== closing.rootSha256) throw differs('/closing/rootSha256')
  const committed = terms.price.sealedPricesSha256
  if ((sealedPrices === null ? null : sealedPricesSha256(sealedPrices)) !== committed) throw differs('/sealedPrices')
  if ((technical !== null) !== (terms.technical !== null)) throw differs('/technical')
  leaves.forEach((leaf, i) => {
    const { envelope, envelopeSha256 } = leaf
    if (shutOut(leaf, technical) !== null) return
    if (envelope === null || sha256Hex(envelope) !== envelopeSha256) throw differs(`/leaves/${i}/envelope`)
  })
}

/** Why a bid is void before its price envelope is looked at, or null. */
function shutOut ({ state, supplierId }: OpeningLeaf, technical: TechnicalOutcome | null): VoidReason | null {
  if (state !== 'sealed') return state
  return technical === null ? null : technicalVoidReason(technical, supplierId)
}

/** Numbered prices for `openTender`, or null where the agency's sealed ones do not open to prices at all. */
function preliminaryPrices ({ terms, termsSha256, sealedPrices }: OpeningInput, key: TenderPrivateKey): readonly number[] | null {
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

async function openLeaves (input: OpeningInput, privateKey: Uint8Array, openBids: OpenBids): Promise<OpenedBid[]> {
  const { terms, termsSha256, leaves } = input
  const candidates = leaves.map((leaf) => candidateOf(leaf, input))
  const envelopes = candidates.filter((candidate) => typeof candidate !== 'string')
  const slice = await openBids({
    privateKey,
    info: bidInfo({ tenderId: terms.tenderId, termsSha256, publicKey: fromBase64url(terms.key.publicKey) }),
    expected: {
      tenderId: terms.tenderId,
      termsSha256,
      drawsPrices: drawsPrices(terms.price.method),
      schedule: { lines: terms.unitPrices.map(({ quantity }) => ({ quantity })), decimals: terms.price.decimals }
    },
    bids: packBids(envelopes)
  })
  invariant(slice.outcomes.length === envelopes.length, 'an outcome for every bid handed over')
  let next = 0
  return leaves.map(({ supplierId, envelopeSha256, acceptedAt }, leafIndex): OpenedBid => {
    const candidate = candidates[leafIndex]
    const members = typeof candidate === 'object' ? sharesOf(candidate) : []
    const bid = { leafIndex, supplierId, envelopeSha256, acceptedAt, members }
    return typeof candidate === 'string' ? { ...bid, outcome: 'void', reason: candidate } : { ...bid, ...openedBidAt(slice, next++) }
  })
}

/** The envelope to open, or why the bid is void without that. */
function candidateOf (leaf: OpeningLeaf, { terms, termsSha256, technical }: OpeningInput): Envelope | VoidReason {
  const { supplierId, envelope } = leaf
  const reason = shutOut(leaf, technical)
  if (reason !== null) return reason
  invariant(envelope !== null, 'a sealed bid has its envelope')
  try {
    const parsed = parseEnvelope(envelope)
    const { payload } = parsed
    const fits = payload.supplierId === supplierId && payload.tenderId === terms.tenderId && payload.termsSha256 === termsSha256
    return fits ? parsed : 'mismatched-plaintext'
  } catch (error) {
    // The intake parses every envelope, so this one came by another way; one bad bid still stops nothing.
    if (error instanceof BonginError) return 'undecryptable'
    throw error
  }
}

/** Shares as the leader signed them; agreements are the intake's and the verifier's business. */
function sharesOf ({ payload: { consortium } }: Envelope): ConsortiumShare[] {
  return consortium?.members.map(({ supplierId, sharePpm }) => ({ supplierId, sharePpm })) ?? []
}

function differs (field: string): BonginError {
  return new BonginError('verification-failed', {
    field,
    detail: `The value at ${field} is not the one that was committed to.`,
    detailKo: `${field} 값이 사전에 확정된 값과 다릅니다.`
  })
}
