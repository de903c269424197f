/**
 * WOFF 1.0 (W3C) back to the font that it wraps: the same tables, inflated, under an sfnt directory. Fonts come as web fonts in
 * their package, and the PDF library reads the glyphs of a wrapped one beyond their table. Our own files alone are read here.
 */
import { inflateSync } from 'node:zlib'
import { invariant } from '../../domain/errors.ts'

const WOFF_SIGNATURE = 0x774f4646
const WOFF_HEADER = 44
const WOFF_ENTRY = 20
const SFNT_HEADER = 12
const SFNT_ENTRY = 16

export function sfntOfWoff (woff: Buffer): Buffer {
  invariant(woff.readUInt32BE(0) === WOFF_SIGNATURE, 'a font of the package is a WOFF')
  const count = woff.readUInt16BE(12)
  const tables = Array.from({ length: count }, (_, index) => {
    const at = WOFF_HEADER + index * WOFF_ENTRY
    const [offset, packed, length] = [woff.readUInt32BE(at + 4), woff.readUInt32BE(at + 8), woff.readUInt32BE(at + 12)]
    const bytes = woff.subarray(offset, offset + packed)
    return { tag: woff.subarray(at, at + 4), checksum: woff.subarray(at + 16, at + 20), bytes: packed < length ? inflateSync(bytes) : bytes }
  })
  const directory = Buffer.alloc(SFNT_HEADER + count * SFNT_ENTRY)
  const power = Math.floor(Math.log2(count))
  woff.copy(directory, 0, 4, 8)
  directory.writeUInt16BE(count, 4)
  directory.writeUInt16BE(16 * 2 ** power, 6)
  directory.writeUInt16BE(power, 8)
  directory.writeUInt16BE(16 * count - 16 * 2 ** power, 10)
  let offset = directory.length
  const parts: Buffer[] = [directory]
  tables.forEach(({ tag, checksum, bytes }, index) => {
    const at = SFNT_HEADER + index * SFNT_ENTRY
    tag.copy(directory, at)
    checksum.copy(directory, at + 4)
    directory.writeUInt32BE(offset, at + 8)
    directory.writeUInt32BE(bytes.length, at + 12)
    const padding = Buffer.alloc((4 - bytes.length % 4) % 4)
    parts.push(bytes, padding)
    offset += bytes.length + padding.length
  })
  return Buffer.concat(parts)
}
