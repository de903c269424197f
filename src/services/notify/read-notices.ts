/** What a supplier was told, on its own pages: there everything is named, since nobody else sees them. Old ones are forgotten. */
import { DAY_MS } from '../../domain/time.ts'
import { forgetDeliveries } from '../../storage/deliveries.ts'
import { countUnread, forgetNotifications, listNotifications, markRead, type ListedNotification } from '../../storage/notifications.ts'
import type { Context, SupplierCaller } from '../context.ts'
import { readPage, type Page } from '../page.ts'

export const MAX_NOTICES_PAGE = 100
/** Unread ones are counted up to here. */
export const MAX_UNREAD = 1_000
const KEPT_MS = 180 * DAY_MS
/** Ended deliveries stay for the operator. */
const DELIVERIES_KEPT_MS = 30 * DAY_MS
/** Rows in one transaction. */
const PAGE_FORGOTTEN = 500

export interface NoticesPage extends Page<ListedNotification, number> { unread: number }

/** Newest first, from below `before`. */
export async function readNotices ({ db }: Context, { holderId: supplierId }: SupplierCaller, { before, limit }: {
  before: number, limit: number
}): Promise<NoticesPage> {
  const read = async (limit: number): Promise<ListedNotification[]> => await listNotifications(db.read, { supplierId, before, limit })
  const page = await readPage({ limit, max: MAX_NOTICES_PAGE, read, placeOf: ({ number }) => number })
  return { ...page, unread: await countUnread(db.read, { supplierId, limit: MAX_UNREAD }) }
}

/** Up to and with a number; returns how many are left unread. */
export async function readUpTo ({ db }: Context, { holderId: supplierId }: SupplierCaller, upTo: number): Promise<number> {
  return await db.write(async (tx) => {
    await markRead(tx, { supplierId, upTo })
    return await countUnread(tx, { supplierId, limit: MAX_UNREAD })
  })
}

/** Notifications of half a year ago, and deliveries that ended a month ago. */
export async function forgetOld ({ db, clock, stopping }: Context): Promise<void> {
  for (const forget of [forgetNotifications, forgetDeliveries]) {
    const before = clock.now() - (forget === forgetNotifications ? KEPT_MS : DELIVERIES_KEPT_MS)
    while (!stopping.aborted && await db.write(async (tx) => await forget(tx, { before, limit: PAGE_FORGOTTEN })) === PAGE_FORGOTTEN);
  }
}
