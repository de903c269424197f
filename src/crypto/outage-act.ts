/**
 * A platform officer's signed statement of an outage (장애) and the notice of its recovery. It carries everything that the
 * rule of `domain/outage.ts` looks at besides the law's own holidays, so that anybody can compute the new times from it.
 * Runs in a browser.
 */
import { BonginError } from '../domain/errors.ts'
import { MAX_EXTRA_HOLIDAYS } from '../domain/holidays.ts'
import type { OfficerId } from '../domain/ids.ts'
import type { Outage } from '../domain/outage.ts'
import { DAY_MS, formatKst, parseInstant } from '../domain/time.ts'
import { parseDay } from '../domain/working-days.ts'
import { parseJws, signJws, type ParsedJws, type Signer } from './jws.ts'
import { officerIdText } from './record.ts'
import { checkShape, kstText, listOf, misfit, object, oneOf, text, whole, type Shape } from './record-shape.ts'

const MAX_REASON_LENGTH = 2000
const MAX_STEP_MS = DAY_MS

export interface OutagePayload {
  officerId: OfficerId
  /** Instants, RFC 3339 at +09:00. */
  fromAt: string
  recoveredAt: string
  announcedAt: string
  stepMs: number
  /** `YYYY-MM-DD`, sorted, each once. */
  extraHolidays: string[]
  reason: string
}

export interface OutageAct { jws: ParsedJws, payload: OutagePayload, outage: Outage }

const dayText: Shape = (value, path) => {
  try {
    parseDay(String(value))
  } catch {
    throw misfit(path, 'a day such as 2026-11-24')
  }
}

const outageShape = object({
  v: oneOf(1),
  type: oneOf('bongin-outage'),
  officerId: officerIdText,
  fromAt: kstText,
  recoveredAt: kstText,
  announcedAt: kstText,
  stepMs: whole(1, MAX_STEP_MS),
  extraHolidays: (value, path) => {
    listOf(dayText, { max: MAX_EXTRA_HOLIDAYS })(value, path)
    const days = value as string[]
    if (days.some((day, i) => i > 0 && day <= (days[i - 1] ?? ''))) throw misfit(path, 'sorted, each day once')
  },
  reason: text({ pattern: '\\S', max: MAX_REASON_LENGTH, wanted: 'a reason' })
})

/** Compact JWS of what these say. */
export async function makeOutageAct (signer: Signer, { officerId, outage, reason }: {
  officerId: string, outage: Outage, reason: string
}): Promise<string> {
  const { fromAt, recoveredAt, announcedAt, stepMs, extraHolidays } = outage
  return await signJws(signer, 'bongin-outage', {
    v: 1,
    type: 'bongin-outage',
    officerId,
    fromAt: formatKst(fromAt),
    recoveredAt: formatKst(recoveredAt),
    announcedAt: formatKst(announcedAt),
    stepMs,
    extraHolidays: [...extraHolidays],
    reason
  })
}

/**
 * Its form alone: the signature, and whether such an outage can be, are the caller's to check.
 * @throws BonginError `outage-invalid`, `envelope-malformed`.
 */
export function parseOutageAct (given: string | ParsedJws): OutageAct {
  const jws = typeof given === 'string' ? parseJws(given, 'bongin-outage') : given
  const payload = readPayload(jws)
  const { stepMs, extraHolidays } = payload
  const [fromAt, recoveredAt, announcedAt] = [parseInstant(payload.fromAt), parseInstant(payload.recoveredAt), parseInstant(payload.announcedAt)]
  return { jws, payload, outage: { fromAt, recoveredAt, announcedAt, stepMs, extraHolidays } }
}

function readPayload (jws: ParsedJws): OutagePayload {
  try {
    return checkShape<OutagePayload>(outageShape, jws.payload, '/payload')
  } catch (error) {
    throw error instanceof BonginError ? new BonginError('outage-invalid', error.context) : error
  }
}
