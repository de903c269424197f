/**
 * The text of `assembly/field.ts`, which exists only while it is compiled: arithmetic modulo p = 2^255 - 19 on two numbers
 * at once, one in each lane of a vector. AssemblyScript has no macros, and a loop over limbs would keep them in memory, so
 * the straight-line code is written here.
 *
 * A number is 12 limbs of 64-bit floating point, limb i a multiple of 2^ceil(21.25 i) (D. J. Bernstein, "Curve25519: new
 * Diffie-Hellman speed records", 2006, §4, uses the same idea with ten limbs). Products and sums stay below 2^53 units of
 * their limb, so floating point computes them exactly; `exactness()` proves it for carried limbs and says how much
 * uncarried sums may exceed them.
 */
export const LIMBS = 12
const BITS = 255
const indices = Array.from({ length: LIMBS }, (_, i) => i)
/** Exponent of limb i's unit; one more, for the carry out of the last limb. */
const POSITIONS = [...indices, LIMBS].map((i) => Math.ceil((BITS / LIMBS) * i))
const position = (i: number): number => POSITIONS[i] ?? Number.NaN
const width = (i: number): number => position(i + 1) - position(i)
const VECTOR_BYTES = 16

/** Carried limbs are at most half their width, and a little more for the two carries that are not done again. */
const CARRIED = 1.02

/**
 * The largest sum that a product of two carried numbers adds up in one limb, in that limb's units, must be below 2^53. Factors of a product may
 * be sums of carried numbers as long as (numbers in the one) × (numbers in the other) stays below the slack returned.
 */
export function exactness (): number {
  const sums = indices.map((k) => {
    const terms = indices.map((i) => {
      const j = (k - i + LIMBS) % LIMBS
      const wraps = i + j >= LIMBS
      const unit = position(i) + position(j) - (wraps ? BITS : 0) - position(k)
      return 2 ** (width(i) - 1) * 2 ** (width(j) - 1) * CARRIED ** 2 * 2 ** unit * (wraps ? 19 : 1)
    })
    return terms.reduce((sum, term) => sum + term, 0)
  })
  return 2 ** 53 / Math.max(...sums)
}

const limb = (pointer: string, i: number): string => `v128.load(${pointer}, ${VECTOR_BYTES * i})`
const put = (pointer: string, i: number, value: string): string => `  v128.store(${pointer}, ${value}, ${VECTOR_BYTES * i});`
const lines = (...parts: Array<string | string[]>): string => parts.flat().join('\n')

/**
 * Numbers in both lanes, in memory: as constants in the code they cost a tenth more time (docs/performance.md). A double's shortest text
 * reads back as the same double.
 */
const pairs = (name: string, values: readonly number[]): string =>
  `const ${name}: usize = memory.data<f64>([${values.flatMap((value) => [value, value]).map((value) => value.toExponential()).join(', ')}], 16);`

function constants (): string {
  return lines(
    '/** 19 · 2^-255: what passes 2^255 comes back nineteenfold. */',
    pairs('WRAP', [19 * 2 ** -BITS]),
    '/** Adding and subtracting number k leaves a multiple of the unit of limb k + 1. */',
    pairs('ROUNDS', indices.map((i) => 1.5 * 2 ** (52 + position(i + 1)))),
    pairs('UNITS', indices.map((i) => 2 ** position(i))),
    pairs('PER_UNIT', indices.map((i) => 2 ** -position(i)))
  )
}

/** sum + a · b in one instruction. Whether the machine rounds once or twice is left to it, and is the same: both are exact. */
const plusProduct = (sum: string, a: string, b: string): string => `f64x2.relaxed_madd(${a}, ${b}, ${sum})`

/** Two chains of carries side by side, from limbs 0 and 6, then once more where they met. */
const CARRIES = [0, 6, 1, 7, 2, 8, 3, 9, 4, 10, 5, 11, 6, 0]

