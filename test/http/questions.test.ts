/**
 * Questions and answers through the real server: nobody learns who asked, times and numbers have bounds, an answer is its
 * officer's to that question alone, and a record whose ledger tells of them verifies, or not where it was altered.
 */
import t from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { answerQuestion, askQuestion, listQuestions } from '../../src/client/questions.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { getTender } from '../../src/client/tenders.ts'
import { makeAnswer } from '../../src/crypto/question.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { MAX_QUESTIONS_OF_SUPPLIER } from '../../src/domain/question.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast } from '../support/actors.ts'
import { at, entryOf } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { rechain } from '../support/make-record.ts'
import { openAt, publishDraft } from '../support/stage.ts'

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 3 })
const { publicApi, platform, executing, witness } = cast
const [asker, other, third] = [at(cast.suppliers, 0), at(cast.suppliers, 1), at(cast.suppliers, 2)]
const TEXT = '<img src=x onerror=alert(1)> 설계서 3쪽의 물량은\n무엇을 기준으로 합니까?'
const { schedule } = draftFor(cast)
const tenderId = await publishDraft({ app, cast }, draftFor(cast))
const text = async (path: string): Promise<string> => await (await fetch(app.baseUrl + path)).text()
const answer = async (number: number, text = '단가산출서를 기준으로 합니다.'): Promise<unknown> =>
  await answerQuestion(executing.api, executing.identity, { tenderId, number, text })

t.test('a supplier asks, everybody reads, nobody learns who asked', async (t) => {
  t.match(await askQuestion(asker.api, { tenderId, text: TEXT }), { number: 1 })
  t.match(await listQuestions(publicApi, platform, tenderId), [{ number: 1, text: TEXT, answer: null }])
  for (const path of [`/v1/tenders/${tenderId}/questions`, `/v1/tenders/${tenderId}`, `/v1/events?tenderId=${tenderId}`, `/tenders/${tenderId}`]) {
    t.notMatch(await text(path), asker.identity.holderId, path)
  }
  const page = await text(`/tenders/${tenderId}`)
  t.match(page, '&lt;img src=x onerror=alert(1)&gt;', 'the page shows it letter for letter')
  t.notMatch(page, '<img', 'as text')
})

t.test('what is refused', async (t) => {
  await t.rejects(askQuestion(publicApi, { tenderId, text: 'x' }), { code: 'authentication-required' })
  await t.rejects(askQuestion(executing.api, { tenderId, text: 'x' }), { code: 'forbidden' }, 'officers answer')
  await t.rejects(askQuestion(asker.api, { tenderId: 'R26BK00009999' as TenderId, text: 'x' }), { code: 'tender-not-found' })
  for (const [wrong, code] of [['', 'invalid-request'], ['x'.repeat(2_001), 'invalid-request'], ['  \n ', 'question-invalid'], ['a\u202eb', 'question-invalid']]) {
    await t.rejects(askQuestion(asker.api, { tenderId, text: wrong ?? '' }), { code }, JSON.stringify(wrong?.slice(0, 9)))
  }
  await t.rejects(answerQuestion(witness.api, witness.identity, { tenderId, number: 1, text: '답' }), { code: 'forbidden' }, 'the witness')
  const stranger = await cast.enrol('정집행', 'executing')
  await t.rejects(answerQuestion(stranger.api, stranger.identity, { tenderId, number: 1, text: '답' }), { code: 'not-committee-member' }, 'of another tender')
  const [question] = await listQuestions(publicApi, platform, tenderId)
  const jws = async (change: object): Promise<string> =>
    await makeAnswer(executing.identity.signer, { tenderId, number: 1, questionSha256: question?.questionSha256 ?? '' as never, text: '답', ...change })
  const send = async (change: object): Promise<unknown> => await executing.api.post(`/v1/tenders/${tenderId}/answers`, { jws: await jws(change) })
  await t.rejects(send({ questionSha256: '0'.repeat(64) }), { code: 'question-invalid' }, 'to another question')
  await t.rejects(send({ tenderId: 'R26BK00009999' }), { code: 'wrong-tender' })
  await t.rejects(send({ number: 2 }), { code: 'not-found' })
  await t.rejects(send({ text: '답'.repeat(4_001) }), { code: 'envelope-malformed' })
})

