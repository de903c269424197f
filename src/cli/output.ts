/**
 * What a command says: tables and sentences for people, or with `--json` exactly one JSON document on stdout whose members
 * are stable. Sentences go to stdout, errors and progress to stderr.
 */
import Table from 'cli-table3'
import { ApiProblem } from '../client/api.ts'
import { ClientError } from '../client/identity.ts'
import { RecordFault } from '../crypto/record-shape.ts'
import { BonginError } from '../domain/errors.ts'
import type { PriceDecimals } from '../domain/notice.ts'
import { amountText, rateText } from '../domain/price-unit.ts'
import type { Io } from './io.ts'
import { FileFault } from './replay/faults.ts'

export type Align = 'left' | 'right'

/** A table with a head; numbers go right. */
export function table (columns: ReadonlyArray<{ name: string, align?: Align }>, rows: ReadonlyArray<readonly string[]>): string {
  const made = new Table({
    head: columns.map(({ name }) => name),
    colAligns: columns.map(({ align }) => align ?? 'left'),
    // No colours: the output is read in logs and pipes as well.
    style: { head: [], border: [], compact: true }
  })
  made.push(...rows.map((row) => [...row]))
  return `${made.toString()}\n`
}

/** Name and value, line by line. */
export function facts (pairs: ReadonlyArray<readonly [string, string]>): string {
  const made = new Table({ style: { head: [], border: [], compact: true } })
  made.push(...pairs.map((pair) => [...pair]))
  return `${made.toString()}\n`
}

export function won (whole: number | null): string {
  return whole === null ? '-' : whole.toLocaleString('en-US')
}

/** An amount or price of a tender in won, out of units of 10^−decimals won. */
export function amount (units: number | null, decimals: PriceDecimals): string {
  return units === null ? '-' : amountText(units, decimals)
}

/** Hundred-thousandths of a whole as percent with three decimals: 87745 → 87.745. */
export function rate (milliPercent: number | null): string {
  return milliPercent === null ? '-' : rateText(milliPercent)
}

/** Ten-thousandths of a mark with four decimals: 750000 → 75.0000. */
export function marksText (marksE4: number): string {
  return `${Math.floor(marksE4 / 10_000)}.${String(marksE4 % 10_000).padStart(4, '0')}`
}

/** What a command has to say when it is done. */
export interface Done {
  /** The `--json` document. */
  json: unknown
  /** For people: tables and sentences. */
  text: string
  /** What to do next, e.g. a command. */
  next?: string | undefined
}

export class Output {
  readonly #io: Io
  readonly json: boolean
  constructor (io: Io, json: boolean) {
    this.#io = io
    this.json = json
  }

  done ({ json, text, next }: Done): void {
    if (this.json) {
      this.#io.stdout(`${JSON.stringify(json)}\n`)
      return
    }
    this.#io.stdout(text.endsWith('\n') ? text : `${text}\n`)
    if (next !== undefined) this.#io.stdout(`Next: ${next}\n`)
  }

  /** A line while the command goes on; people only. */
  note (text: string): void {
    if (!this.json) this.#io.stderr(`${text}\n`)
  }

  /** One event of an endless command: a line of JSON, or a line of text. */
  line (json: unknown, text: string): void {
    this.#io.stdout(this.json ? `${JSON.stringify(json)}\n` : `${text}\n`)
  }

  error (error: unknown): void {
    const described = describeError(error)
    if (this.json) {
      this.#io.stdout(`${JSON.stringify({ error: described })}\n`)
      return
    }
    const { code, detail, detailKo, field } = described
    this.#io.stderr(`bongin: ${String(detail)}\n`)
    if (typeof detailKo === 'string' && detailKo !== '') this.#io.stderr(`        ${detailKo}\n`)
    this.#io.stderr(`        (${String(code)}${typeof field === 'string' && field !== '' ? `, ${field}` : ''})\n`)
  }
}

/** An error as JSON: always `code` and `detail`, and what else is known. */
export function describeError (error: unknown): Record<string, unknown> {
  if (error instanceof ApiProblem) return { ...error.problem, code: error.code, status: error.status, detail: error.message }
  if (error instanceof BonginError) {
    const { field, detail, detailKo, extra } = error.context
    return { ...extra, code: error.code, detail: detail ?? error.code, detailKo, field }
  }
  if (error instanceof ClientError) return { code: error.code, detail: error.message }
  if (error instanceof RecordFault) return { code: 'verification-failed', detail: error.message }
  if (error instanceof FileFault) return { code: 'file', detail: error.message, detailKo: error.detailKo }
  if (!(error instanceof Error)) return { code: 'internal-error', detail: String(error) }
  const codes: Readonly<Record<string, string>> = { ServerUnreachable: 'unreachable', UsageError: 'usage', CommanderError: 'usage' }
  return { code: codes[error.name] ?? 'internal-error', detail: error.message.replace(/^error: /, '') }
}
