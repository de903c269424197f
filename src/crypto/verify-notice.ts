/**
 * What a signed notice must say to be bid under, and how change notices may follow one another: one tender, one
 * committee, one joint key, revisions without a gap, each before the closing it changes. Signatures are checked by the
 * caller (`verify-platform.ts`), because only it knows the certificates. Runs in a browser.
 */
import { MAX_CONSORTIUM, MAX_LOTS, MAX_QUANTITY, MAX_UNIT_PRICES } from '../domain/form-rules.ts'
import { MAX_MINIMUM_BIDS } from '../domain/balanced-price.ts'
import { MAX_EVALUATORS } from '../domain/method-rules.ts'
import {
  A_VALUE_COMPONENTS, AWARD_METHODS, LAWS, PRICE_DECIMALS, PRICE_METHODS, SUITE_XWING, SUITES, TENDER_KINDS, type KeyHolder, type Notice,
  type NoticeTerms
} from '../domain/notice.ts'
import { checkTerms } from '../domain/notice-rules.ts'
import { envelopeKinds, keyContext, keyOf, type EnvelopeKind } from '../domain/envelope-kind.ts'
import { PLATFORM_HOLDER_ID, type Instant } from '../domain/ids.ts'
import type { Outage, TenderTimes } from '../domain/outage.ts'
import { ruleSetFor } from '../domain/rule-sets.ts'
import { parseInstant } from '../domain/time.ts'
import { equalBytes, fromBase64url, sha256Hex } from './bytes.ts'
import { canonicalBytes } from './canonical-json.ts'
import { SUITE_BYTES } from './hpke-seal.ts'
import { checkHolder } from './joint-key.ts'
import { parseJws, type ParsedJws } from './jws.ts'
import { isMlKemPublicKey, ML_KEM_PUBLIC_KEY_BYTES } from './ml-kem.ts'
import { agencyIdText, base64urlText, officerIdText, tenderIdText } from './record.ts'
import {
  anyObject, bytes32Text, checkShape, expect, expectEqual, firstDifference, flag, kstText, listOf, nullable, object, oneOf, sha256Text, text, whole,
  wonAmount, type Shape
} from './record-shape.ts'
import { tenderPublicKey } from './tender-key.ts'
import { extendNotice, type AppliedExtension } from './verify-outages.ts'

const MAX_RATE_PPM = 1_000_000
const MAX_MARKS_MILLI = 1_000_000
const MAX_LIST = 1000

const rate = whole(0, MAX_RATE_PPM)
const marks = whole(0, MAX_MARKS_MILLI)
const names = listOf(text({ max: 200 }), { max: MAX_LIST })

const priceShape = object({
  method: oneOf(...PRICE_METHODS),
  decimals: oneOf(...PRICE_DECIMALS),
  baseAmountWon: nullable(wonAmount),
  rangePpm: rate,
  slotPlan: oneOf('equal-15', 'upper-7', 'upper-8'),
  priceUnitWon: wonAmount,
  plannedPriceRounding: oneOf('up-1', 'up-1000', 'down-1'),
  sealedPricesSha256: nullable(sha256Text)
})

const priceMarks = {
  priceMarksMilli: marks,
  slopeMilli: marks,
  minimumPriceMarksMilli: marks,
  flat: nullable(object({ fromRatioPpm: whole(0, 2 * MAX_RATE_PPM), marksMilli: marks }))
}

const plannedShape = object({ kind: oneOf('planned'), ratePpm: rate })
const balancedShape = object({ kind: oneOf('balanced'), dropHighestPpm: rate, dropLowestPpm: rate, minimumBids: whole(1, MAX_MINIMUM_BIDS) })
const referenceShape: Shape = (value, path) => {
  anyObject(value, path)
  const isBalanced = (value as Record<string, unknown>)['kind'] === 'balanced'
  ;(isBalanced ? balancedShape : plannedShape)(value, path)
}

const keyShape = object({
  suite: oneOf(...SUITES),
  holders: listOf(object({
    holderId: text({ max: 200 }), role: oneOf('platform', 'executing', 'witness'), point: bytes32Text, proof: base64urlText
  }), { min: 3, max: 3 }),
  publicKey: base64urlText
})

