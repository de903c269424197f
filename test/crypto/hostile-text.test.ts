/**
 * Hostile bytes for every reader of signed text: statements, envelopes, notices, contributions, checkpoints, cosigners' keys,
 * records and their files. Whatever comes, a reader answers or refuses by name: no crash, no half-read value, no property of
 * the language reached. (Certificates and key files: hostile-asn1.test.ts; archives: record-archive.test.ts.)
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { concat, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { openCheckpoint } from '../../src/crypto/checkpoint-verify.ts'
import { parseContribution } from '../../src/crypto/contribution.ts'
import { cosignedAt } from '../../src/crypto/cosignature.ts'
import { parseEnvelope } from '../../src/crypto/envelope.ts'
import { parseJws } from '../../src/crypto/jws.ts'
import { filesOfRecord, recordOfFiles } from '../../src/crypto/record-files.ts'
import { RecordFault } from '../../src/crypto/record-shape.ts'
import { checkRecordShape, type TenderRecord } from '../../src/crypto/record.ts'
import { COSIGNATURE_TYPE, parseVerifierKey } from '../../src/crypto/signed-note.ts'
import { readNotice } from '../../src/crypto/verify-notice.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import { BonginError } from '../../src/domain/errors.ts'
import { makeRecord } from '../support/make-record.ts'
import { makeWorld } from '../support/make-world.ts'

const world = await makeWorld()
const record = await makeRecord(world)
const key = { keyName: 'bongin.example', publicKey: new Uint8Array(32).fill(1) }
const envelope = record.envelopes.find((text) => text !== null) ?? ''

interface Reader { name: string, sample: string, read: (text: string) => unknown }
const READERS: readonly Reader[] = [
  { name: 'statement', sample: record.award ?? '', read: (text) => parseJws(text, 'bongin-award') },
  { name: 'envelope', sample: envelope, read: parseEnvelope },
  { name: 'envelope as bytes', sample: envelope, read: (text) => parseEnvelope(Buffer.from(text, 'latin1')) },
  { name: 'notice', sample: record.notices[0] ?? '', read: (text) => readNotice(text) },
  { name: 'contribution', sample: record.contributions[0] ?? '', read: parseContribution },
  { name: 'checkpoint', sample: record.checkpoint, read: (text) => openCheckpoint({ text, ...key }) },
  { name: 'cosignature', sample: record.checkpoint, read: (text) => cosignedAt({ text, ...key }) },
  { name: 'verifier key', sample: `audit.example+00000000+${'A'.repeat(44)}`, read: (text) => parseVerifierKey(text, COSIGNATURE_TYPE) }
]

function refusesByName (read: () => unknown, what: string): void {
  try {
    read()
  } catch (error) {
    assert.ok(error instanceof BonginError || error instanceof RecordFault, `${what}: ${String(error)}`)
  }
}

/** The payload of a statement in other words, under the same signature. */
const jwsOf = (header: string, payload: Uint8Array): string => `${header}.${toBase64url(payload)}.AAAA`
const header = record.award?.split('.')[0] ?? ''
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`
const HOSTILE: readonly string[] = [
  '', '.', '..', '...', '\0', '\uFEFF', '\uD800', 'a'.repeat(300_000), '.'.repeat(300_000), '='.repeat(1000), '\n\n', '— — —', '— a b\n', `x\n1\n${'A'.repeat(44)}\n\n— a AAAA\n`,
  ...['null', '[]', '1', '"x"', '{}', '{"v":1', '{"v":1,"v":1}', '{"__proto__":{"v":1}}', '{"constructor":{"prototype":{}}}', '{"v":1e999}', '{"v":-0}', '{"v":1.0}',
    '{ "v":1}', '{"v":9007199254740993}', nested(50_000), `{"a":${nested(20_000)}}`, '{"toString":1,"type":"bongin-award","v":1}'].map((text) => jwsOf(header, utf8(text))),
  jwsOf(header, Uint8Array.of(0xff, 0xfe)), jwsOf(header, concat(utf8('{"v":"'), Uint8Array.of(0xc3, 0x28), utf8('"}'))),
  jwsOf(toBase64url(utf8('{"alg":"none","typ":"bongin-award+jws"}')), utf8('{}')),
  jwsOf(toBase64url(utf8('{"alg":"HS256","typ":"bongin-award+jws"}')), utf8('{}')),
  `9${'9'.repeat(30)}\n`, `o\n${'9'.repeat(30)}\n${'A'.repeat(43)}=\n\n— a AAAAAAAA\n`
]

for (const { name, sample, read } of READERS) {
  t.test(name, (t) => {
    t.not(sample, '')
    for (const [i, text] of HOSTILE.entries()) t.doesNotThrow(() => { refusesByName(() => read(text), `${name} ${i}`) }, `hostile text ${i}`)
    const cut = fc.nat(sample.length).map((length) => sample.slice(0, length))
    const changed = fc.tuple(fc.nat(sample.length - 1), fc.string({ minLength: 0, maxLength: 4, unit: 'binary' })).map(([index, text]) =>
      sample.slice(0, index) + text + sample.slice(index + 1))
    const any = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.string({ maxLength: 300 }), cut, changed)
    t.doesNotThrow(() => fc.assert(fc.property(any, (text) => { refusesByName(() => read(text), name) }), { seed: 7515, numRuns: 150 }))
    t.end()
  })
}

/** Every place of a JSON value, as a list of steps. */
function places (value: unknown, at: ReadonlyArray<string | number> = []): Array<ReadonlyArray<string | number>> {
  if (typeof value !== 'object' || value === null) return [at]
  return [at, ...Object.entries(value).flatMap(([name, inner]) => places(inner, [...at, name]))]
}

function replaced (value: TenderRecord, at: ReadonlyArray<string | number>, by: unknown): unknown {
  const copy = structuredClone(value) as unknown
  const last = at.at(-1)
  if (last === undefined) return by
  let inner = copy as Record<string, unknown>
  for (const step of at.slice(0, -1)) inner = inner[step] as Record<string, unknown>
  inner[last] = by
  return copy
}

t.test('a record with any value anywhere fails or verifies, and never throws', async (t) => {
  const all = places(record)
  const anything = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.constantFrom<unknown>(Number.NaN, undefined, -1, 2 ** 60, '\0', { __proto__: null }, []))
  await t.resolves(fc.assert(fc.asyncProperty(fc.constantFrom(...all), anything, async (at, by) => {
    const hostile = replaced(record, at, by)
    refusesByName(() => checkRecordShape(hostile), at.join('/'))
    const { ok, failure } = await verifyRecord(hostile, { trustedRootDer: world.authority.rootDer })
    assert.equal(ok, failure === null)
  }), { seed: 9162, numRuns: 60 }))
})

t.test('files of a record, exchanged, dropped, cut or made up', (t) => {
  const files = [...filesOfRecord(record)]
  const path = fc.constantFrom(...files.map(([name]) => name), '../x', 'notices/999.jws', '__proto__', '')
  const bytes = fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(...files.map(([, contents]) => contents)))
  t.doesNotThrow(() => fc.assert(fc.property(path, fc.option(bytes), (name, contents) => {
    const hostile = new Map(files)
    if (contents === null) hostile.delete(name)
    else hostile.set(name, contents)
    refusesByName(() => recordOfFiles(hostile), name)
  }), { seed: 1988, numRuns: 200 }))
  t.end()
})
