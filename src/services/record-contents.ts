/**
 * What the public record of an opening is made of. What grows with the number of bids (certificates, leaves, envelopes, the opening's
 * rows) is read a part at a time and never as a whole; none of it changes once the tender is open. Envelopes that are withdrawn,
 * superseded or out by the technical evaluation stay out of the record; their leaves remain.
 */
import { readAgreements } from '../crypto/consortium.ts'
import { parseEnvelope } from '../crypto/envelope.ts'
import { parseJws, type ParsedJws } from '../crypto/jws.ts'
import { toPem } from '../crypto/pem.ts'
import type { RecordLeaf, TenderRecord } from '../crypto/record.ts'
import { invariant } from '../domain/errors.ts'
import type { TenderId, Thumbprint } from '../domain/ids.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import { technicalVoidReasons } from '../domain/technical-opening.ts'
import { formatKst } from '../domain/time.ts'
import { bidsByNumber, listBidFacts, listBidNumbers, listWithdrawals, type BidFacts } from '../storage/bids.ts'
import { listContributions } from '../storage/ceremony.ts'
import { listCertificates } from '../storage/certificates.ts'
import { getAward, getOpening, listEvaluations, type StoredOpening } from '../storage/openings.ts'
import { listExtensions } from '../storage/outages.ts'
import type { Db } from '../storage/prepare.ts'
import { listNotices } from '../storage/tenders.ts'
import type { Context } from './context.ts'
import { cosignedNote, cosignersOf } from './cosign-checkpoint.ts'
import { currentNotice } from './notice-text.ts'
import { readLedger } from './read-tender.ts'
import { technicalOutcome } from './technical/evaluation.ts'
import { technicalRecord } from './technical/read-technical.ts'
import { notYetOpen, requirePublished } from './tender-access.ts'
import { turn } from './turn.ts'

/** Rows read before the event loop gets its turn: some 5 ms. */
const ROWS_A_TURN = 256

export interface RecordedBid extends BidFacts { isPublished: boolean }

export interface RecordContents {
  /** The record without certificates, leaves, envelopes and rows of the opening, in the order in which it is written. */
  head: TenderRecord
  opening: StoredOpening
  /** Whose certificates it has, sorted. */
  signers: Thumbprint[]
  /** In order of acceptance. */
  bids: RecordedBid[]
}

/** @throws BonginError `tender-not-found`, `not-yet-open`. */
export async function readRecordContents (context: Context, tenderId: TenderId): Promise<RecordContents> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  const opening = await getOpening(db, tenderId)
  if (opening === null || tender.checkpoint === null) throw notYetOpen()
  const notices = (await listNotices(db, tenderId)).map(({ jws }) => jws)
  const contributions = (await listContributions(db, tenderId)).map(({ jws }) => jws)
  const withdrawals = (await listWithdrawals(db, tenderId)).map(({ jws }) => jws)
  const evaluations = (await listEvaluations(db, tenderId)).map(({ jws }) => jws)
  const award = (await getAward(db, tenderId))?.jws ?? null
  const extended = await listExtensions(db, tenderId)
  const earlier = extended.map(({ extension }) => extension.earlierCheckpoint).filter((note) => note !== null)
  const technical = await technicalRecord(db, tender)
  const { name, rootPem, issuingPem, keysJws } = context.platform
  const head: TenderRecord = {
    v: 1,
    type: 'bongin-record',
    platform: { name, rootCertificate: rootPem, issuingCertificate: issuingPem, keys: keysJws },
    certificates: [],
    notices,
    contributions,
    sealedPrices: tender.sealedPrices,
    outages: extended.map(({ outage }) => outage.jws),
    earlierCheckpoints: await Promise.all(earlier.map(async (note) => await cosignedNote(db, note))),
    checkpoint: await cosignedNote(db, tender.checkpoint),
    cosigners: await cosignersOf(db, [...earlier, tender.checkpoint]),
    leaves: [],
    envelopes: [],
    withdrawals,
    technical: technical?.record ?? null,
    opening: JSON.parse(opening.frame) as OpeningRecord,
    evaluations,
    award,
    ledger: await readLedger(context, tenderId)
  }
  const voidReason = technicalVoidReasons(await technicalOutcome(db, tender))
  const bids: RecordedBid[] = []
  for await (const some of eachBid(db, tenderId)) {
    for (const bid of some) bids.push({ ...bid, isPublished: bid.state === 'sealed' && voidReason(bid.supplierId) === null })
  }
  const signers = new Set(technical?.signers)
  for (const { thumbprint, isPublished } of bids) if (isPublished) signers.add(thumbprint)
  for await (const { thumbprint } of signedIn(db, tenderId, { head, bids })) if (thumbprint !== null) signers.add(thumbprint)
  return { head, opening, signers: [...signers].sort(), bids }
}

async function * eachBid (db: Db, tenderId: TenderId): AsyncGenerator<BidFacts[]> {
  const bidNumbers = await listBidNumbers(db, tenderId)
  for await (const numbers of parts(bidNumbers)) yield await listBidFacts(db, numbers)
}

/** The documents of the record that certificates belong to, bids apart: consents of joint bids' members among them. */
async function * signedIn (db: Db, tenderId: TenderId, { head, bids }: Pick<RecordContents, 'head' | 'bids'>): AsyncGenerator<ParsedJws> {
  for (const jws of head.notices) yield parseJws(jws, 'bongin-notice')
  for (const jws of head.contributions) yield parseJws(jws, 'bongin-contribution')
  for (const jws of head.outages) yield parseJws(jws, 'bongin-outage')
  for (const jws of head.withdrawals) yield parseJws(jws, 'bongin-withdrawal')
  for (const jws of head.evaluations) yield parseJws(jws, 'bongin-evaluation')
  if (head.award !== null) yield parseJws(head.award, 'bongin-award')
  if ((await currentNotice(db, tenderId)).terms.jointBids === null) return
  for await (const envelopes of eachEnvelope(db, bids)) {
    for (const envelope of envelopes) {
      if (envelope === null) continue
      const { payload: { consortium, supplierId } } = parseEnvelope(envelope)
      if (consortium !== undefined) yield * readAgreements({ ...consortium, tenderId, leaderId: supplierId }).map(({ jws }) => jws)
    }
  }
}

export function leafOf ({ supplierId, envelopeSha256, acceptedAt, state }: RecordedBid): RecordLeaf {
  return { supplierId, envelopeSha256, acceptedAt: formatKst(acceptedAt), state }
}

/** By leaf index, some at a time; null where the envelope is never published. */
export async function * eachEnvelope (db: Db, bids: readonly RecordedBid[]): AsyncGenerator<Array<string | null>> {
  for await (const some of parts(bids)) {
    const rows = bidsByNumber(db, Float64Array.from(some, ({ bidNo }) => bidNo))
    yield some.map(({ isPublished }, i) => isPublished ? rows[i]?.envelope ?? null : null)
  }
}

/** PEM in the order of the thumbprints, some at a time. */
export async function * eachCertificate (db: Db, signers: readonly Thumbprint[]): AsyncGenerator<string[]> {
  for await (const some of parts(signers)) {
    const stored = await listCertificates(db, some)
    invariant(stored.length === some.length, 'every signer has a certificate on record')
    yield stored.map(({ der }) => toPem(der))
  }
}

async function * parts<List extends { length: number, slice: (from: number, to: number) => List }> (list: List): AsyncGenerator<List> {
  for (let from = 0; from < list.length; from += ROWS_A_TURN) {
    yield list.slice(from, from + ROWS_A_TURN)
    await turn()
  }
}
