/**
 * A signed act: a JWS by the caller's own certified key with a payload of the expected shape. Every act of an officer
 * that others rely on (contribution, notice, evaluation, award, cancellation) comes in this way, and is stored as signed.
 */
import { parseJws, type JwsType, type ParsedJws } from '../crypto/jws.ts'
import { verifyJws } from '../crypto/jws-verify.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant } from '../domain/ids.ts'
import type { Db } from '../storage/prepare.ts'
import { certifiedKey } from './certified-key.ts'
import type { Caller } from './context.ts'

/**
 * Parses and verifies; the payload's own shape is checked by the caller of this function.
 * @throws BonginError `envelope-malformed`, `invalid-base64url`, `signature-invalid`, `certificate-*`.
 */
export async function readSignedAct (
  db: Db,
  { jws, type, caller, now }: { jws: string | Uint8Array; type: JwsType; caller: Caller; now: Instant }
): Promise<ParsedJws> {
  const act = parseJws(jws, type)
  assertOwnKey(act, caller)
  verifyJws(act, (await certifiedKey(db, caller.thumbprint, now)).publicKey)
  return act
}

/** @throws BonginError `signature-invalid` when signed with a key other than the one that logged in. */
export function assertOwnKey (act: Pick<ParsedJws, 'thumbprint'>, caller: Caller): void {
  if (act.thumbprint === caller.thumbprint) return
  throw new BonginError('signature-invalid', {
    field: '/protected/x5t#S256',
    detail: 'Sign with the certificate you logged in with.',
    detailKo: '로그인한 인증서로 서명하십시오.'
  })
}

/**
 * The payload's members, checked against a small table: exactly these names, each passing its test.
 * @throws BonginError `envelope-malformed` with the member at fault.
 */
export function readMembers<Shape extends Record<string, unknown>> (
  act: ParsedJws,
  members: { [K in keyof Shape]: (value: unknown) => value is Shape[K] }
): Shape {
  const payload = act.payload as Record<string, unknown>
  for (const name of Object.keys(payload)) {
    if (name !== 'v' && name !== 'type' && !Object.hasOwn(members, name)) throw malformed(name)
  }
  for (const [name, test] of Object.entries(members) as Array<[string, (value: unknown) => boolean]>) {
    if (!test(payload[name])) throw malformed(name)
  }
  return payload as Shape
}

function malformed (name: string): BonginError {
  return new BonginError('envelope-malformed', {
    field: `/payload/${name}`,
    detail: `The signed payload's member "${name}" is missing, unknown or of the wrong form.`,
    detailKo: `서명된 내용의 "${name}" 항목이 없거나 알 수 없거나 형식이 잘못되었습니다.`
  })
}

export const isString = (value: unknown): value is string => typeof value === 'string'
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean'
/** A reason: some text, bounded. */
export const isReason = (value: unknown): value is string => typeof value === 'string' && value.trim().length > 0 && value.length <= 2000
export const isWholeNumberOrNull = (value: unknown): value is number | null =>
  value === null || (Number.isSafeInteger(value) && (value as number) >= 0)
