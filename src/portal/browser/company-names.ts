/** Names of suppliers by their business numbers, as they are registered: each is asked for once. */
import { ApiProblem } from '../../client/api.ts'
import type { SupplierView } from '../../client/types.ts'
import type { SupplierId } from '../../domain/ids.ts'
import { make } from './page.ts'
import { publicApi } from './session.ts'

const asked = new Map<SupplierId, Promise<string | null>>()

/** null where nobody is registered by this number; empty where no answer came. */
export async function companyName (id: SupplierId): Promise<string | null> {
  const known = asked.get(id)
  if (known !== undefined) return await known
  const answer = publicApi.get<SupplierView>(`/v1/suppliers/${id}`).then(({ companyName }) => companyName, (error: unknown) => {
    if (error instanceof ApiProblem && error.status === 404) return null
    asked.delete(id)
    return ''
  })
  asked.set(id, answer)
  return await answer
}

/** The number, with the name behind it once it is known. */
export function namedSupplier (id: SupplierId): HTMLElement {
  const name = make('bdi')
  companyName(id).then((found) => { name.textContent = found ?? '' }, () => {})
  return make('span', {}, make('span', { class: 'code' }, id), ' ', name)
}
