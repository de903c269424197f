/** The platform's own part of a tender's joint keys, made with the draft. Its seeds leave this file only wrapped by the key-encryption key. */
import { randomBytes } from 'node:crypto'
import { toBase64url } from '../crypto/bytes.ts'
import { makeHolderKey, provePossession } from '../crypto/joint-key.ts'
import { mlKemPublicKey, mlKemSeed } from '../crypto/ml-kem.ts'
import { wrapSecret } from '../crypto/secret-wrap.ts'
import type { TenderDraft } from '../domain/draft.ts'
import { keyContext, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { PLATFORM_HOLDER_ID, type TenderId } from '../domain/ids.ts'
import type { Tender } from '../storage/tenders.ts'
import type { Context } from './context.ts'

/** What a wrapped platform seed is bound to, so that one key's cannot be put in another's place. */
export function seedContext (tenderId: TenderId, kind: EnvelopeKind = 'price'): string {
  return `bongin tender seed v1/${keyContext(tenderId, kind)}`
}

interface PlatformPart { point: string, proof: string, mlKemKey: string, seedWrapped: string }

/**
 * The platform's part of a new key; with its ML-KEM key, whatever suite the draft will end with: the seed is not unwrapped
 * again before the opening.
 */
export function makePlatformPart (context: Context, tenderId: TenderId, kind: EnvelopeKind): PlatformPart {
  const seed = randomBytes(32)
  const keyId = keyContext(tenderId, kind)
  return {
    point: toBase64url(makeHolderKey(seed).point),
    proof: toBase64url(provePossession({ seed, tenderId: keyId, holderId: PLATFORM_HOLDER_ID })),
    mlKemKey: toBase64url(mlKemPublicKey(mlKemSeed({ platformSeed: seed, keyId }))),
    seedWrapped: wrapSecret({ kek: context.kek, secret: seed, context: seedContext(tenderId, kind) })
  }
}

/** Columns of the technical key, where this draft is the first to need one. */
export function technicalPart (context: Context, { tenderId, draft, has }: { tenderId: TenderId, draft: TenderDraft, has: boolean }):
Partial<Pick<Tender, 'technicalPoint' | 'technicalProof' | 'technicalMlKemKey' | 'technicalSeedWrapped'>> {
  if (draft.technical === null || has) return {}
  const { point, proof, mlKemKey, seedWrapped } = makePlatformPart(context, tenderId, 'technical')
  return { technicalPoint: point, technicalProof: proof, technicalMlKemKey: mlKemKey, technicalSeedWrapped: seedWrapped }
}
