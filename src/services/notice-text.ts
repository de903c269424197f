/** Stored notices back as values. They were checked when they came in: reading them again only parses. */
import { parseJws } from '../crypto/jws.ts'
import type { Notice } from '../domain/notice.ts'
import type { TenderId } from '../domain/ids.ts'
import { invariant } from '../domain/errors.ts'
import { BoundedMap } from '../storage/bounded-map.ts'
import type { Db } from '../storage/prepare.ts'
import { newestNotice, type Tender } from '../storage/tenders.ts'

/** Parsed notices kept in memory; a notice never changes once it is published. */
export const MAX_CACHED_NOTICES = 5_000
const parsed = new BoundedMap<string, Notice>(MAX_CACHED_NOTICES)

export function noticeOfJws (jws: string): Notice {
  let notice = parsed.get(jws)
  if (notice === undefined) {
    notice = parseJws(jws, 'bongin-notice').payload as Notice
    parsed.set(jws, notice)
  }
  return notice
}

/** By tender and revision, for each connection: what a connection has read as in force it need not read again. */
const inForce = new WeakMap<Db, BoundedMap<string, Notice>>()

/** The notice in force of a tender that was read on this connection. */
export async function noticeInForce (db: Db, { tenderId, revision }: Pick<Tender, 'tenderId' | 'revision'>): Promise<Notice> {
  let known = inForce.get(db)
  if (known === undefined) inForce.set(db, known = new BoundedMap(MAX_CACHED_NOTICES))
  const key = `${tenderId}/${revision ?? 'none'}`
  let notice = known.get(key)
  if (notice === undefined) known.set(key, notice = await currentNotice(db, tenderId))
  return notice
}

/** The notice in force. */
export async function currentNotice (db: Db, tenderId: TenderId): Promise<Notice> {
  const newest = await newestNotice(db, tenderId)
  invariant(newest !== null, 'a published tender has a notice')
  return noticeOfJws(newest)
}
