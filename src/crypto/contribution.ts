/**
 * A committee member's signed contribution to one of a tender's joint keys: its public point with the proof of possession,
 * its seed wrapped to itself, and the sealed recovery shares, all bound to the tender and to the kind of envelope that the
 * key opens. The seed itself stays with the member. Runs in a browser.
 * Parsing checks shapes only; who may contribute to what, and the proof, are checked by whoever knows the tender.
 */
import { ENVELOPE_KINDS, keyContext, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError } from '../domain/errors.ts'
import { OFFICER_ID_PATTERN, type OfficerId, SHA256_HEX_PATTERN, TENDER_ID_PATTERN, type TenderId } from '../domain/ids.ts'
import { fromBase64url, toBase64url } from './bytes.ts'
import { makeHolderKey, POINT_BYTES, PROOF_BYTES, provePossession, SEED_BYTES } from './joint-key.ts'
import { type ParsedJws, parseJws, type Signer, signJws } from './jws.ts'
import { ENC_BYTES, type Sealed, TAG_BYTES } from './sealed.ts'
import { makeShares, MAX_SHARES, MIN_THRESHOLD, SHARE_BYTES, type SealedShare, type ShareRecipient, wrapSeed } from './shares.ts'

export type CommitteeRole = 'executing' | 'witness'

export interface ContributionPayload {
  v: 1
  type: 'bongin-contribution'
  tenderId: TenderId
  holderId: OfficerId
  role: CommitteeRole
  /** Which of the tender's keys it is a part of. */
  envelope: EnvelopeKind
  /** Ed25519 point and proof of possession, base64url. */
  point: string
  proof: string
  wrappedSeed: Sealed
  threshold: number
  /** In the order of the recipients; empty where the committee is too small to recover a key. */
  shares: SealedShare[]
}

export interface Contribution { jws: ParsedJws, payload: ContributionPayload }

const MEMBERS = ['envelope', 'holderId', 'point', 'proof', 'role', 'shares', 'tenderId', 'threshold', 'type', 'v', 'wrappedSeed']

/** Compact JWS. @throws BonginError `contribution-invalid` for a threshold that the recipients cannot meet. */
export async function makeContribution ({ seed, tenderId, holderId, role, envelope = 'price', ownEncryptionKey, recipients, threshold, signer }: {
  seed: Uint8Array
  tenderId: TenderId
  holderId: OfficerId
  role: CommitteeRole
  envelope?: EnvelopeKind
  ownEncryptionKey: Uint8Array
  recipients: readonly ShareRecipient[]
  threshold: number
  signer: Signer
}): Promise<string> {
  const bound = keyContext(tenderId, envelope)
  const payload: ContributionPayload = {
    v: 1,
    type: 'bongin-contribution',
    tenderId,
    holderId,
    role,
    envelope,
    point: toBase64url(makeHolderKey(seed).point),
    proof: toBase64url(provePossession({ seed, tenderId: bound, holderId })),
    wrappedSeed: await wrapSeed({ seed, tenderId: bound, holderId, encryptionKey: ownEncryptionKey }),
    threshold,
    shares: await makeShares({ seed, tenderId: bound, ownerId: holderId, recipients, threshold })
  }
  return await signJws(signer, 'bongin-contribution', payload)
}

/** @throws BonginError `envelope-malformed`, `invalid-base64url`, `malformed-json` with the field; the signature is not checked here. */
export function parseContribution (text: string | Uint8Array): Contribution {
  const jws = parseJws(text, 'bongin-contribution')
  const payload = members(jws.payload, MEMBERS, '/payload')
  pattern(payload['tenderId'], TENDER_ID_PATTERN, '/payload/tenderId')
  pattern(payload['holderId'], OFFICER_ID_PATTERN, '/payload/holderId')
  pattern(payload['role'], '^(?:executing|witness)$', '/payload/role')
  pattern(payload['envelope'], `^(?:${ENVELOPE_KINDS.join('|')})$`, '/payload/envelope')
  bytes(payload['point'], POINT_BYTES, '/payload/point')
  bytes(payload['proof'], PROOF_BYTES, '/payload/proof')
  const threshold = payload['threshold']
  if (!Number.isInteger(threshold) || Number(threshold) < MIN_THRESHOLD || Number(threshold) > MAX_SHARES) throw malformed('/payload/threshold')
  sealed(members(payload['wrappedSeed'], ['ciphertext', 'enc'], '/payload/wrappedSeed'), SEED_BYTES, '/payload/wrappedSeed')
  const shares = payload['shares']
  if (!Array.isArray(shares) || shares.length > MAX_SHARES) throw malformed('/payload/shares')
  shares.forEach((value: unknown, i) => {
    const share = members(value, ['ciphertext', 'commitment', 'enc', 'holderId'], `/payload/shares/${i}`)
    pattern(share['holderId'], OFFICER_ID_PATTERN, `/payload/shares/${i}/holderId`)
    pattern(share['commitment'], SHA256_HEX_PATTERN, `/payload/shares/${i}/commitment`)
    sealed(share, SHARE_BYTES, `/payload/shares/${i}`)
  })
  return { jws, payload: payload as unknown as ContributionPayload }
}

/** An object with exactly these members. */
function members (value: unknown, names: readonly string[], field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field)
  if (Object.keys(value).length !== names.length || !names.every((name) => Object.hasOwn(value, name))) throw malformed(field)
  return value as Record<string, unknown>
}

function pattern (value: unknown, expected: string, field: string): void {
  if (typeof value !== 'string' || !new RegExp(expected).test(value)) throw malformed(field)
}

function bytes (value: unknown, length: number, field: string): void {
  if (typeof value !== 'string' || fromBase64url(value, field).length !== length) throw malformed(field)
}

function sealed (value: Record<string, unknown>, plaintextLength: number, field: string): void {
  bytes(value['enc'], ENC_BYTES, `${field}/enc`)
  bytes(value['ciphertext'], plaintextLength + TAG_BYTES, `${field}/ciphertext`)
}

function malformed (field: string): BonginError {
  return new BonginError('envelope-malformed', {
    field,
    detail: `The contribution to the key is malformed at ${field}.`,
    detailKo: `키 제출 자료의 ${field} 값이 잘못되었습니다.`
  })
}
