/**
 * A question as a digest that its answer and the ledger name, and the officer's signed answer. The digest is over what the
 * public sees, so that nobody learns from it who asked. Runs in a browser.
 */
import type { Sha256Hex, TenderId } from '../domain/ids.ts'
import { sha256Hex } from './bytes.ts'
import { canonicalBytes } from './canonical-json.ts'
import { signJws, type Signer } from './jws.ts'

export interface Question {
  tenderId: TenderId
  /** From 1. */
  number: number
  /** RFC 3339 at +09:00. */
  askedAt: string
  text: string
}

export interface AnswerPayload { tenderId: TenderId, number: number, questionSha256: Sha256Hex, text: string }

export function questionSha256 ({ tenderId, number, askedAt, text }: Question): Sha256Hex {
  return sha256Hex(canonicalBytes({ v: 1, tenderId, number, askedAt, text }))
}

/** Compact JWS. */
export async function makeAnswer (signer: Signer, { tenderId, number, questionSha256, text }: AnswerPayload): Promise<string> {
  return await signJws(signer, 'bongin-answer', { v: 1, type: 'bongin-answer', tenderId, number, questionSha256, text })
}
