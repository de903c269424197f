/**
 * ASN.1 values (X.690) as node-forge reads and writes them, with typed steps into a structure.
 * Runs in a browser. Everything here throws a plain error on a value of another shape; readers turn it into their own refusal with `orRefuse`.
 */
import { fromLatin1, toLatin1 } from '#platform/text'
import type forge from 'node-forge'
import asn1 from 'node-forge/lib/asn1.js'
import { BonginError } from '../domain/errors.ts'
import { type Bytes, concat, fromHex, toHex, utf8 } from './bytes.ts'

export type Asn1 = forge.asn1.Asn1

const { Class, Type } = asn1
export { Class, Type }
export const TAG = { integer: Type.INTEGER, bits: Type.BITSTRING, octets: Type.OCTETSTRING, sequence: Type.SEQUENCE, set: Type.SET } as const

const MAX_SERIAL_BYTES = 21

/** Structures of ours nest about ten deep. */
const MAX_DEPTH = 32

/** forge keeps bytes as strings of characters 0–255. */
export function toBinary (bytes: Uint8Array): string {
  return toLatin1(bytes)
}

export function fromBinary (binary: string): Bytes {
  return fromLatin1(binary)
}

/** Reads BER or DER that fills `bytes` exactly. Bit strings stay bytes, first the count of unused bits. */
export function parseBer (bytes: Uint8Array): Asn1 {
  // The type declarations know only the flag `strict`, not the options object.
  const fromDer = asn1.fromDer as unknown as (bytes: string, options: object) => Asn1
  return fromDer(toBinary(bytes), { strict: true, parseAllBytes: true, decodeBitStrings: false, maxDepth: MAX_DEPTH })
}

/** Reads DER: what doesn't come out the same when it is written again was another encoding. */
export function parseDer (bytes: Uint8Array): Asn1 {
  const node = parseBer(bytes)
  if (asn1.toDer(node).getBytes() !== toBinary(bytes)) throw new Error('not DER')
  return node
}

export function encodeDer (node: Asn1): Bytes {
  return fromBinary(asn1.toDer(node).getBytes())
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
  return asn1.derToOid(primitive(node, Type.OID))
}

/** A non-negative integer below 2^31. */
export function readSmallInteger (node: Asn1 | undefined): number {
  const bytes = fromBinary(primitive(node, Type.INTEGER))
  const value = bytes.reduce((sum, byte) => sum * 256 + byte, 0)
  if (bytes.length === 0 || bytes.length > 4 || value >= 2 ** 31) throw new Error('integer out of range')
  return value
}

export function readBoolean (node: Asn1 | undefined): boolean {
  const value = primitive(node, Type.BOOLEAN)
  if (value !== '\xff' && value !== '\0') throw new Error('no boolean')
  return value === '\xff'
}

/** A positive integer of at most 20 bytes, as RFC 5280 §4.1.2.2 allows for serial numbers; lower-case hex without leading zeros. */
export function readSerialHex (node: Asn1 | undefined): string {
  return toHex(readSerialBytes(node)).replace(/^0+(?=.)/, '')
}

/** The bytes of such a number without leading zero bytes, but for zero itself. */
export function readSerialBytes (node: Asn1 | undefined): Bytes {
  const bytes = fromBinary(primitive(node, Type.INTEGER))
  if (bytes.length === 0 || bytes.length > MAX_SERIAL_BYTES || (bytes[0] ?? 0) > 0x7f) throw new Error('serial number out of range')
  return bytes.length > 1 && bytes[0] === 0 ? bytes.slice(1) : bytes
}

/** A positive integer of any size. */
export function readPositiveInteger (node: Asn1 | undefined): bigint {
  const bytes = fromBinary(primitive(node, Type.INTEGER))
  if (bytes.length === 0 || (bytes[0] ?? 0) > 0x7f) throw new Error('not a positive integer')
  return BigInt(`0x${toHex(bytes)}`)
}

