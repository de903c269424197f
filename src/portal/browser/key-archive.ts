/**
 * An officer's backup as one file: a plain ustar archive (IEEE 1003.1) that unpacks to the command line's key folder
 * (`client/key-folder.ts`). Secrets in it are encrypted before they come here; nothing of an archive is trusted but names and sizes.
 */
const BLOCK = 512
const MAX_FILES = 16
const MAX_ARCHIVE_BYTES = 1_048_576
const MODE = '0000600'
const CHECKSUM = { from: 148, until: 156 } as const

type KeyFiles = ReadonlyMap<string, Uint8Array>

const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK

export function packKeyFiles (files: KeyFiles): Uint8Array<ArrayBuffer> {
  const length = [...files.values()].reduce((sum, bytes) => sum + BLOCK + padded(bytes.length), 2 * BLOCK)
  const archive = new Uint8Array(length)
  let offset = 0
  for (const [name, bytes] of files) {
    archive.set(header(name, bytes.length), offset)
    archive.set(bytes, offset + BLOCK)
    offset += BLOCK + padded(bytes.length)
  }
  return archive
}

function header (name: string, size: number): Uint8Array {
  const block = new Uint8Array(BLOCK)
  const put = (at: number, text: string): void => { block.set(new TextEncoder().encode(text), at) }
  put(0, name)
  for (const [at, text] of [[100, MODE], [108, '0000000'], [116, '0000000'], [124, size.toString(8).padStart(11, '0')], [136, '00000000000']] as const) put(at, text)
  put(CHECKSUM.from, ' '.repeat(8))
  put(156, '0')
  put(257, 'ustar\x0000')
  const sum = block.reduce((total, byte) => total + byte, 0)
  put(CHECKSUM.from, `${sum.toString(8).padStart(6, '0')}\0 `)
  return block
}

export function isArchive (bytes: Uint8Array): boolean {
  return new TextDecoder('latin1').decode(bytes.subarray(257, 262)) === 'ustar'
}

/** Regular files by their last name, so that an archive of a folder will do. @throws Error for what is no such archive. */
export function unpackKeyFiles (archive: Uint8Array): KeyFiles {
  if (archive.length > MAX_ARCHIVE_BYTES) throw new Error('the archive is too large')
  const text = (from: number, until: number): string => new TextDecoder().decode(archive.subarray(from, until)).split('\0', 1)[0] ?? ''
  const files = new Map<string, Uint8Array>()
  for (let offset = 0; offset + BLOCK <= archive.length && archive[offset] !== 0 && files.size < MAX_FILES;) {
    const size = Number.parseInt(text(offset + 124, offset + 136), 8)
    const start = offset + BLOCK
    if (!isArchive(archive.subarray(offset)) || !(size >= 0 && start + size <= archive.length)) throw new Error('the archive is damaged')
    const name = text(offset, offset + 100)
    if (text(offset + 156, offset + 157) === '0') files.set(name.slice(name.lastIndexOf('/') + 1), archive.slice(start, start + size))
    offset = start + padded(size)
  }
  return files
}
