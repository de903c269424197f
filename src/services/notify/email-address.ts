/**
 * A supplier's e-mail address: nothing but a code is sent to it before the code has come back, and few codes are, so that nobody is
 * pestered through us. The link in each mail ends it without login; whoever has the mail may.
 */
import { emailCode, isSameText, unsubscribeToken } from '../../crypto/notification-keys.ts'
import { BonginError } from '../../domain/errors.ts'
import type { Instant, Sha256Hex, SupplierId } from '../../domain/ids.ts'
import { MAX_EMAIL_CHARS, type Language } from '../../domain/notification.ts'
import { DAY_MS, HOUR_MS } from '../../domain/time.ts'
import { dropPending, insertDelivery } from '../../storage/deliveries.ts'
import { getEmail, putEmail, type EmailAddress } from '../../storage/notification-targets.ts'
import { EMAIL_TARGET, MAIL_HOST } from '../../storage/notifications.ts'
import type { PasskeyReset } from '../../storage/passkeys.ts'
import type { Db } from '../../storage/prepare.ts'
import type { Context, SupplierCaller } from '../context.ts'

const CODE_MS = HOUR_MS / 2
/** Wrong codes, after which a new one must be asked for. */
const MAX_FAILURES = 5
/** Codes that a supplier may ask for in a day. */
export const MAX_CODES = 5
const CODES_MS = DAY_MS

/** One mailbox, without quotes, comments, or a display name: nothing in it can become a second recipient or a header. */
const ADDRESS = /^[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/

export interface EmailView { address: string, language: Language, verifiedAt: Instant | null, codeExpiresAt: Instant | null }

/** Names the delivery of a code. */
export const codeKey = (generation: number): string => `code/${generation}`

const RESET = 'passkey-reset/'
const resetKey = (sha256: Sha256Hex): string => RESET + sha256
/** The reset of passkeys that a delivery is about; null for any other delivery. */
export const resetOfKey = (eventKey: string): Sha256Hex | null => eventKey.startsWith(RESET) ? eventKey.slice(RESET.length) as Sha256Hex : null

async function sendMail (tx: Db, { supplierId, eventKey, now }: { supplierId: SupplierId, eventKey: string, now: Instant }): Promise<void> {
  await insertDelivery(tx, { supplierId, eventKey, channel: 'email', target: EMAIL_TARGET, host: MAIL_HOST, nextAt: now, createdAt: now })
}

/** A mail to a holder that its passkeys were taken away, where it is a supplier with an address. */
export async function mailReset (tx: Db, { holderId, sha256, resetAt: now }: PasskeyReset): Promise<void> {
  const email = await getEmail(tx, holderId as SupplierId)
  if (email !== null && email.verifiedAt !== null) await sendMail(tx, { supplierId: email.supplierId, eventKey: resetKey(sha256), now })
}

function viewOf (row: EmailAddress | null): EmailView | null {
  if (row === null || row.address === null) return null
  const { address, language, verifiedAt, codeExpiresAt } = row
  return { address, language, verifiedAt, codeExpiresAt: verifiedAt === null ? codeExpiresAt : null }
}

/** null where there is none. */
export async function readEmail ({ db }: Context, { holderId }: SupplierCaller): Promise<EmailView | null> {
  return viewOf(await getEmail(db.read, holderId))
}

/**
 * Sends a code to the address, which takes the place of the one before, even if that was verified.
 * @throws BonginError `invalid-request`, `too-many-requests`.
 */
export async function enterEmail ({ db, clock }: Context, { holderId: supplierId }: SupplierCaller, { address, language }: {
  address: string, language: Language
}): Promise<EmailView> {
  if (address.length > MAX_EMAIL_CHARS || !ADDRESS.test(address)) {
    throw new BonginError('invalid-request', { field: '/address', detail: 'This is no e-mail address.', detailKo: '전자우편 주소 형식이 아닙니다.' })
  }
  return await db.write(async (tx) => {
    const now = clock.now()
    const old = await getEmail(tx, supplierId)
    const counted = old !== null && now < old.codesFrom + CODES_MS
    if (counted && old.codes >= MAX_CODES) throw tooManyCodes(old.codesFrom + CODES_MS - now)
    const generation = (old?.generation ?? 0) + 1
    const row: EmailAddress = {
      supplierId,
      address,
      language,
      generation,
      verifiedAt: null,
      codeExpiresAt: now + CODE_MS,
      codeFailures: 0,
      codes: counted ? old.codes + 1 : 1,
      codesFrom: counted ? old.codesFrom : now
    }
    await dropPending(tx, { supplierId, target: EMAIL_TARGET })
    await putEmail(tx, row)
    await sendMail(tx, { supplierId, eventKey: codeKey(generation), now })
    return viewOf(row) as EmailView
  })
}

function tooManyCodes (waitMs: number): BonginError {
  return new BonginError('too-many-requests', {
    detail: `At most ${MAX_CODES} codes are sent in a day.`,
    detailKo: `확인 코드는 하루에 ${MAX_CODES}번까지 보냅니다.`,
    extra: { retryAfterSeconds: Math.ceil(waitMs / 1000) }
  })
}

/** @throws BonginError `email-code-invalid`; a wrong code is counted. */
export async function verifyEmail ({ db, clock, platform }: Context, { holderId: supplierId }: SupplierCaller, code: string): Promise<EmailView> {
  const view = await db.write(async (tx) => {
    const now = clock.now()
    const row = await getEmail(tx, supplierId)
    if (row === null || row.address === null || row.verifiedAt !== null || now >= row.codeExpiresAt || row.codeFailures >= MAX_FAILURES) return null
    const { address, generation } = row
    const isRight = isSameText(code, emailCode(platform.notificationKey, { supplierId, address, generation }))
    const changed = isRight ? { ...row, verifiedAt: now } : { ...row, codeFailures: row.codeFailures + 1 }
    await putEmail(tx, changed)
    return isRight ? viewOf(changed) : null
  })
  if (view !== null) return view
  throw new BonginError('email-code-invalid', { field: '/code' })
}

export async function removeEmail ({ db }: Context, { holderId }: SupplierCaller): Promise<void> {
  await db.write(async (tx) => { await forget(tx, holderId) })
}

async function forget (tx: Db, supplierId: SupplierId): Promise<void> {
  const row = await getEmail(tx, supplierId)
  if (row === null || row.address === null) return
  await putEmail(tx, { ...row, address: null, verifiedAt: null })
  await dropPending(tx, { supplierId, target: EMAIL_TARGET })
}

/** The address behind a token that we made, while mail still goes there; null for any other. Changes nothing. */
export async function subscriptionOf ({ db, platform }: Context, token: string): Promise<{ supplierId: SupplierId, address: string } | null> {
  const supplierId = (token.split('.')[0] ?? '') as SupplierId
  const address = (await getEmail(db.read, supplierId))?.address ?? null
  return address !== null && isSameText(token, unsubscribeToken(platform.notificationKey, { supplierId, address })) ? { supplierId, address } : null
}

/** False for a token that is not ours, or of an address that was taken back before. */
export async function unsubscribe (context: Context, token: string): Promise<boolean> {
  const found = await subscriptionOf(context, token)
  if (found === null) return false
  return await context.db.write(async (tx) => {
    if ((await getEmail(tx, found.supplierId))?.address !== found.address) return false
    await forget(tx, found.supplierId)
    return true
  })
}
