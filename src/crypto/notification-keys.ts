/**
 * What notifications need secrets for, each derived by HMAC-SHA256 (RFC 2104) from one key of the platform and a label of its own:
 * webhook secrets, codes for e-mail addresses, unsubscribe links, message ids. So none of them lies in the database, and an id
 * that goes out tells nothing of how many others there are: a count of notices before an opening would be a count of bids.
 */
import { createHmac } from 'node:crypto'
import { equalBytes, utf8 } from './bytes.ts'

const CODE_DIGITS = 8
const ID_CHARS = 22

/** Parts are joined by a zero byte, which none of them has. */
function derive (key: Uint8Array, label: string, ...parts: ReadonlyArray<string | number>): Buffer {
  return createHmac('sha256', key).update([`bongin ${label} v1`, ...parts.map(String)].join('\0')).digest()
}

/** Out of the seed of the receipt key, which is wrapped at rest and is never replaced. */
export function notificationKey (receiptSeed: Uint8Array): Uint8Array {
  return derive(receiptSeed, 'notification key')
}

/** `whsec_` and 32 bytes in base64 (Standard Webhooks); another one for each generation. */
export function webhookSecret (key: Uint8Array, { webhookId, generation }: { webhookId: string, generation: number }): string {
  return `whsec_${webhookKey(key, { webhookId, generation }).toString('base64')}`
}

function webhookKey (key: Uint8Array, { webhookId, generation }: { webhookId: string, generation: number }): Buffer {
  return derive(key, 'webhook secret', webhookId, generation)
}

/** `webhook-signature`: one `v1` signature over id, timestamp (seconds) and body for each generation, the newest first. */
export function signWebhook (key: Uint8Array, { webhookId, generations, id, timestamp, body }: {
  webhookId: string, generations: readonly number[], id: string, timestamp: number, body: string
}): string {
  return generations.map((generation) => {
    const mac = createHmac('sha256', webhookKey(key, { webhookId, generation })).update(`${id}.${timestamp}.${body}`).digest('base64')
    return `v1,${mac}`
  }).join(' ')
}

interface AddressKey { supplierId: string, address: string }

/** Eight digits, for one generation of an address. */
export function emailCode (key: Uint8Array, { supplierId, address, generation }: AddressKey & { generation: number }): string {
  const number = derive(key, 'e-mail code', supplierId, generation, address).readUIntBE(0, 6)
  return String(number % 10 ** CODE_DIGITS).padStart(CODE_DIGITS, '0')
}

/** Of the supplier and this very address: it does not end when the address is entered anew. */
export function unsubscribeToken (key: Uint8Array, { supplierId, address }: AddressKey): string {
  return `${supplierId}.${derive(key, 'unsubscribe', supplierId, address).toString('base64url')}`
}

export function isSameText (a: string, b: string): boolean {
  return equalBytes(utf8(a), utf8(b))
}

/** The same for every try of one delivery, so that a receiver can tell what it has had. */
export function messageId (key: Uint8Array, { supplierId, eventKey, target }: { supplierId: string, eventKey: string, target: string }): string {
  return derive(key, 'message id', supplierId, eventKey, target).toString('base64url').slice(0, ID_CHARS)
}
