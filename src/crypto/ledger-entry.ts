/**
 * The hash of a ledger entry, which covers the entry before it, and the payload by its digest, so that a payload can stay hidden while
 * the chain is already checked (docs/protocol.md). One text for those who append and those who check. Runs in a browser.
 */
import type { Sha256Hex } from '../domain/ids.ts'
import { sha256Hex, utf8 } from './bytes.ts'

/** What the first entry names as its predecessor. */
export const LEDGER_START = '0'.repeat(64) as Sha256Hex

/** `at` as `formatKst` writes it. */
export interface HashedEntry {
  tenderId: string
  sequence: number
  at: string
  actor: string
  type: string
  payloadSha256: string
  previousHash: string
}

/** SHA-256 of the entry's canonical JSON (RFC 8785), written without a general writer: every bid has one. */
export function ledgerEntryHash ({ tenderId, sequence, at, actor, type, payloadSha256, previousHash }: HashedEntry): Sha256Hex {
  return sha256Hex(utf8(`{"actor":${json(actor)},"at":${json(at)},"payloadSha256":${json(payloadSha256)},"previousHash":${json(previousHash)},` +
    `"sequence":${json(sequence)},"tenderId":${json(tenderId)},"type":${json(type)}}`))
}

const json = (value: string | number): string => JSON.stringify(value)
