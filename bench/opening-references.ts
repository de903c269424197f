/** What openings are measured against, on as many threads: bare X25519, what one-key systems do (RSA-2048-OAEP with AES-256-GCM), panva's `hpke`. */
import * as nodeCrypto from 'node:crypto'
import { constants, createCipheriv, createDecipheriv, generateKeyPairSync, privateDecrypt, publicEncrypt, randomBytes } from 'node:crypto'
import forge from 'node-forge'
import sodium from 'sodium-native'
import { openSealed, sealBase } from '../src/crypto/hpke-seal.ts'

/** `count` pieces of work of one kind on one thread. */
export interface ReferenceTask { kind: 'scalarmult' | 'rsa' | 'forge' | 'hpke', count: number }

/** Length of a sealed bid's plaintext. */
const PLAINTEXT_BYTES = 1024
const CLEAR = randomBytes(PLAINTEXT_BYTES)
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' } as const

export default async function reference ({ kind, count }: ReferenceTask): Promise<number> {
  const one = await (made.get(kind) ?? make(kind))
  for (let i = 0; i < count; i++) await one()
  return count
}

const made = new Map<ReferenceTask['kind'], Promise<() => unknown>>()

function make (kind: ReferenceTask['kind']): Promise<() => unknown> {
  const work = makers[kind]()
  made.set(kind, work)
  return work
}

const makers: Readonly<Record<ReferenceTask['kind'], () => Promise<() => unknown>>> = {
  async scalarmult () {
    const [secret, point, shared] = [Buffer.alloc(32), Buffer.alloc(32), Buffer.alloc(32)]
    sodium.randombytes_buf(secret)
    sodium.crypto_scalarmult_base(point, secret)
    return () => { sodium.crypto_scalarmult(shared, secret, point) }
  },
  async rsa () {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const { wrapped, iv, body, tag } = sealHybrid((key) => publicEncrypt({ key: publicKey, ...OAEP }, key))
    return () => {
      const decipher = createDecipheriv('aes-256-gcm', privateDecrypt({ key: privateKey, ...OAEP }, wrapped), iv)
      decipher.setAuthTag(tag)
      return Buffer.concat([decipher.update(body), decipher.final()])
    }
  },
  async forge () {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
    const own = forge.pki.privateKeyFromPem(privateKey)
    const { wrapped, iv, body, tag } = sealHybrid((key) => publicEncrypt({ key: nodeCrypto.createPublicKey(privateKey), ...OAEP }, key))
    return () => {
      const key = own.decrypt(wrapped.toString('binary'), 'RSA-OAEP', { md: forge.md.sha256.create() })
      const decipher = forge.cipher.createDecipher('AES-GCM', key)
      decipher.start({ iv: iv.toString('binary'), tag: forge.util.createBuffer(tag.toString('binary')) })
      decipher.update(forge.util.createBuffer(body.toString('binary')))
      if (!decipher.finish()) throw new Error('forge does not open what was sealed')
    }
  },
  async hpke () {
    const { makeRecipientKey } = await import('../src/crypto/hpke-seal.ts')
    const { privateKey, publicKey } = makeRecipientKey()
    const [info, aad] = [randomBytes(100), randomBytes(80)]
    const sealed = await sealBase({ publicKey, info, aad, plaintext: CLEAR })
    return async () => {
      if (await openSealed({ privateKey, info, aad, ...sealed, suite: '0020-0001-0003' }) === null) throw new Error('hpke does not open what was sealed')
    }
  }
}

function sealHybrid (wrap: (key: Buffer) => Buffer): { wrapped: Buffer, iv: Buffer, body: Buffer, tag: Buffer } {
  const [key, iv] = [randomBytes(32), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = Buffer.concat([cipher.update(CLEAR), cipher.final()])
  return { wrapped: wrap(key), iv, body, tag: cipher.getAuthTag() }
}
