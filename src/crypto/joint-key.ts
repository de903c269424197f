/**
 * The tender's joint key: several holders, one X25519 key whose private half exists nowhere until all of them reveal.
 * Each holder has an Ed25519 key pair made for this tender alone (RFC 8032); the public key is the Montgomery
 * u-coordinate of the sum of the points (RFC 7748 §4.1), the private key the sum of the secret scalars, brought into
 * clamped form. Proofs of possession keep a holder from choosing its point as a function of the others' (a rogue key).
 * Runs in a browser. Big-integer arithmetic is not constant time: seeds stay on their holder's side until the opening.
 */
import { ed25519 } from '@noble/curves/ed25519.js'
import { BonginError, invariant } from '../domain/errors.ts'
import { type Bytes, equalBytes, toHex, utf8 } from './bytes.ts'

export const SEED_BYTES = 32
export const POINT_BYTES = 32
export const PROOF_BYTES = 64

const { Point } = ed25519
/** Order of the prime-order subgroup: 2^252 + 27742317777372353535851937790883648493. */
const ORDER = Point.Fn.ORDER
const CLAMPED_MIN = 1n << 254n
const CLAMPED_END = 1n << 255n
const COFACTOR = 8n
const POSSESSION_CONTEXT = 'bongin key holder v1'

/** A holder's public point and its secret scalar, the clamped one of RFC 8032 §5.1.5 modulo the group order. */
export function makeHolderKey (seed: Uint8Array): { point: Bytes, secretScalar: bigint } {
  invariant(seed.length === SEED_BYTES, 'a holder seed has 32 bytes')
  const { pointBytes, scalar } = ed25519.utils.getExtendedPublicKey(seed)
  return { point: pointBytes, secretScalar: scalar }
}

/** `tenderId` is what the key is for: a tender's id, or for its technical key `keyContext` of it. */
interface Holder { tenderId: string, holderId: string }

/** Ed25519 signature by the holder's own point over the tender's id and the holder's id. */
export function provePossession ({ seed, tenderId, holderId }: { seed: Uint8Array } & Holder): Bytes {
  return ed25519.sign(possessionMessage({ tenderId, holderId }), seed)
}

/**
 * Checks one holder's public part: the point is canonical, not of small order and free of torsion, and the proof of
 * possession was made by it for this tender and this holder.
 * @throws BonginError `contribution-invalid` with field `/point` or `/proof`.
 */
export function checkHolder ({ point, proof, tenderId, holderId }: { point: Uint8Array, proof: Uint8Array } & Holder): void {
  readPoint(point)
  const message = possessionMessage({ tenderId, holderId })
  // Strict RFC 8032 decoding: the default of the library would also take points that others refuse (ZIP 215).
  if (proof.length === PROOF_BYTES && ed25519.verify(proof, message, point, { zip215: false })) return
  throw new BonginError('contribution-invalid', {
    field: '/proof',
    detail: 'The proof of possession was not made by this point for this tender and this holder.',
    detailKo: '소유 증명이 이 공고와 보관자에 대하여 해당 공개점의 키로 작성된 것이 아닙니다.'
  })
}

/**
 * The tender's X25519 public key: u(Σ points).
 * @throws BonginError `contribution-invalid` for a bad point, a point that occurs twice, or points whose sum is the identity.
 */
export function jointPublicKey (points: readonly Uint8Array[]): Bytes {
  const distinct = new Set(points.map(toHex))
  if (points.length === 0 || distinct.size !== points.length) throw unusableSum()
  const sum = points.map(readPoint).reduce((total, point) => total.add(point), Point.ZERO)
  if (sum.is0()) throw unusableSum()
  return ed25519.utils.toMontgomery(sum.toBytes())
}

/**
 * The tender's X25519 private key, in RFC 7748 byte order and already clamped: with s = Σ scalars mod L, the one number
 * of the form s + t·L or −s + t·L that is a multiple of 8 in [2^254, 2^255). Both signs have the same u-coordinate.
 * The order of the seeds does not matter.
 * @throws BonginError `contribution-invalid` for secrets whose sum is nothing.
 */
export function jointPrivateKey (seeds: readonly Uint8Array[]): Bytes {
  return sumOfSecrets(seeds.map((seed) => makeHolderKey(seed).secretScalar))
}

/** The same of the secret scalars. @throws as `jointPrivateKey`. */
export function sumOfSecrets (secretScalars: readonly bigint[]): Bytes {
  const sum = secretScalars.reduce((total, scalar) => total + scalar, 0n) % ORDER
  if (sum === 0n) throw unusableSum()
  return littleEndian(clampedRepresentative(sum))
}

/** Whether the seed is the one behind the point. */
export function seedMatches (seed: Uint8Array, point: Uint8Array): boolean {
  return seed.length === SEED_BYTES && equalBytes(makeHolderKey(seed).point, point)
}

function possessionMessage ({ tenderId, holderId }: Holder): Bytes {
  return utf8(`${POSSESSION_CONTEXT}\0${tenderId}\0${holderId}`)
}

/**
 * L is odd, so exactly one residue of t modulo 8 makes s + t·L a multiple of 8, and the range takes t = 4 … 7. Where s
 * needs another t, −s needs one of these. (s within 2^128 of a range's edge may miss; nobody ever meets such a sum.)
 */
function clampedRepresentative (sum: bigint): bigint {
  for (const start of [sum, ORDER - sum]) {
    for (let candidate = start; candidate < CLAMPED_END; candidate += ORDER) {
      if (candidate >= CLAMPED_MIN && candidate % COFACTOR === 0n) return candidate
    }
  }
  throw new Error('invariant broken: a scalar has a clamped representative')
}

function littleEndian (value: bigint): Bytes {
  const bytes = new Uint8Array(SEED_BYTES)
  let rest = value
  for (let i = 0; i < bytes.length; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  return bytes
}

function readPoint (bytes: Uint8Array): ReturnType<typeof Point.fromBytes> {
  try {
    const point = Point.fromBytes(bytes, false)
    if (!point.isSmallOrder() && point.isTorsionFree()) return point
  } catch {
    // Wrong length, not on the curve, or not canonical: the same refusal as for a point of the wrong order.
  }
  throw new BonginError('contribution-invalid', {
    field: '/point',
    detail: 'A point must be the canonical 32-byte encoding of an Ed25519 point of prime order.',
    detailKo: '공개점은 소수 위수를 갖는 Ed25519 점의 32바이트 표준 부호화여야 합니다.'
  })
}

function unusableSum (): BonginError {
  return new BonginError('contribution-invalid', {
    field: '/point',
    detail: 'The points of the key holders must be different and must not cancel each other out.',
    detailKo: '키 보관자들의 공개점은 서로 달라야 하며 합이 상쇄되어서는 안 됩니다.'
  })
}
