/**
 * What an installation knows of other authorities: trust anchors, intermediate authorities and revocation lists, out of the
 * files of one folder. Self-signed certificates are the anchors; whoever put them there trusts them.
 */
import { toLatin1 } from '#platform/text'
import { readChainCertificate } from './chain-certificate.ts'
import type { ChainCertificate } from './chain-certificate.ts'
import { readCrlFile } from './crl.ts'
import type { Crl } from './crl.ts'
import { readPemBundle } from './pem.ts'

export interface TrustStore {
  anchors: readonly ChainCertificate[]
  intermediates: readonly ChainCertificate[]
  crls: readonly Crl[]
}

export const EMPTY_TRUST_STORE: TrustStore = { anchors: [], intermediates: [], crls: [] }

/** Certificates: one or more PEM blocks a file. Lists: DER or PEM. Other files are passed over. */
export const CERTIFICATE_FILE = /\.(?:pem|crt|cer)$/i
export const CRL_FILE = /\.crl$/i

/** @throws Error that names the file at fault. */
export function readTrustStore (files: ReadonlyArray<{ name: string, bytes: Uint8Array }>): TrustStore {
  const [anchors, intermediates, crls]: [ChainCertificate[], ChainCertificate[], Crl[]] = [[], [], []]
  for (const { name, bytes } of files) {
    try {
      if (CRL_FILE.test(name)) crls.push(readCrlFile(bytes))
      else if (CERTIFICATE_FILE.test(name)) for (const one of readAuthorities(bytes)) (isSelfSigned(one) ? anchors : intermediates).push(one)
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
    }
  }
  return { anchors, intermediates, crls }
}

function readAuthorities (bytes: Uint8Array): ChainCertificate[] {
  const ders = readPemBundle(toLatin1(bytes), 'CERTIFICATE')
  if (ders === null) throw new Error('no PEM blocks CERTIFICATE, or damaged ones')
  return ders.map((der) => {
    const certificate = readChainCertificate(der)
    if (!certificate.isAuthority || certificate.publicKey === null) throw new Error(`${certificate.subjectText} is no authority with an RSA key of 2048 to 4096 bits`)
    return certificate
  })
}

function isSelfSigned ({ subject, issuer, x509, publicKey }: ChainCertificate): boolean {
  return subject === issuer && publicKey !== null && x509.verify(publicKey)
}
