/**
 * The officer's side before publication: draft, the member's part of each joint key, the agency's sealed prices, and the
 * signature under the notice. Nothing is signed that was not checked: the notice says what the draft said, the own point
 * is in it and its seed can be recovered, the other member signed its own point. Runs in a browser.
 */
import { fromBase64url, randomBytes } from '../crypto/bytes.ts'
import { makeContribution, parseContribution, type CommitteeRole, type Contribution } from '../crypto/contribution.ts'
import { checkHolder, SEED_BYTES, seedMatches } from '../crypto/joint-key.ts'
import { signJws } from '../crypto/jws.ts'
import { expect, expectEqual } from '../crypto/record-shape.ts'
import { sealedPricesSha256, sealPrices } from '../crypto/sealed-prices.ts'
import { isMlKemPublicKey } from '../crypto/ml-kem.ts'
import { unwrapSeed } from '../crypto/shares.ts'
import { tenderPublicKey } from '../crypto/tender-key.ts'
import { checkContribution, shareRecipients } from '../crypto/verify-committee.ts'
import { checkNotice, checkRuleSet, expectFollows } from '../crypto/verify-notice.ts'
import { ENVELOPE_KINDS, envelopeKinds, keyContext, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, OfficerId, Sha256Hex, TenderId } from '../domain/ids.ts'
import { SUITE_XWING, type Notice } from '../domain/notice.ts'
import { arePricesUsable } from '../domain/open-tender.ts'
import { withNoticeId } from '../domain/form-rules.ts'
import { parseInstant } from '../domain/time.ts'
import { aValueWon } from '../domain/a-value.ts'
import type { TenderDraft } from '../domain/draft.ts'
import { tenderPath, type Api } from './api.ts'
import { expectDealtShares } from './dealt-shares.ts'
import { ClientError, encryptionOf, type Identity } from './identity.ts'
import { checkEncryptionKey, getTender, readShownNotices } from './tenders.ts'
import type { Trust } from './trust.ts'
import type { AttachmentView, CeremonyView, PublicationView, SealedWire } from './types.ts'

export async function uploadAttachment (session: Api, { name, bytes }: { name: string, bytes: Uint8Array<ArrayBuffer> }): Promise<AttachmentView> {
  const contentType = 'application/octet-stream'
  return (await session.postRepeatable<AttachmentView>('/v1/attachments', bytes, { contentType, query: { name } })).body
}

export async function draftTender (session: Api, draft: TenderDraft): Promise<TenderId> {
  return (await session.post<{ tenderId: TenderId }>('/v1/tenders', draft)).tenderId
}

/** Replaces the draft; on a published tender, what its next change notice will say. */
export async function updateDraft (session: Api, { tenderId, draft }: { tenderId: TenderId, draft: TenderDraft }): Promise<void> {
  await session.put(tenderPath(tenderId), draft)
}

export async function readCeremony (session: Api, tenderId: TenderId): Promise<CeremonyView> {
  return await session.get(tenderPath(tenderId, '/ceremony'))
}

/** Whose contribution to one of the keys is missing. */
export function missingMembers (ceremony: CeremonyView): OfficerId[] {
  const there = readContributions(ceremony)
  const isComplete = (id: OfficerId): boolean =>
    kindsOf(ceremony).every((kind) => there.some(({ payload }) => payload.holderId === id && payload.envelope === kind))
  return ceremony.members.filter(({ role, officerId }) => role !== 'audit' && !isComplete(officerId)).map(({ officerId }) => officerId)
}

const readContributions = ({ contributions }: CeremonyView): Contribution[] => contributions.map((text) => parseContribution(text))
const kindsOf = ({ draft, platform }: CeremonyView): readonly EnvelopeKind[] =>
  draft === null ? ENVELOPE_KINDS.filter((kind) => kind === 'price' || platform.technical !== null) : envelopeKinds(draft)

export interface Contributed { holderId: string, complete: boolean, repeated: boolean }

/**
 * Makes this member's part of each joint key: a new seed, wrapped to the member itself, shared among the others. What was
 * contributed before is not made again.
 */