t.test('the answer is signed and stands', async (t) => {
  await answer(1)
  t.match(await listQuestions(publicApi, platform, tenderId), [{ number: 1, answer: { text: '단가산출서를 기준으로 합니다.' } }])
  await t.rejects(answer(1, '다른 답'), { code: 'question-answered' })
})

t.test('a supplier has a number of questions, and pages go on', async (t) => {
  for (let i = 0; i < MAX_QUESTIONS_OF_SUPPLIER; i++) await askQuestion(other.api, { tenderId, text: `질의 ${i}` })
  await t.rejects(askQuestion(other.api, { tenderId, text: '하나 더' }), { code: 'question-invalid' })
  t.match(await askQuestion(third.api, { tenderId, text: '다른 업체는 더 질의할 수 있다' }), { number: MAX_QUESTIONS_OF_SUPPLIER + 2 })
  const page = JSON.parse(await text(`/v1/tenders/${tenderId}/questions?cursor=2&limit=3`)) as { items: Array<{ number: number }>, nextCursor: number }
  t.same([page.items.map(({ number }) => number), page.nextCursor], [[3, 4, 5], 5])
})

t.test('questions end by the notice, answers with the closing', async (t) => {
  app.clock.set(schedule.questionsUntil)
  await t.rejects(askQuestion((await cast.login(asker)).api, { tenderId, text: '늦은 질의' }), { code: 'questions-closed' })
  const bidders = [await cast.login(asker), await cast.login(other)]
  for (const [i, { api, identity }] of bidders.entries()) {
    const content = { amountWon: 27_500_000 + i * 400_000, picks: [1, 2] as [number, number] }
    const { envelope } = await sealFor(publicApi, platform, { identity, tenderId, content, now: app.clock.now() })
    await submitBid(api, platform, envelope)
  }
  await openAt({ app, cast }, tenderId, schedule.opensAt)
  const late = await cast.login(executing)
  await t.rejects(answerQuestion(late.api, late.identity, { tenderId, number: 2, text: '늦은 답' }), { code: 'tender-state' })
})

t.test('the history has room for what came of the tender, however much was asked', async (t) => {
  const types = (await getTender(publicApi, tenderId)).history.map(({ type }) => type)
  t.same(types, ['tender.published', 'tender.closed', 'tender.opened'])
  const events = JSON.parse(await text(`/v1/events?tenderId=${tenderId}`)) as { items: Array<{ type: string }> }
  t.equal(events.items.filter(({ type }) => type === 'tender.asked').length, MAX_QUESTIONS_OF_SUPPLIER + 2, 'the journal has them all')
})

t.test('the record tells of them by digest, and verifies', async (t) => {
  const record = await downloadRecord(publicApi, tenderId)
  t.ok((await verifyRecord(record)).ok)
  t.equal(record.ledger.filter(({ type }) => type === 'asked').length, MAX_QUESTIONS_OF_SUPPLIER + 2)
  t.notMatch(JSON.stringify(record.ledger), third.identity.holderId, 'an asker that did not bid is nowhere in it')
  for (const [what, change] of [
    ['an answer to nothing', { number: 30 }], ['to another question', { questionSha256: '0'.repeat(64) }], ['without its digest', { jwsSha256: 1 }]
  ] as const) {
    const altered = structuredClone(record)
    const entry = entryOf(altered, 'answered')
    entry.payload = { ...entry.payload, ...change }
    rechain(altered)
    t.match(await verifyRecord(altered), { ok: false, failure: { step: 'story' } }, what)
  }
})
