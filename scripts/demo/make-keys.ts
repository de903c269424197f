/** Worker task: one RSA key pair and its certification request. Key generation is the slowest part of registering. */
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { generateRsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'

export interface KeyTask { commonName: string, organization: string, serialNumber?: string }
export interface MadeKeys { privateKeyPkcs8: Uint8Array, csr: string }

export default async function makeKeys (subject: KeyTask): Promise<MadeKeys> {
  const { privateKeyPkcs8 } = await generateRsaKeyPair(2048)
  return { privateKeyPkcs8, csr: createCsr({ privateKeyPkcs8, subject }) }
}
