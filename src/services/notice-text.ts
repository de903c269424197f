/** Stored notices back as values. They were checked when they came in: reading them again only parses. */
import { parseJws } from '../crypto/jws.ts'
import type { Notice } from '../domain/notice.ts'
import type { TenderId } from '../domain/ids.ts'
import { invariant } from '../domain/errors.ts'
import type { Db } from '../storage/prepare.ts'
import { newestNotice } from '../storage/tenders.ts'

/** Parsed notices kept in memory; a notice never changes once it is published. */
export const MAX_CACHED_NOTICES = 5_000
const parsed = new Map<string, Notice>()

export function noticeOfJws (jws: string): Notice {
  let notice = parsed.get(jws)
  if (notice === undefined) {
    notice = parseJws(jws, 'bongin-notice').payload as Notice
    if (parsed.size >= MAX_CACHED_NOTICES) parsed.clear()
    parsed.set(jws, notice)
  }
  return notice
}

/** The notice in force. */
export async function currentNotice (db: Db, tenderId: TenderId): Promise<Notice> {
  const newest = await newestNotice(db, tenderId)
  invariant(newest !== null, 'a published tender has a notice')
  return noticeOfJws(newest)
}
