/** The digest of a file of any size, read piece by piece: the file stays where it is, and is never whole in memory. */
import { sha256 } from '@noble/hashes/sha2.js'
import { toHex } from '../../crypto/bytes.ts'
import type { Sha256Hex } from '../../domain/ids.ts'

/** A browser takes minutes for this much; the command line takes more. */
export const MAX_DIGESTED_BYTES = 4 * 1024 ** 3

/** `read` hears how many bytes are read so far. @throws DOMException where the file cannot be read any more. */
export async function digestOf (file: Blob, read: (bytes: number) => void = () => {}): Promise<Sha256Hex> {
  const hash = sha256.create()
  const reader = file.stream().getReader()
  for (let bytes = 0; ;) {
    const { done, value } = await reader.read()
    if (done) return toHex(hash.digest()) as Sha256Hex
    hash.update(value)
    bytes += value.length
    read(bytes)
  }
}