function carryAndStore (): string[] {
  const carries = CARRIES.flatMap((k) => [
    `  c = ${limb('ROUNDS', k)}; c = f64x2.sub(f64x2.add(h${k}, c), c);`,
    `  h${k} = f64x2.sub(h${k}, c);`,
    k === LIMBS - 1 ? `  h0 = ${plusProduct('h0', 'c', limb('WRAP', 0))};` : `  h${k + 1} = f64x2.add(h${k + 1}, c);`
  ])
  return ['  let c: v128;', ...carries, ...indices.map((k) => put('to', k, `h${k}`))]
}

/** Rows of the product in one turn of its loop: with the accumulators as many as registers hold without spilling. */
const ROWS = 2

/** Rows of b, wrapped limbs before the plain ones, so that row i begins at limb 11 - i of one list. */
function multiply (): string {
  const extend = indices.slice(1).flatMap((j) => [
    `  t = ${limb('b', j)};`,
    put('ROW', LIMBS - 1 + j, 't'),
    put('ROW', j - 1, 'f64x2.mul(t, wrap)')
  ])
  const products: string[] = []
  for (let m = 0; m < LIMBS + ROWS - 1; m++) {
    products.push(`    t = ${limb('row', m)};`)
    for (let r = 0; r < ROWS; r++) {
      const k = m - (ROWS - 1) + r
      if (k >= 0 && k < LIMBS) products.push(`    h${k} = ${plusProduct(`h${k}`, `x${r}`, 't')};`)
    }
  }
  return lines(
    `const ROW: usize = memory.data(${VECTOR_BYTES * (2 * LIMBS - 1)}, 16);`,
    '/** to = a · b, carried. */',
    'export function multiply(to: usize, a: usize, b: usize): void {',
    `  const wrap = ${limb('WRAP', 0)};`,
    `  let t: v128 = ${limb('b', 0)};`,
    put('ROW', LIMBS - 1, 't'),
    extend,
    indices.map((k) => `  let h${k}: v128 = f64x2.splat(0);`),
    Array.from({ length: ROWS }, (_, r) => `  let x${r}: v128;`),
    `  let row = ROW + ${VECTOR_BYTES * (LIMBS - ROWS)}; const end = a + ${VECTOR_BYTES * LIMBS};`,
    '  do {',
    Array.from({ length: ROWS }, (_, r) => `    x${r} = ${limb('a', r)};`),
    products,
    `    a += ${VECTOR_BYTES * ROWS}; row -= ${VECTOR_BYTES * ROWS};`,
    '  } while (a != end);',
    carryAndStore(), '}'
  )
}

function square (): string {
  const body: string[] = []
  const begun = new Set<number>()
  const accumulate = (k: number, a: string, b: string): void => {
    body.push(`  h${k} = ${begun.has(k) ? plusProduct(`h${k}`, a, b) : `f64x2.mul(${a}, ${b})`};`)
    begun.add(k)
  }
  for (const i of indices) {
    body.push(`  x = ${limb('a', i)};`, '  y = f64x2.add(x, x);')
    accumulate((2 * i) % LIMBS, 'x', 2 * i >= LIMBS ? limb('WRAPPED', i) : 'x')
    for (const j of indices.slice(i + 1)) accumulate((i + j) % LIMBS, 'y', i + j >= LIMBS ? limb('WRAPPED', j) : limb('a', j))
  }
  return lines(
    `const WRAPPED: usize = memory.data(${VECTOR_BYTES * LIMBS}, 16);`,
    '/** to = a², carried. */',
    'export function square(to: usize, a: usize): void {',
    `  const wrap = ${limb('WRAP', 0)};`,
    indices.slice(LIMBS / 2).map((j) => put('WRAPPED', j, `f64x2.mul(${limb('a', j)}, wrap)`)),
    '  let x: v128, y: v128;',
    indices.map((k) => `  let h${k}: v128;`),
    body, carryAndStore(), '}'
  )
}

