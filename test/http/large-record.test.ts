/** A record of several parts at the real server: the bytes of the pure opening, pages of its rows, nothing left of an opening cut off. */
import { createHash } from 'node:crypto'
import Sqlite from 'better-sqlite3'
import assert from 'node:assert/strict'
import t from 'tap'
import { sha256, sha256Hex, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { openingRecordBytes, openingRecordParts, PART_ROWS } from '../../src/crypto/opening-record.ts'
import { streamOpening } from '../../src/crypto/opening.ts'
import { toPem } from '../../src/crypto/pem.ts'
import type { TenderRecord } from '../../src/crypto/record.ts'
import { archiveOfRecord } from '../../src/crypto/record-archive.ts'
import type { OpeningRecord, OpeningRow } from '../../src/domain/opening.ts'
import { readConfig } from '../../src/config.ts'
import { openInstallation } from '../../src/installation.ts'
import { openIfReady } from '../../src/services/open-tender.ts'
import { storedSlices } from '../../src/services/stored-slices.ts'
import { insertPart } from '../../src/storage/openings.ts'
import { buildApp } from '../support/build-app.ts'
import { ManualClock } from '../support/manual-clock.ts'
import { certificateOf, TENDER_ID } from '../support/opening-bids.ts'
import { buildServerTown, OPENS_AT } from '../support/server-town.ts'

const BIDS = 2 * PART_ROWS + 345
const dataDir = t.testdir()
const clock = new ManualClock(new Date(OPENS_AT).toISOString())
const town = await buildServerTown(await openInstallation(readConfig({ BONGIN_DATA_DIR: dataDir }), OPENS_AT), BIDS)
const app = await buildApp(t, { clock, dataDir })
const { context } = app

const thumbprintOf = (der: Uint8Array): string => toBase64url(sha256(der))

const get = async (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  await fetch(`${app.baseUrl}/v1/tenders/${TENDER_ID}${path}`, { headers, method })

t.test('before the opening nothing is served, whatever an earlier run has left', async (t) => {
  const part = { tenderId: TENDER_ID, firstRow: 0, rowCount: 1, text: '{"rank":1}' }
  await context.db.write(async (tx) => { await insertPart(tx, part) })
  await context.db.write(async (tx) => { await insertPart(tx, { ...part, firstRow: 5_000 }) })
  for (const path of ['/opening', '/outcomes', '/record', '/record.tar']) {
    const response = await get(path)
    t.equal(response.status, 409, path)
    t.equal(response.headers.get('cache-control'), 'no-store')
  }
})

t.test('the record is what the pure opening makes, byte for byte, and may be kept for ever', async (t) => {
  t.equal(await openIfReady(context, TENDER_ID), true)
  const slices = await storedSlices(context.db.read, { tenderId: TENDER_ID, databasePath: town.path, threads: context.threads })
  const expected = Buffer.concat([...openingRecordParts(await streamOpening({ ...town.input, slices }))]).toString()
  const response = await get('/opening')
  const bytes = Buffer.from(await response.arrayBuffer())
  t.equal(bytes.toString(), expected)
  t.equal(response.headers.get('content-length'), String(bytes.length))
  const digest = createHash('sha256').update(bytes).digest()
  t.equal(response.headers.get('etag'), `"${digest.toString('base64url')}"`)
  t.match(response.headers.get('cache-control'), /max-age=31536000, immutable/)
  const { opening, openingRows, openingSha256 } = await (await get('')).json() as { opening: OpeningRecord, openingRows: number, openingSha256: string }
  t.equal(openingSha256, digest.toString('hex'))
  t.equal(openingRows, BIDS)
  const record = JSON.parse(expected) as OpeningRecord
  assert.deepEqual(opening, { ...record, rows: record.rows.slice(0, 100) })
  const again = await get('/opening', { 'if-none-match': response.headers.get('etag') ?? '' })
  t.equal(again.status, 304)
  t.equal(await again.text(), '')
  const head = await get('/opening', {}, 'HEAD')
  t.equal(head.headers.get('content-length'), String(bytes.length))
})

t.test('pages of rows, put together, are the rows of the record', async (t) => {
  const { rows } = await (await get('/opening')).json() as OpeningRecord
  const read: OpeningRow[] = []
  for (let from: number | null = 0; from !== null;) {
    const page = await (await get(`/outcomes?from=${from}&limit=700`)).json() as { rows: OpeningRow[], next: number | null, rowCount: number }
    t.equal(page.rowCount, BIDS)
    read.push(...page.rows)
    from = page.next
  }
  assert.deepEqual(read, rows)
  t.match(await (await get(`/outcomes?from=${BIDS}`)).json(), { rows: [], next: null })
  t.equal((await get('/outcomes?limit=1001')).status, 400)
})

t.test('the whole record, as one document and as one archive: every envelope and certificate at its place', async (t) => {
  const text = await (await get('/record')).text()
  const record = JSON.parse(text) as TenderRecord
  t.equal(text, JSON.stringify(record), 'no spaces, no other order')
  t.equal(record.envelopes.length, BIDS)
  record.envelopes.forEach((envelope, index) => {
    assert.equal(envelope === null ? null : sha256Hex(utf8(envelope)), record.leaves[index]?.envelopeSha256, `envelope ${index}`)
  })
  t.equal(record.certificates.length, BIDS + 1)
  const expected = new Map(Array.from({ length: BIDS + 1 }, (_, i) => [thumbprintOf(certificateOf(i)), toPem(certificateOf(i))]))
  assert.deepEqual(record.certificates, [...expected.keys()].sort().map((thumbprint) => expected.get(thumbprint)))
  t.equal(Buffer.from(openingRecordBytes(record.opening)).toString(), await (await get('/opening')).text())
  const response = await get('/record.tar')
  const archive = Buffer.from(await response.arrayBuffer())
  t.equal(response.headers.get('content-length'), String(archive.length))
  t.ok(archive.equals(await archiveOfRecord(record)), 'the archive of that very record')
})

t.test('readers who leave in the middle hold nobody up', async (t) => {
  const before = app.logLines.length
  for (const path of ['/record', '/record.tar', '/record', '/record.tar']) {
    const leaving = new AbortController()
    const reader = (await fetch(`${app.baseUrl}/v1/tenders/${TENDER_ID}${path}`, { signal: leaving.signal })).body?.getReader()
    t.notOk((await reader?.read())?.done, `${path} has begun`)
    leaving.abort()
    await t.rejects(reader?.closed ?? Promise.resolve(), { name: 'AbortError' })
  }
  t.equal((await (await get('/record')).json() as TenderRecord).envelopes.length, BIDS)
  t.same(app.logLines.slice(before).filter((line) => (JSON.parse(line) as { level: number }).level >= 50), [], 'and are no error of the server')
})

t.test('nobody changes a record that stands, the operator\'s own programs included', async (t) => {
  const database = new Sqlite(town.path)
  t.throws(() => database.exec('UPDATE opening_parts SET text = \'\' WHERE first_row = 1000'), /append-only/)
  t.throws(() => database.exec('DELETE FROM opening_parts WHERE first_row = 1000'), /append-only/)
  t.throws(() => database.exec(`INSERT INTO opening_parts VALUES ('${TENDER_ID}', 9000, 1, '{}')`), /written once/)
  t.throws(() => database.exec('DELETE FROM openings'), /append-only/)
  database.close()
})
