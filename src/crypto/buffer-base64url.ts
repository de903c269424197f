/** Strict base64url (RFC 4648 §5) in memory that Node shares out, for those who read many. For Node. */

/** How a text may end whose last characters stand for one byte, or for two: the bits that are left over are zeros (§3.5). */
const [ENDS_ONE, ENDS_TWO] = ['AQgw', 'AEIMQUYcgkosw048']

/**
 * null unless the text, of Latin-1, is the one spelling of its bytes. Node's decoder passes over characters that it does not know, which
 * leaves fewer bytes, and takes the other alphabet (§4) too.
 */
export function decodeBase64url (text: string): Buffer | null {
  const bytes = Buffer.from(text, 'base64url')
  const tail = text.length % 4
  const isWhole = tail !== 1 && bytes.length === Math.floor(text.length * 3 / 4) && !text.includes('+') && !text.includes('/')
  const isExact = tail === 0 || (tail === 2 ? ENDS_ONE : ENDS_TWO).includes(text.slice(-1))
  return isWhole && isExact ? bytes : null
}
