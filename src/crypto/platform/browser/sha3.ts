/** SHA3-256 by noble, which X-Wing alone wants: a file of its own, so that pages without it do not load it. Runs in a browser. */
import { sha3_256 as sha3 } from '@noble/hashes/sha3.js'

export function sha3Of256 (message: Uint8Array): Uint8Array {
  return sha3(message)
}
