/** SHA3-256 by node:crypto, for X-Wing. For Node; the name is that of `browser/sha3.ts`. */
import { hash } from 'node:crypto'

export function sha3Of256 (message: Uint8Array): Uint8Array {
  return hash('sha3-256', message, 'buffer')
}
