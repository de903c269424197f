/**
 * `bongin verify`, and the portal's page beside it: checks the record of an opened tender with no trust in the server that
 * made it. Whoever wrote the record chose every byte of it; what is left to trust is the root certificate and the mathematics.
 * The steps build on each other and stop at the first difference, which is named. Never throws for a bad record.
 * Not in a record, and so not checked: revocations (unless a revocation list is given beside it), who is suspended, which
 * roles an officer has, and that the ledger is the only one of its tender (whoever holds a receipt or the checkpoint can tell).
 * Runs in a browser.
 */
import { BonginError } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import { VERIFY_STEPS, type VerifyStepName } from '../domain/verify-steps.ts'
import { CHECKS } from './verify-checks.ts'
import type { CheckOptions, Findings, Found } from './verify-findings.ts'

export { VERIFY_STEPS, type VerifyStepName } from '../domain/verify-steps.ts'

export interface VerifyStep extends Found {
  name: VerifyStepName
  ok: boolean
}

export interface VerifyReport {
  ok: boolean
  /** As the notices state it, once they are checked. */
  tenderId: string | null
  /** SHA-256 of the root certificate on which all else hangs: compare it with one known from elsewhere. */
  rootFingerprint: Sha256Hex | null
  openingSha256: Sha256Hex | null
  steps: VerifyStep[]
  failure: { step: VerifyStepName, detail: string } | null
}

export interface VerifyOptions extends CheckOptions {
  /** Called after every step. */
  onStep?: ((step: VerifyStep) => void) | undefined
}

export async function verifyRecord (record: unknown, options: VerifyOptions = {}): Promise<VerifyReport> {
  const findings = { record } as Findings
  const report: VerifyReport = { ok: false, tenderId: null, rootFingerprint: null, openingSha256: null, steps: [], failure: null }
  for (const name of VERIFY_STEPS) {
    const step = await runStep(name, findings, options)
    report.steps.push(step)
    options.onStep?.(step)
    if (!step.ok) {
      report.failure = { step: name, detail: step.detail }
      break
    }
  }
  report.tenderId = findings.last?.notice.terms.tenderId ?? null
  report.rootFingerprint = findings.platform?.rootFingerprint ?? null
  report.openingSha256 = findings.openingSha256 ?? null
  report.ok = report.failure === null
  return report
}

async function runStep (name: VerifyStepName, findings: Findings, options: VerifyOptions): Promise<VerifyStep> {
  try {
    return { name, ok: true, ...await CHECKS[name](findings, options) }
  } catch (error) {
    // Whatever a hostile record trips over is a failed check of that record, a broken invariant of ours included.
    return { name, ok: false, checked: 0, detail: faultText(error) }
  }
}

function faultText (error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const field = error instanceof BonginError ? error.context.field : undefined
  return field === undefined || field === '' || error.message.includes(field) ? error.message : `${error.message} (${field})`
}
