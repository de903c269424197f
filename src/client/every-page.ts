/** Lists that are read whole, page by page: a list that goes on and on is refused, never cut. Runs in a browser. */
import { ClientError } from './identity.ts'

/** Pages of a list that is read whole. */
export const MAX_PAGES = 50

/** @throws ClientError `mismatch` where the server has still more behind the last page that may be read. */
export async function * everyPage<Cursor, Page extends { nextCursor: Cursor | null }> (
  what: string, read: (cursor: Cursor | null) => Promise<Page>
): AsyncGenerator<Page> {
  let cursor: Cursor | null = null
  for (let pages = 0; pages < MAX_PAGES; pages++) {
    const page: Page = await read(cursor)
    yield page
    cursor = page.nextCursor
    if (cursor === null) return
  }
  throw new ClientError('mismatch', `The list of ${what} goes on behind ${MAX_PAGES} pages; it is not read further.`)
}
