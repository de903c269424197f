/**
 * The engine of fast openings against node:crypto: X25519 by tables on ordinary, twisted, low-order and non-canonical
 * public keys and on scalars at the edges, the key schedule, the seal; that no outcome depends on it; and that the binary
 * is what its sources compile to.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { concat, fromHex, randomBytes, toHex, utf8 } from '../../src/crypto/bytes.ts'
import { nodePrimitives } from '../../src/crypto/hpke-primitives.ts'
import { makeRecipientKey, sealBase } from '../../src/crypto/hpke-seal.ts'
import { createOpener } from '../../src/crypto/hpke.ts'
import { GROUP_PAIRS, LANES, makeOpeningEngine, MAX_AAD_BYTES, TABLE_BYTES } from '../../src/crypto/opening-engine.ts'
import type { Seal, SealTables } from '../../src/crypto/open-each.ts'
import { meansOfOpening, SealOpening } from '../../src/crypto/open-seals.ts'
import { MAX_PLAINTEXT_BYTES } from '../../src/crypto/plaintext.ts'
import { type AgreeLanes, loadLanes } from '../../src/crypto/x25519-lanes.ts'
import { buildOpeningWasm } from '../../wasm/build.ts'
import { exactness } from '../../wasm/field-module.ts'
import { EDGES, GOOD, LOW_ORDER, SCALARS } from '../support/x25519-points.ts'
import vector from '../vectors/hpke-rfc9180.json' with { type: 'json' }

const made = makeOpeningEngine()
assert(made !== null, 'this machine has vectors')
const engine = made
const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
const runs = (numRuns: number): { seed: number, numRuns: number } => ({ seed: 25519, numRuns })

/** X25519 by a table, beside another point; null where there is none. */
function byTable (privateKey: Uint8Array, u: Uint8Array, lane: 0 | 1): Uint8Array | null {
  const table = new Uint8Array(TABLE_BYTES)
  const [first, second] = engine.makeTable(lane === 0 ? [u, GOOD] : [GOOD, u], table)
  if (!first || !second) return null
  engine.begin({ privateKey, publicKey: GOOD, info: GOOD })
  engine.agreeByTables(table)
  return engine.sharedAt(lane).slice()
}

/** Whether there was a table; the result is node:crypto's in any case. */
function agrees (privateKey: Uint8Array, u: Uint8Array, lane: 0 | 1 = 0): boolean {
  const shared = byTable(privateKey, u, lane)
  const expected = nodePrimitives.agreeBy(privateKey)(u)
  if (shared !== null) assert.equal(toHex(shared), expected === null ? null : toHex(expected), `${toHex(privateKey)} × ${toHex(u)}`)
  return shared !== null
}

t.test('the binary is what its sources compile to', async (t) => {
  t.ok(Buffer.from(await buildOpeningWasm()).equals(readFileSync(new URL('../../src/crypto/opening.wasm', import.meta.url))))
  t.ok(exactness() >= 12, 'a product of four and three carried numbers is exact')
})

t.test('X25519 by tables is node:crypto\'s', async (t) => {
  let tables = 0
  fc.assert(fc.property(key, key, fc.constantFrom(0 as const, 1 as const), (privateKey, u, lane) => {
    if (agrees(privateKey, u, lane)) tables++
  }), runs(300))
  t.ok(tables > 100 && tables < 200, `half of all numbers are on the curve: ${tables} of 300`)
  for (let i = 0; i < 50; i++) assert(agrees(randomBytes(32), makeRecipientKey().publicKey), 'a client\'s own key has a table')
})

t.test('at the edges', async (t) => {
  const privateKey = randomBytes(32)
  const usable = EDGES.filter((u, i) => agrees(privateKey, u, i % 2 as 0 | 1)).length
  t.ok(usable > EDGES.length / 4 && usable < 3 * EDGES.length / 4, `${usable} of ${EDGES.length}`)
  for (const u of LOW_ORDER) for (const lane of [0, 1] as const) t.equal(byTable(privateKey, u, lane), null, `${toHex(u)} has no table`)
  for (const scalar of SCALARS) {
    t.ok(agrees(scalar, GOOD), `scalar ${toHex(scalar)}`)
    t.ok(agrees(scalar, makeRecipientKey().publicKey, 1))
  }
})

interface EngineJob { privateKey: Uint8Array, publicKey: Uint8Array, info: Uint8Array, seals: readonly Seal[] }

