/** Lists by the page: one item more than is asked for is read, so that a page knows whether another one comes. */

export interface Page<Item, Place> { items: Item[], /** Behind which the next page begins; null at the list's end. */ next: Place | null }

/** At most `limit` items, and never more than `max`. */
export async function readPage<Item, Place> ({ limit, max, read, placeOf }: {
  limit: number, max: number, read: (limit: number) => Promise<Item[]>, placeOf: (item: Item) => Place
}): Promise<Page<Item, Place>> {
  const most = Math.min(limit, max)
  const rows = await read(most + 1)
  const items = rows.slice(0, most)
  const last = items.at(-1)
  return { items, next: rows.length > most && last !== undefined ? placeOf(last) : null }
}
