/**
 * Questions on a notice and their answers, from both sides; what is read is checked: each digest is of the text beside it, each
 * answer signed by the tender's executing officer to that question. Runs in a browser.
 */
import { parseJws } from '../crypto/jws.ts'
import { makeAnswer, questionSha256 } from '../crypto/question.ts'
import { expect, expectEqual } from '../crypto/record-shape.ts'
import type { Sha256Hex, TenderId } from '../domain/ids.ts'
import { parseInstant } from '../domain/time.ts'
import { tenderPath, type Api } from './api.ts'
import { everyPage } from './every-page.ts'
import type { Identity } from './identity.ts'
import { getTender, verifyByAny } from './tenders.ts'
import type { Trust } from './trust.ts'

export interface QuestionView {
  number: number
  text: string
  askedAt: string
  questionSha256: Sha256Hex
  answer: { text: string, answeredAt: string, jws: string } | null
}

interface QuestionsPage { items: QuestionView[], certificates: string[], nextCursor: number | null }
export interface Asked { number: number, askedAt: string, questionSha256: Sha256Hex }
export interface Answered { number: number, answeredAt: string }

/** Questions in one answer of the server; it has at most a thousand. */
const PAGE = 100

/** As the server tells them. */
async function allQuestions (api: Api, tenderId: TenderId): Promise<{ items: QuestionView[], certificates: string[] }> {
  const pages: QuestionsPage[] = []
  const read = async (cursor: number | null): Promise<QuestionsPage> => await api.get(tenderPath(tenderId, '/questions'), { cursor, limit: PAGE })
  for await (const page of everyPage('questions', read)) pages.push(page)
  return { items: pages.flatMap(({ items }) => items), certificates: pages.flatMap(({ certificates }) => certificates) }
}

/** @throws RecordFault or ClientError (`not-trusted`, and `mismatch` for a list without end) naming what does not hold. */
export async function listQuestions (api: Api, trust: Trust, tenderId: TenderId): Promise<QuestionView[]> {
  const { items, certificates } = await allQuestions(api, tenderId)
  if (items.length === 0) return items
  const { executing } = (await getTender(api, tenderId)).notice.terms.committee
  for (const question of items) {
    checkDigest(tenderId, question)
    const { number, questionSha256: digest, answer } = question
    if (answer === null) continue
    const jws = parseJws(answer.jws, 'bongin-answer')
    const payload = { v: 1, type: 'bongin-answer', tenderId, number, questionSha256: digest, text: answer.text }
    expectEqual({ what: `The answer to question ${number}`, expected: payload, actual: jws.payload })
    verifyByAny(trust, jws, certificates, { holderId: executing, at: parseInstant(answer.answeredAt) })
  }
  return items
}

/** Those without an answer, each the one that its digest is of. @throws RecordFault. */
export async function openQuestions (api: Api, tenderId: TenderId): Promise<QuestionView[]> {
  const open = (await allQuestions(api, tenderId)).items.filter(({ answer }) => answer === null)
  for (const question of open) checkDigest(tenderId, question)
  return open
}

function checkDigest (tenderId: TenderId, { number, askedAt, text, questionSha256: actual }: QuestionView): void {
  expectEqual({ what: `The digest of question ${number}`, expected: questionSha256({ tenderId, number, askedAt, text }), actual })
}

/** The question is public from then on, its asker is not. */
export async function askQuestion (session: Api, { tenderId, text }: { tenderId: TenderId, text: string }): Promise<Asked> {
  return await session.post(tenderPath(tenderId, '/questions'), { text })
}

/**
 * Asks unless the same words stand there already: whoever never heard whether the question arrived asks again without asking twice.
 * @returns the question's number, and whether it was asked now.
 */
export async function askOnce (session: Api, { tenderId, text }: { tenderId: TenderId, text: string }): Promise<{ number: number, isNew: boolean }> {
  const same = (await allQuestions(session, tenderId)).items.find((question) => question.text === text)
  if (same !== undefined) return { number: same.number, isNew: false }
  return { number: (await askQuestion(session, { tenderId, text })).number, isNew: true }
}

/** Signs the answer to the question as it reads now. */
export async function answerQuestion (session: Api, identity: Identity, { tenderId, number, text }: {
  tenderId: TenderId, number: number, text: string
}): Promise<Answered> {
  const { items: [question] } = await session.get<QuestionsPage>(tenderPath(tenderId, '/questions'), { cursor: number - 1, limit: 1 })
  expect(question?.number === number, `There is no question ${number}.`)
  checkDigest(tenderId, question)
  const { questionSha256: digest } = question
  return await session.post(tenderPath(tenderId, '/answers'), { jws: await makeAnswer(identity.signer, { tenderId, number, questionSha256: digest, text }) })
}
