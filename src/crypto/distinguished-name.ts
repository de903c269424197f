/**
 * Names in requests and certificates (X.501): country, organization, unit, common name, serial number.
 * A name has at most one value of each, in UTF-8 or printable characters; other attributes are passed over. Runs in a browser.
 */
import { BonginError } from '../domain/errors.ts'
import { Class, fromBinary, members, oid, printableString, readOid, sequence, set, Type, utf8String } from './asn1.ts'
import type { Asn1 } from './asn1.ts'

export interface DistinguishedName {
  country?: string
  organization: string
  unit?: string
  commonName: string
  serialNumber?: string
}

type NamePart = keyof DistinguishedName

/** In the order in which they are written. */
const PARTS: ReadonlyArray<readonly [NamePart, oid: string]> = [
  ['country', '2.5.4.6'], ['organization', '2.5.4.10'], ['unit', '2.5.4.11'], ['commonName', '2.5.4.3'], ['serialNumber', '2.5.4.5']
]
const PART_OF_OID = new Map(PARTS.map(([part, oid]) => [oid, part]))
/** X.520 allows PrintableString only for these. */
const PRINTABLE: ReadonlySet<NamePart> = new Set(['country', 'serialNumber'])

/** ub-organization-name, ub-common-name and their like (RFC 5280, appendix A). */
const MAX_PART_CHARS = 64
const MAX_ATTRIBUTES = 20

/** What can stand in a name: 1 … 64 characters, none of them invisible (controls, direction marks), no space at an end. */
export function isNamePart (text: string): boolean {
  return text !== '' && [...text].length <= MAX_PART_CHARS && text.trim() === text && !/\p{C}/u.test(text)
}

function isPrintable (text: string): boolean {
  return /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(text)
}

/** @throws BonginError `invalid-request` with the field of a part that can't be written. */
export function nameNode (name: DistinguishedName): Asn1 {
  return sequence(...PARTS.flatMap(([part, type]) => {
    const value = name[part]
    if (value === undefined) return []
    const printable = PRINTABLE.has(part)
    if (!isNamePart(value) || (printable && !isPrintable(value))) throw invalidNamePart(part)
    return [set(sequence(oid(type), printable ? printableString(value) : utf8String(value)))]
  }))
}

function invalidNamePart (part: NamePart): BonginError {
  return new BonginError('invalid-request', {
    field: `/${part}`,
    detail: `A name in a certificate has 1 to ${MAX_PART_CHARS} visible characters and no space at its ends.`,
    detailKo: `인증서의 이름은 보이는 문자 1~${MAX_PART_CHARS}자여야 하며 앞뒤에 공백이 없어야 합니다.`
  })
}

/** @throws Error for a name of another shape, without organization or common name, or with a part twice. */
export function readName (node: Asn1 | undefined): DistinguishedName {
  const parts: Partial<Record<NamePart, string>> = {}
  for (const relativeName of members(node, 'sequence', { min: 1, max: MAX_ATTRIBUTES })) {
    for (const attribute of members(relativeName, 'set', { min: 1, max: MAX_ATTRIBUTES })) {
      const [type, value] = members(attribute, 'sequence', { min: 2 })
      const part = PART_OF_OID.get(readOid(type))
      if (part === undefined) continue
      if (parts[part] !== undefined) throw new Error('a part of the name stands twice')
      parts[part] = readText(value)
    }
  }
  const { organization, commonName } = parts
  if (organization === undefined || commonName === undefined) throw new Error('a name without organization or common name')
  return { ...parts, organization, commonName }
}

function readText (node: Asn1 | undefined): string {
  if (node === undefined || node.tagClass !== Class.UNIVERSAL || typeof node.value !== 'string') throw new Error('no text')
  const text = decodeText(node.type, node.value)
  if (!isNamePart(text)) throw new Error('a name that cannot be shown')
  return text
}

function decodeText (type: Asn1['type'], value: string): string {
  switch (type) {
    case Type.UTF8:
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fromBinary(value))
    case Type.BMPSTRING: // forge has put the code units together already
      return value
    case Type.PRINTABLESTRING:
      if (isPrintable(value)) return value
      break
    case Type.IA5STRING:
      if (/^[ -~]*$/.test(value)) return value
      break
    default:
  }
  throw new Error('another kind of text')
}
