/**
 * A tender's key in its two suites: the joint X25519 key (`joint-key.ts`), and in suite `647a-0001-0003` the platform's
 * ML-KEM-768 key before it, which together are an X-Wing key. Public halves are put together before the notice, private
 * halves from the revealed seeds at the opening. Runs in a browser.
 */
import { keyContext, keyOf, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { PLATFORM_HOLDER_ID } from '../domain/ids.ts'
import { SUITE_XWING, type NoticeTerms } from '../domain/notice.ts'
import { type Bytes, concat, equalBytes, fromBase64url } from './bytes.ts'
import { jointPublicKey, makeHolderKey, SEED_BYTES, sumOfSecrets } from './joint-key.ts'
import { publicKeyOf } from './kem.ts'
import { mlKemPublicKey, mlKemSeed } from './ml-kem.ts'

export interface HolderSeed { holderId: string, seed: Uint8Array }

export interface TenderPrivateKey {
  /** 32 bytes; the draws follow from it in either suite. */
  joint: Bytes
  /** What opens seals (`kem.ts`): the joint key, in suite `647a-0001-0003` behind the seed of ML-KEM. */
  opening: Bytes
  /** In the order of the notice's holders. */
  seeds: HolderSeed[]
}

/** `mlKemKey` is null for suite `0020-0001-0003`. @throws BonginError as `jointPublicKey`. */
export function tenderPublicKey ({ points, mlKemKey }: { points: readonly Uint8Array[], mlKemKey: Uint8Array | null }): Bytes {
  const joint = jointPublicKey(points)
  return mlKemKey === null ? joint : concat(mlKemKey, joint)
}

/** @throws BonginError `reveal-mismatch` unless these are the seeds of exactly the notice's holders, and give its public key. */
export function openTenderKey ({ terms, kind, holderSeeds }: {
  terms: Pick<NoticeTerms, 'tenderId' | 'key' | 'technicalKey'>, kind: EnvelopeKind, holderSeeds: readonly HolderSeed[]
}): TenderPrivateKey {
  const key = keyOf(terms, kind)
  invariant(key !== null, 'only a key that the tender has is opened')
  if (holderSeeds.length !== key.holders.length) throw revealMismatch('/holderSeeds')
  const holders = key.holders.map(({ holderId, point }) => {
    const seed = holderSeeds.find((entry) => entry.holderId === holderId)?.seed
    const own = seed?.length === SEED_BYTES ? makeHolderKey(seed) : null
    if (seed === undefined || own === null || !equalBytes(own.point, fromBase64url(point))) throw revealMismatch(`/holderSeeds/${holderId}`)
    return { holderId, seed, secretScalar: own.secretScalar }
  })
  const seeds = holders.map(({ holderId, seed }) => ({ holderId, seed }))
  const pqSeed = key.suite === SUITE_XWING ? platformMlKemSeed(seeds, keyContext(terms.tenderId, kind)) : null
  const joint = sumOfSecrets(holders.map(({ secretScalar }) => secretScalar))
  // By the sum of the secrets, a millisecond for each holder less than by the sum of the points, which those of seeds need no check for.
  const own = publicKeyOf(joint)
  const publicKey = pqSeed === null ? own : concat(mlKemPublicKey(pqSeed), own)
  if (!equalBytes(publicKey, fromBase64url(key.publicKey))) throw revealMismatch(kind === 'price' ? '/terms/key/publicKey' : '/terms/technicalKey/publicKey')
  return { joint, opening: pqSeed === null ? joint : concat(pqSeed, joint), seeds }
}

function platformMlKemSeed (seeds: readonly HolderSeed[], keyId: string): Bytes {
  const platform = seeds.find(({ holderId }) => holderId === PLATFORM_HOLDER_ID)
  if (platform === undefined) throw revealMismatch(`/holderSeeds/${PLATFORM_HOLDER_ID}`)
  return mlKemSeed({ platformSeed: platform.seed, keyId })
}

function revealMismatch (field: string): BonginError {
  return new BonginError('reveal-mismatch', {
    field,
    detail: 'The revealed seeds are not those of the key holders in the notice.',
    detailKo: '공개된 키가 공고에 기재된 보관자의 키와 일치하지 않습니다.'
  })
}
