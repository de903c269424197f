/**
 * What the derivations of HPKE are taken over (RFC 9180 §4.1, §5.1), with everything in its place that does not differ
 * from seal to seal. Laid out once for a tender, for one seal at a time (`hpke.ts`, `kem.ts`) and for four
 * (`opening-engine.ts`). Runs in a browser.
 */
import type { Suite } from '../domain/notice.ts'
import { concat, fromHex, utf8 } from './bytes.ts'
import { expandMessage, HASH_BYTES, hmacOnce, labeled, NO_SALT, NOTHING } from './hpke-kdf.ts'
import { KEY_BYTES } from './hpke-seal.ts'

export const NONCE_BYTES = 12
const MODE_BASE = Uint8Array.of(0)
const DHKEM_SUITE = concat(utf8('KEM'), Uint8Array.of(0x00, 0x20))

/** DHKEM's two messages: the result of X25519 stands at the end of `extract`; `enc` before the public key and the counter byte of `expand`. */
export function kemMessages (publicKey: Uint8Array): { extract: Uint8Array, dhAt: number, expand: Uint8Array, encAt: number } {
  const space = new Uint8Array(KEY_BYTES)
  const extract = labeled(DHKEM_SUITE, 'eae_prk', space)
  const expand = expandMessage(DHKEM_SUITE, 'shared_secret', concat(space, publicKey), KEY_BYTES)
  return { extract, dhAt: extract.length - KEY_BYTES, expand, encAt: expand.length - 1 - 2 * KEY_BYTES }
}

/** KeySchedule's three messages in base mode. */
export function scheduleMessages (suite: Suite, info: Uint8Array): { secret: Uint8Array, key: Uint8Array, nonce: Uint8Array } {
  const id = concat(utf8('HPKE'), fromHex(suite.replaceAll('-', '')))
  const context = concat(MODE_BASE, hmacOnce(NO_SALT, labeled(id, 'psk_id_hash', NOTHING)), hmacOnce(NO_SALT, labeled(id, 'info_hash', info)))
  return {
    secret: labeled(id, 'secret', NOTHING),
    key: expandMessage(id, 'key', context, HASH_BYTES),
    nonce: expandMessage(id, 'base_nonce', context, NONCE_BYTES)
  }
}
