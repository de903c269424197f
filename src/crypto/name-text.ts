/**
 * A distinguished name as one line for people, after RFC 4514: whoever made the certificate chose every character, so what
 * would not show, or looks like a separator, is escaped. Attributes stand in the order of the certificate.
 */
import { fromBinary, members, readOid, Type } from './asn1.ts'
import type { Asn1 } from './asn1.ts'

const SHORT_NAMES: ReadonlyMap<string, string> = new Map([
  ['2.5.4.3', 'CN'], ['2.5.4.5', 'serialNumber'], ['2.5.4.6', 'C'], ['2.5.4.7', 'L'], ['2.5.4.8', 'ST'], ['2.5.4.10', 'O'], ['2.5.4.11', 'OU'],
  ['1.2.840.113549.1.9.1', 'emailAddress'], ['0.9.2342.19200300.100.1.25', 'DC'], ['0.9.2342.19200300.100.1.1', 'UID']
])
const MAX_ATTRIBUTES = 40
/** A longer text is cut: it is for reading, the thumbprint is for comparing. */
const MAX_TEXT_CHARS = 500

/** @throws Error unless the node is a Name. */
export function nameText (node: Asn1): string {
  const parts = members(node, 'sequence', { min: 0, max: MAX_ATTRIBUTES }).map((relativeName) =>
    members(relativeName, 'set', { min: 1, max: MAX_ATTRIBUTES }).map((attribute) => {
      const [type, value] = members(attribute, 'sequence', { min: 2 })
      const id = readOid(type)
      return `${SHORT_NAMES.get(id) ?? id}=${escaped(valueText(value))}`
    }).join('+'))
  const text = parts.join(',')
  return text.length > MAX_TEXT_CHARS ? `${text.slice(0, MAX_TEXT_CHARS - 1)}…` : text
}

function valueText (node: Asn1 | undefined): string {
  if (typeof node?.value !== 'string') throw new Error('no text')
  // forge has put a BMPString's code units together already; the other kinds are bytes, and old ones are Latin-1 in practice.
  if (node.type !== Type.UTF8) return node.value
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(fromBinary(node.value))
}

function escaped (text: string): string {
  return text.replace(/[,+"\\<>;=#]/g, '\\$&').replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`)
}
