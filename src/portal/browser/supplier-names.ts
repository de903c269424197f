/** Names of companies by business number, asked for once each; a name that does not come leaves the number. */
import type { Api } from '../../client/api.ts'
import type { SupplierView } from '../../client/types.ts'
import { make } from './page.ts'

/** Of companies that are asked for at a time: nobody judges more. */
const MAX_NAMES = 50
const companies = new Map<string, string>()

export async function fetchCompanies (api: Api, supplierIds: readonly string[]): Promise<void> {
  const unknown = supplierIds.slice(0, MAX_NAMES).filter((id) => !companies.has(id))
  await Promise.all(unknown.map(async (id) => {
    companies.set(id, '')
    await api.get<SupplierView>(`/v1/suppliers/${id}`).then(({ companyName }) => companies.set(id, companyName), () => {})
  }))
}

export const companyOf = (id: string): string => companies.get(id) ?? ''

/** Name and number. */
export const namedCompany = (id: string): Array<Node | string> => [companyOf(id), ' ', make('span', { class: 'code note' }, id)]
