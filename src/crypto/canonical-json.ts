/**
 * Canonical JSON (RFC 8785): the one spelling of a value that Bongin signs and hashes. Runs in a browser.
 * Reading is as strict as writing: bytes that are not their own canonical form are refused, so that duplicate members,
 * other number spellings, white space and a byte order mark cannot carry a second meaning.
 */
import canonicalize from 'canonicalize'
import { BonginError, invariant } from '../domain/errors.ts'
import { type Bytes, utf8 } from './bytes.ts'

// A byte order mark is kept, and then refused by JSON.parse.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Our own values only: anything JSON cannot carry (undefined, NaN, a lone surrogate) is a bug and throws as one. */
export function canonicalJson (value: unknown): string {
  const text = canonicalize(value)
  invariant(text !== undefined, 'the value has a JSON form')
  return text
}

export function canonicalBytes (value: unknown): Bytes {
  return utf8(canonicalJson(value))
}

/** @throws BonginError `malformed-json` unless the bytes are UTF-8, JSON, and in canonical form. */
export function parseCanonicalJson (bytes: Uint8Array, field?: string): unknown {
  let value: unknown
  let canonical: boolean
  try {
    const text = decoder.decode(bytes)
    value = JSON.parse(text)
    // Throws too: on a lone surrogate, on a number beyond 1e308, on nesting that exhausts the stack.
    canonical = canonicalJson(value) === text
  } catch {
    canonical = false
  }
  if (canonical) return value
  throw new BonginError('malformed-json', {
    detail: 'The bytes must be canonical JSON (RFC 8785) in UTF-8.',
    detailKo: '바이트는 UTF-8로 된 정규 JSON(RFC 8785)이어야 합니다.',
    ...(field === undefined ? {} : { field })
  })
}
