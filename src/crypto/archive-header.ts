/**
 * One header block of a record's archive (ustar, IEEE 1003.1). It is read only as far as it decides what comes next: kind, path
 * and size, each refused unless a record's archive can have it. All other fields are compared when the archive is packed again.
 */
import { archiveFault, type Place } from './archive-fault.ts'
import { maxBytesOf } from './record-paths.ts'

export const BLOCK_BYTES = 512
/** Two blocks. */
export const END_BYTES = 2 * BLOCK_BYTES

/** Offset at which each field begins. */
const FIELDS = [
  { name: 'name', from: 0 }, { name: 'mode', from: 100 }, { name: 'uid', from: 108 }, { name: 'gid', from: 116 }, { name: 'size', from: 124 },
  { name: 'mtime', from: 136 }, { name: 'chksum', from: 148 }, { name: 'typeflag', from: 156 }, { name: 'linkname', from: 157 }, { name: 'magic', from: 257 },
  { name: 'version', from: 263 }, { name: 'uname', from: 265 }, { name: 'gname', from: 297 }, { name: 'devmajor', from: 329 },
  { name: 'devminor', from: 337 }, { name: 'prefix', from: 345 }, { name: '(reserved)', from: 500 }
] as const

const MAGIC_AND_VERSION = 'ustar\x0000'
const REGULAR_FILE = '0'
const KINDS: Readonly<Record<string, string>> = {
  '\0': 'a file of the old format',
  1: 'a hard link',
  2: 'a symbolic link',
  3: 'a character device',
  4: 'a block device',
  5: 'a directory',
  6: 'a FIFO',
  7: 'a contiguous file',
  g: 'a pax header for all',
  x: 'a pax header',
  K: 'a GNU long link name',
  L: 'a GNU long name',
  M: 'a continued GNU volume',
  S: 'a sparse GNU file',
  V: 'a GNU volume label'
}

/** Name of the field that has this byte of the header. */
export function fieldAt (offset: number): string {
  return FIELDS.findLast(({ from }) => from <= offset)?.name ?? ''
}

export function isZero (block: Uint8Array): boolean {
  return block.every((byte) => byte === 0)
}

/** @throws BonginError `archive-malformed` naming the entry. */
export function readHeader (block: Uint8Array, place: Place): { path: string, size: number } {
  const text = (from: number, until: number): string => Buffer.from(block.subarray(from, until)).toString('latin1')
  const [name = ''] = text(0, 100).split('\0', 1)
  const named = { ...place, path: name }
  const kind = text(156, 157)
  if (text(257, 265) !== MAGIC_AND_VERSION) throw archiveFault(place, 'has no ustar header: this is not, or no longer, the archive of a record')
  if (kind !== REGULAR_FILE) throw archiveFault(named, `is ${KINDS[kind] ?? 'of an unknown kind'}; only regular files are read`)
  const maxBytes = maxBytesOf(name)
  if (maxBytes === null) throw archiveFault(named, 'is not the path of a file that a record has')
  const size = text(124, 136)
  if (!/^[0-7]{11} $/.test(size)) throw archiveFault(named, 'has a size that is not eleven octal digits and a space')
  const bytes = Number.parseInt(size, 8)
  if (bytes > maxBytes) throw archiveFault(named, `declares ${bytes} bytes, and such a file has at most ${maxBytes}`)
  return { path: name, size: bytes }
}
