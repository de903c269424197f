/** Extensions of certificates and of revocation lists (RFC 5280 §4.1.2.9): the ones that chains depend on. Runs in a browser. */
import { members, readBoolean, readOctets, readOid, readSmallInteger } from './asn1.ts'
import type { Asn1 } from './asn1.ts'
import type { Bytes } from './bytes.ts'

/** Bits of keyUsage (RFC 5280 §4.2.1.3) as `readNamedBits` gives them. */
export const KEY_USAGE = { digitalSignature: 0x8000, nonRepudiation: 0x4000, keyCertSign: 0x0400, cRLSign: 0x0200 } as const

/** Extension ::= SEQUENCE { id, critical BOOLEAN DEFAULT FALSE, value OCTET STRING } */
export function readExtension (node: Asn1): { id: string, critical: boolean, value: Bytes } {
  const [id, ...rest] = members(node, 'sequence', { min: 2, max: 3 })
  const critical = rest.length === 2 && readBoolean(rest[0])
  return { id: readOid(id), critical, value: readOctets(rest.at(-1)) }
}

/** BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL } */
export function readBasicConstraints (node: Asn1): { isAuthority: boolean, pathLength: number | null } {
  const [ca, pathLength] = members(node, 'sequence', { min: 0, max: 2 })
  const isAuthority = ca !== undefined && readBoolean(ca)
  return { isAuthority, pathLength: pathLength === undefined ? null : readSmallInteger(pathLength) }
}
