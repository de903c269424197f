/**
 * A record as one file: a POSIX ustar archive (IEEE 1003.1, pax, "ustar Interchange Format"), not compressed, of which the record
 * decides every byte (docs/protocol.md, section 17). Reading takes nothing else: what was read is packed again and must give
 * the same bytes, so nothing can hide in a header, in padding or behind the end. Work is linear in the archive's length, a
 * declared size never allocates, and nothing touches a disk. For Node.
 */
import { pack, type Pack } from 'tar-stream'
import { BonginError } from '../domain/errors.ts'
import { BLOCK_BYTES, END_BYTES, fieldAt, isZero, readHeader } from './archive-header.ts'
import { archiveFault, type Place } from './archive-fault.ts'
import type { Bytes } from './bytes.ts'
import { filesOfRecord } from './record-files.ts'
import { inOrder, MAX_RECORD_BYTES, MAX_RECORD_FILES, printable, type RecordFiles } from './record-paths.ts'
import type { TenderRecord } from './record.ts'

/** Headers, padding and end blocks included. */
export const MAX_ARCHIVE_BYTES = MAX_RECORD_BYTES

const FILE_MODE = 0o644
const EPOCH = new Date(0)
/** What people mistake for an archive of ours, by first bytes. */
const OTHER_FORMATS: ReadonlyArray<{ name: string, magic: readonly number[] }> = [
  { name: 'gzip', magic: [0x1f, 0x8b] },
  { name: 'zip', magic: [0x50, 0x4b] },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68] },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { name: 'Zstandard', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { name: '7-Zip', magic: [0x37, 0x7a, 0xbc, 0xaf] }
]

/** @throws BonginError `archive-too-large`; `verification-failed` for what is no record. */
export async function archiveOfRecord (record: TenderRecord): Promise<Bytes> {
  return await packFiles(filesOfRecord(record))
}

/** The archive of these files, sorted by path. @throws BonginError `archive-too-large`. */
export async function packFiles (files: RecordFiles): Promise<Bytes> {
  archiveLength([...files.values()].map(({ length }) => length))
  const chunks: Buffer[] = []
  for await (const chunk of streamArchive(inOrder(files))) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Bytes of the archive of files of these sizes. @throws BonginError `archive-too-large`. */
export function archiveLength (sizes: readonly number[]): number {
  const length = sizes.reduce((sum, size) => sum + BLOCK_BYTES + padded(size), END_BYTES)
  if (length > MAX_ARCHIVE_BYTES) throw tooLarge()
  return length
}

/** The archive of files that come in the order of their paths, each made when its turn is. A stream that fails is destroyed. */
export function streamArchive (files: Files): AsyncIterable<Buffer> {
  const tar = pack()
  addAll(tar, files).catch((error: unknown) => { tar.destroy(error instanceof Error ? error : new Error(String(error))) })
  return tar as AsyncIterable<Buffer>
}

type Files = AsyncIterable<[path: string, contents: Uint8Array]> | RecordFiles

async function addAll (tar: Pack, files: Files): Promise<void> {
  for await (const [name, contents] of files) {
    await new Promise<void>((resolve, reject) => {
      const header = { name, type: 'file', mode: FILE_MODE, uid: 0, gid: 0, mtime: EPOCH, uname: '', gname: '' } as const
      tar.entry(header, Buffer.from(contents.buffer, contents.byteOffset, contents.length), (error) => { error ? reject(error) : resolve() })
    })
  }
  tar.finalize()
}

/**
 * The files of an archive, each a view into its bytes. They are a claim until `recordOfFiles` and `verifyRecord` passed them.
 * @throws BonginError `archive-malformed` with the entry at fault, `archive-too-large`.
 */
export async function readArchive (archive: Uint8Array): Promise<RecordFiles> {
  if (archive.length > MAX_ARCHIVE_BYTES) throw tooLarge()
  for (const { name, magic } of OTHER_FORMATS) {
    if (magic.every((byte, i) => archive[i] === byte)) throw archiveFault(null, `This is a ${name} file; only a plain tar archive is read`)
  }
  const files: RecordFiles = new Map()
  const places: Place[] = []
  let offset = 0
  let last = ''
  for (;;) {
    const place = { index: places.length, path: null, offset }
    if (places.length > MAX_RECORD_FILES) throw archiveFault(place, 'is one too many')
    const block = archive.subarray(offset, offset + BLOCK_BYTES)
    if (block.length < BLOCK_BYTES) throw archiveFault(place, 'is cut off: the archive ends without its end blocks')
    if (isZero(block)) break
    const { path, size } = readHeader(block, place)
    const named = { ...place, path }
    if (path === last) throw archiveFault(named, 'stands twice')
    if (path < last) throw archiveFault(named, `is out of order: it stands behind ${printable(last)}`)
    const start = offset + BLOCK_BYTES
    if (size > archive.length - start) throw archiveFault(named, `is cut off: it declares ${size} bytes, and ${archive.length - start} follow`)
    files.set(path, archive.subarray(start, start + size))
    places.push(named)
    last = path
    offset = start + padded(size)
  }
  await expectCanonical(archive, files, { places, end: offset })
  return files
}

/** Packs again and compares; the first byte that differs is named by what it belongs to. */
async function expectCanonical (archive: Uint8Array, files: RecordFiles, { places, end }: { places: readonly Place[], end: number }): Promise<void> {
  const again = await packFiles(files)
  if (Buffer.compare(again, archive) === 0) return
  let offset = 0
  while (offset < again.length && again[offset] === archive[offset]) offset++
  if (offset >= end) {
    throw archiveFault(null, `The archive must end with ${END_BYTES} zero bytes and nothing behind them; byte ${offset} is another`, offset)
  }
  const place = places.findLast((entry) => entry.offset <= offset) ?? null
  const from = place?.offset ?? 0
  const isHeader = offset - from < BLOCK_BYTES
  // Another byte in a header gives another checksum, which says less.
  const inHeader = again.subarray(from, from + BLOCK_BYTES).findIndex((byte, i) => fieldAt(i) !== 'chksum' && byte !== archive[from + i])
  const at = isHeader && inHeader !== -1 ? from + inHeader : offset
  const part = isHeader ? `the header field ${fieldAt(at - from)}` : 'the padding'
  throw archiveFault(place, `is not written as the record's archive writes it: ${part} differs at byte ${at}`, at)
}

function padded (size: number): number {
  return Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES
}

function tooLarge (): BonginError {
  return new BonginError('archive-too-large', {
    detail: `The archive of a record has at most ${MAX_ARCHIVE_BYTES} bytes.`,
    detailKo: `개찰 기록 보관 파일은 최대 ${MAX_ARCHIVE_BYTES}바이트입니다.`
  })
}