export async function contribute (session: Api, trust: Trust, { identity, tenderId, now }: {
  identity: Identity, tenderId: TenderId, now: Instant
}): Promise<Contributed> {
  const ceremony = await readCeremony(session, tenderId)
  const { holderId } = identity
  const own = readContributions(ceremony).filter(({ payload }) => payload.holderId === holderId)
  const missing = kindsOf(ceremony).filter((kind) => !own.some(({ payload }) => payload.envelope === kind))
  if (missing.length === 0) return { holderId, complete: missingMembers(ceremony).length === 0, repeated: true }
  const role = ceremony.members.find(({ officerId }) => officerId === holderId)?.role
  const { draft } = ceremony
  if (draft === null || (role !== 'executing' && role !== 'witness')) throw new ClientError('mismatch', `${holderId} has no part in this tender's key.`)
  checkPlatformHolder(ceremony)
  await expectDealtShares(ceremony, trust, { identity, now })
  let complete = false
  const { committee } = draft
  const recipients = shareRecipients(committee, holderId as OfficerId).map((officerId) => {
    const member = ceremony.members.find((other) => other.officerId === officerId)
    if (member === undefined) throw new ClientError('mismatch', `The server does not show officer ${officerId} of the committee.`)
    return { holderId: officerId, encryptionKey: fromBase64url(checkEncryptionKey(trust, member, now)) }
  })
  for (const envelope of missing) {
    const jws = await makeContribution({
      seed: randomBytes(SEED_BYTES),
      tenderId,
      holderId: holderId as OfficerId,
      role: role satisfies CommitteeRole,
      envelope,
      ownEncryptionKey: encryptionOf(identity).publicKey,
      recipients,
      threshold: committee.threshold,
      signer: identity.signer
    })
    complete = (await session.post<{ complete: boolean }>(tenderPath(tenderId, '/contributions'), { jws })).complete
  }
  return { holderId, complete, repeated: false }
}

function checkPlatformHolder (ceremony: CeremonyView): void {
  const { tenderId, platform } = ceremony
  for (const kind of kindsOf(ceremony)) {
    const part = kind === 'price' ? platform : platform.technical
    if (part === null) throw new ClientError('mismatch', 'The platform has no part of the technical key.')
    const [point, proof] = [fromBase64url(part.point), fromBase64url(part.proof)]
    checkHolder({ point, proof, tenderId: keyContext(tenderId, kind), holderId: platform.holderId })
    if (!isMlKemPublicKey(fromBase64url(part.mlKemKey))) throw new ClientError('mismatch', 'The platform\'s ML-KEM key is none.')
  }
}

/** The members' contributions to one key, each signed by the member itself. @throws BonginError `contribution-missing`. */
function checkMembers (trust: Trust, ceremony: CeremonyView, { kind, at }: { kind: EnvelopeKind, at: Instant }): Contribution[] {
  const contributions = readContributions(ceremony).filter(({ payload }) => payload.envelope === kind)
  return ceremony.members.filter(({ role }) => role !== 'audit').map(({ officerId, certificate }) => {
    const contribution = contributions.find(({ payload }) => payload.holderId === officerId)
    if (contribution === undefined) {
      throw new BonginError('contribution-missing', {
        detail: `Officer ${officerId} has not contributed to the tender's key yet.`,
        detailKo: `담당관 ${officerId}이(가) 아직 공고 키를 제출하지 않았습니다.`
      })
    }
    trust.verifySigned(contribution.jws, { certificate, kind: 'officer', holderId: officerId, at })
    return contribution
  })
}

/** Seals the agency's own prices to the joint key. Impossible prices are refused here: later nobody can see them. */
export async function sealAgencyPrices (session: Api, trust: Trust, { tenderId, prices, now }: {
  tenderId: TenderId, prices: readonly number[], now: Instant
}): Promise<{ sealedPricesSha256: Sha256Hex }> {
  const ceremony = await readCeremony(session, tenderId)
  checkPlatformHolder(ceremony)
  const points = [ceremony.platform, ...checkMembers(trust, ceremony, { kind: 'price', at: now }).map(({ payload }) => payload)].map(({ point }) => fromBase64url(point))
  const { draft } = ceremony
  if (draft === null) throw new ClientError('mismatch', 'This tender has no draft: its prices were sealed before.')
  if (!arePricesUsable(draft.price, prices, aValueWon(draft))) {
    throw new BonginError('sealed-prices-invalid', {
      field: '/prices',
      detail: 'These prices could not carry an opening: wrong number of prices, or a price out of the range around the base amount.',
      detailKo: '예비가격의 개수가 맞지 않거나 기초금액 범위를 벗어나 개찰에 사용할 수 없습니다.'
    })
  }
  const mlKemKey = draft.suite === SUITE_XWING ? fromBase64url(ceremony.platform.mlKemKey) : null
  const sealed: SealedWire = await sealPrices({ prices, tenderId, publicKey: tenderPublicKey({ points, mlKemKey }) })
  const answer = await session.put<{ sealedPricesSha256: Sha256Hex }>(tenderPath(tenderId, '/sealed-prices'), sealed)
  expectEqual({ what: 'The server\'s digest of the sealed prices', expected: sealedPricesSha256(sealed), actual: answer.sealedPricesSha256 })
  return answer
}

