/** Opening many seals one by one. Runs in a browser; the names are those of `node/many-seals.ts`. */
import { createOpener } from '../../hpke.ts'
import type { Seal, SealsJob, TakePlaintext } from '../../open-seals.ts'

/** Tables are not made here, and not used. */
export function openSeals (seals: readonly Seal[], { privateKey, info }: SealsJob, take: TakePlaintext): void {
  const opener = createOpener({ privateKey, info })
  seals.forEach(({ enc, aad, ciphertext }, index) => { take(index, opener.open(enc, aad, ciphertext)) })
}
