/** Names of companies by business number, as they are registered: each is asked for once. A name that does not come leaves the number. */
import { ApiProblem, type Api } from '../../client/api.ts'
import type { SupplierView } from '../../client/types.ts'
import { make } from './page.ts'

/** Of companies that are asked for at a time: nobody judges more. */
const MAX_NAMES = 50
const companies = new Map<string, string>()
const asked = new Map<string, Promise<string | null>>()

/** null where nobody is registered by this number; empty where no answer came, which is asked for again next time. */
export async function companyName (api: Api, id: string): Promise<string | null> {
  const before = asked.get(id)
  if (before !== undefined) return await before
  const answer = askFor(api, id)
  asked.set(id, answer)
  return await answer
}

async function askFor (api: Api, id: string): Promise<string | null> {
  try {
    const { companyName: name } = await api.get<SupplierView>(`/v1/suppliers/${id}`)
    companies.set(id, name)
    return name
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 404) return null
    asked.delete(id)
    return ''
  }
}

export async function fetchCompanies (api: Api, supplierIds: readonly string[]): Promise<void> {
  await Promise.all(supplierIds.slice(0, MAX_NAMES).map(async (id) => await companyName(api, id)))
}

export const companyOf = (id: string): string => companies.get(id) ?? ''

/** Name and number. */
export const namedCompany = (id: string): Array<Node | string> => [companyOf(id), ' ', make('span', { class: 'code note' }, id)]

/** The number, with the name behind it once it is known. */
export function namedSupplier (api: Api, id: string): HTMLElement {
  const name = make('bdi')
  companyName(api, id).then((found) => { name.textContent = found ?? '' }, () => {})
  return make('span', {}, make('span', { class: 'code' }, id), ' ', name)
}
