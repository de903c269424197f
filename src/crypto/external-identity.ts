/**
 * Identity that another authority vouches for (공동인증서, say): the applicant shows a certificate with its chain, and a
 * statement about this very request for this very platform that the certificate's key signed. The platform then issues
 * a certificate of its own, so that everything signed later hangs on one root.
 */
import { BonginError } from '../domain/errors.ts'
import { MAX_CHAIN_CERTIFICATES, type ExternalEvidence, type ExternalIdentity } from '../domain/holder.ts'
import type { Instant } from '../domain/ids.ts'
import { formatKst } from '../domain/time.ts'
import { sha256Hex } from './bytes.ts'
import { buildChain, type ChainRefusal } from './chain.ts'
import { readChainCertificate, type ChainCertificate } from './chain-certificate.ts'
import { verifyJws } from './jws-verify.ts'
import { parseJws, signJws, type Signer } from './jws.ts'
import { readPem } from './pem.ts'
import type { TrustStore } from './trust-store.ts'

type Reason = ChainRefusal | 'proof-mismatch'

const TYPE = 'bongin-external-identity'

/** `csrDer` is the request for the platform's own certificate; `platform` is the platform's name. */
export async function proveExternalIdentity (signer: Signer, { csrDer, platform }: { csrDer: Uint8Array, platform: string }): Promise<string> {
  return await signJws(signer, TYPE, { v: 1, type: TYPE, platform, csrSha256: sha256Hex(csrDer) })
}

/**
 * @throws BonginError `external-certificate-refused` (with `reason`), `certificate-malformed`, `envelope-malformed`,
 * `invalid-base64url`, `malformed-json`, `signature-invalid`.
 */
export function checkExternalIdentity ({ chain, proof }: ExternalEvidence, { store, csrDer, platform, at }: {
  store: TrustStore, csrDer: Uint8Array, platform: string, at: Instant
}): ExternalIdentity {
  const [leaf, ...others] = readChain(chain)
  if (leaf === undefined) throw refused('no-anchor', '')
  const { anchors, intermediates, crls } = store
  // The chain comes first: only then is the key known to be of a sound size, and somebody's.
  const found = buildChain({ leaf, intermediates: [...others, ...intermediates], anchors, crls, at })
  if (found.path === null) throw refused(found.refusal, found.subject)
  assertProof(proof, { leaf, csrDer, platform })
  const anchor = found.path.at(-1) ?? leaf
  return {
    subject: leaf.subjectText,
    issuer: leaf.issuerText,
    serialHex: leaf.serialHex,
    thumbprint: leaf.thumbprint,
    notAfter: formatKst(leaf.notAfter),
    anchor: anchor.subjectText,
    anchorThumbprint: anchor.thumbprint
  }
}

function readChain (chain: readonly string[]): ChainCertificate[] {
  return chain.slice(0, MAX_CHAIN_CERTIFICATES).map((pem, index) => {
    const der = readPem(pem, 'CERTIFICATE')
    return readChainCertificate(der ?? new Uint8Array(0), `/external/chain/${index}`)
  })
}

function assertProof (proof: string, { leaf, csrDer, platform }: { leaf: ChainCertificate, csrDer: Uint8Array, platform: string }): void {
  const jws = parseJws(proof, TYPE)
  const { v, type, ...stated } = jws.payload as Record<string, unknown>
  const wanted: Record<string, unknown> = { platform, csrSha256: sha256Hex(csrDer) }
  const same = Object.keys(stated).length === 2 && Object.entries(wanted).every(([name, value]) => stated[name] === value)
  if (v !== 1 || type !== TYPE || !same || jws.thumbprint !== leaf.thumbprint || leaf.publicKey === null) throw refused('proof-mismatch', leaf.subjectText)
  verifyJws(jws, leaf.publicKey)
}

const REASONS: Readonly<Record<Reason, readonly [detail: string, detailKo: string]>> = {
  'no-anchor': ['No chain leads from it to an authority that this platform accepts.', '이 시스템이 인정하는 인증기관으로 이어지지 않습니다.'],
  'too-long': ['Its chain is too long.', '인증서 경로가 너무 깁니다.'],
  'issuer-mismatch': ['It was not signed by the issuer that it names.', '표시된 발급자가 서명한 인증서가 아닙니다.'],
  'not-an-authority': ['One in its chain is no authority.', '경로에 인증기관이 아닌 인증서가 있습니다.'],
  'key-usage': ['The key is certified for other uses.', '인증서의 키 용도가 다릅니다.'],
  'not-an-end-entity': ["It is an authority's own certificate.", '인증기관의 인증서입니다.'],
  'path-length': ['Its chain has more authorities than one of them allows.', '경로 길이 제한을 넘었습니다.'],
  'critical-extension': ['It has a critical extension that is not understood here.', '처리할 수 없는 중요 확장 필드가 있습니다.'],
  'weak-key': ['A key of the chain is not RSA of 2048 to 4096 bits.', '경로에 2048~4096비트 RSA가 아닌 키가 있습니다.'],
  'weak-signature': ['It is not signed by RSA with SHA-256, SHA-384 or SHA-512.', 'SHA-256, SHA-384 또는 SHA-512 RSA 서명이 아닙니다.'],
  'not-yet-valid': ['It is not valid yet.', '아직 유효하지 않은 인증서입니다.'],
  expired: ['It has expired.', '만료된 인증서입니다.'],
  'crl-missing': ["This platform has no revocation list of its issuer's.", '발급자의 인증서 폐지 목록이 없습니다.'],
  'crl-stale': ["The revocation list of its issuer's is out of date here.", '발급자의 인증서 폐지 목록이 오래되었습니다.'],
  revoked: ['It was revoked.', '폐지된 인증서입니다.'],
  'too-many-candidates': ['Too many certificates have the name of its issuer.', '발급자와 이름이 같은 인증서가 너무 많습니다.'],
  'proof-mismatch': ['The proof is not about this request, this platform and this certificate.', '이 신청, 이 시스템, 이 인증서에 대한 소유 증명이 아닙니다.']
}

function refused (reason: Reason, subject: string): BonginError {
  const [detail, detailKo] = REASONS[reason]
  return new BonginError('external-certificate-refused', {
    field: reason === 'proof-mismatch' ? '/external/proof' : '/external/chain',
    detail: `${subject === '' ? '' : `${subject}: `}${detail}`,
    detailKo: `${subject === '' ? '' : `${subject}: `}${detailKo}`,
    extra: { reason }
  })
}
