/** Really sealed bids for the opening bench, as the packed job that the worker threads get. */
import { randomInt } from 'node:crypto'
import { toBase64url, randomBytes, sha256Hex, utf8 } from '../src/crypto/bytes.ts'
import { bidAad, bidInfo } from '../src/crypto/envelope.ts'
import { makeRecipientKey, sealBase } from '../src/crypto/hpke-seal.ts'
import { packBids, type OpenBidsJob } from '../src/crypto/open-bids.ts'
import { encodePlaintext } from '../src/crypto/plaintext.ts'
import type { SupplierId, TenderId, Thumbprint } from '../src/domain/ids.ts'

const TENDER_ID = 'R26BK00000001' as TenderId
/** Different seals; a larger job repeats them, which costs the opening just as much. */
const MAX_SEALED = 1_000

export async function job (count: number): Promise<OpenBidsJob> {
  const { privateKey, publicKey } = await makeRecipientKey()
  const termsSha256 = sha256Hex(utf8('terms'))
  const info = bidInfo({ tenderId: TENDER_ID, termsSha256, publicKey })
  const sealed = await Promise.all(Array.from({ length: Math.min(count, MAX_SEALED) }, async (_, index) => {
    const supplierId = String(1_000_000_000 + index) as SupplierId
    const submissionId = toBase64url(randomBytes(16))
    const aad = bidAad({ supplierId, thumbprint: toBase64url(randomBytes(32)) as Thumbprint, submissionId })
    const content = { amountWon: randomInt(1, 1e12), picks: [1 + index % 14, 15] as const }
    const plaintext = encodePlaintext({ content, tenderId: TENDER_ID, termsSha256, supplierId, nonce: randomBytes(16) })
    const { enc, ciphertext } = await sealBase({ publicKey, info, aad, plaintext })
    return { enc, aad, ciphertext }
  }))
  const bids = packBids(Array.from({ length: count }, (_, index) => sealed[index % sealed.length] ?? sealed[0] as typeof sealed[number]))
  return { privateKey, info, expected: { tenderId: TENDER_ID, termsSha256, drawsPrices: true }, bids }
}

export function * envelopes ({ bids }: OpenBidsJob): Generator<{ enc: Uint8Array }> {
  for (let i = 0; i + 1 < bids.offsets.length; i++) {
    const start = bids.offsets[i] ?? 0
    yield { enc: bids.bytes.subarray(start, start + 32) }
  }
}
