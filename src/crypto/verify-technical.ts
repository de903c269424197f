/**
 * The technical evaluation: the executing officer appointed the evaluators, each of them signed its marks for exactly the
 * proposals that were opened, and the signed result is what the rules make of those marks. Whether a proposal that is
 * called void could be opened, and what the proposals say, is not public and not checked. Runs in a browser.
 */
import { MAX_EVALUATORS } from '../domain/method-rules.ts'
import type { OfficerId, Sha256Hex, SupplierId } from '../domain/ids.ts'
import type { NoticeTerms } from '../domain/notice.ts'
import { technicalScores, type EvaluatorMarks, type TechnicalScore } from '../domain/technical.ts'
import { markedSuppliers, type TechnicalOpening, type TechnicalOutcome } from '../domain/technical-opening.ts'
import { sha256Hex, utf8 } from './bytes.ts'
import { canonicalBytes } from './canonical-json.ts'
import { parseJws, type JwsType, type ParsedJws } from './jws.ts'
import { MAX_RECORD_LEAVES, officerIdText, supplierIdText, tenderIdText, type TechnicalRecord } from './record.ts'
import { checkShape, expect, expectEqual, flag, listOf, object, oneOf, sha256Text, text, whole, type Shape } from './record-shape.ts'

const MAX_MARKS = 1_000_000
const MAX_REASON_LENGTH = 2000
const proposals = { max: MAX_RECORD_LEAVES }

export interface EvaluatorsPayload { tenderId: string, evaluators: OfficerId[] }
export interface MarksPayload {
  tenderId: string
  technicalOpeningSha256: Sha256Hex
  evaluatorId: OfficerId
  marks: Array<{ supplierId: SupplierId, marksMilli: number }>
  reason: string
}
export interface ResultPayload {
  tenderId: string
  technicalOpeningSha256: Sha256Hex
  /** Digests of the marks' JWS, in their order. */
  marksSha256: Sha256Hex[]
  scores: TechnicalScore[]
}

const evaluatorsShape = object({
  v: oneOf(1), type: oneOf('bongin-evaluators'), tenderId: tenderIdText, evaluators: listOf(officerIdText, { min: 1, max: MAX_EVALUATORS })
})
const marksShape = object({
  v: oneOf(1),
  type: oneOf('bongin-technical-marks'),
  tenderId: tenderIdText,
  technicalOpeningSha256: sha256Text,
  evaluatorId: officerIdText,
  marks: listOf(object({ supplierId: supplierIdText, marksMilli: whole(0, MAX_MARKS) }), proposals),
  reason: text({ max: MAX_REASON_LENGTH, pattern: '\\S', wanted: 'a reason' })
})
const resultShape = object({
  v: oneOf(1),
  type: oneOf('bongin-technical-result'),
  tenderId: tenderIdText,
  technicalOpeningSha256: sha256Text,
  marksSha256: listOf(sha256Text, { min: 1, max: MAX_EVALUATORS }),
  scores: listOf(object({ supplierId: supplierIdText, marksE4: whole(0, 10 * MAX_MARKS), passes: flag }), proposals)
})

interface Signed<Payload> { text: string, jws: ParsedJws, payload: Payload }

function read<Payload> (jwsText: string, type: JwsType, shape: Shape): Signed<Payload> {
  const jws = parseJws(jwsText, type)
  return { text: jwsText, jws, payload: checkShape<Payload>(shape, jws.payload, '/payload') }
}

export const readEvaluators = (jws: string): Signed<EvaluatorsPayload> => read(jws, 'bongin-evaluators', evaluatorsShape)
export const readMarks = (jws: string): Signed<MarksPayload> => read(jws, 'bongin-technical-marks', marksShape)
export const readResult = (jws: string): Signed<ResultPayload> => read(jws, 'bongin-technical-result', resultShape)

/** Enough evaluators, each once, nobody of the committee. @throws RecordFault. */
export function expectEvaluators (evaluators: readonly OfficerId[], { technical, committee }: Pick<NoticeTerms, 'technical' | 'committee'>): void {
  const least = technical?.minimumEvaluators ?? 0
  expect(new Set(evaluators).size === evaluators.length, 'An evaluator is appointed twice.')
  expect(evaluators.length >= least, `The notice promises ${least} evaluators at least; ${evaluators.length} are appointed.`)
  const members: readonly string[] = [committee.executing, committee.witness, ...committee.recovery]
  const member = evaluators.find((id) => members.includes(id))
  expect(member === undefined, `${member ?? ''} is of the committee and cannot evaluate.`)
}

export interface CheckedTechnical {
  outcome: TechnicalOutcome
  openingSha256: Sha256Hex
  appointments: Array<Signed<EvaluatorsPayload>>
  marks: Array<Signed<MarksPayload>>
  result: Signed<ResultPayload>
}

/** Throws unless this officer signed; it is handed the text to find out when. */
export type VerifyOfficer = (act: { text: string, jws: ParsedJws, holderId: OfficerId }) => void

