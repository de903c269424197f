/** Worker task of the day: seals and signs one tender's bids, as its bidders' machines would. Keys come once, at the start. */
import { workerData } from 'piscina'
import { sealBid } from '../../src/crypto/envelope.ts'
import { rsaSigner, type Signer } from '../../src/crypto/jws.ts'
import type { BidContent } from '../../src/domain/bid.ts'
import { invariant } from '../../src/domain/errors.ts'
import type { Sha256Hex, SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'

export interface SupplierKey { supplierId: SupplierId, thumbprint: Thumbprint, privateKeyPkcs8: Uint8Array }

export interface SealTask {
  tenderId: TenderId
  termsSha256: Sha256Hex
  publicKey: Uint8Array
  bids: Array<{ supplier: number, content: BidContent }>
}

const { suppliers } = workerData as { suppliers: readonly SupplierKey[] }
const signers = new Map<number, Promise<Signer>>()

/** Envelopes in the order of the bids. */
export default async function seal ({ bids, ...tender }: SealTask): Promise<string[]> {
  return await Promise.all(bids.map(async ({ supplier, content }) => {
    const key = suppliers[supplier]
    invariant(key !== undefined, 'every planned supplier is registered')
    const signer = await (signers.get(supplier) ?? remember(supplier, rsaSigner(key)))
    return await sealBid({ ...tender, supplierId: key.supplierId, content, signer, clientTime: formatKst(Date.now()) })
  }))
}

function remember (supplier: number, signer: Promise<Signer>): Promise<Signer> {
  signers.set(supplier, signer)
  return signer
}
