/**
 * Keeping and recovering a committee member's seed. The member wraps the seed to its own encryption key, and splits it
 * t-of-n (Shamir over GF(2^8)) among the other member and the recovery officers, each share sealed to its holder, so that
 * a missing member can neither kill a tender nor veto its opening. Shamir's scheme does not tell a wrong share from a
 * right one; the rebuilt seed must give the member's point, and that does. A commitment to each share, which the dealer
 * signs, tells at once whether a holder got what the dealer committed to, and afterwards whose fault a failure is.
 * Runs in a browser.
 */
import { combine, split } from 'shamir-secret-sharing'
import { BonginError, invariant } from '../domain/errors.ts'
import { type Bytes, concat, sha256Hex } from './bytes.ts'
import { makeRecipientKey } from './hpke-seal.ts'
import { SEED_BYTES, seedMatches } from './joint-key.ts'
import { openValue, type Sealed, sealInfo, sealValue } from './sealed.ts'

/** A share is one byte longer than the secret: its place on the curve. */
export const SHARE_BYTES = SEED_BYTES + 1
/** A single share must tell nothing, and one holder alone must not be able to stand in for a member. */
export const MIN_THRESHOLD = 2
export const MAX_SHARES = 16
/** Sets of shares tried at a recovery: enough for any two wrong shares among sixteen, any number among eight. */
const MAX_COMBINATIONS = 256

export interface ShareRecipient { holderId: string, encryptionKey: Uint8Array }
/** `commitment`: see `shareCommitment`. */
export type SealedShare = Sealed & { holderId: string, commitment: string }

/** Whose share of whose seed, and of which key (`keyContext`). */
interface ShareOf { tenderId: string, ownerId: string, recipientId: string }

/** An officer's long-term X25519 key pair, raw. */
export function makeEncryptionKey (): { privateKey: Bytes, publicKey: Bytes } {
  return makeRecipientKey()
}

/**
 * One sealed share for each recipient, in their order; none where there are no recipients.
 * @throws BonginError `contribution-invalid` (`/threshold`) unless 2 ≤ threshold ≤ recipients ≤ 16.
 */
export async function makeShares ({ seed, tenderId, ownerId, recipients, threshold }: {
  seed: Uint8Array, tenderId: string, ownerId: string, recipients: readonly ShareRecipient[], threshold: number
}): Promise<SealedShare[]> {
  if (recipients.length === 0) return []
  const ids = new Set(recipients.map(({ holderId }) => holderId))
  invariant(ids.size === recipients.length && !ids.has(ownerId), 'share holders are different officers, none of them the owner')
  if (!Number.isInteger(threshold) || threshold < MIN_THRESHOLD || threshold > recipients.length || recipients.length > MAX_SHARES) {
    throw badThreshold()
  }
  invariant(seed.length === SEED_BYTES, 'a holder seed has 32 bytes')
  // The package takes plain Uint8Arrays only, no Buffer.
  const shares = await split(Uint8Array.from(seed), recipients.length, threshold)
  return await Promise.all(recipients.map(async ({ holderId, encryptionKey }, i) => {
    const plaintext = shares[i]
    invariant(plaintext !== undefined, 'a share for each recipient')
    const info = shareInfo({ tenderId, ownerId, recipientId: holderId })
    const commitment = shareCommitment({ share: plaintext, tenderId, ownerId, recipientId: holderId })
    return { holderId, commitment, ...await sealValue({ publicKey: encryptionKey, info, plaintext }) }
  }))
}

/** SHA-256, hex. A share is 32 bytes of chance, so its digest tells nothing of it. */
export function shareCommitment ({ share, tenderId, ownerId, recipientId }: ShareOf & { share: Uint8Array }): string {
  return sha256Hex(concat(sealInfo('bongin share commitment v1', tenderId, ownerId, recipientId), Uint8Array.of(0), share))
}

/** @throws BonginError `share-mismatch` where the share was not sealed to this recipient for this tender and owner. */
export async function openShare ({ share, tenderId, ownerId, recipientId, privateKey }: ShareOf & {
  share: Sealed, privateKey: Uint8Array
}): Promise<Uint8Array> {
  const opened = await openValue({ privateKey, info: shareInfo({ tenderId, ownerId, recipientId }), sealed: share })
  if (opened !== null && opened.length === SHARE_BYTES) return opened
  throw new BonginError('share-mismatch', {
    detail: 'The recovery share does not open with this key for this tender.',
    detailKo: '이 키로는 이 공고의 복구 조각을 열 수 없습니다.'
  })
}

