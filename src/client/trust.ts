/**
 * What the client asks of whoever checks certificates: `platform.ts`. Runs in a browser.
 */
import type { ParsedJws } from '../crypto/jws.ts'
import type { HolderKind } from '../domain/holder.ts'
import type { Instant } from '../domain/ids.ts'

export interface Trust {
  /** The platform's name as its signed keys state it. */
  name: string
  /** Raw Ed25519 public keys. */
  receiptKey: Uint8Array
  checkpointKey: Uint8Array
  /** Throws unless this holder's certificate (PEM), issued under the trusted root and valid at that time, made the signature. */
  verifySigned: (jws: ParsedJws, signer: { certificate: string, kind: HolderKind, holderId: string, at: Instant }) => void
}
