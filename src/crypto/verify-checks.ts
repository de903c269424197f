/**
 * What each step of a verification looks at, for `verify-record.ts`, which takes them in their order: every check adds to the findings
 * what later ones build on, and says in words what it found. Runs in a browser.
 */
import { checkOutage } from '../domain/outage.ts'
import { amountText } from '../domain/price-unit.ts'
import { formatKst } from '../domain/time.ts'
import type { VerifyStepName } from '../domain/verify-steps.ts'
import { fromBase64url, sha256Hex } from './bytes.ts'
import { canonicalBytes } from './canonical-json.ts'
import { openingRecordBytes } from './opening-record.ts'
import { computeOpening } from './opening.ts'
import { expect, expectEqual } from './record-shape.ts'
import { checkRecordShape } from './record.ts'
import { sealedPricesSha256 } from './sealed-prices.ts'
import { checkCheckpoints, checkEarlierClosings, checkEnvelopes, checkLeaves, checkReceipts, checkWithdrawals } from './verify-bids.ts'
import { checkContributions, expectBefore } from './verify-committee.ts'
import { checkCosignatures, cosignedText } from './verify-cosignatures.ts'
import { checkAward, checkEvaluations, type DecisionContext } from './verify-decisions.ts'
import type { CheckOptions, Findings, Found } from './verify-findings.ts'
import { readActTimes, readLedgerChain, timeOfAct } from './verify-ledger.ts'
import { readNotices } from './verify-notice.ts'
import { checkOutages } from './verify-outages.ts'
import { checkPlatform, checkRevocationList, Signers } from './verify-platform.ts'
import { checkStory } from './verify-story.ts'
import { checkTechnical, type CheckedTechnical } from './verify-technical.ts'

/** @throws whatever a difference, or a hostile record, makes it throw. */
type Check = (findings: Findings, options: CheckOptions) => Found | Promise<Found>

