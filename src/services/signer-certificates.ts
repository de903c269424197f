/** The certificates of those who signed something public: a reader must be able to check it after a renewal too. */
import { toPem } from '../crypto/certificate.ts'
import { invariant } from '../domain/errors.ts'
import type { Thumbprint } from '../domain/ids.ts'
import { getCertificate } from '../storage/certificates.ts'
import type { Context } from './context.ts'

/** PEM, sorted by thumbprint. */
export async function certificatesOf (context: Context, thumbprints: ReadonlySet<Thumbprint>): Promise<string[]> {
  const pems: string[] = []
  for (const thumbprint of [...thumbprints].sort()) {
    const stored = await getCertificate(context.db.read, thumbprint)
    invariant(stored !== null, 'every signer has a certificate on record')
    pems.push(toPem(stored.der))
  }
  return pems
}
