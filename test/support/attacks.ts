/** Attacks on a record as a table: alter an honest record, and say which check must notice, and how it names the difference. */
import type { Test } from 'tap'
import type { LedgerEntry, TenderRecord } from '../../src/crypto/record.ts'
import { verifyRecord, type VerifyOptions, type VerifyStepName } from '../../src/crypto/verify-record.ts'

export interface Attack {
  name: string
  alter: (record: TenderRecord) => void | Promise<void>
  step: VerifyStepName
  detail: RegExp
  options?: VerifyOptions
}

export async function expectFaults (t: Test, honest: TenderRecord, attacks: readonly Attack[]): Promise<void> {
  for (const { name, alter, step, detail, options } of attacks) {
    const record = structuredClone(honest)
    await alter(record)
    const report = await verifyRecord(record, options)
    t.equal(report.ok, false, `${name}: refused`)
    t.equal(report.failure?.step, step, `${name}: noticed at ${step}`)
    t.match(report.failure?.detail, detail, `${name}: named`)
    t.equal(report.steps.at(-1)?.name, report.failure?.step, `${name}: stops there`)
  }
}

/** The item, or an error: these records have what the attacks alter. */
export function at<T> (items: readonly T[], index: number): T {
  const item = items.at(index)
  if (item === undefined) throw new Error(`no item ${index}`)
  return item
}

export function swap<T> (items: T[], i: number, j: number): void {
  [items[i], items[j]] = [at(items, j), at(items, i)]
}

export function entryOf (record: TenderRecord, type: string, nth = 0): LedgerEntry {
  return at(record.ledger.filter((entry) => entry.type === type), nth)
}

export function dropEntry (record: TenderRecord, type: string, nth = 0): void {
  record.ledger.splice(record.ledger.indexOf(entryOf(record, type, nth)), 1)
}

/** Puts a copy of the entry at another place. */
export function moveEntry (record: TenderRecord, type: string, { nth = 0, before }: { nth?: number, before: string }): void {
  const entry = entryOf(record, type, nth)
  dropEntry(record, type, nth)
  record.ledger.splice(record.ledger.indexOf(entryOf(record, before)), 0, entry)
}
