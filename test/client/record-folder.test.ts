/** A record as a folder: what is written reads back the same, and a folder that was tampered with is refused by name. */
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { readRecord, writeRecord } from '../../src/client/record-folder.ts'
import { recordAddress } from '../../src/client/records.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { makeExtendedRecord } from '../support/extend-record.ts'
import { makeRecord } from '../support/make-record.ts'
import { makeWorld } from '../support/make-world.ts'

const world = await makeWorld()
const record = await makeRecord(world)

t.test('there and back', async (t) => {
  const dir = join(t.testdir(), 'record')
  const seen: number[] = []
  const files = await writeRecord(dir, record, (done) => { seen.push(done) })
  t.equal(seen.at(-1), files)
  t.same(readdirSync(dir).sort(), [
    'award.jws', 'certificates', 'checkpoint', 'contributions', 'envelopes', 'evaluations', 'ledger.jsonl', 'notices', 'opening.json', 'platform.json',
    'tender.json', 'withdrawals'
  ])
  t.same(readdirSync(join(dir, 'envelopes')), ['000002.jws', '000004.jws', '000005.jws'], 'only what is published has a file')
  const read = await readRecord(dir)
  t.same(read, record)
  t.equal((await verifyRecord(read)).failure, null)
  await t.rejects(writeRecord(dir, record), { code: 'file', message: /not empty/ })
})

t.test('a record without award, evaluations and withdrawals', async (t) => {
  const dir = join(t.testdir(), 'record')
  const bare = { ...structuredClone(record), award: null, evaluations: [], withdrawals: [], sealedPrices: null }
  await writeRecord(dir, bare)
  t.same(await readRecord(dir), bare)
})

t.test('a record whose deadline an outage moved', async (t) => {
  const dir = join(t.testdir(), 'record')
  const moved = await makeExtendedRecord(world)
  await writeRecord(dir, moved)
  t.same(readdirSync(join(dir, 'outages')), ['000.jws'])
  const read = await readRecord(dir)
  t.same(read, moved)
  t.equal((await verifyRecord(read)).failure, null)
})

t.test('tampering with the folder', async (t) => {
  const attack = async (name: string, alter: (dir: string) => void, expected: object): Promise<void> => {
    const dir = join(t.testdir({}), name.replaceAll(' ', '-'))
    await writeRecord(dir, record)
    alter(dir)
    t.match(await readRecord(dir).then(() => 'no refusal', (error: unknown) => error), expected, name)
  }
  const put = (...path: string[]) => (dir: string): void => { writeFileSync(join(dir, ...path), 'x') }
  await attack('a stray file', put('note.txt'), { message: /note\.txt is not part of a record/ })
  await attack('a stray envelope', put('envelopes', '000009.jws'), { message: /envelopes\/000009\.jws is not part/ })
  await attack('a missing notice', (dir) => { rmSync(join(dir, 'notices', '000.jws')) }, { message: /notices\/000\.jws is missing/ })
  await attack('a gap', (dir) => { renameSync(join(dir, 'notices', '001.jws'), join(dir, 'notices', '002.jws')) }, { message: /notices\/001\.jws is missing/ })
  await attack('no opening', (dir) => { rmSync(join(dir, 'opening.json')) }, { message: /opening\.json is missing/ })
  await attack('an opening that is not canonical', (dir) => {
    writeFileSync(join(dir, 'opening.json'), ` ${readFileSync(join(dir, 'opening.json'), 'utf8')}`)
  }, { code: 'malformed-json', context: { field: '/opening.json' } })
  await attack('a certificate under another name', (dir) => {
    const [first = '', second = ''] = readdirSync(join(dir, 'certificates'))
    copyFileSync(join(dir, 'certificates', first), join(dir, 'certificates', second))
  }, { message: /certificates\/.*not named after what is in it/ })
  await attack('a ledger line cut off', (dir) => {
    writeFileSync(join(dir, 'ledger.jsonl'), readFileSync(join(dir, 'ledger.jsonl'), 'utf8').slice(0, -10))
  }, { message: /ledger\.jsonl/ })
  await attack('a link to somewhere else', (dir) => {
    rmSync(join(dir, 'checkpoint'))
    symlinkSync('/etc/hostname', join(dir, 'checkpoint'))
  }, { code: 'file' })
  await attack('a contribution under the other member\'s name', (dir) => {
    const [first = '', second = ''] = readdirSync(join(dir, 'contributions'))
    copyFileSync(join(dir, 'contributions', first), join(dir, 'contributions', second))
  }, { message: /contributions\/O.*not named after what is in it/ })
  await attack('a second award in the file of the leaves', (dir) => {
    const core = readFileSync(join(dir, 'tender.json'), 'utf8')
    writeFileSync(join(dir, 'tender.json'), core.replace('{"', '{"award":"e30.e30.e30","'))
  }, { message: /tender\.json says what the record has no place for/ })
  await attack('a name that writes to the terminal', put('note\u001b[31m.txt'), { message: /note\\u\{1b\}\[31m\.txt is not part/ })
  await attack('more bytes than any certificate has', (dir) => {
    const [first = ''] = readdirSync(join(dir, 'certificates'))
    writeFileSync(join(dir, 'certificates', first), 'x'.repeat(20_001))
  }, { message: /has more than 20000 bytes/ })
  await attack('not UTF-8', (dir) => { writeFileSync(join(dir, 'award.jws'), Buffer.from([0xff, 0xfe])) }, { message: /award\.jws is not UTF-8/ })
})

t.test('a missing envelope reads, and fails the check', async (t) => {
  const dir = join(t.testdir(), 'record')
  await writeRecord(dir, record)
  rmSync(join(dir, 'envelopes', '000002.jws'))
  t.match(await verifyRecord(await readRecord(dir)), { failure: { step: 'envelopes', detail: /leaf 2/ } })
})

t.test('no folder, or an empty one', async (t) => {
  const dir = t.testdir()
  await t.rejects(readRecord(join(dir, 'nowhere')), { code: 'file' })
  mkdirSync(join(dir, 'empty'))
  await t.rejects(readRecord(join(dir, 'empty')), { message: /tender\.json is missing/ })
})

t.test('addresses of records', async (t) => {
  t.same(recordAddress('http://h:3000/v1/tenders/R26BK00000001'), { baseUrl: 'http://h:3000', tenderId: 'R26BK00000001', archive: false })
  t.same(recordAddress('https://h/bongin/v1/tenders/R26BK00000001/record'), { baseUrl: 'https://h/bongin', tenderId: 'R26BK00000001', archive: false })
  t.same(recordAddress('http://h/tenders/R26BK00000001'), { baseUrl: 'http://h', tenderId: 'R26BK00000001', archive: false })
  t.match(recordAddress('http://h/v1/tenders/R26BK00000001/record.tar'), { tenderId: 'R26BK00000001', archive: true })
  for (const other of ['./folder', 'file:///v1/tenders/R26BK00000001', 'http://h/v1/platform', 'R26BK00000001']) t.equal(recordAddress(other), null)
})
