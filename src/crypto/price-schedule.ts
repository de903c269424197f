/**
 * The unit prices (산출내역) of a bid, out of a public record: once the tender's key is released, anybody can open the envelopes
 * that it publishes. Nothing of it is in the opening record, which knows the total alone.
 */
import type { SupplierId } from '../domain/ids.ts'
import type { Notice, UnitPriceItem } from '../domain/notice.ts'
import { fromBase64url } from './bytes.ts'
import { bidInfo, parseEnvelope } from './envelope.ts'
import { openBase } from './hpke.ts'
import { parseJws } from './jws.ts'
import { readUnitPrices } from './plaintext.ts'
import type { TenderRecord } from './record.ts'
import { RecordFault } from './record-shape.ts'
import { openTenderKey } from './tender-key.ts'

export interface PricedLine extends UnitPriceItem { unitPriceCenti: number }

/**
 * The lines of the notice with the prices of this supplier's bid. The record is taken as it is: verify it first.
 * @throws RecordFault where the tender has no lines, or the supplier no bid that was opened.
 */
export function unitPricesOf (record: TenderRecord, supplierId: SupplierId): PricedLine[] {
  const { terms, termsSha256 } = parseJws(record.notices.at(-1) ?? '', 'bongin-notice').payload as Notice
  if (terms.unitPrices.length === 0) throw new RecordFault(`${terms.tenderId} was bid for at one total: there are no unit prices.`)
  const row = record.opening.rows.find((bid) => bid.supplierId === supplierId && bid.voidReason === null)
  const index = record.leaves.findIndex(({ envelopeSha256 }) => envelopeSha256 === row?.envelopeSha256)
  const text = record.envelopes[index] ?? null
  if (text === null) throw new RecordFault(`${supplierId} has no bid that was opened.`)
  const { enc, aad, ciphertext } = parseEnvelope(text)
  const info = bidInfo({ tenderId: terms.tenderId, termsSha256, publicKey: fromBase64url(terms.key.publicKey) })
  const holderSeeds = record.opening.holderSeeds.map(({ holderId, seed }) => ({ holderId, seed: fromBase64url(seed) }))
  const { opening: privateKey } = openTenderKey({ terms, kind: 'price', holderSeeds })
  const plaintext = openBase({ privateKey, enc, info, aad, ciphertext })
  const prices = plaintext === null ? null : readUnitPrices(plaintext)
  if (prices === null || prices.length !== terms.unitPrices.length) throw new RecordFault(`The bid of ${supplierId} does not open to a price for every line.`)
  return terms.unitPrices.map((line, i) => ({ ...line, unitPriceCenti: prices[i] ?? 0 }))
}
