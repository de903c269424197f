/**
 * ASN.1 values (X.690) as node-forge reads and writes them, with typed steps into a structure.
 * Everything here throws a plain error on a value of another shape; readers turn it into their own refusal with `orRefuse`.
 */
import forge from 'node-forge'
import { BonginError } from '../domain/errors.ts'
import type { Bytes } from './bytes.ts'

export type Asn1 = forge.asn1.Asn1

const { Class, Type } = forge.asn1
export const TAG = { integer: Type.INTEGER, bits: Type.BITSTRING, octets: Type.OCTETSTRING, sequence: Type.SEQUENCE, set: Type.SET } as const

/** Structures of ours nest about ten deep. */
const MAX_DEPTH = 32

/** forge keeps bytes as strings of characters 0–255. */
export function toBinary (bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

export function fromBinary (binary: string): Bytes {
  return new Uint8Array(Buffer.from(binary, 'latin1'))
}

/** Reads BER or DER that fills `bytes` exactly. Bit strings stay bytes, first the count of unused bits. */
export function parseBer (bytes: Uint8Array): Asn1 {
  // The type declarations know only the flag `strict`, not the options object.
  const fromDer = forge.asn1.fromDer as unknown as (bytes: string, options: object) => Asn1
  return fromDer(toBinary(bytes), { strict: true, parseAllBytes: true, decodeBitStrings: false, maxDepth: MAX_DEPTH })
}

/** Reads DER: what doesn't come out the same when it is written again was another encoding. */
export function parseDer (bytes: Uint8Array): Asn1 {
  const node = parseBer(bytes)
  if (forge.asn1.toDer(node).getBytes() !== toBinary(bytes)) throw new Error('not DER')
  return node
}

export function encodeDer (node: Asn1): Bytes {
  return fromBinary(forge.asn1.toDer(node).getBytes())
}

/** The members of a sequence, set or explicit context tag, between `min` and `max` of them. */
export function members (node: Asn1 | undefined, kind: 'sequence' | 'set' | number, count: { min: number, max?: number }): Asn1[] {
  const [tagClass, type] = typeof kind === 'number' ? [Class.CONTEXT_SPECIFIC, kind] : [Class.UNIVERSAL, TAG[kind]]
  if (node?.tagClass !== tagClass || node.type !== type || !node.constructed || typeof node.value === 'string') {
    throw new Error('another structure')
  }
  if (node.value.length < count.min || node.value.length > (count.max ?? count.min)) throw new Error('another number of members')
  return node.value
}

function primitive (node: Asn1 | undefined, type: forge.asn1.Type): string {
  if (node?.tagClass !== Class.UNIVERSAL || node.type !== type || node.constructed || typeof node.value !== 'string') {
    throw new Error('another type')
  }
  return node.value
}

export function readOid (node: Asn1 | undefined): string {
  return forge.asn1.derToOid(primitive(node, Type.OID))
}

/** A non-negative integer below 2^31. */
export function readSmallInteger (node: Asn1 | undefined): number {
  const bytes = fromBinary(primitive(node, Type.INTEGER))
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  if (bytes.length === 0 || bytes.length > 4 || value >= 2 ** 31) throw new Error('integer out of range')
  return value
}

/** A bit string of whole bytes. */
export function readBits (node: Asn1 | undefined): Bytes {
  const bytes = fromBinary(primitive(node, Type.BITSTRING))
  if (bytes.length === 0 || bytes[0] !== 0) throw new Error('unused bits')
  return bytes.slice(1)
}

/** An octet string of either tag class, joined where BER has it in pieces. */
export function readOctets (node: Asn1 | undefined): Bytes {
  if (node === undefined) throw new Error('no octet string')
  const isOctets = node.tagClass === Class.UNIVERSAL && node.type === Type.OCTETSTRING
  if (!isOctets && node.tagClass !== Class.CONTEXT_SPECIFIC) throw new Error('no octet string')
  if (typeof node.value === 'string') return fromBinary(node.value)
  return fromBinary(node.value.map((piece) => primitive(piece, Type.OCTETSTRING)).join(''))
}

export function sequence (...parts: Asn1[]): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts)
}

export function set (...parts: Asn1[]): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, Type.SET, true, parts)
}

export function explicit (tag: number, part: Asn1): Asn1 {
  return forge.asn1.create(Class.CONTEXT_SPECIFIC, tag as forge.asn1.Type, true, [part])
}

export function oid (text: string): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, Type.OID, false, forge.asn1.oidToDer(text).getBytes())
}

export function integer (value: number): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, Type.INTEGER, false, forge.asn1.integerToDer(value).getBytes())
}

export function octets (bytes: Uint8Array): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, toBinary(bytes))
}

/** UTF-16 text; forge writes two bytes a code unit. */
export function bmpString (text: string): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, Type.BMPSTRING, false, text)
}

export function nothing (): Asn1 {
  return forge.asn1.create(Class.UNIVERSAL, Type.NULL, false, '')
}

/** An RSA key as forge wants it. Unlike the readers above, forge looks into the bit string. */
export function forgePublicKey (spki: Uint8Array): forge.pki.rsa.PublicKey {
  return forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(toBinary(spki)))
}

/** Runs a parser over foreign bytes: whatever it throws, the caller gets a refusal. */
export function orRefuse<T> (parse: () => T, refusal: () => BonginError): T {
  try {
    return parse()
  } catch (error) {
    throw error instanceof BonginError ? error : refusal()
  }
}
