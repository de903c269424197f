/**
 * The one form of certificate that the authority gives to suppliers and officers (X.509 v3, RFC 5280):
 * subject C, O, OU = kind, CN, serialNumber = holder id; no authority; for signatures and non-repudiation only.
 * Reading here says that a certificate has this form, and nothing about who issued it. Runs in a browser.
 */
import { HOLDER_KINDS } from '../domain/holder.ts'
import type { HolderKind } from '../domain/holder.ts'
import { OFFICER_ID_PATTERN, SUPPLIER_ID_PATTERN } from '../domain/ids.ts'
import { encodeDer, members, parseDer, readOid } from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import { toHex } from './bytes.ts'
import type { Bytes } from './bytes.ts'
import { readName } from './distinguished-name.ts'
import { readSignatureAlgorithm } from './rsa-signature.ts'

export interface HolderName { holderId: string, kind: HolderKind, commonName: string, organization: string }

const KEY_IDENTIFIERS: ReadonlySet<string> = new Set(['2.5.29.14', '2.5.29.35'])
/** Extensions that must stand there in just these bytes: critical, no authority; critical, digitalSignature and nonRepudiation. */
const REQUIRED: ReadonlyMap<string, string> = new Map([
  ['2.5.29.19', '300c0603551d130101ff04023000'],
  ['2.5.29.15', '300e0603551d0f0101ff0404030206c0']
])

/** A supplier's id is its business registration number, an officer's `O` and eight digits. */
export function isHolderId (kind: HolderKind, holderId: string): boolean {
  return new RegExp(kind === 'supplier' ? SUPPLIER_ID_PATTERN : OFFICER_ID_PATTERN).test(holderId)
}

/**
 * TBSCertificate ::= SEQUENCE { version, serial, algorithm, issuer, validity, subject, publicKey, [3] extensions }
 * @throws Error for any other form.
 */
export function readHolderProfile (der: Uint8Array): { holder: HolderName, publicKeySpki: Bytes } {
  const [tbs, algorithm] = members(parseDer(der), 'sequence', { min: 3 })
  const [, , , , , subject, publicKey, extensions] = members(tbs, 'sequence', { min: 8 })
  const digest = readSignatureAlgorithm(algorithm)
  if (digest === 'weak' || digest === 'unknown' || publicKey === undefined) throw new Error('another algorithm')
  checkExtensions(extensions)
  return { holder: readHolder(subject), publicKeySpki: encodeDer(publicKey) }
}

function readHolder (subject: Asn1 | undefined): HolderName {
  const { commonName, organization, unit, serialNumber: holderId = '' } = readName(subject)
  const kind = HOLDER_KINDS.find((known) => known === unit)
  if (kind === undefined || !isHolderId(kind, holderId)) throw new Error('no holder')
  return { holderId, kind, commonName, organization }
}

function checkExtensions (node: Asn1 | undefined): void {
  const seen = new Set<string>()
  const [list] = members(node, 3, { min: 1 })
  for (const extension of members(list, 'sequence', { min: 1, max: REQUIRED.size + KEY_IDENTIFIERS.size })) {
    const id = readOid(members(extension, 'sequence', { min: 2, max: 3 })[0])
    if (seen.has(id)) throw new Error('an extension stands twice')
    seen.add(id)
    if (!KEY_IDENTIFIERS.has(id) && toHex(encodeDer(extension)) !== REQUIRED.get(id)) throw new Error('another extension')
  }
  if (![...REQUIRED.keys()].every((id) => seen.has(id))) throw new Error('an extension is missing')
}
