/**
 * How a command ends (docs/cli.md). The codes are part of the interface: scripts rely on them.
 */
import { CommanderError } from 'commander'
import { ApiProblem, ServerUnreachable } from '../client/api.ts'
import { ClientError } from '../client/identity.ts'
import { RecordFault } from '../crypto/record-shape.ts'
import { BonginError, type ErrorCode } from '../domain/errors.ts'

export const EXIT = {
  ok: 0,
  /** The server said no, or something that was checked does not hold. */
  refused: 1,
  /** The command line, or a value on it, makes no sense. */
  usage: 2,
  /** No answer: whether the server acted is unknown. */
  unreachable: 3,
  /** A key, a passphrase or a file on this machine. */
  local: 4
} as const

/** A command line that makes no sense, found after it was parsed. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Refusals of our own side that tell of a value somebody typed. */
const TYPED: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'invalid-amount', 'invalid-picks', 'invalid-time', 'invalid-rate', 'invalid-business-number', 'invalid-request', 'sealed-prices-invalid'
])

export function exitCodeOf (error: unknown): number {
  if (error instanceof ApiProblem || error instanceof RecordFault) return EXIT.refused
  if (error instanceof ServerUnreachable) return EXIT.unreachable
  if (error instanceof UsageError) return EXIT.usage
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage
  if (error instanceof ClientError) return error.code === 'file' || error.code === 'key-missing' ? EXIT.local : EXIT.refused
  if (error instanceof BonginError) return error.code === 'certificate-malformed' ? EXIT.local : TYPED.has(error.code) ? EXIT.usage : EXIT.refused
  return EXIT.local
}