/** The engine alone, without what stands behind it. */
function openByEngine ({ privateKey, publicKey, info, seals }: EngineJob): Array<string | null> {
  engine.begin({ privateKey, publicKey, info })
  seals.forEach(({ enc }, i) => {
    engine.setEnc(i, enc)
    engine.sharedAt(i).set(nodePrimitives.agreeBy(privateKey)(enc) ?? new Uint8Array(32))
  })
  return seals.map((seal, i) => {
    if (i % LANES === 0) engine.schedule(i)
    const plaintext = engine.open(i % LANES, seal)
    return plaintext === null ? null : toHex(plaintext)
  })
}

t.test('RFC 9180 A.2.1, in every lane', async (t) => {
  const [first] = vector.encryptions
  assert(first !== undefined)
  const privateKey = fromHex(vector.skRm)
  const seal = { enc: fromHex(vector.enc), aad: fromHex(first.aad), ciphertext: fromHex(first.ct) }
  const publicKey = fromHex(vector.pkRm)
  t.same(openByEngine({ privateKey, publicKey, info: fromHex(vector.info), seals: [seal, seal, seal, seal] }), Array(4).fill(vector.pt))
})

t.test('seals of all lengths, whole and tampered with', async (t) => {
  const recipient = makeRecipientKey()
  const info = utf8('a tender')
  const lengths = [0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 257, 1024, 2048, MAX_PLAINTEXT_BYTES - 1, MAX_PLAINTEXT_BYTES]
  for (const length of lengths) {
    for (const aadLength of [0, 1, 16, 89, MAX_AAD_BYTES]) {
      const [aad, plaintext] = [randomBytes(aadLength), randomBytes(length)]
      const seal = { aad, ...await sealBase({ ...recipient, info, aad, plaintext }) }
      const flipped = seal.ciphertext.slice()
      const at = (7 * length + aadLength) % flipped.length
      flipped[at] = (flipped[at] ?? 0) ^ 1
      const changes = [{}, { ciphertext: flipped }, { aad: concat(aad, Uint8Array.of(0)) }, { ciphertext: seal.ciphertext.subarray(0, 15) }]
      const seals = changes.map((change) => ({ ...seal, ...change }))
      assert.deepEqual(openByEngine({ ...recipient, info, seals }), [toHex(plaintext), null, null, null], `${length} bytes, ${aadLength} beside`)
    }
  }
  t.pass(`${lengths.length * 5} lengths`)
})

/** More than a group, with every kind of seal that has no table, or does not open. */
async function manySeals (recipient: { publicKey: Uint8Array }, info: Uint8Array): Promise<Seal[]> {
  const seals: Seal[] = []
  for (let i = 0; i < 2 * GROUP_PAIRS + 7; i++) {
    const aad = utf8(`bid ${i}`)
    const seal = { aad, ...await sealBase({ publicKey: recipient.publicKey, info, aad, plaintext: utf8(`amount ${i}`.padEnd(1024)) }) }
    const strange = EDGES[i % EDGES.length] ?? GOOD
    if (i % 9 === 4) seals.push({ ...seal, enc: strange })
    else if (i % 9 === 5) seals.push({ ...seal, enc: LOW_ORDER[i % LOW_ORDER.length] ?? GOOD })
    else if (i % 9 === 6) seals.push({ ...seal, enc: seal.enc.subarray(0, 31) })
    else if (i % 9 === 7) seals.push({ ...seal, aad: utf8('another') })
    else seals.push(seal)
  }
  return seals
}

interface Job { privateKey: Uint8Array, info: Uint8Array, tables?: SealTables | null }

/** The native module, in its place node:crypto where there is none. */
const lanes = loadLanes() ?? lanesByNode
const portable = new SealOpening(makeOpeningEngine, null)
const native = new SealOpening(makeOpeningEngine, lanes)

function lanesByNode (...[privateKey, publicKeys, shared]: Parameters<AgreeLanes>): void {
  const agree = nodePrimitives.agreeBy(privateKey)
  for (let at = 0; at < shared.length; at += 32) shared.set(agree(publicKeys.subarray(at, at + 32)) ?? new Uint8Array(32), at)
}

function openAll (seals: readonly Seal[], job: Job, opening = portable): Array<string | null> {
  const opened: Array<string | null> = []
  opening.open(seals, job, (index, plaintext) => { opened[index] = plaintext === null ? null : toHex(plaintext) })
  return opened
}

