/** Opening many seals to one key, one after another. The seals and what is known of them, for every way of opening. Runs in a browser. */
import type { Envelope } from './envelope.ts'
import { createOpener } from './hpke.ts'

export type Seal = Pick<Envelope, 'enc' | 'aad' | 'ciphertext'>

/** Tables of the public halves of seals (`open-seals.ts`), two seals each in their order. */
export interface SealTables {
  tables: Uint8Array
  /** 1 for a seal whose half is in its table. */
  usable: Uint8Array
}

export interface SealsJob {
  /** 32 bytes for DHKEM(X25519), 96 for X-Wing. */
  privateKey: Uint8Array
  info: Uint8Array
  /** null for none; there are none for X-Wing, nor in a browser. */
  tables?: SealTables | null
}

/** Called once for each seal, in any order; null where it does not open. Bytes are good until it returns. */
export type TakePlaintext = (index: number, plaintext: Uint8Array | null) => void

export function openEach (seals: readonly Seal[], { privateKey, info }: SealsJob, take: TakePlaintext): void {
  const opener = createOpener({ privateKey, info })
  seals.forEach(({ enc, aad, ciphertext }, index) => { take(index, opener.open(enc, aad, ciphertext)) })
}
