/**
 * Which tenders a transaction changes for the public, told where the change is made and passed on when it is committed. Whoever keeps
 * something made of a tender throws it away then, so that nobody is shown what no longer holds.
 */
import type { TenderId } from '../domain/ids.ts'
import type { Db } from './prepare.ts'

const touchedOf = new WeakMap<Db, Set<TenderId>>()

/** The tenders touched on this writing connection since somebody last cleared the set. */
export function touchedOn (db: Db): Set<TenderId> {
  let touched = touchedOf.get(db)
  if (touched === undefined) touchedOf.set(db, touched = new Set())
  return touched
}

/** Called in the transaction that changes what the public sees of the tender; one too many costs nothing but work. */
export function touch (tx: Db, tenderId: TenderId): void {
  touchedOn(tx).add(tenderId)
}
