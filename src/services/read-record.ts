/**
 * The public record of an opening: everything that `bongin verify` needs to run it again with no trust in this server.
 * Withdrawn and superseded envelopes stay out of it; their leaves remain.
 */
import { parseJws } from '../crypto/jws.ts'
import type { TenderRecord } from '../crypto/record.ts'
import type { TenderId } from '../domain/ids.ts'
import type { OpeningRecord } from '../domain/opening.ts'
import { formatKst } from '../domain/time.ts'
import { listBids, listWithdrawals } from '../storage/bids.ts'
import { listContributions } from '../storage/ceremony.ts'
import { getAward, getOpening, listEvaluations } from '../storage/openings.ts'
import { listNotices } from '../storage/tenders.ts'
import type { Context } from './context.ts'
import { notYetOpen, readLedger } from './read-tender.ts'
import { certificatesOf } from './signer-certificates.ts'
import { requirePublished } from './tender-access.ts'

/** @throws BonginError `tender-not-found`, `not-yet-open`. */
export async function readRecord (context: Context, tenderId: TenderId): Promise<TenderRecord> {
  const db = context.db.read
  const tender = await requirePublished(db, tenderId)
  const opening = await getOpening(db, tenderId)
  if (opening === null || tender.checkpoint === null) throw notYetOpen()
  const bids = await listBids(db, tenderId)
  const notices = (await listNotices(db, tenderId)).map(({ jws }) => jws)
  const contributions = (await listContributions(db, tenderId)).map(({ jws }) => jws)
  const withdrawals = (await listWithdrawals(db, tenderId)).map(({ jws }) => jws)
  const evaluations = (await listEvaluations(db, tenderId)).map(({ jws }) => jws)
  const award = (await getAward(db, tenderId))?.jws ?? null
  const signers = new Set(bids.filter(({ state }) => state === 'sealed').map(({ thumbprint }) => thumbprint))
  const signed = [
    ...notices.map((jws) => parseJws(jws, 'bongin-notice')),
    ...contributions.map((jws) => parseJws(jws, 'bongin-contribution')),
    ...withdrawals.map((jws) => parseJws(jws, 'bongin-withdrawal')),
    ...evaluations.map((jws) => parseJws(jws, 'bongin-evaluation')),
    ...(award === null ? [] : [parseJws(award, 'bongin-award')])
  ]
  for (const { thumbprint } of signed) if (thumbprint !== null) signers.add(thumbprint)
  const { name, rootPem, issuingPem, keysJws } = context.platform
  return {
    v: 1,
    type: 'bongin-record',
    platform: { name, rootCertificate: rootPem, issuingCertificate: issuingPem, keys: keysJws },
    certificates: await certificatesOf(context, signers),
    notices,
    contributions,
    sealedPrices: tender.sealedPrices,
    checkpoint: tender.checkpoint,
    leaves: bids.map(({ supplierId, envelopeSha256, acceptedAt, state }) => ({
      supplierId,
      envelopeSha256,
      acceptedAt: formatKst(acceptedAt),
      state
    })),
    envelopes: bids.map(({ state, envelope }) => (state === 'sealed' ? envelope.toString('latin1') : null)),
    withdrawals,
    opening: JSON.parse(opening.record) as OpeningRecord,
    evaluations,
    award,
    ledger: await readLedger(context, tenderId)
  }
}