function sums (): string {
  const sum = (name: string, operation: string): string[] => [
    `/** to = a ${operation === 'add' ? '+' : '-'} b, not carried. */`,
    `@inline export function ${name}(to: usize, a: usize, b: usize): void {`,
    ...indices.map((i) => put('to', i, `f64x2.${operation}(${limb('a', i)}, ${limb('b', i)})`)), '}'
  ]
  return lines(
    sum('add', 'add'), sum('subtract', 'sub'),
    '/** to = a, carried. */',
    'export function carry(to: usize, a: usize): void {',
    indices.map((k) => `  let h${k}: v128 = ${limb('a', k)};`), carryAndStore(), '}'
  )
}

/** Limbs as 32-bit integers, for tables: half the memory, and exact, because a carried limb has at most 22 bits. */
function packing (): string {
  return lines(
    '/** Carried limbs as 32-bit integers, eight bytes a limb of both lanes. */',
    'export function pack(to: usize, a: usize): void {',
    indices.map((i) => `  v128.store64_lane(to, i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(f64x2.mul(${limb('a', i)}, ${limb('PER_UNIT', i)}))), 0, ${8 * i});`),
    '}',
    '@inline export function unpack(to: usize, packed: usize): void {',
    indices.map((i) => put('to', i, `f64x2.mul(f64x2.convert_low_i32x4_s(v128.load64_zero(packed, ${8 * i})), ${limb('UNITS', i)})`)),
    '}'
  )
}

const wordOf = (i: number): number => Math.min(3, position(i) >> 6)
const mask = (i: number): bigint => (1n << BigInt(width(i))) - 1n

function fromBytes (): string {
  return lines(
    '/** Reads 32 little-endian bytes into one lane; bit 255 is ignored and p and more is taken as it is (RFC 7748 §5). Not carried. */',
    'export function fromBytes(to: usize, lane: usize, bytes: usize): void {',
    '  const w0 = load<u64>(bytes), w1 = load<u64>(bytes, 8), w2 = load<u64>(bytes, 16), w3 = load<u64>(bytes, 24) & 0x7fffffffffffffff;',
    '  to += lane << 3;',
    // No limb crosses a word's end: ceil(21.25 · 3) = 64 and so on.
    indices.map((i) => `  store<f64>(to, <f64>((w${wordOf(i)} >> ${position(i) & 63}) & ${mask(i)}) * load<f64>(UNITS, ${VECTOR_BYTES * i}), ${VECTOR_BYTES * i});`),
    '}'
  )
}

/** Three rounds of carries make limbs of their width; adding 19 tells whether the number is p or more. */
function toBytes (): string {
  const carryRound = indices.flatMap((i) => [
    `  c = l${i} >> ${width(i)}; l${i} -= c << ${width(i)};`,
    i === LIMBS - 1 ? '  l0 += 19 * c;' : `  l${i + 1} += c;`
  ])
  const words = [0, 1, 2, 3].map((w) => {
    const parts = indices.filter((i) => wordOf(i) === w).map((i) => `<u64>l${i} << ${position(i) & 63}`)
    return `  store<u64>(bytes, ${parts.join(' | ')}, ${8 * w});`
  })
  return lines(
    '/** Writes one lane as the 32 little-endian bytes of the number below p. */',
    'export function toBytes(a: usize, lane: usize, bytes: usize): void {',
    '  a += lane << 3; let c: i64;',
    indices.map((i) => `  let l${i}: i64 = <i64>(load<f64>(a, ${VECTOR_BYTES * i}) * load<f64>(PER_UNIT, ${VECTOR_BYTES * i}));`),
    carryRound, carryRound, carryRound,
    '  c = 19;',
    indices.map((i) => `  const t${i}: i64 = l${i} + c; c = t${i} >> ${width(i)}; const r${i}: i64 = t${i} & ${mask(i)};`),
    '  if (c) {', indices.map((i) => `    l${i} = r${i};`), '  }',
    words, '}'
  )
}

/** The module's text. */
export function fieldModule (): string {
  return lines(
    '// Written by field-module.ts.',
    `/** Bytes of a pair of numbers. */\nexport const SIZE: usize = ${VECTOR_BYTES * LIMBS};`,
    '/** Bytes of a packed pair. */',
    `export const PACKED: usize = ${8 * LIMBS};`,
    constants(), multiply(), square(), sums(), packing(), fromBytes(), toBytes(), ''
  )
}
