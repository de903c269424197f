/**
 * The revocation list of the issuing authority (인증서 폐지 목록, RFC 5280 §5). A list is signed once and kept until a certificate
 * is revoked or half of its time is over, so that asking for it costs nothing and whoever fetches one can use it for a while.
 */
import type { CrlRequest } from '../crypto/crl-builder.ts'
import { listRevoked } from '../storage/certificates.ts'
import { getSetting, nextNumber, putSetting } from '../storage/counters.ts'
import type { Db } from '../storage/prepare.ts'
import type { Context } from './context.ts'
import { DAY_MS } from '../domain/time.ts'

/** From thisUpdate to nextUpdate. */
export const CRL_VALID_MS = DAY_MS
/** From then on a new one is made when it is asked for. */
const CRL_RENEW_MS = CRL_VALID_MS / 2
/** A list of so many has less than `MAX_CRL_BYTES`. */
export const MAX_REVOKED = 15_000
const CURRENT_LIST = 'revocation-list'

interface StoredList { thisUpdate: number; der: string }

/** DER. */
export async function readRevocationList (context: Context): Promise<Buffer> {
  const now = context.clock.now()
  const fresh = await freshList(context.db.read, now)
  if (fresh !== null) return fresh
  // Two who ask at once get one list.
  return await context.db.write(async (tx) => (await freshList(tx, now)) ?? (await makeList(context, tx, now)))
}

/** The list no longer says everything. In the transaction that revokes. */
export async function dropRevocationList (tx: Db): Promise<void> {
  await putSetting(tx, CURRENT_LIST, null)
}

async function freshList (db: Db, now: number): Promise<Buffer | null> {
  const stored = await getSetting(db, CURRENT_LIST)
  if (stored === null) return null
  const { thisUpdate, der } = JSON.parse(stored) as StoredList
  return now < thisUpdate + CRL_RENEW_MS ? Buffer.from(der, 'base64') : null
}

async function makeList (context: Context, tx: Db, now: number): Promise<Buffer> {
  const revoked = await listRevoked(tx, MAX_REVOKED)
  const request: CrlRequest = {
    number: await nextNumber(tx, 'revocation-list'),
    thisUpdate: now,
    nextUpdate: now + CRL_VALID_MS,
    revoked: revoked.map(({ serialHex, revokedAt, code }) => ({ serialHex, revokedAt, reason: code }))
  }
  const der = Buffer.from(context.authority.signCrl(request))
  await putSetting(tx, CURRENT_LIST, JSON.stringify({ thisUpdate: now, der: der.toString('base64') } satisfies StoredList))
  return der
}
