/**
 * The people of a small real tender, made with the crypto functions alone: a platform with its authority and its keys,
 * three officers, four suppliers. RSA keys are slow to make: one world for a test file.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { certifyAuthority, loadAuthority, type Authority } from '../../src/crypto/certificate-authority.ts'
import { thumbprintOf, toPem } from '../../src/crypto/certificate.ts'
import { rsaSigner, signJws, type Signer } from '../../src/crypto/jws.ts'
import { writePkcs12 } from '../../src/crypto/pkcs12.ts'
import type { TenderRecord } from '../../src/crypto/record.ts'
import type { OfficerId, SupplierId } from '../../src/domain/ids.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { testKeyPair } from './kept-keys.ts'

export const PLATFORM_NAME = 'bongin.test'
export const EXECUTING = 'O00000001' as OfficerId
export const WITNESS = 'O00000002' as OfficerId
export const AUDIT = 'O00000003' as OfficerId
export const SUPPLIERS = ['1018116406', '2208162517', '1248100998', '1208147521'] as [SupplierId, SupplierId, SupplierId, SupplierId]

const VALID = { notBefore: parseInstant('2026-01-01T00:00:00+09:00'), notAfter: parseInstant('2027-01-01T00:00:00+09:00') }

export interface Holder { signer: Signer, certificate: string }

export interface World {
  authority: Authority
  platform: TenderRecord['platform']
  receiptKey: KeyObject
  checkpointKey: KeyObject
  holders: Map<string, Holder>
  /** Certifies a further key for a holder, as the authority would. */
  certify: (holderId: string, validity?: { notBefore: number, notAfter: number }) => Promise<Holder>
}

async function makeAuthority (): Promise<Authority> {
  const [rootKeys, issuingKeys] = await Promise.all([testKeyPair(), testKeyPair()])
  const { rootDer, issuingDer } = certifyAuthority({ name: PLATFORM_NAME, now: VALID.notBefore, rootKeys, issuingKeys })
  const passphrase = 'test'
  const chain = [issuingDer, rootDer]
  return loadAuthority({ issuingP12: writePkcs12({ privateKeyPkcs8: issuingKeys.privateKeyPkcs8, chain, passphrase, friendlyName: 'issuing' }), passphrase })
}

const rawKey = (key: KeyObject): string => String(key.export({ format: 'jwk' }).x)

/** Keys and certificates: slow to make, so once for a test file. */
export async function makeWorld (): Promise<World> {
  const authority = await makeAuthority()
  const receipt = generateKeyPairSync('ed25519')
  const checkpoint = generateKeyPairSync('ed25519')
  const keys = {
    v: 1,
    type: 'bongin-platform-keys',
    name: PLATFORM_NAME,
    receiptKey: { kid: 'receipt-1', publicKey: rawKey(receipt.publicKey) },
    checkpointKey: { kid: 'checkpoint-1', publicKey: rawKey(checkpoint.publicKey) }
  }
  const caSigner: Signer = { thumbprint: authority.thumbprint, sign: async (bytes) => authority.sign(bytes) }
  const certify: World['certify'] = async (holderId, validity = VALID) => {
    const { privateKeyPkcs8, publicKeySpki } = await testKeyPair()
    const kind = holderId.startsWith('O') ? 'officer' as const : 'supplier' as const
    const { der, thumbprint } = authority.issue({ holderId, kind, commonName: `사람 ${holderId}`, organization: '기관', publicKeySpki, ...validity })
    return { signer: await rsaSigner({ privateKeyPkcs8, thumbprint }), certificate: toPem(der, 'CERTIFICATE') }
  }
  const ids = [EXECUTING, WITNESS, AUDIT, ...SUPPLIERS]
  const holders = new Map(await Promise.all(ids.map(async (id) => [id, await certify(id)] as const)))
  return {
    authority,
    platform: {
      name: PLATFORM_NAME,
      rootCertificate: toPem(authority.rootDer, 'CERTIFICATE'),
      issuingCertificate: toPem(authority.issuingDer, 'CERTIFICATE'),
      keys: await signJws(caSigner, 'bongin-platform-keys', keys)
    },
    receiptKey: receipt.privateKey,
    checkpointKey: checkpoint.privateKey,
    holders,
    certify
  }
}

export const holderOf = (world: World, id: string): Holder => {
  const holder = world.holders.get(id)
  if (holder === undefined) throw new Error(`no holder ${id}`)
  return holder
}
export const signerOf = (world: World, id: string): Signer => holderOf(world, id).signer

const derOf = (pem: string): Buffer => Buffer.from(pem.replace(/-----[A-Z ]+-----|\s/g, ''), 'base64')

export function sortCertificates (pems: readonly string[]): string[] {
  return [...pems].sort((a, b) => thumbprintOf(derOf(a)) < thumbprintOf(derOf(b)) ? -1 : 1)
}