export const CHECKS: Readonly<Record<VerifyStepName, Check>> = {
  shape: (findings) => {
    findings.record = checkRecordShape(findings.record)
    return { checked: 1, detail: 'A complete record and nothing besides.' }
  },

  platform: (findings, { trustedRootDer, trustedRootSha256, crl }) => {
    const { platform, certificates } = findings.record
    findings.platform = checkPlatform({ platform, trustedRootDer, trustedRootSha256 })
    const list = crl === undefined ? undefined : checkRevocationList(crl, findings.platform)
    findings.signers = new Signers(findings.platform, certificates, list)
    const isTrusted = trustedRootDer !== undefined || trustedRootSha256 !== undefined
    const root = isTrusted ? 'the trusted root' : `the record's own root ${findings.platform.rootFingerprint}: compare it`
    const revocations = list === undefined ? '' : ` ${list.revoked.size} certificates were revoked by ${formatKst(list.thisUpdate)}.`
    return { checked: certificates.length + 2, detail: `${findings.platform.name}, under ${root}.${revocations}` }
  },

  ledger: (findings) => {
    const { ledger, opening } = findings.record
    findings.entries = readLedgerChain(ledger, opening.tenderId)
    findings.times = readActTimes(findings.entries)
    return { checked: ledger.length, detail: `Every entry follows from the one before; head ${ledger.at(-1)?.hash ?? ''}.` }
  },

  outages: (findings) => {
    const { record: { outages }, signers, entries, times } = findings
    findings.outages = checkOutages(outages, entries, ({ jws, payload, outage, text }) => {
      const at = timeOfAct(times, text)
      checkOutage(outage, at)
      signers.verify(jws, { kind: 'officer', holderId: payload.officerId, at })
    })
    const detail = outages.length === 0 ? 'None moved this tender.' : 'Each was signed by an officer and moved the times that were in force.'
    return { checked: outages.length, detail }
  },

  notices: (findings) => {
    const { record, signers, outages } = findings
    const notices = readNotices(record.notices, outages.map((acts) => acts.map(({ outage }) => outage)))
    for (const { jws, notice, publishedAt } of notices) signers.verify(jws, { kind: 'officer', holderId: notice.terms.committee.executing, at: publishedAt })
    findings.notices = notices
    findings.last = notices.at(-1) ?? notices[0]
    const { terms, revision, termsSha256 } = findings.last.notice
    expectEqual({ what: 'The opening', expected: { tenderId: terms.tenderId, termsSha256 }, actual: { tenderId: record.opening.tenderId, termsSha256: record.opening.termsSha256 } })
    return { checked: notices.length, detail: `${terms.tenderId}-${revision} signed by ${terms.committee.executing}.` }
  },

  'joint-key': (findings) => {
    const { record, signers, notices: [first], times } = findings
    findings.contributions = checkContributions(record.contributions, first.notice, ({ jws, payload, text }) => {
      const at = timeOfAct(times, text)
      expectBefore(at, first, `The contribution of ${payload.holderId}`)
      signers.verify(jws, { kind: 'officer', holderId: payload.holderId, at })
    })
    const { holders } = first.notice.terms.key
    return { checked: holders.length, detail: `The public key is the sum of the points of ${holders.map(({ holderId }) => holderId).join(', ')}.` }
  },

  checkpoint: (findings, { cosigners = [] }) => {
    const { record, platform, last } = findings
    findings.closings = checkCheckpoints({ record, platform, notice: last })
    findings.closing = findings.closings.at(-1) ?? record.opening.closing
    const cosigned = checkCosignatures({ record, platform, closedAt: last.closesAt, wanted: cosigners })
    const { rootSha256, size } = findings.closing
    return { checked: findings.closings.length, detail: `Signed by the platform: ${size} leaves, root ${rootSha256}. ${cosignedText(cosigned)}` }
  },

  leaves: (findings) => {
    const { record: { leaves }, closings, closing, notices: [first], last } = findings
    findings.tree = checkLeaves({ leaves, closing, first, last })
    checkEarlierClosings(findings.tree, closings.slice(0, -1))
    return { checked: leaves.length, detail: 'The leaves give the signed root; all were accepted in time.' }
  },

  receipts: ({ platform, tree, last }, { receipts = [] }) => {
    checkReceipts({ receipts, platform, tree, tenderId: last.notice.terms.tenderId })
    return { checked: receipts.length, detail: receipts.length === 0 ? 'None given.' : 'Every bid with a receipt is in the closing record.' }
  },

  technical: (findings) => {
    findings.technical = technicalOf(findings)
    const { technical } = findings
    if (technical === null) return { checked: 0, detail: 'This tender has one envelope.' }
    const passed = technical.outcome.scores.filter(({ passes }) => passes).length
    return { checked: technical.marks.length, detail: `${technical.marks.length} evaluators; ${passed} of ${technical.outcome.proposals.length} proposals pass.` }
  },

  envelopes: (findings) => {
    findings.leaves = checkEnvelopes(findings)
    const sealed = findings.leaves.filter(({ envelope }) => envelope !== null).length
    return { checked: sealed, detail: 'Each is the one accepted, signed by its supplier for these terms.' }
  },

  withdrawals: (findings) => {
    findings.withdrawals = checkWithdrawals({ ...findings, timeOf: (jws) => timeOfAct(findings.times, jws) })
    return { checked: findings.withdrawals.length, detail: 'Every withdrawn bid was withdrawn by its supplier.' }
  },

  'sealed-prices': ({ record: { sealedPrices }, last }) => {
    const committed = last.notice.terms.price.sealedPricesSha256
    const actual = sealedPrices === null ? null : sealedPricesSha256(sealedPrices)
    expectEqual({ what: 'SHA-256 of the sealed prices', expected: committed, actual })
    return { checked: committed === null ? 0 : 1, detail: committed === null ? 'This price method has none.' : 'They are the ones that the notice committed to.' }
  },

  opening: async (findings, { onOpened }) => {
    const { record, last, closing, leaves, technical } = findings
    const { terms, termsSha256 } = last.notice
    const holderSeeds = record.opening.holderSeeds.map(({ holderId, seed }) => ({ holderId, seed: fromBase64url(seed) }))
    const { sealedPrices } = record
    const input = { terms, termsSha256, closing, leaves, sealedPrices, technical: technical?.outcome ?? null, holderSeeds }
    const again = await computeOpening(input, { onProgress: (done) => { onOpened?.(done, leaves.length) } })
    expectEqual({ what: 'The opening, run again', expected: again, actual: record.opening })
    // The comparison above names the place; the digest below is what the ledger and the decisions speak of.
    const bytes = openingRecordBytes(again)
    findings.openingSha256 = sha256Hex(bytes)
    expect(sha256Hex(canonicalBytes(record.opening)) === findings.openingSha256, 'The opening, run again, gives other bytes.')
    const { outcome, prices: { plannedPriceWon } } = again
    const price = plannedPriceWon === null ? '' : `, planned price ${amountText(plannedPriceWon, terms.price.decimals)} won`
    return { checked: leaves.length, detail: `Run again to the same ${bytes.length} bytes: ${outcome}${price}.` }
  },

  evaluations: (findings) => {
    findings.evaluations = checkEvaluations(decisionContext(findings))
    return { checked: findings.evaluations.length, detail: 'In price order, by the rules, signed by the executing officer.' }
  },

  award: (findings) => {
    findings.award = checkAward(decisionContext(findings), findings.evaluations)
    const { award } = findings
    const detail = award === null ? 'Not decided in this record.' : award.payload.supplierId === null ? 'Failed: nobody qualified.' : `Awarded to ${award.payload.supplierId}.`
    return { checked: award === null ? 0 : 1, detail }
  },

  story: (findings) => {
    const { record, notices, entries } = findings
    checkStory(entries, { ...findings, leaves: record.leaves, opening: record.opening, notices: notices.map((read, i) => ({ text: record.notices[i] ?? '', read })) })
    return { checked: entries.length, detail: 'Ledger and signed documents tell the same story.' }
  }
}

/** null where there is one envelope. */
function technicalOf ({ record, last, closing, signers, times }: Findings): CheckedTechnical | null {
  const { terms, termsSha256 } = last.notice
  expect((record.technical !== null) === (terms.technical !== null), 'A technical evaluation is there exactly where there are technical envelopes.')
  if (record.technical === null) return null
  return checkTechnical({
    record: record.technical,
    terms,
    termsSha256,
    closing,
    standing: record.leaves.filter(({ state }) => state === 'sealed'),
    verify: ({ text, jws, holderId }) => { signers.verify(jws, { kind: 'officer', holderId, at: timeOfAct(times, text) }) }
  })
}

function decisionContext (findings: Findings): DecisionContext {
  return { ...findings, opening: findings.record.opening, timeOf: (jws) => timeOfAct(findings.times, jws) }
}
