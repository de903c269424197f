/**
 * The public record of an opening: everything that `bongin verify` needs to run it again with no trust in this server.
 * Envelopes that are withdrawn, superseded or out by the technical evaluation stay out of it; their leaves remain.
 */
import { archiveOfRecord } from '../crypto/record-archive.ts'
import { readAgreements } from '../crypto/consortium.ts'
import { parseEnvelope } from '../crypto/envelope.ts'
import { parseJws, type ParsedJws } from '../crypto/jws.ts'
import type { TenderRecord } from '../crypto/record.ts'
import type { TenderId } from '../domain/ids.ts'
import { technicalVoidReasons } from '../domain/technical-opening.ts'
import { formatKst } from '../domain/time.ts'
import { listBids, listWithdrawals, type StoredBid } from '../storage/bids.ts'
import { listContributions } from '../storage/ceremony.ts'
import { getAward, listEvaluations } from '../storage/openings.ts'
import { listExtensions } from '../storage/outages.ts'
import type { Db } from '../storage/prepare.ts'
import { listNotices } from '../storage/tenders.ts'
import type { Context } from './context.ts'
import { cosignedNote, cosignersOf } from './cosign-checkpoint.ts'
import { currentNotice } from './notice-text.ts'
import { readWholeOpening } from './opening-records.ts'
import { readLedger } from './read-tender.ts'
import { certificatesOf } from './signer-certificates.ts'
import { technicalOutcome } from './technical/evaluation.ts'
import { technicalRecord } from './technical/read-technical.ts'
import { notYetOpen, requirePublished } from './tender-access.ts'

/** @throws BonginError `tender-not-found`, `not-yet-open`. */
export async function readRecord (context: Context, tenderId: TenderId): Promise<TenderRecord> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  const opening = await readWholeOpening(context, tenderId)
  if (opening === null || tender.checkpoint === null) throw notYetOpen()
  const bids = await listBids(db, tenderId)
  const notices = (await listNotices(db, tenderId)).map(({ jws }) => jws)
  const contributions = (await listContributions(db, tenderId)).map(({ jws }) => jws)
  const withdrawals = (await listWithdrawals(db, tenderId)).map(({ jws }) => jws)
  const evaluations = (await listEvaluations(db, tenderId)).map(({ jws }) => jws)
  const award = (await getAward(db, tenderId))?.jws ?? null
  const extended = await listExtensions(db, tenderId)
  const earlier = extended.map(({ extension }) => extension.earlierCheckpoint).filter((note) => note !== null)
  const technical = await technicalRecord(db, tender)
  const voidReason = technicalVoidReasons(await technicalOutcome(db, tender))
  const isPublished = ({ state, supplierId }: StoredBid): boolean => state === 'sealed' && voidReason(supplierId) === null
  const published = bids.filter(isPublished)
  const signers = new Set([...published.map(({ thumbprint }) => thumbprint), ...(technical?.signers ?? [])])
  const signed = [
    ...notices.map((jws) => parseJws(jws, 'bongin-notice')),
    ...contributions.map((jws) => parseJws(jws, 'bongin-contribution')),
    ...extended.map(({ outage }) => parseJws(outage.jws, 'bongin-outage')),
    ...withdrawals.map((jws) => parseJws(jws, 'bongin-withdrawal')),
    ...evaluations.map((jws) => parseJws(jws, 'bongin-evaluation')),
    ...(award === null ? [] : [parseJws(award, 'bongin-award')])
  ]
  for (const { thumbprint } of [...signed, ...await agreementsIn(db, tenderId, published)]) if (thumbprint !== null) signers.add(thumbprint)
  const { name, rootPem, issuingPem, keysJws } = context.platform
  return {
    v: 1,
    type: 'bongin-record',
    platform: { name, rootCertificate: rootPem, issuingCertificate: issuingPem, keys: keysJws },
    certificates: await certificatesOf(context, signers),
    notices,
    contributions,
    sealedPrices: tender.sealedPrices,
    outages: extended.map(({ outage }) => outage.jws),
    earlierCheckpoints: await Promise.all(earlier.map(async (note) => await cosignedNote(db, note))),
    checkpoint: await cosignedNote(db, tender.checkpoint),
    cosigners: await cosignersOf(db, [...earlier, tender.checkpoint]),
    leaves: bids.map(({ supplierId, envelopeSha256, acceptedAt, state }) => ({
      supplierId,
      envelopeSha256,
      acceptedAt: formatKst(acceptedAt),
      state
    })),
    envelopes: bids.map((bid) => (isPublished(bid) ? bid.envelope.toString('latin1') : null)),
    withdrawals,
    technical: technical?.record ?? null,
    opening: opening.record,
    evaluations,
    award,
    ledger: await readLedger(context, tenderId)
  }
}

/** The same as one file. @throws BonginError as `readRecord`, and `archive-too-large`. */
export async function readRecordArchive (context: Context, tenderId: TenderId): Promise<Uint8Array> {
  return await archiveOfRecord(await readRecord(context, tenderId))
}

/** The members' consents in the bids that are published. */
async function agreementsIn (db: Db, tenderId: TenderId, bids: readonly StoredBid[]): Promise<ParsedJws[]> {
  if ((await currentNotice(db, tenderId)).terms.jointBids === null) return []
  return bids.flatMap(({ envelope }) => {
    const { payload: { consortium, supplierId } } = parseEnvelope(envelope)
    return consortium === undefined ? [] : readAgreements({ ...consortium, tenderId, leaderId: supplierId }).map(({ jws }) => jws)
  })
}
