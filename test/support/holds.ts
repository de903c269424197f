/** A fast-check property as one assertion of a tap test: seeded, so that every run tries the same cases. */
import fc from 'fast-check'
import type { Test } from 'tap'

const SEED = 20_260_130

export function holds<Ts> (t: Test, property: fc.IProperty<Ts>, parameters: fc.Parameters<Ts> = {}): void {
  const details = fc.check(property, { seed: SEED, ...parameters })
  t.equal(fc.defaultReportMessage(details) ?? null, null, `${details.numRuns} cases`)
}
