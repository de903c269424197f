/**
 * The rule set that notices name: the one in force for law, kind and method on the day of the first notice, which no platform
 * or officer chooses, however well they sign.
 */
import t from 'tap'
import { sha256Hex } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { readNotices } from '../../src/crypto/verify-notice.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { Notice, NoticeTerms } from '../../src/domain/notice.ts'
import { RULE_SETS } from '../../src/domain/rule-sets.ts'
import { at, expectFaults, type Attack } from '../support/attacks.ts'
import { kst, makeRecord, noticeIn } from '../support/make-record.ts'
import { EXECUTING, makeWorld, signerOf } from '../support/make-world.ts'

const world = await makeWorld()
const honest = await makeRecord(world)
const OWN = 'pps-works-2026-01-30'
const BEFORE = 'pps-works-before-2026-01-30'

/** One of the record's notices with other terms or another day, signed by the executing officer. */
async function signed (index: number, terms: Partial<NoticeTerms>, publishedAt?: string): Promise<string> {
  const notice: Notice = structuredClone(noticeIn(at(honest.notices, index)))
  Object.assign(notice.terms, terms)
  if (publishedAt !== undefined) notice.schedule.publishedAt = kst(publishedAt)
  return await signJws(signerOf(world, EXECUTING), 'bongin-notice', { ...notice, termsSha256: sha256Hex(canonicalBytes(notice.terms)) })
}

t.test('a record whose notices name another set is refused at its notices', async (t) => {
  t.equal((await verifyRecord(structuredClone(honest))).failure, null)
  const others = RULE_SETS.map(({ name }) => name).filter((name) => name !== OWN)
  t.ok(others.includes(BEFORE) && others.length > 10)
  const attack = (name: string, terms: Partial<NoticeTerms>, index: number): Attack =>
    ({
      name: `${name}, notice ${index}`,
      alter: async (r) => { r.notices[index] = await signed(index, terms) },
      step: 'notices',
      detail: new RegExp(`rule set of notice 00${index}`)
    })
  await expectFaults(t, honest, [0, 1].flatMap((index) => [
    ...others.map((ruleSet) => attack(ruleSet, { ruleSet }, index)),
    attack('the set of another law', { law: 'local' }, index),
    attack('the set of another method', { method: 'private-quote' }, index)
  ]))
  const unknown = async (r: typeof honest): Promise<void> => { r.notices[0] = await signed(0, { ruleSet: 'pps-works-2099-01-01' }) }
  await expectFaults(t, honest, [{ name: 'a set that this verifier does not know', alter: unknown, step: 'notices', detail: /rule set/ }])
})

t.test('a change notice keeps the set of the first one, past a change of law; another method has its own', async (t) => {
  const first = await signed(0, { ruleSet: BEFORE }, '2026-01-29T23:59:59')
  const after = '2026-02-02T09:00:00'
  t.equal(readNotices([first, await signed(1, { ruleSet: BEFORE }, after)]).length, 2)
  const newer = await signed(1, { ruleSet: OWN }, after)
  t.throws(() => readNotices([first, newer]), /rule set of notice 001.*pps-works-before-2026-01-30/)
  const quote = { method: 'private-quote', ruleSet: 'pps-works-quotes-before-2026-01-30' } as const
  const changed = await signed(1, quote, after)
  t.equal(at(readNotices([first, changed]), 1).notice.terms.ruleSet, quote.ruleSet)
  const midnight = await signed(0, { ruleSet: BEFORE }, '2026-01-30T00:00:00')
  t.throws(() => readNotices([midnight]), /rule set of notice 000.*pps-works-2026-01-30/, 'a day begins at midnight in Korea')
  const ancient = await signed(0, { ruleSet: BEFORE }, '1999-12-31T23:59:59')
  t.throws(() => readNotices([ancient]), { code: 'rule-set-invalid' }, 'before any set')
})
