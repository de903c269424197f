/**
 * One bit of one byte altered, at every byte of an archive and at bytes of the files in it: each is refused, and the refusal names
 * the place. A flip that only the check of keys, bids and prices can notice costs tens of milliseconds, so of most files bytes at a
 * fixed distance are tried; BONGIN_FLIPS=all tries every byte of every file (docs/architecture.md).
 */
import t from 'tap'
import { archiveOfRecord, readArchive } from '../../src/crypto/record-archive.ts'
import { filesOfRecord, recordOfFiles } from '../../src/crypto/record-files.ts'
import type { RecordFiles } from '../../src/crypto/record-paths.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { BonginError } from '../../src/domain/errors.ts'
import { makeRecord } from '../support/make-record.ts'
import { makeWorld } from '../support/make-world.ts'

const everyByte = process.env['BONGIN_FLIPS'] === 'all'
const world = await makeWorld()
const record = await makeRecord(world, { derived: true, bare: true })
const archive = await archiveOfRecord(record)
const files = filesOfRecord(record)

/** Bytes tried: one of so many, by what one costs. Primes, so that every column of a repeating text has its turn. */
function strideOf (path: string): number {
  if (everyByte || path.startsWith('certificates/')) return 1
  if (path === 'platform.json') return 3
  return path === 'ledger.jsonl' || path.startsWith('notices/') ? 7 : 61
}

const CLASSES = [/[0-9]/, /[a-z]/, /[A-Z]/, /./s]
const classOf = (byte: number): number => CLASSES.findIndex((expression) => expression.test(String.fromCharCode(byte)))

/** A single bit, chosen so that a digit stays a digit and a letter a letter where one can: the altered file still looks right. */
function flipped (bytes: Uint8Array, offset: number): Uint8Array {
  const old = bytes[offset] ?? 0
  const bits = [0, 1, 2, 3, 4, 5].map((i) => 1 << ((i + offset) % 6))
  const bit = bits.find((mask) => classOf(old ^ mask) === classOf(old)) ?? 1 << (offset % 8)
  const copy = Uint8Array.from(bytes)
  copy[offset] = old ^ bit
  return copy
}

/** Where a refusal says it is: a field or a step. Anything else that is thrown is a crash. */
async function refusalOf (altered: RecordFiles): Promise<string | null> {
  try {
    const { failure } = await verifyRecord(recordOfFiles(altered))
    return failure === null ? null : `step ${failure.step}`
  } catch (error) {
    if (error instanceof BonginError && (error.context.field ?? '') !== '') return `field ${error.context.field ?? ''}`
    throw error
  }
}

t.test('the record itself passes, through the archive and without a trusted root', async (t) => {
  const read = await readArchive(archive)
  t.same([...read.keys()], [...files.keys()])
  t.equal(await refusalOf(read), null)
  t.equal(files.size, 16)
})

t.test('every byte of the archive: refused, or exactly that byte of exactly that file', async (t) => {
  const passed = new Map<string, number>()
  const altered = Uint8Array.from(archive)
  let refused = 0
  for (let offset = 0; offset < archive.length; offset++) {
    altered[offset - 1] = archive[offset - 1] ?? 0
    const bit = 1 << (offset % 8)
    altered[offset] = (archive[offset] ?? 0) ^ bit
    const read = await readArchive(altered).catch((error: unknown) => {
      if (!(error instanceof BonginError) || error.code !== 'archive-malformed') throw error
      return null
    })
    if (read === null) {
      refused++
      continue
    }
    const [differing, ...others] = [...files].filter(([path, contents]) => Buffer.compare(contents, read.get(path) ?? new Uint8Array(0)) !== 0)
    const [path, contents] = differing ?? ['', new Uint8Array(0)]
    const found = Buffer.from(read.get(path) ?? [])
    const place = offset - (read.get(path)?.byteOffset ?? 0)
    found[place] = (found[place] ?? 0) ^ bit
    if (read.size !== files.size || others.length > 0 || !found.equals(contents)) t.fail(`byte ${offset} was read as something else`)
    passed.set(path, (passed.get(path) ?? 0) + 1)
  }
  const contentBytes = [...files.values()].reduce((sum, { length }) => sum + length, 0)
  t.equal(refused, archive.length - contentBytes, 'headers, padding, end')
  t.same([...passed], [...files].map(([path, { length }]) => [path, length]), 'and what was read is all that the files have')
})

t.test('bytes of the files: no flip passes, and each is named', async (t) => {
  const seen = new Set<string>()
  let tried = 0
  for (const [path, contents] of files) {
    for (let offset = (contents.length - 1) % strideOf(path); offset < contents.length; offset += strideOf(path)) {
      const refusal = await refusalOf(new Map([...files, [path, flipped(contents, offset)]]))
      if (refusal === null) t.fail(`${path}, byte ${offset}: not noticed`)
      else seen.add(`${path.split('/')[0] ?? ''}: ${refusal.split('/').slice(0, 2).join('/')}`)
      tried++
    }
  }
  t.comment(`${tried} of ${[...files.values()].reduce((sum, { length }) => sum + length, 0)} bytes; ${[...seen].sort().join(', ')}`)
  for (const path of ['award.jws: step award', 'certificates: field /certificates', 'ledger.jsonl: step ledger', 'opening.json: step opening']) t.ok(seen.has(path), path)
})

t.test('white space that PEM allows has one spelling in a record', async (t) => {
  for (const path of [...files.keys()].filter((path) => path.startsWith('certificates/'))) {
    const contents = files.get(path) ?? new Uint8Array(0)
    for (const offset of contents.keys()) {
      if (contents[offset] !== 0x0a) continue
      for (const space of [0x09, 0x0b, 0x0c, 0x0d, 0x20]) {
        const refusal = await refusalOf(new Map([...files, [path, contents.with(offset, space)]]))
        if (refusal === null) t.fail(`${path}, byte ${offset} as ${space}: not noticed`)
      }
    }
  }
  const platform = structuredClone(record)
  platform.platform.rootCertificate = platform.platform.rootCertificate.replaceAll('\n', '\r\n')
  t.match((await verifyRecord(platform)).failure, { step: 'platform', detail: /rootCertificate is not written/ })
})