const termsShape = object({
  tenderId: tenderIdText,
  rebidRound: whole(0, MAX_LIST),
  title: text(),
  agencyId: agencyIdText,
  agencyName: text(),
  referenceNo: text(),
  kind: oneOf(...TENDER_KINDS),
  law: oneOf(...LAWS),
  method: oneOf(...AWARD_METHODS),
  estimatedPriceWon: wonAmount,
  price: priceShape,
  aValue: nullable(object(Object.fromEntries(A_VALUE_COMPONENTS.map((name) => [name, wonAmount])))),
  floorRatePpm: rate,
  netCostWon: nullable(wonAmount),
  eligibilityReview: nullable(object({ ...priceMarks, referenceRatePpm: rate, capabilityMarksMilli: marks, passMarkMilli: marks })),
  comprehensive: nullable(object({ ...priceMarks, reference: referenceShape, capabilityMarksMilli: marks, socialMarksMilli: marks })),
  technical: nullable(object({ marksMilli: marks, passMarkMilli: marks, minimumEvaluators: whole(1, MAX_EVALUATORS), dropExtremes: flag })),
  unitPrices: listOf(object({ name: text(), unit: text(), quantity: whole(1, MAX_QUANTITY) }), { max: MAX_UNIT_PRICES }),
  lot: nullable(object({ noticeId: nullable(tenderIdText), number: whole(1, MAX_LOTS), count: whole(2, MAX_LOTS) })),
  jointBids: nullable(object({ maxMembers: whole(2, MAX_CONSORTIUM), minimumSharePpm: rate })),
  eligibility: object({ linesOfBusiness: names, regions: names }),
  contact: object({ name: text(), phone: text(), email: text() }),
  attachments: listOf(object({ name: text(), sizeBytes: whole(0, Number.MAX_SAFE_INTEGER), sha256: sha256Text }), { max: MAX_LIST }),
  committee: object({
    executing: officerIdText, witness: officerIdText, recovery: listOf(officerIdText, { max: MAX_LIST }), threshold: whole(2, MAX_LIST)
  }),
  key: keyShape,
  technicalKey: nullable(keyShape),
  ruleSet: text({ max: 200 })
})

const noticeShape = object({
  v: oneOf(1),
  type: oneOf('bongin-notice'),
  revision: text({ pattern: '^[0-9]{3}$', wanted: 'three digits' }),
  termsSha256: sha256Text,
  previousTenderId: nullable(tenderIdText),
  changeReason: text(),
  terms: termsShape,
  schedule: object({
    publishedAt: kstText, questionsFrom: kstText, questionsUntil: kstText, closesAt: kstText, technicalOpensAt: nullable(kstText), opensAt: kstText
  })
})

/** A notice that holds together, with its times as instants. */
export interface CheckedNotice extends TenderTimes {
  notice: Notice
  publishedAt: Instant
  /** What outages made of its times while it was in force; the times above are those that came of it. */
  extensions: readonly AppliedExtension[]
}

/** The same, as it was signed. */
export interface ReadNotice extends CheckedNotice { jws: ParsedJws }

/** What the joint keys were proven for. */
type KeyTerms = Pick<NoticeTerms, 'tenderId' | 'committee' | 'key' | 'technicalKey'>

/**
 * A notice by itself: shape, possible terms and their digest, times in order, the joint key proven to be the sum of its holders' points.
 * The proofs cost milliseconds; `proven` are terms whose key was checked before, so that the same key is not checked again.
 * @throws BonginError or RecordFault naming what is wrong.
 */
export function checkNotice (value: unknown, proven?: KeyTerms): CheckedNotice {
  const notice = checkShape<Notice>(noticeShape, value, '/payload')
  const termsSha256 = sha256Hex(canonicalBytes(notice.terms))
  expectEqual({ what: 'The notice\'s digest of its terms', expected: termsSha256, actual: notice.termsSha256 })
  const { schedule, terms } = notice
  const publishedAt = parseInstant(schedule.publishedAt)
  const closesAt = parseInstant(schedule.closesAt)
  const opensAt = parseInstant(schedule.opensAt)
  const technicalOpensAt = schedule.technicalOpensAt === null ? null : parseInstant(schedule.technicalOpensAt)
  expect(publishedAt < closesAt && closesAt < opensAt, 'A notice is published before its closing, and closes before its opening.')
  expect((technicalOpensAt === null) === (terms.technical === null), 'A technical opening time is there exactly where there are technical envelopes.')
  const between = technicalOpensAt === null || (closesAt <= technicalOpensAt && technicalOpensAt < opensAt)
  expect(between, 'Technical envelopes are opened from the closing on and before the prices.')
  checkTerms(terms)
  if (proven === undefined || firstDifference(keyTerms(proven), keyTerms(terms)) !== null) checkJointKeys(notice)
  return { notice, publishedAt, closesAt, technicalOpensAt, opensAt, extensions: [] }
}

/** `checkNotice` of a signed notice; the signature is not looked at. */
export function readNotice (text: string, proven?: KeyTerms): ReadNotice {
  const jws = parseJws(text, 'bongin-notice')
  return { jws, ...checkNotice(jws.payload, proven) }
}

function keyTerms ({ tenderId, committee, key, technicalKey }: KeyTerms): KeyTerms {
  return { tenderId, committee, key, technicalKey }
}

/**
 * Each of the tender's public keys is the sum of three points, each by a holder of its own who proved to have its key: the
 * platform and the two committee members that the notice names. No point stands in both keys: a technical seed is revealed
 * while the prices are still sealed.
 */
