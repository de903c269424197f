/** A supplier's saved searches (맞춤공고 알림): notices that are published from now on and answer one of them are told of, each once. */
import { BonginError } from '../../domain/errors.ts'
import { facetsKey, MAX_SAVED_SEARCHES, NO_ANCHOR, type SearchConditions } from '../../domain/notification.ts'
import { anchorsOf } from '../../domain/search-words.ts'
import { lastPosition } from '../../storage/events.ts'
import { countSavedSearches, deleteSavedSearch, insertSavedSearch, listSavedSearches, rarestTerm, type SavedSearch } from '../../storage/saved-searches.ts'
import type { Context, SupplierCaller } from '../context.ts'

export async function readSearches ({ db }: Context, { holderId }: SupplierCaller): Promise<SavedSearch[]> {
  return await listSavedSearches(db.read, holderId)
}

/** Returns its number. @throws BonginError `invalid-request` for a search without conditions, `notification-limit`. */
export async function saveSearch ({ db, clock }: Context, { holderId: supplierId }: SupplierCaller, { name, conditions }: {
  name: string, conditions: SearchConditions
}): Promise<number> {
  const { query } = conditions
  const terms = query === undefined ? [] : anchorsOf(query)
  if (Object.keys(conditions).length === 0 || (query !== undefined && terms.length === 0)) {
    throw new BonginError('invalid-request', {
      field: query === undefined ? '' : '/q',
      detail: 'A search needs at least one condition, and words have letters or digits.',
      detailKo: '검색 조건을 하나 이상 입력하십시오. 검색어에는 글자나 숫자가 있어야 합니다.'
    })
  }
  const anchor = await rarestTerm(db.read, terms) ?? NO_ANCHOR
  return await db.write(async (tx) => {
    if (await countSavedSearches(tx, supplierId) >= MAX_SAVED_SEARCHES) {
      throw new BonginError('notification-limit', { detail: `At most ${MAX_SAVED_SEARCHES} saved searches.`, detailKo: `검색은 ${MAX_SAVED_SEARCHES}개까지 저장할 수 있습니다.` })
    }
    const [createdAt, afterPosition] = [clock.now(), await lastPosition(tx)]
    return await insertSavedSearch(tx, { supplierId, name, conditions, anchor, facets: facetsKey(conditions), createdAt, afterPosition })
  })
}

/** @throws BonginError `not-found`. */
export async function forgetSearch ({ db }: Context, { holderId: supplierId }: SupplierCaller, number: number): Promise<void> {
  const was = await db.write(async (tx) => await deleteSavedSearch(tx, { supplierId, number }))
  if (!was) throw new BonginError('not-found', { field: '/number', detail: 'There is no such saved search.', detailKo: '해당 저장 검색이 없습니다.' })
}