/**
 * The seed behind `point`, rebuilt. Wrong shares among enough right ones are passed over, so that nobody can stop a
 * recovery by handing in a bad one.
 * @throws BonginError `share-mismatch` where no set of the shares gives the point: too few, or too many wrong ones.
 */
export async function combineShares (shares: readonly Uint8Array[], point: Uint8Array): Promise<Uint8Array> {
  let tried = 0
  for (const set of largestSubsetsFirst(shares.slice(0, MAX_SHARES))) {
    if (++tried > MAX_COMBINATIONS) break
    const seed = await combineOrNull(set)
    if (seed !== null && seedMatches(seed, point)) return seed
  }
  throw new BonginError('share-mismatch', {
    detail: 'The recovery shares do not give the key of this holder: too few, or some are wrong.',
    detailKo: '복구 조각으로 해당 보관자의 키를 만들 수 없습니다. 조각이 부족하거나 잘못된 조각이 있습니다.'
  })
}

/** The member's seed sealed to its own encryption key; the server keeps nothing else of it. */
export async function wrapSeed ({ seed, tenderId, holderId, encryptionKey }: {
  seed: Uint8Array, tenderId: string, holderId: string, encryptionKey: Uint8Array
}): Promise<Sealed> {
  invariant(seed.length === SEED_BYTES, 'a holder seed has 32 bytes')
  return await sealValue({ publicKey: encryptionKey, info: seedInfo({ tenderId, holderId }), plaintext: seed })
}

/** @throws BonginError `reveal-mismatch` where it was not wrapped to this key for this tender and holder. */
export async function unwrapSeed ({ wrapped, tenderId, holderId, privateKey }: {
  wrapped: Sealed, tenderId: string, holderId: string, privateKey: Uint8Array
}): Promise<Uint8Array> {
  const seed = await openValue({ privateKey, info: seedInfo({ tenderId, holderId }), sealed: wrapped })
  if (seed !== null && seed.length === SEED_BYTES) return seed
  throw new BonginError('reveal-mismatch', {
    detail: 'The wrapped seed does not open with this encryption key for this tender.',
    detailKo: '이 암호화 키로는 이 공고의 키를 열 수 없습니다.'
  })
}

function shareInfo ({ tenderId, ownerId, recipientId }: ShareOf): Bytes {
  return sealInfo('bongin share v1', tenderId, ownerId, recipientId)
}

function seedInfo ({ tenderId, holderId }: { tenderId: string, holderId: string }): Bytes {
  return sealInfo('bongin seed v1', tenderId, holderId)
}

/** null for shares that the package refuses: a place taken twice, another length, fewer than two. */
async function combineOrNull (shares: readonly Uint8Array[]): Promise<Uint8Array | null> {
  try {
    return await combine(shares.map((share) => Uint8Array.from(share)))
  } catch {
    return null
  }
}

/** All of them, then all but one, all but two … down to two. */
function * largestSubsetsFirst<T> (items: readonly T[]): Generator<T[]> {
  for (let left = 0; items.length - left >= MIN_THRESHOLD; left++) yield * subsetsWithout(items, left)
}

function * subsetsWithout<T> (items: readonly T[], left: number): Generator<T[]> {
  const [head, ...tail] = items
  if (left === 0 || head === undefined) {
    if (left === 0) yield [...items]
    return
  }
  yield * subsetsWithout(tail, left - 1)
  for (const rest of subsetsWithout(tail, left)) yield [head, ...rest]
}

function badThreshold (): BonginError {
  return new BonginError('contribution-invalid', {
    field: '/threshold',
    detail: `Recovery needs a threshold from ${MIN_THRESHOLD} to the number of share holders, of whom there may be ${MAX_SHARES}.`,
    detailKo: `복구 기준 수는 ${MIN_THRESHOLD} 이상, 복구 조각 보관자 수(최대 ${MAX_SHARES}명) 이하여야 합니다.`
  })
}