export function checkJointKeys ({ terms }: Pick<Notice, 'terms'>): void {
  for (const kind of envelopeKinds(terms)) checkJointKey(terms, kind)
  const points = [terms.key, terms.technicalKey].flatMap((key) => key?.holders ?? []).map(({ point }) => point)
  expect(new Set(points).size === points.length, 'A point stands in both keys of this tender.')
  expect(terms.technicalKey === null || terms.technicalKey.suite === terms.key.suite, 'The two keys of this tender are of different suites.')
}

function checkJointKey (terms: NoticeTerms, kind: EnvelopeKind): void {
  const { tenderId, committee } = terms
  const key = keyOf(terms, kind)
  expect(key !== null, `The notice has no ${kind} key.`)
  expect(committee.executing !== committee.witness, 'Executing officer and witness are two people.')
  const wanted = new Map<string, KeyHolder['role']>([[PLATFORM_HOLDER_ID, 'platform'], [committee.executing, 'executing'], [committee.witness, 'witness']])
  for (const { holderId, role, point, proof } of key.holders) {
    expect(wanted.get(holderId) === role, `Key holder ${holderId} (${role}) is not the one of this committee, or stands twice.`)
    wanted.delete(holderId)
    checkHolder({ point: fromBase64url(point), proof: fromBase64url(proof), tenderId: keyContext(tenderId, kind), holderId })
  }
  const publicKey = fromBase64url(key.publicKey)
  expect(publicKey.length === SUITE_BYTES[key.suite].publicKey, 'The tender\'s public key has not the length of its suite.')
  const mlKemKey = key.suite === SUITE_XWING ? publicKey.subarray(0, ML_KEM_PUBLIC_KEY_BYTES) : null
  expect(mlKemKey === null || isMlKemPublicKey(mlKemKey), 'The tender\'s public key does not begin with an ML-KEM-768 key.')
  const sum = tenderPublicKey({ points: key.holders.map(({ point }) => fromBase64url(point)), mlKemKey })
  expect(equalBytes(sum, publicKey), 'The tender\'s public key is not the sum of its holders\' points.')
}

/**
 * All notices of one tender, oldest first. `outages`: by notice, those that came while it was in force, in order.
 * @throws BonginError or RecordFault naming the notice that does not follow.
 */
export function readNotices (texts: readonly string[], outages: ReadonlyArray<readonly Outage[]> = []): [ReadNotice, ...ReadNotice[]] {
  const [oldest, ...rest] = texts
  expect(oldest !== undefined, 'A tender has at least one notice.')
  const first = extendNotice(readNotice(oldest), outages[0])
  expectEqual({ what: 'The first notice\'s revision', expected: '000', actual: first.notice.revision })
  checkRuleSet(first, first)
  const changes = rest.map((text, i) => extendNotice(readNotice(text, first.notice.terms), outages[i + 1]))
  changes.reduce((previous, change) => {
    expectFollows(previous, change)
    checkRuleSet(change, first)
    return change
  }, first)
  return [first, ...changes]
}

/**
 * A notice falls under the set that was in force when its tender was first published: nobody chooses its rules, and no later
 * law reaches it. Any verifier can tell, because no set ever leaves the table.
 * @throws BonginError `rule-set-invalid` where no set was in force, RecordFault where another is named.
 */
export function checkRuleSet ({ notice: { revision, terms } }: CheckedNotice, first: Pick<CheckedNotice, 'publishedAt'>): void {
  const { law, kind, method, ruleSet } = terms
  const expected = ruleSetFor({ law, kind, method, noticeAt: first.publishedAt })
  expectEqual({ what: `The rule set of notice ${revision}`, expected, actual: ruleSet })
}

/**
 * A change notice comes next, before the closing that it changes, and leaves alone what it may not touch: tender, agency,
 * committee, joint keys, price method and unit, sealed prices, and the tender that this one takes up again.
 */
export function expectFollows (previous: CheckedNotice, change: CheckedNotice): void {
  const revision = String(Number(previous.notice.revision) + 1).padStart(3, '0')
  const what = `Change notice ${revision}`
  expectEqual({ what: `${what}, revision`, expected: revision, actual: change.notice.revision })
  expectEqual({ what, expected: fixedParts(previous.notice), actual: fixedParts(change.notice) })
  expect(change.publishedAt >= previous.publishedAt, `${what} is older than the notice that it changes.`)
  expect(change.publishedAt < previous.closesAt, `${what} came after the closing that it changes.`)
}

function fixedParts ({ terms, previousTenderId }: Notice): unknown {
  const { tenderId, agencyId, committee, key, technicalKey, lot, price: { method, decimals, sealedPricesSha256 } } = terms
  return { tenderId, agencyId, committee, key, technicalKey, lot, method, decimals, sealedPricesSha256, previousTenderId }
}
