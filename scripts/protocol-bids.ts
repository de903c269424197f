/**
 * Worked examples of docs/protocol.md for bids that are more than an amount: a consortium's member with its signed agreement, and the
 * plaintext of a bid with a price schedule. The agreement is signed with the RSA key that RFC 7515 publishes (Appendix A.2).
 */
import { createPrivateKey } from 'node:crypto'
import { sha256, sha256Hex, toBase64url, toHex, utf8 } from '../src/crypto/bytes.ts'
import { canonicalJson } from '../src/crypto/canonical-json.ts'
import { agreementPayload, readAgreements, signAgreement } from '../src/crypto/consortium.ts'
import { rsaSigner } from '../src/crypto/jws.ts'
import { encodePlaintext } from '../src/crypto/plaintext.ts'
import { scheduleTotal } from '../src/domain/unit-prices.ts'
import type { Sha256Hex, SupplierId, TenderId, Thumbprint } from '../src/domain/ids.ts'
import rfc7515 from '../test/vectors/jws-rfc7515.json' with { type: 'json' }

type Lines = Array<readonly [string, string]>
interface Binding { tenderId: TenderId, supplierId: SupplierId, termsSha256: Sha256Hex, nonce: Uint8Array }

const MEMBER_ID = '2345678919' as SupplierId
const LINES = [{ quantity: 120 }, { quantity: 7 }, { quantity: 1_000 }]
const UNIT_PRICES_CENTI = [1_234_567, 99, 350]

export async function agreementLines ({ tenderId, supplierId: leaderId }: Pick<Binding, 'tenderId' | 'supplierId'>): Promise<Lines> {
  const thumbprint = toBase64url(sha256(utf8('example member certificate'))) as Thumbprint
  const privateKeyPkcs8 = createPrivateKey({ key: rfc7515.key, format: 'jwk' }).export({ format: 'der', type: 'pkcs8' })
  const shares = [{ supplierId: leaderId, sharePpm: 650_000 }, { supplierId: MEMBER_ID, sharePpm: 350_000 }] as const
  const terms = { tenderId, leaderId, members: shares }
  const agreement = await signAgreement(await rsaSigner({ privateKeyPkcs8, thumbprint }), terms)
  const [leader, member] = shares
  const members = [{ ...leader, agreement: null }, { ...member, agreement }]
  const [agreed] = readAgreements({ tenderId, leaderId, members })
  return [
    ['header', Buffer.from(agreement.split('.')[0] ?? '', 'base64url').toString()],
    ['payload', canonicalJson(agreementPayload(terms))],
    ['agreement', agreement],
    ['agreed by', String(agreed?.supplierId)],
    ['consortium', canonicalJson({ members: [members[0], { ...member, agreement: '…' }] })],
    ['SHA-256 with the agreement', sha256Hex(utf8(canonicalJson({ members })))]
  ]
}

export function scheduleLines (binding: Binding): Lines {
  const amountWon = scheduleTotal({ lines: LINES, unitPricesCenti: UNIT_PRICES_CENTI, decimals: 0 }) ?? 0
  const plaintext = encodePlaintext({ ...binding, content: { amountWon, picks: null }, unitPricesCenti: UNIT_PRICES_CENTI })
  const length = new DataView(plaintext.buffer).getUint32(12)
  return [
    ['quantities', LINES.map(({ quantity }) => quantity).join(' ')],
    ['unit prices (hundredths)', UNIT_PRICES_CENTI.join(' ')],
    ['amount (won)', String(amountWon)],
    ['header', toHex(plaintext.subarray(0, 16))],
    ['JSON', Buffer.from(plaintext.subarray(16, 16 + length)).toString()],
    ['length', `${plaintext.length} bytes, SHA-256 ${sha256Hex(plaintext)}`]
  ]
}
