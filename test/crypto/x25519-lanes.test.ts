/**
 * X25519 by AVX-512, compiled from its sources, against node:crypto and the vectors of RFC 7748: ordinary, twisted, low-order and
 * non-canonical public keys, scalars and limbs at the edges, any number of keys; and what its making does where it cannot be made.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { concat, fromHex, randomBytes, toHex } from '../../src/crypto/bytes.ts'
import { nodePrimitives } from '../../src/crypto/hpke-primitives.ts'
import { type AgreeLanes, loadLanes } from '../../src/crypto/x25519-lanes.ts'
import { bytesOf, EDGES, GOOD, LOW_ORDER, P, SCALARS } from '../support/x25519-points.ts'

const BUILD = new URL('../../native/build.js', import.meta.url).pathname
const folder = mkdtempSync(join(tmpdir(), 'bongin-native-'))
t.teardown(() => { rmSync(folder, { recursive: true, force: true }) })

interface Building { env?: Record<string, string>, flags?: string[] }

function build (out: string, { env = {}, flags = [] }: Building = {}): { status: number | null, said: string } {
  const options = { encoding: 'utf8', env: { ...process.env, ...env } } as const
  const { status, stdout, stderr } = spawnSync(process.execPath, [BUILD, '--out', join(folder, out), ...flags], options)
  return { status, said: stdout + stderr }
}

t.test('where it cannot be compiled that is said, and stops nothing', async (t) => {
  const without = build('none.node', { env: { CC: join(folder, 'no-compiler') } })
  t.equal(without.status, 0)
  t.match(without.said, /not compiled, so openings take longer/)
  t.equal(build('none.node', { env: { CC: 'false' }, flags: ['--required'] }).status, 1, 'unless it is required')
  t.same(readdirSync(folder), [], 'nothing is left behind')
})

t.test('BONGIN_NATIVE=off does without it', async (t) => {
  process.env['BONGIN_NATIVE'] = 'off'
  t.equal(loadLanes(), null)
  delete process.env['BONGIN_NATIVE']
})

const compiled = build('x25519.node')
const module = join(folder, 'x25519.node')
const agree = existsSync(module) ? createRequire(import.meta.url)(module) as AgreeLanes | null : null
const skip = agree === null ? `not on this machine: ${compiled.said}` : false

function agreeWith (privateKey: Uint8Array, publicKeys: readonly Uint8Array[]): string[] {
  const shared = new Uint8Array(32 * publicKeys.length)
  agree?.(privateKey, concat(...publicKeys), shared)
  return publicKeys.map((_, i) => toHex(shared.subarray(32 * i, 32 * i + 32)))
}

/** One by one; zeros where there is no secret. */
function expected (privateKey: Uint8Array, publicKeys: readonly Uint8Array[]): string[] {
  const alone = nodePrimitives.agreeBy(privateKey)
  return publicKeys.map((key) => toHex(alone(key) ?? new Uint8Array(32)))
}

t.test('it compiles without a warning', { skip }, async (t) => {
  t.match(compiled, { status: 0, said: /^X25519 by AVX-512 was compiled to \S+\.\n$/ })
})

t.test('RFC 7748 §5.2', { skip }, async (t) => {
  t.same(agreeWith(fromHex('a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4'),
    [fromHex('e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c')]),
  ['c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552'])
  t.same(agreeWith(fromHex('4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d'),
    [fromHex('e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493')]),
  ['95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957'])
  let [k, u] = [toHex(GOOD), toHex(GOOD)]
  for (let i = 1; i <= 1000; i++) {
    [k, u] = [agreeWith(fromHex(k), [fromHex(u)])[0] ?? '', k]
    if (i === 1) t.equal(k, '422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079')
  }
  t.equal(k, '684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51')
})

t.test('any keys, any number of them', { skip }, async (t) => {
  const key = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(fc.property(key, fc.array(key, { maxLength: 20 }), (privateKey, publicKeys) => {
    assert.deepEqual(agreeWith(privateKey, publicKeys), expected(privateKey, publicKeys))
  }), { seed: 7748, numRuns: 300 })
  t.pass('300 arrays of up to 20 keys')
})

t.test('at the edges', { skip }, async (t) => {
  /** Each limb all ones or nearly, the others zero or all ones. */
  const limbs = [0, 51, 102, 153, 204].flatMap((at) => [1n, 18n, 19n, 20n].flatMap((less) => [
    ((1n << 51n) - less) << BigInt(at), (1n << 255n) - less - (((1n << 51n) - 1n) << BigInt(at))
  ])).filter((u) => u >= 0n).map(bytesOf)
  const points = [...EDGES, ...LOW_ORDER, ...limbs, bytesOf(2n * P), bytesOf(2n ** 256n - 1n)]
  for (const scalar of [...SCALARS, randomBytes(32)]) t.same(agreeWith(scalar, points), expected(scalar, points), toHex(scalar))
  t.same(agreeWith(randomBytes(32), LOW_ORDER), LOW_ORDER.map(() => '00'.repeat(32)))
})

t.test('it takes nothing but whole keys and room for the results', { skip }, async (t) => {
  assert(agree !== null)
  const call = agree as (...args: unknown[]) => void
  const bytes = new Uint8Array(96)
  const wrong = [
    [], [GOOD, GOOD], [GOOD.subarray(1), GOOD, new Uint8Array(32)], [GOOD, GOOD.subarray(1), new Uint8Array(31)], [GOOD, GOOD, new Uint8Array(64)],
    [GOOD, new Uint16Array(16), new Uint16Array(16)], ['a', 'b', 'c'], [null, undefined, 1], [GOOD, bytes.subarray(0, 64), bytes.subarray(32)]
  ]
  for (const args of wrong) t.throws(() => { call(...args) }, TypeError)
  t.same(bytes, new Uint8Array(96), 'and touches nothing else')
})
