/**
 * What a dishonest platform and executing officer could try on the record of a tender with two envelopes. They have every
 * key but the suppliers' and the evaluators', and chain the ledger anew after each change.
 */
import { parseJws, signJws, type JwsType, type Signer } from '../../src/crypto/jws.ts'
import type { TechnicalRecord, TenderRecord } from '../../src/crypto/record.ts'
import { at, dropEntry, entryOf, moveEntry, swap, type Attack } from './attacks.ts'
import { jwsDigest, rechain } from './make-record.ts'

interface Hands {
  /** The executing officer's signer. */
  executing: Signer
  /** A member of the committee, and an evaluator without marks. */
  witnessId: string
  spareId: string
  /** The envelope of the bid at leaf 2, whose proposal failed. */
  failedEnvelope: string
}

const technicalOf = ({ technical }: TenderRecord): TechnicalRecord => {
  if (technical === null) throw new Error('the record has a technical evaluation')
  return technical
}

/** Lets the ledger name the new text in place of the old one. */
function retell (record: TenderRecord, before: string, after: string): void {
  for (const { payload } of record.ledger) if (payload?.['jwsSha256'] === jwsDigest(before)) payload['jwsSha256'] = jwsDigest(after)
  rechain(record)
}

/** The same statement with members changed, signed by the executing officer. */
async function resigned ({ executing }: Hands, jws: string, type: JwsType, change: (payload: Record<string, unknown>) => void): Promise<string> {
  const payload = structuredClone(parseJws(jws, type).payload) as Record<string, unknown>
  change(payload)
  return await signJws(executing, type, payload)
}

function onMarks (hands: Hands): Attack[] {
  return [
    {
      name: 'a mark forged by the executing officer',
      alter: async (r) => {
        const { marks } = technicalOf(r)
        const before = at(marks, 0)
        marks[0] = await resigned(hands, before, 'bongin-technical-marks', (payload) => {
          at(payload['marks'] as Array<{ marksMilli: number }>, 2).marksMilli = 80_000
        })
        retell(r, before, at(marks, 0))
      },
      step: 'technical',
      detail: /where officer O\d{8} must sign/
    },
    { name: 'marks in another order', alter: (r) => { swap(technicalOf(r).marks, 0, 1) }, step: 'technical', detail: /marks that the technical result names/ },
    {
      name: 'an evaluator dropped with its marks',
      alter: (r) => {
        technicalOf(r).marks.pop()
        dropEntry(r, 'technical-marked', 2)
        rechain(r)
      },
      step: 'technical',
      detail: /against the evaluators appointed/
    },
    {
      name: 'an evaluator dropped after it marked',
      alter: async (r) => {
        const { evaluators } = technicalOf(r)
        const without = await resigned(hands, at(evaluators, 1), 'bongin-evaluators', (payload) => {
          payload['evaluators'] = [...(payload['evaluators'] as string[]).slice(1), hands.spareId]
        })
        evaluators.splice(1, 0, without)
        const entry = entryOf(r, 'evaluators-appointed', 1)
        r.ledger.splice(r.ledger.indexOf(entry), 0, { ...entry, payload: { jwsSha256: jwsDigest(without) } })
        rechain(r)
      },
      step: 'story',
      detail: /has marked and is dropped/
    },
    {
      name: 'a member of the committee evaluates',
      alter: async (r) => {
        const { evaluators } = technicalOf(r)
        const before = at(evaluators, 1)
        evaluators[1] = await resigned(hands, before, 'bongin-evaluators', (payload) => { (payload['evaluators'] as string[])[2] = hands.witnessId })
        retell(r, before, at(evaluators, 1))
      },
      step: 'technical',
      detail: /is of the committee/
    }
  ]
}

