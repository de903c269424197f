/**
 * Tenders as they are sent to the public, kept as bytes: at a full hour ten thousand people ask for the same few. A document is thrown
 * away by the very commit that changes its tender, and one that was being made meanwhile is not kept. Within a named number of bytes.
 */
import type { TenderId } from '../domain/ids.ts'
import { ByteLru } from '../storage/byte-lru.ts'

export const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
/** What an entry takes beside its body. */
const ENTRY_BYTES = 300

/** A serialised body and its strong validator. */
export interface KeptDocument { body: Buffer, etag: string }

export class TenderDocuments {
  readonly #kept = new ByteLru<TenderId, KeptDocument>(MAX_DOCUMENT_BYTES, ({ body }) => body.length + ENTRY_BYTES)
  /** Moves on with every change of any tender. */
  #changes = 0

  get (tenderId: TenderId): KeptDocument | undefined {
    return this.#kept.get(tenderId)
  }

  /** To be asked before the first read of what a document is made of, and handed to `keep`. */
  get changes (): number { return this.#changes }

  keep (tenderId: TenderId, document: KeptDocument, changesBefore: number): void {
    if (changesBefore === this.#changes) this.#kept.set(tenderId, document)
  }

  /** After a commit, before anybody is told of it. */
  changed (tenderIds: Iterable<TenderId>): void {
    this.#changes++
    for (const tenderId of tenderIds) this.#kept.delete(tenderId)
  }
}
