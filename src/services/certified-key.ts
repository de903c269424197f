/**
 * From a thumbprint to a key that may act now: known, issued by this platform, within its validity, not revoked.
 * Parsing a certificate costs some 200 µs, so parsed ones are kept; revocation is read afresh each time.
 */
import { readCertificate, type CertificateInfo } from '../crypto/certificate.ts'
import { BonginError } from '../domain/errors.ts'
import type { Instant, Thumbprint } from '../domain/ids.ts'
import { BoundedMap } from '../storage/bounded-map.ts'
import { getCertificate, type StoredCertificate } from '../storage/certificates.ts'
import { type HolderCache, MAX_CACHED_CERTIFICATES } from '../storage/holder-cache.ts'
import type { Db } from '../storage/prepare.ts'

/** Parsed certificates, about 6 KB each. */
const parsed = new BoundedMap<Thumbprint, CertificateInfo>(MAX_CACHED_CERTIFICATES)

function parse (thumbprint: Thumbprint, der: Uint8Array): CertificateInfo {
  let info = parsed.get(thumbprint)
  if (info === undefined) {
    info = readCertificate(der)
    parsed.set(thumbprint, info)
  }
  return info
}

/** @throws BonginError `certificate-unknown`, `certificate-revoked`, `certificate-expired`. */
export async function certifiedKey (db: Db, thumbprint: Thumbprint, at: Instant): Promise<CertificateInfo> {
  return usable(await getCertificate(db, thumbprint), at)
}

/** The same as committed, without reading the file. @throws as `certifiedKey`. */
export async function committedKey (holders: HolderCache, thumbprint: Thumbprint, at: Instant): Promise<CertificateInfo> {
  return usable(await holders.certificate(thumbprint), at)
}

function usable (stored: StoredCertificate | null, at: Instant): CertificateInfo {
  if (stored === null) {
    throw new BonginError('certificate-unknown', {
      field: '/protected/x5t#S256',
      detail: 'No certificate with this thumbprint was issued here.',
      detailKo: '이 지문의 인증서는 이 시스템에서 발급되지 않았습니다.'
    })
  }
  if (stored.revokedAt !== null) {
    throw new BonginError('certificate-revoked', {
      field: '/protected/x5t#S256',
      detail: 'This certificate was revoked. Apply for a new one.',
      detailKo: '폐지된 인증서입니다. 새 인증서를 신청하십시오.'
    })
  }
  if (at < stored.notBefore || at > stored.notAfter) {
    throw new BonginError('certificate-expired', {
      field: '/protected/x5t#S256',
      detail: 'This certificate is not valid now. Renew it.',
      detailKo: '유효기간이 아닌 인증서입니다. 갱신하십시오.'
    })
  }
  return parse(stored.thumbprint, stored.der)
}
