/** Archives that nobody honest made: each is refused by the entry at fault, whatever it holds and however large it says it is. */
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { pack } from 'tar-stream'
import { archiveOfRecord, MAX_ARCHIVE_BYTES, packFiles, readArchive } from '../../src/crypto/record-archive.ts'
import { filesOfRecord, recordOfFiles } from '../../src/crypto/record-files.ts'
import { BonginError } from '../../src/domain/errors.ts'
import { makeRecord } from '../support/make-record.ts'
import { makeWorld } from '../support/make-world.ts'

const record = await makeRecord(await makeWorld())
const honest = await archiveOfRecord(record)
const thumbprint = 'A'.repeat(43)

type Entry = Parameters<ReturnType<typeof pack>['entry']>[0] & { body?: string }

/** An archive of these entries, in this order, headers as a record's archive has them unless the entry says otherwise. */
async function tarOf (...entries: Entry[]): Promise<Buffer> {
  const tar = pack()
  for (const { body = '', ...header } of entries) {
    tar.entry({ type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: new Date(0), ...header }, Buffer.from(body))
  }
  tar.finalize()
  const chunks: Buffer[] = []
  for await (const chunk of tar) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

/** With these bytes in the header of its first entry, and a checksum that fits. */
async function patched (offset: number, bytes: Uint8Array | string): Promise<Buffer> {
  const tar = await tarOf({ name: 'award.jws', body: 'x' }, { name: 'checkpoint', body: 'y' })
  tar.set(Buffer.from(bytes), offset)
  tar.fill(' ', 148, 156)
  const sum = tar.subarray(0, 512).reduce((total, byte) => total + byte, 0)
  tar.write(`${sum.toString(8).padStart(6, '0')} \0`, 148, 'latin1')
  return tar
}

async function refusal (archive: Uint8Array): Promise<BonginError> {
  try {
    await readArchive(archive)
  } catch (error) {
    if (error instanceof BonginError) return error
    throw error
  }
  throw new Error('the archive was read')
}

t.test('one record, one archive: sorted, and read back', async (t) => {
  const again = await archiveOfRecord(structuredClone(record))
  t.ok(Buffer.from(again).equals(honest), 'the same bytes')
  const backwards = new Map([...filesOfRecord(record)].reverse())
  t.ok(Buffer.from(await packFiles(backwards)).equals(honest), 'whatever the order')
  const files = await readArchive(honest)
  t.same([...files.keys()], [...files.keys()].sort())
  t.same(recordOfFiles(files), record)
  t.equal(Buffer.from(honest).toString('latin1', 0, 345).includes('root'), false, 'names nobody')
})

t.test('every byte of a header, as docs/protocol.md has it', async (t) => {
  const tar = Buffer.from(await packFiles(new Map([['checkpoint', Buffer.from('seven b')]])))
  const fields: Array<[number, string]> = [
    [0, 'checkpoint'], [100, '000644 '], [108, '000000 '], [116, '000000 '], [124, '00000000007 '], [136, '00000000000 '], [148, '        '], [156, '0'],
    [257, 'ustar\x0000'], [329, '000000 '], [337, '000000 ']
  ]
  const wanted = Buffer.alloc(512 + 512 + 1024)
  for (const [offset, text] of fields) wanted.write(text, offset, 'latin1')
  const sum = wanted.reduce((total, byte) => total + byte, 0)
  wanted.write(`${sum.toString(8).padStart(6, '0')} \0`, 148, 'latin1')
  wanted.write('seven b', 512, 'latin1')
  t.equal(tar.toString('latin1'), wanted.toString('latin1'))
})

t.test('paths', async (t) => {
  const names = [
    '../award.jws', '/award.jws', '/etc/passwd', './award.jws', 'envelopes/../award.jws', 'envelopes\\000000.jws', 'C:award.jws', 'award.jws/', 'AWARD.JWS',
    'record.json', 'envelopes/0.jws', 'envelopes/0000000.jws', 'certificates/short.pem', 'contributions/O1.jws', 'checkpoint ', 'checkpoint\n'
  ]
  for (const name of names) {
    const error = await refusal(await tarOf({ name: 'award.jws', body: 'x' }, { name, body: 'x' }))
    t.equal(error.code, 'archive-malformed', name)
    t.equal(error.context.field, '/entries/1', name)
    t.match(error.context.extra, { offset: 1024 }, name)
  }
  t.match((await refusal(await patched(0, '\u001b]0;x\u0007'))).context.extra, { entry: '\\u{1b}]0;x\\u{7}jws' }, 'nothing of a name reaches a terminal')
})

t.test('only regular files', async (t) => {
  const kinds: Array<[Entry, RegExp]> = [
    [{ name: 'checkpoint', type: 'symlink', linkname: '/etc/passwd' }, /a symbolic link/],
    [{ name: 'checkpoint', type: 'link', linkname: 'award.jws' }, /a hard link/],
    [{ name: 'checkpoint', type: 'character-device' }, /a character device/],
    [{ name: 'checkpoint', type: 'block-device' }, /a block device/],
    [{ name: 'checkpoint', type: 'fifo' }, /a FIFO/],
    [{ name: 'envelopes/', type: 'directory' }, /a directory/],
    [{ name: 'checkpoint', type: 'contiguous-file' }, /a contiguous file/],
    [{ name: 'checkpoint', pax: { path: 'award.jws' } } as Entry, /a pax header/]
  ]
  for (const [entry, expected] of kinds) {
    const error = await refusal(await tarOf({ name: 'award.jws', body: 'x' }, entry))
    t.match(error, { code: 'archive-malformed', message: expected, context: { field: '/entries/1' } }, entry.type ?? 'pax')
  }
  for (const [flag, expected] of [['g', /a pax header for all/], ['L', /GNU long name/], ['K', /GNU long link/], ['S', /sparse/], ['\0', /old format/], ['Z', /unknown kind/]] as const) {
    t.match(await refusal(await patched(156, flag)), { code: 'archive-malformed', message: expected, context: { field: '/entries/0' } })
  }
})

t.test('sizes are not believed', async (t) => {
  const sizes: Array<[string | Uint8Array, RegExp]> = [
    ['77777777777 ', /declares 8589934591 bytes, and such a file has at most 1000000/],
    ['00000005777 ', /is cut off: it declares 3071 bytes, and 2560 follow/],
    ['00003641077 ', /is cut off: it declares 999999 bytes/],
    [Uint8Array.of(0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), /eleven octal digits/],
    [new Uint8Array(12).fill(0xff), /eleven octal digits/],
    ['-0000000001 ', /eleven octal digits/],
    ['00000000001\0', /eleven octal digits/],
    ['         1  ', /eleven octal digits/],
    ['00000000008 ', /eleven octal digits/],
    ['00000000000 ', /has no ustar header/]
  ]
  for (const [size, expected] of sizes) {
    const error = await refusal(await patched(124, size))
    t.match(error, { code: 'archive-malformed', message: expected }, String(size))
  }
})

t.test('other header fields, padding, order', async (t) => {
  const fields: Array<[number, string, RegExp]> = [
    [100, '0000755', /header field mode/], [108, '0001750', /field uid/], [116, '0001750', /field gid/], [136, '15000000000', /field mtime/],
    [157, 'x', /field linkname/], [257, 'ustar  \0', /no ustar header/], [265, 'root', /field uname/], [297, 'root', /field gname/],
    [329, '0000001', /field devmajor/], [345, 'a/b', /field prefix/], [505, 'x', /field \(reserved\)/]
  ]
  for (const [offset, text, expected] of fields) t.match(await refusal(await patched(offset, text)), { code: 'archive-malformed', message: expected })
  const body = { body: 'x' }
  t.match(await refusal(await tarOf({ name: 'checkpoint', ...body }, { name: 'checkpoint', ...body })), { message: /Entry 1 \(checkpoint\) stands twice/ })
  t.match(await refusal(await tarOf({ name: 'checkpoint', ...body }, { name: 'award.jws', ...body })), { message: /Entry 1 \(award\.jws\) is out of order/ })
  const padded = Buffer.from(await tarOf({ name: 'award.jws', ...body }))
  padded[1000] = 1
  t.match(await refusal(padded), { message: /Entry 0 \(award\.jws\).*the padding differs at byte 1000/, context: { extra: { offset: 1000 } } })
})

t.test('cut off, or longer', async (t) => {
  for (const length of [0, 1, 511, 512, 513, 1024, honest.length - 513, honest.length - 512, honest.length - 1]) {
    t.match(await refusal(honest.subarray(0, length)), { code: 'archive-malformed' }, `first ${length} bytes`)
  }
  const longer = (...more: Uint8Array[]): Buffer => Buffer.concat([honest, ...more])
  t.match(await refusal(longer(new Uint8Array(512))), { message: /must end with 1024 zero bytes/ })
  t.match(await refusal(longer(Buffer.from('x'))), { message: /must end with 1024 zero bytes/ })
  t.match(await refusal(longer(await tarOf({ name: 'award.jws', body: 'x' }))), { message: /must end with 1024 zero bytes/ }, 'a second archive behind the first')
  t.equal((await refusal(new Uint8Array(MAX_ARCHIVE_BYTES + 1))).code, 'archive-too-large')
})

t.test('another format', async (t) => {
  const zeros = gzipSync(new Uint8Array(10_000_000))
  t.match(await refusal(gzipSync(honest)), { code: 'archive-malformed', message: /This is a gzip file/ })
  t.match(await refusal(zeros), { message: /This is a gzip file/ }, 'nothing is unpacked')
  t.match(await refusal(Buffer.from('504b0304140000000800', 'hex')), { message: /This is a zip file/ })
  t.match(await refusal(Buffer.from(`{"v":1,${' '.repeat(600)}}`)), { message: /Entry 0 has no ustar header/ })
})

t.test('thousands of tiny entries', async (t) => {
  const strangers = Array.from({ length: 3000 }, (_, i) => ({ name: `f${i}`, body: 'x' }))
  t.match(await refusal(await tarOf(...strangers)), { context: { field: '/entries/0' } }, 'the first one ends it')
  const envelopes = Array.from({ length: 3000 }, (_, i) => ({ name: `envelopes/${String(i).padStart(6, '0')}.jws`, body: 'x' }))
  const files = await readArchive(await tarOf(...envelopes))
  t.throws(() => recordOfFiles(files), { code: 'verification-failed', context: { field: '/tender.json' } }, 'the first document missing ends it')
  const empty = await readArchive(await tarOf({ name: `certificates/${thumbprint}.pem` }))
  t.throws(() => recordOfFiles(empty), { code: 'verification-failed', context: { field: '/tender.json' } })
})
