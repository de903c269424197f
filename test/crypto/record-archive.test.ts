/**
 * A record as one archive: the same bytes everywhere, read by `tar`; every changed byte of it and of every file in it is
 * refused by name; archives that others would make to harm are refused too. One byte in 29 is flipped at each run,
 * all of them with BONGIN_FLIPS=all (some ten minutes).
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { pack, type Header } from 'tar-stream'
import t, { type Test } from 'tap'
import { concat } from '../../src/crypto/bytes.ts'
import { packRecord, unpackRecord } from '../../src/crypto/record-archive.ts'
import { filesOf, recordOf } from '../../src/crypto/record-files.ts'
import type { TenderRecord } from '../../src/crypto/record.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { BonginError } from '../../src/domain/errors.ts'
import { makeRecord } from '../support/make-record.ts'
import { makeWorld } from '../support/make-world.ts'

const world = await makeWorld()
const record = await makeRecord(world)
const archive = await packRecord(record)
const files = filesOf(record)
const STRIDE = process.env['BONGIN_FLIPS'] === 'all' ? 1 : 29
const trustedRootDer = world.authority.rootDer

t.test('the same bytes each time, and what tar makes of them', async (t) => {
  t.same(await packRecord(structuredClone(record)), archive)
  t.same(await unpackRecord(archive), record)
  const file = join(t.testdir(), 'record.tar')
  writeFileSync(file, archive)
  const listed = execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '--utc', '--file', file], { encoding: 'utf8' }).trim().split('\n')
  t.equal(listed.length, files.size)
  t.match(listed[0], /^-rw-r--r-- 0\/0 +788 1970-01-01 00:00 award\.jws$/)
  t.same(listed.map((line) => line.split(' ').at(-1)), [...files.keys()].sort())
  t.same(execFileSync('tar', ['--extract', '--to-stdout', '--file', file, 'opening.json']), Buffer.from(files.get('opening.json') ?? ''))
})

/** What names the failure, or null where nothing was found. */
async function failureOf (read: () => TenderRecord | Promise<TenderRecord>): Promise<string | null> {
  try {
    const { failure } = await verifyRecord(await read(), { trustedRootDer })
    return failure === null ? null : `${failure.step}: ${failure.detail}`
  } catch (error) {
    if (!(error instanceof BonginError)) throw error
    return error.code
  }
}

const flipped = (bytes: Uint8Array, at: number): Uint8Array => {
  const copy = Uint8Array.from(bytes)
  copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8))
  return copy
}

async function sweep (t: Test, { name, bytes, read, start }: {
  name: string, bytes: Uint8Array, read: (changed: Uint8Array) => TenderRecord | Promise<TenderRecord>, start: number
}): Promise<void> {
  const unseen: number[] = []
  let tried = 0
  for (let at = start % STRIDE; at < bytes.length; at += STRIDE, tried++) {
    if ((await failureOf(() => read(flipped(bytes, at)))) === null) unseen.push(at)
  }
  t.same(unseen, [], `${name}: ${tried} of ${bytes.length} bytes flipped, each refused`)
}

t.equal(await failureOf(() => unpackRecord(archive)), null, 'the archive as it is verifies')

t.test('one flipped bit in a file is a named failure', { timeout: 3_600_000 }, async (t) => {
  for (const [i, [path, contents]] of [...files].entries()) {
    await sweep(t, { name: path, bytes: contents, read: (changed) => recordOf(new Map(files).set(path, changed)), start: i })
  }
})

t.test('one flipped bit in the archive, headers, padding and end included, is a named failure', { timeout: 3_600_000 }, async (t) => {
  await sweep(t, { name: 'record.tar', bytes: archive, read: unpackRecord, start: 3 })
})

interface Entry extends Partial<Header> { name: string, contents?: string }

async function tarOf (entries: readonly Entry[]): Promise<Uint8Array> {
  const stream = pack()
  const chunks: Uint8Array[] = []
  for (const { contents = '', ...header } of entries) stream.entry({ mode: 0o644, mtime: new Date(0), ...header }, contents)
  stream.finalize()
  for await (const chunk of stream) chunks.push(chunk as Uint8Array)
  return concat(...chunks)
}

/** The header's checksum, put right again after a change (POSIX ustar). */
function withChecksum (tar: Uint8Array): Uint8Array {
  const header = Uint8Array.from(tar).fill(32, 148, 156)
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  header.set(Buffer.from(`${sum.toString(8).padStart(6, '0')} \0`), 148)
  return header
}

t.test('hostile archives', async (t) => {
  const one = await tarOf([{ name: 'opening.json', contents: '{}' }])
  const sized = (field: Buffer): Uint8Array => {
    const changed = Uint8Array.from(one)
    changed.set(field, 124)
    return withChecksum(changed)
  }
  const inside = [...files].map(([name, contents]) => ({ name, contents: Buffer.from(contents).toString('latin1') }))
  const cases: Record<string, Uint8Array> = {
    nothing: new Uint8Array(0),
    'zeros alone': new Uint8Array(1024),
    'no tar': Buffer.alloc(1024, 'x'),
    'an odd length': archive.subarray(0, archive.length - 1),
    'half of it': archive.subarray(0, 512 * Math.floor(archive.length / 1024)),
    'without its end': archive.subarray(0, archive.length - 1024),
    'with more zeros': concat(archive, new Uint8Array(512)),
    'twice over': concat(archive, archive),
    'gzip around it': gzipSync(archive),
    'a zip': Buffer.concat([Buffer.from('504b0304', 'hex'), Buffer.alloc(508)]),
    'a size beyond all': sized(Buffer.from('77777777777\0')),
    'a size in base 256': sized(Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff])),
    'a negative size': sized(Buffer.alloc(12, 0xff)),
    'a size that is no number': sized(Buffer.from('zzzzzzzzzzz\0')),
    'another order': await tarOf([...inside].reverse()),
    'a stray file': await tarOf([...inside, { name: 'note.txt' }]),
    'many empty files': await tarOf(Array.from({ length: 3_000 }, (_, i) => ({ name: `envelopes/${i}` })))
  }
  const hostile: Entry[] = [
    { name: '../opening.json' }, { name: '/etc/passwd' }, { name: 'notices/../../x.jws' }, { name: 'notices\\000.jws' }, { name: './opening.json' },
    { name: 'opening.json', type: 'symlink', linkname: '/etc/passwd' }, { name: 'opening.json', type: 'link', linkname: 'award.jws' },
    { name: 'notices', type: 'directory' }, { name: 'opening.json', type: 'character-device' }, { name: 'opening.json', type: 'fifo' },
    { name: 'opening.json' }, { name: '한글.json' }, { name: `${'a/'.repeat(120)}b` }
  ]
  for (const entry of hostile) cases[`${entry.type ?? 'file'} ${entry.name.slice(0, 30)}`] = await tarOf([...inside, entry])
  for (const mode of [0o755, 0o4644]) cases[`mode ${mode.toString(8)}`] = await tarOf(inside.map((entry) => ({ ...entry, mode })))
  cases['an owner'] = await tarOf(inside.map((entry) => ({ ...entry, uname: 'root' })))
  cases['a time'] = await tarOf(inside.map((entry) => ({ ...entry, mtime: new Date(1e12) })))
  cases['a pax header'] = await tarOf(inside.map((entry) => ({ ...entry, pax: { comment: 'x' } })))
  for (const [name, bytes] of Object.entries(cases)) {
    await t.rejects(unpackRecord(bytes), { name: 'BonginError', context: { field: /^\// } }, name)
  }
  t.equal(Object.keys(cases).length, 17 + hostile.length + 5)
})