export interface StandingLeaf { supplierId: SupplierId, envelopeSha256: Sha256Hex }

interface TechnicalFacts {
  record: TechnicalRecord
  terms: NoticeTerms
  termsSha256: Sha256Hex
  closing: TechnicalOpening['closing']
  /** The bids that are neither withdrawn nor superseded, in order. */
  standing: readonly StandingLeaf[]
  verify: VerifyOfficer
}

/**
 * Everything about one technical evaluation that public documents can show.
 * @throws RecordFault or BonginError naming what does not hold.
 */
export function checkTechnical (facts: TechnicalFacts): CheckedTechnical {
  const { record, terms, verify } = facts
  const { scores, openingSha256, appointments, marks } = checkMarks(facts)
  const result = readResult(record.result)
  expectAbout(result.payload, { what: 'The technical result', tenderId: terms.tenderId, openingSha256 })
  verify({ ...result, holderId: terms.committee.executing })
  expectEqual({ what: 'The marks that the technical result names', expected: marks.map(({ text }) => actDigest(text)), actual: result.payload.marksSha256 })
  expectEqual({ what: 'The scores, computed again', expected: scores, actual: result.payload.scores })
  return { outcome: { proposals: record.opening.proposals, scores }, openingSha256, appointments, marks, result }
}

/** The same without the result, which need not be there yet: what the marks come to. @throws as `checkTechnical`. */
export function checkMarks ({ record, terms, termsSha256, closing, standing, verify }: TechnicalFacts):
Pick<CheckedTechnical, 'openingSha256' | 'appointments' | 'marks'> & { scores: TechnicalScore[] } {
  const { opening } = record
  const { tenderId, committee } = terms
  checkOpening(opening, { tenderId, termsSha256, closing, standing })
  const openingSha256 = sha256Hex(canonicalBytes(opening))
  const appointments = record.evaluators.map((text) => readEvaluators(text))
  for (const { payload, ...act } of appointments) {
    expectEqual({ what: 'An appointment of evaluators, tender', expected: tenderId, actual: payload.tenderId })
    expectEvaluators(payload.evaluators, terms)
    verify({ ...act, holderId: committee.executing })
  }
  const marks = record.marks.map((text) => readMarks(text))
  for (const { payload, ...act } of marks) {
    expectAbout(payload, { what: `The marks of ${payload.evaluatorId}`, tenderId, openingSha256 })
    verify({ ...act, holderId: payload.evaluatorId })
  }
  const scores = scoresOf({ terms, opening, evaluators: appointments.at(-1)?.payload.evaluators ?? [], marks })
  return { scores, openingSha256, appointments, marks }
}

function checkOpening (opening: TechnicalOpening, { tenderId, termsSha256, closing, standing }: {
  tenderId: string, termsSha256: Sha256Hex, closing: TechnicalOpening['closing'], standing: readonly StandingLeaf[]
}): void {
  const { tenderId: named, termsSha256: digest, closing: closed, proposals: opened } = opening
  expectEqual({ what: 'The technical opening', expected: { tenderId, termsSha256, closing }, actual: { tenderId: named, termsSha256: digest, closing: closed } })
  expectEqual({
    what: 'The bids of the technical opening',
    expected: standing.map(({ supplierId, envelopeSha256 }) => ({ supplierId, envelopeSha256 })),
    actual: opened.map(({ supplierId, envelopeSha256 }) => ({ supplierId, envelopeSha256 }))
  })
  for (const { supplierId, proposalSha256, voidReason } of opened) {
    expect((proposalSha256 === null) === (voidReason !== null), `The proposal of ${supplierId} has either a digest or a reason why it is void.`)
  }
}

function expectAbout (payload: { tenderId: string, technicalOpeningSha256: Sha256Hex }, { what, tenderId, openingSha256 }: {
  what: string, tenderId: string, openingSha256: Sha256Hex
}): void {
  expectEqual({
    what,
    expected: { tenderId, technicalOpeningSha256: openingSha256 },
    actual: { tenderId: payload.tenderId, technicalOpeningSha256: payload.technicalOpeningSha256 }
  })
}

/** Whoever is appointed has marked, and nobody else has. */
function scoresOf ({ terms, opening, evaluators, marks }: {
  terms: NoticeTerms, opening: TechnicalOpening, evaluators: readonly OfficerId[], marks: ReadonlyArray<Signed<MarksPayload>>
}): TechnicalScore[] {
  expect(terms.technical !== null, 'This tender has no technical evaluation.')
  const marked = marks.map(({ payload }) => payload.evaluatorId)
  expectEqual({ what: 'Those who marked, against the evaluators appointed', expected: [...evaluators].sort(), actual: [...marked].sort() })
  const given: EvaluatorMarks[] = marks.map(({ payload }) => ({ evaluatorId: payload.evaluatorId, marks: payload.marks }))
  return technicalScores(terms.technical, markedSuppliers(opening.proposals), given)
}

export const actDigest = (jws: string): Sha256Hex => sha256Hex(utf8(jws))