/** UTCTime or GeneralizedTime in the one form of RFC 5280 §4.1.2.5: to the second, in UTC. @returns milliseconds. */
export function readTime (node: Asn1 | undefined): number {
  const short = node?.type === Type.UTCTIME
  return parseTimeText(primitive(node, short ? Type.UTCTIME : Type.GENERALIZEDTIME), short)
}

/** `short`: two digits of the year, 50 being 1950. @throws Error for another form, or a day that does not exist. */
export function parseTimeText (text: string, short: boolean): number {
  const parts = (short ? /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/ : /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/).exec(text)
  if (parts === null) throw new Error('another form of time')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1).map(Number)
  const at = Date.UTC(short ? year + (year < 50 ? 2000 : 1900) : year, month - 1, day, hour, minute, second)
  // A day that does not exist comes out as another one.
  if (new Date(at).toISOString().replace(/\D/g, '').slice(short ? 2 : 0, 14) !== text.slice(0, -1)) throw new Error('no such time')
  return at
}

/** Up to 16 named bits, the first one (bit 0) as 0x8000. */
export function readNamedBits (node: Asn1 | undefined): number {
  const [unused = 8, first = 0, second = 0, ...more] = fromBinary(primitive(node, Type.BITSTRING))
  if (unused > 7 || more.length > 0) throw new Error('another bit string')
  return first * 256 + second
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
  return asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts)
}

export function set (...parts: Asn1[]): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.SET, true, parts)
}

export function explicit (tag: number, part: Asn1): Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, tag as forge.asn1.Type, true, [part])
}

/** A constructed context tag with nothing in it. */
export function emptyTag (tag: number): Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, tag as forge.asn1.Type, true, [])
}

export function oid (text: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(text).getBytes())
}

export function integer (value: number): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes())
}

/** A positive integer from its magnitude in hex. */
export function integerFromHex (hex: string): Asn1 {
  const bytes = fromHex(hex.padStart(hex.length + hex.length % 2, '0'))
  const signed = (bytes[0] ?? 0) > 0x7f ? concat(Uint8Array.of(0), bytes) : bytes
  return asn1.create(Class.UNIVERSAL, Type.INTEGER, false, toBinary(signed))
}

export function enumerated (value: number): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.ENUMERATED, false, String.fromCharCode(value))
}

/** To the second, rounded down: UTCTime until 2049, then GeneralizedTime (RFC 5280 §4.1.2.5). */
export function time (at: number): Asn1 {
  const date = new Date(at)
  return date.getUTCFullYear() < 2050
    ? asn1.create(Class.UNIVERSAL, Type.UTCTIME, false, asn1.dateToUtcTime(date) as string)
    : asn1.create(Class.UNIVERSAL, Type.GENERALIZEDTIME, false, asn1.dateToGeneralizedTime(date) as string)
}

/** A bit string of whole bytes. */
export function bits (bytes: Uint8Array): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.BITSTRING, false, `\0${toBinary(bytes)}`)
}

/** A primitive value under a context tag, in place of its own tag. */
export function implicit (tag: number, bytes: Uint8Array): Asn1 {
  return asn1.create(Class.CONTEXT_SPECIFIC, tag as forge.asn1.Type, false, toBinary(bytes))
}

/** UTF8String. */
export function utf8String (text: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.UTF8, false, toBinary(utf8(text)))
}

export function printableString (text: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.PRINTABLESTRING, false, text)
}

export function octets (bytes: Uint8Array): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, toBinary(bytes))
}

/** UTF-16 text; forge writes two bytes a code unit. */
export function bmpString (text: string): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.BMPSTRING, false, text)
}

export function nothing (): Asn1 {
  return asn1.create(Class.UNIVERSAL, Type.NULL, false, '')
}

/** Runs a parser over foreign bytes: whatever it throws, the caller gets a refusal. */
export function orRefuse<T> (parse: () => T, refusal: () => BonginError): T {
  try {
    return parse()
  } catch (error) {
    throw error instanceof BonginError ? error : refusal()
  }
}
