/** Bids are sealed and signed by suppliers' own programs, on all cores, before anything is measured; the server takes them as fast as they come. */
import { availableParallelism } from 'node:os'
import { Piscina } from 'piscina'
import type { Person } from '../scripts/demo/people.ts'
import type { SupplierId } from '../src/domain/ids.ts'
import type { SealTask, SupplierKey } from './day/seal.ts'

/** Settings of a server that a few suppliers send the bids of a whole country. */
export const UNLIMITED = { BONGIN_SUPPLIER_REQUESTS_PER_MINUTE: '1000000' }

export function sealersOf (people: readonly Person[]): Piscina<SealTask, string[]> {
  const suppliers = people.map(({ identity, privateKeyPkcs8 }): SupplierKey => ({
    supplierId: identity.holderId as SupplierId, thumbprint: identity.thumbprint, privateKeyPkcs8
  }))
  return new Piscina<SealTask, string[]>({
    filename: new URL('day/seal.ts', import.meta.url).href, maxThreads: availableParallelism(), workerData: { suppliers }
  })
}
