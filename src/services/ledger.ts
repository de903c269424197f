/**
 * A tender's ledger: each entry's hash covers the one before, so that nothing can be changed, dropped or slipped in
 * without the last hash changing. The hash is over the payload's digest, so that a payload can stay hidden before the
 * opening while the chain is already checked. Format: docs/protocol.md.
 */
import { sha256Hex, utf8 } from '../crypto/bytes.ts'
import { canonicalJson } from '../crypto/canonical-json.ts'
import { LEDGER_START, ledgerEntryHash } from '../crypto/ledger-entry.ts'
import type { Instant, TenderId } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { insertLedgerEntry, ledgerHead } from '../storage/ledger.ts'
import type { Db } from '../storage/prepare.ts'

/**
 * Who acts in entries by suppliers. The hash covers the actor, and hidden entries show their hash: with a supplier's id in
 * it, trying all ids would tell who bid. The payload names the supplier beside a digest that nobody can guess.
 */
export const SUPPLIER_ACTOR = 'supplier'
/** Who acts in evaluators' entries: until the opening nobody outside shall know whom to approach. */
export const EVALUATOR_ACTOR = 'evaluator'

export type LedgerType = 'drafted' | 'contributed' | 'prices-sealed' | 'published' | 'revised' | 'asked' | 'answered' | 'bid' | 'superseded' | 'withdrawn' |
'closed' | 'extended' | 'cancelled' | 'revealed' | 'technical-opened' |
'evaluators-appointed' | 'technical-marked' | 'technical-evaluated' | 'opened' | 'evaluated' | 'awarded' | 'failed'

/** Appends in the caller's transaction: the entry stands exactly when the change it tells of does. */
export async function appendLedger (tx: Db, { tenderId, at, actor, type, payload }: {
  tenderId: TenderId, at: Instant, actor: string, type: LedgerType, payload: Record<string, unknown>
}): Promise<void> {
  const head = await ledgerHead(tx, tenderId)
  const sequence = head === null ? 0 : head.sequence + 1
  const previousHash = head?.hash ?? LEDGER_START
  const text = canonicalJson(payload)
  const payloadSha256 = sha256Hex(utf8(text))
  const hash = ledgerEntryHash({ tenderId, sequence, at: formatKst(at), actor, type, payloadSha256, previousHash })
  await insertLedgerEntry(tx, { tenderId, sequence, at, actor, type, payload: text, payloadSha256, previousHash, hash })
}
