/**
 * Checking signed statements. The key must be of the kind that the statement's type calls for: an RSA key never checks an
 * Ed25519 statement, or the other way round. Runs in a browser.
 */
import { verifyEd25519, verifyRsa } from '#platform/keys'
import { BonginError } from '../domain/errors.ts'
import type { ParsedJws } from './jws.ts'
import type { PublicKey } from './platform/types.ts'

/**
 * Whether the certificate behind `publicKey` may be trusted is another question (`certificate.ts`).
 * @throws BonginError `signature-invalid`.
 */
export function verifyJws ({ alg, signingInput: message, signature }: ParsedJws, publicKey: PublicKey): void {
  const job = { message, signature, publicKey }
  if (alg === 'RS256' ? verifyRsa('sha256', job) : verifyEd25519(job)) return
  throw new BonginError('signature-invalid', {
    field: '/signature',
    detail: 'The signature was not made over these bytes by the key that the statement names.',
    detailKo: '전자서명이 명시된 키로 이 내용에 서명한 것이 아닙니다.'
  })
}
