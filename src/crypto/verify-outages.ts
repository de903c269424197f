/**
 * Outages that moved a tender's times: each signed by an officer, each told once by the ledger, and the new times computed
 * anew from the outage and the times before it. Whether the signer had the platform officer's role is not in a record; an
 * outage is public (`GET /v1/outages`) and moves every tender that it reaches. Runs in a browser.
 */
import { extendTimes, type ExtensionOf, type Outage, type TenderTimes } from '../domain/outage.ts'
import { formatKst } from '../domain/time.ts'
import { sha256Hex, utf8 } from './bytes.ts'
import { parseOutageAct, type OutageAct } from './outage-act.ts'
import { expect, RecordFault } from './record-shape.ts'
import type { ReadEntry } from './verify-ledger.ts'

export interface AppliedExtension extends ExtensionOf { outage: Outage }

export interface CheckedOutage extends OutageAct { text: string }

/**
 * Whose `verify` throws unless that officer signed.
 * @returns by notice, in the order of the ledger, the outages that came while it was in force.
 */
export function checkOutages (texts: readonly string[], entries: readonly ReadEntry[], verify: (given: CheckedOutage) => void): CheckedOutage[][] {
  const waiting = texts.map((text) => ({ ...parseOutageAct(text), text }))
  for (const act of waiting) verify(act)
  const byNotice: CheckedOutage[][] = []
  for (const { type, sequence, payload } of entries) {
    if (type === 'published' || type === 'revised') byNotice.push([])
    if (type !== 'extended') continue
    const next = waiting.shift()
    const inForce = byNotice.at(-1)
    expect(next !== undefined && payload['jwsSha256'] === sha256Hex(utf8(next.text)), `Ledger entry ${sequence} tells of another outage than the record's next one.`)
    if (inForce === undefined) throw new RecordFault(`Ledger entry ${sequence} moves times before there is a notice.`)
    inForce.push(next)
  }
  expect(waiting.length === 0, 'The ledger does not tell of every outage of the record.')
  return byNotice
}

/** The notice with the times that these outages made of its own. @throws RecordFault for an outage that does not reach it. */
export function extendNotice<Extended extends TenderTimes & { extensions: readonly AppliedExtension[] }> (
  notice: Extended,
  outages: readonly Outage[] = []
): Extended {
  let extended = notice
  for (const outage of outages) {
    const { closesAt, technicalOpensAt, opensAt } = extended
    const previous = { closesAt, technicalOpensAt, opensAt }
    const extension = extendTimes(outage, previous)
    if (extension === null) throw new RecordFault(`The outage from ${formatKst(outage.fromAt)} does not reach the deadline ${formatKst(closesAt)}.`)
    const { rule: _rule, nextWorkingDay: _next, ...times } = extension
    extended = { ...extended, ...times, extensions: [...extended.extensions, { outage, previous, extension }] }
  }
  return extended
}