/** The notice as the server would have it now, to be signed within ten minutes. */
export async function readNoticeDraft (session: Api, tenderId: TenderId): Promise<Notice> {
  return (await session.get<{ notice: Notice }>(tenderPath(tenderId, '/notice-draft'))).notice
}

/**
 * Signs and publishes a notice, once it is what the draft said. `expected` is the draft as its author has it; without it the
 * server's copy of the draft is what the notice is compared with. `reviewed` is the notice that somebody has looked at; without
 * it the one that the server proposes now is signed.
 */
export async function publish (session: Api, trust: Trust, { identity, tenderId, expected, reviewed, now }: {
  identity: Identity, tenderId: TenderId, expected?: TenderDraft | undefined, reviewed?: Notice, now: Instant
}): Promise<PublicationView> {
  const ceremony = await readCeremony(session, tenderId)
  const draft = expected ?? ceremony.draft
  if (draft === null) throw new ClientError('mismatch', 'There is nothing to publish: the tender has no draft.')
  const notice = reviewed ?? await readNoticeDraft(session, tenderId)
  const checked = checkNotice(notice)
  expectEqual({ what: 'The tender\'s id', expected: tenderId, actual: notice.terms.tenderId })
  expectEqual({ what: 'The notice, against the draft', expected: statedBy(withNoticeId(draft, tenderId)), actual: statedBy(draftOf(notice)) })
  const contributions = envelopeKinds(notice.terms).flatMap((kind) => checkMembers(trust, ceremony, { kind, at: now }))
  for (const contribution of contributions) checkContribution(contribution, notice)
  await checkOwnSeeds(identity, contributions, tenderId)
  // Afterwards the key stands, whatever was dealt: a moved deadline must not wait for it.
  if (notice.revision === '000') await expectDealtShares(ceremony, trust, { identity, now })
  const sealed = ceremony.sealedPrices
  if (notice.terms.price.sealedPricesSha256 !== null) {
    expect(sealed !== null && sealedPricesSha256(sealed) === notice.terms.price.sealedPricesSha256, 'The notice commits to other sealed prices than the server shows.')
  }
  if (notice.revision === '000') checkRuleSet(checked, checked)
  else {
    const shown = readShownNotices(await getTender(session, tenderId))
    expectFollows(shown.at(-1) ?? shown[0], checked)
    checkRuleSet(checked, shown[0])
  }
  const jws = await signJws(identity.signer, 'bongin-notice', notice)
  return await session.post(tenderPath(tenderId, '/publication'), { jws })
}

/** That this officer will be able to reveal: its wrapped seeds open, and give the points in its own contributions. */
async function checkOwnSeeds (identity: Identity, contributions: readonly Contribution[], tenderId: TenderId): Promise<void> {
  const { holderId } = identity
  const own = contributions.filter(({ payload }) => payload.holderId === holderId)
  expect(own.length > 0, `${holderId} has no part in this tender's key.`)
  const { privateKey } = encryptionOf(identity)
  for (const { payload: { envelope, wrappedSeed, point } } of own) {
    const seed = await unwrapSeed({ wrapped: wrappedSeed, tenderId: keyContext(tenderId, envelope), holderId, privateKey })
    expect(seedMatches(seed, fromBase64url(point)), 'The own wrapped seed does not give the own point: the tender could never be opened.')
  }
}

/** What a notice says of what its draft said. */
export function draftOf ({ terms, schedule, previousTenderId, changeReason }: Notice): TenderDraft {
  const { sealedPricesSha256: _, ...price } = terms.price
  const { publishedAt: __, ...times } = schedule
  return { ...terms, suite: terms.key.suite, price, schedule: times, previousTenderId, changeReason }
}

const DRAFT_MEMBERS = [
  'title', 'referenceNo', 'kind', 'law', 'method', 'estimatedPriceWon', 'price', 'aValue', 'floorRatePpm', 'netCostWon', 'eligibilityReview',
  'comprehensive', 'technical', 'unitPrices', 'lot', 'jointBids', 'eligibility', 'contact', 'committee', 'suite', 'previousTenderId', 'changeReason'
] as const satisfies ReadonlyArray<keyof TenderDraft>

/** The members of a draft, attachments by name and digest, times as instants. */
function statedBy (draft: TenderDraft): unknown {
  const stated = DRAFT_MEMBERS.map((name) => [name, draft[name]] as const)
  const times = Object.entries(draft.schedule).map(([name, at]) => [name, at === null ? null : parseInstant(at, `/schedule/${name}`)] as const)
  const attachments = draft.attachments.map(({ name, sha256 }) => ({ name, sha256 }))
  return { ...Object.fromEntries(stated), attachments, schedule: Object.fromEntries(times) }
}