function onResult (hands: Hands): Attack[] {
  const scores = (change: (scores: Array<{ marksE4: number, passes: boolean }>) => void) => async (r: TenderRecord): Promise<void> => {
    const technical = technicalOf(r)
    const before = technical.result
    technical.result = await resigned(hands, before, 'bongin-technical-result', (payload) => { change(payload['scores'] as never) })
    retell(r, before, technical.result)
  }
  return [
    { name: 'a failing proposal said to pass', alter: scores((all) => { at(all, 2).passes = true }), step: 'technical', detail: /scores, computed again, \/2\/passes/ },
    { name: 'better marks in the result', alter: scores((all) => { at(all, 0).marksE4 += 10 }), step: 'technical', detail: /scores, computed again, \/0\/marksE4/ },
    { name: 'a failed bid opened anyway', alter: (r) => { r.envelopes[2] = hands.failedEnvelope }, step: 'envelopes', detail: /out by the technical evaluation/ },
    { name: 'a failed bid ranked anyway', alter: (r) => { Object.assign(at(r.opening.rows as object[], 2), { amountWon: 75_000_000, remark: 'normal', voidReason: null }) }, step: 'opening', detail: /\/rows\/2/ },
    { name: 'a bid that passed is kept back', alter: (r) => { r.envelopes[1] = null }, step: 'envelopes', detail: /is missing/ },
    { name: 'no technical evaluation', alter: (r) => { r.technical = null }, step: 'technical', detail: /exactly where/ },
    { name: 'a proposal left out', alter: (r) => { (technicalOf(r).opening.proposals as object[]).pop() }, step: 'technical', detail: /bids of the technical opening/ },
    {
      name: 'a proposal called void afterwards',
      alter: (r) => { Object.assign(at(technicalOf(r).opening.proposals as object[], 1), { proposalSha256: null, voidReason: 'technical-malformed' }) },
      step: 'technical',
      detail: /technicalOpeningSha256/
    },
    { name: 'negotiations in another order', alter: (r) => { swap(r.evaluations, 0, 1) }, step: 'evaluations', detail: /next candidate/ }
  ]
}

function onLedger (): Attack[] {
  const story = (name: string, alter: (r: TenderRecord) => void, detail: RegExp): Attack =>
    ({ name, alter: (r) => { alter(r); rechain(r) }, step: 'story', detail })
  const priceReveal = (r: TenderRecord): number => r.ledger.findIndex(({ type, payload }) => type === 'revealed' && payload?.['envelope'] === 'price')
  return [
    story('a price key before the technical result', (r) => {
      const [reveal] = r.ledger.splice(priceReveal(r), 1)
      if (reveal !== undefined) r.ledger.splice(r.ledger.indexOf(entryOf(r, 'technical-evaluated')), 0, { ...reveal, at: entryOf(r, 'technical-evaluated').at })
    }, /before the technical evaluation is complete|before the opening time/),
    story('a technical key before its time', (r) => { entryOf(r, 'revealed').at = entryOf(r, 'closed').at }, /before the opening time/),
    story('proposals opened before all keys are in', (r) => { moveEntry(r, 'technical-opened', { before: 'revealed' }) }, /Holders that revealed the technical key/),
    story('the proposals\' opening left out', (r) => { dropEntry(r, 'technical-opened') }, /between the technical opening/),
    { ...story('the technical result left out', (r) => { dropEntry(r, 'technical-evaluated') }, /must name the signed act/), step: 'technical' },
    story('marks before the appointment', (r) => { moveEntry(r, 'technical-marked', { before: 'evaluators-appointed' }) }, /is no evaluator at that time/),
    story('the proposals opened twice', (r) => { r.ledger.splice(r.ledger.indexOf(entryOf(r, 'evaluators-appointed')), 0, entryOf(r, 'technical-opened')) }, /opened once/),
    story('an evaluator named as the actor', (r) => { entryOf(r, 'technical-marked').actor = 'O00000009' }, /Its actor/)
  ]
}

export function technicalAttacks (hands: Hands): Attack[] {
  return [...onMarks(hands), ...onResult(hands), ...onLedger()]
}
