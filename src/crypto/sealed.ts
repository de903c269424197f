/**
 * Small sealed values beside the bids: a seed, a recovery share, the agency's own prices. HPKE base mode (RFC 9180) in
 * the suite of the key, no associated data: what a value is for, and for whom, stands in `info`. Runs in a browser.
 */
import { type Bytes, concat, fromBase64url, toBase64url, utf8 } from './bytes.ts'
import { openSealed, sealBase } from './hpke-seal.ts'

/** Length of an encapsulated key, and what the AEAD adds to a plaintext. */
export { KEY_BYTES as ENC_BYTES, TAG_BYTES } from './hpke-seal.ts'

/** Both parts in base64url. */
export interface Sealed { enc: string, ciphertext: string }

const NO_AAD = new Uint8Array(0)

/** `context ‖ 0 ‖ id ‖ 0 ‖ id …`; ids hold no zero byte, so that no two lists of ids give the same bytes. */
export function sealInfo (context: string, ...ids: readonly string[]): Bytes {
  return utf8([context, ...ids].join('\0'))
}

export async function sealValue ({ publicKey, info, plaintext }: {
  publicKey: Uint8Array, info: Uint8Array, plaintext: Uint8Array
}): Promise<Sealed> {
  const { enc, ciphertext } = await sealBase({ publicKey, info, aad: NO_AAD, plaintext })
  return { enc: toBase64url(enc), ciphertext: toBase64url(ciphertext) }
}

/** null for anything that does not open with this key and this info. @throws BonginError `invalid-base64url`. */
export async function openValue ({ privateKey, info, sealed }: {
  privateKey: Uint8Array, info: Uint8Array, sealed: Sealed
}): Promise<Uint8Array | null> {
  const enc = fromBase64url(sealed.enc, '/enc')
  const ciphertext = fromBase64url(sealed.ciphertext, '/ciphertext')
  return await openSealed({ privateKey, enc, info, aad: NO_AAD, ciphertext })
}

/** enc ‖ ciphertext: the bytes whose SHA-256 commits to a sealed value. @throws BonginError `invalid-base64url`. */
export function sealedBytes ({ enc, ciphertext }: Sealed): Bytes {
  return concat(fromBase64url(enc, '/enc'), fromBase64url(ciphertext, '/ciphertext'))
}