t.test('many seals open as they do one by one, by the native module, with tables, without, and with wrong ones', async (t) => {
  const recipient = makeRecipientKey()
  const info = utf8('a tender')
  const seals = await manySeals(recipient, info)
  const opener = createOpener({ ...recipient, info, primitives: nodePrimitives })
  const expected = seals.map(({ enc, aad, ciphertext }) => {
    const plaintext = opener.open(enc, aad, ciphertext)
    return plaintext === null ? null : toHex(plaintext)
  })
  t.ok(expected.some((one) => one === null) && expected.some((one) => one !== null))
  t.same(openAll(seals, { ...recipient, info }), expected)
  t.same(openAll(seals, { ...recipient, info }, native), expected)
  t.equal(native.makeTables([GOOD]), null, 'no tables where there is something faster')
  const wrong = new SealOpening(makeOpeningEngine, (_, publicKeys, shared) => { shared.set(publicKeys) })
  t.same(openAll(seals, { ...recipient, info }, wrong), expected, 'a native module that is wrong costs time alone')
  t.equal(portable.makeTables(seals.map(({ enc }) => enc)), null, 'no tables where a key has another length')
  const whole = seals.filter(({ enc }) => enc.length === 32)
  const ofWhole = expected.filter((_, i) => seals[i]?.enc.length === 32)
  const tables = portable.makeTables(whole.map(({ enc }) => enc))
  assert(tables !== null)
  t.ok(tables.usable.includes(0) && tables.usable.includes(1))
  t.same(openAll(whole, { ...recipient, info, tables }), ofWhole)
  t.same(openAll(whole, { ...recipient, info, tables }, native), ofWhole, 'whoever made them')
  const damaged = { ...tables, tables: tables.tables.map((byte, i) => i % 4 === 0 ? byte ^ 1 : byte) }
  t.same(openAll(whole, { ...recipient, info, tables: damaged }), ofWhole, 'tables damaged in memory cost time alone')
  t.same(openAll(whole, { ...makeRecipientKey(), info, tables }), ofWhole.map(() => null), 'nothing opens by another key')
})

t.test('a secret of the bid before is never used', async (t) => {
  const recipient = makeRecipientKey()
  const info = utf8('a tender')
  const aad = utf8('bid')
  const seal = { aad, ...await sealBase({ ...recipient, info, aad, plaintext: utf8('amount') }) }
  const others = [...LOW_ORDER.slice(0, 3), seal.enc.subarray(0, 31)].map((enc) => ({ ...seal, enc }))
  const seals = [0, 1, 2, 3].flatMap(() => [seal, ...others])
  for (const opening of [portable, native]) {
    const opened = openAll([...seals, ...seals], { ...recipient, info }, opening)
    t.same(opened.map((one) => one !== null), [...seals, ...seals].map(({ enc }) => enc === seal.enc))
  }
})

t.test('an engine that opens something else is found out, and not asked for again', async (t) => {
  const recipient = makeRecipientKey()
  const info = utf8('a tender')
  const aad = utf8('bid')
  const seal = { aad, ...await sealBase({ ...recipient, info, aad, plaintext: utf8('amount') }) }
  let made = 0
  let asked = 0
  const opening = new SealOpening(() => {
    made++
    const engine = makeOpeningEngine()
    assert(engine !== null)
    const honest = engine.open.bind(engine)
    engine.open = (lane, sealed) => {
      asked++
      const opened = honest(lane, sealed)
      if (opened !== null) opened[0] = (opened[0] ?? 0) ^ 1
      return opened
    }
    return engine
  })
  const warnings: unknown[] = []
  process.on('warning', (warning) => { warnings.push(warning) })
  for (let call = 0; call < 3; call++) {
    const opened: Array<string | null> = []
    opening.open([seal], { ...recipient, info }, (index, plaintext) => { opened[index] = plaintext === null ? null : toHex(plaintext) })
    t.same(opened, [toHex(utf8('amount'))], 'the last word is the plaintext')
  }
  t.equal(opening.makeTables([seal.enc]), null)
  t.same([made, asked], [1, 1])
  await new Promise(setImmediate)
  t.match(warnings, [{ code: 'BONGIN_OPENING_ENGINE' }])
})

t.test('what is used is told', async (t) => {
  t.equal(meansOfOpening(), loadLanes() === null ? 'tables' : 'native module')
  process.env['BONGIN_NATIVE'] = 'off'
  t.equal(meansOfOpening(), 'tables')
  delete process.env['BONGIN_NATIVE']
})

t.test('where no engine can be made seals are opened one by one', async (t) => {
  const recipient = makeRecipientKey()
  const info = utf8('a tender')
  const seals = await manySeals(recipient, info)
  let made = 0
  const opening = new SealOpening(() => {
    made++
    return null
  })
  for (let call = 0; call < 2; call++) {
    const opened: Array<string | null> = []
    opening.open(seals, { ...recipient, info }, (index, plaintext) => { opened[index] = plaintext === null ? null : toHex(plaintext) })
    t.same(opened, openAll(seals, { ...recipient, info }))
  }
  t.equal(opening.makeTables(seals.map(({ enc }) => enc)), null)
  t.equal(made, 1)
})
