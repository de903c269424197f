/**
 * Compiles X25519 by AVX-512 (`x25519.c`, `module.c`) to `build/x25519.node`, which `src/crypto/x25519-lanes.ts` loads. `npm ci`
 * runs it, and goes on whatever comes of it, for everything works without. Plain JavaScript, so that an older Node runs it too.
 * `--required` makes a failure one; `--out FILE` puts the module elsewhere. The compiler is `CC`, else `cc`.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const HERE = dirname(fileURLToPath(import.meta.url))
const COMPILER = process.env['CC'] ?? 'cc'
/** Loops over five limbs are to be unrolled, so that limbs stay in registers. */
const FLAGS = ['-O3', '-std=gnu11', '-fPIC', '-Wall', '-Wextra', '-pedantic']
/** GCC orders the arithmetic better with these, by a fifteenth; Clang does so by itself and does not know them. */
const GCC_FLAGS = ['-fschedule-insns', '-fsched-pressure']
/** For the arithmetic alone: what asks whether the processor has these must run without. */
const VECTOR_FLAGS = ['-mavx512f', '-mavx512dq', '-mavx512ifma']

const { values } = parseArgs({ options: { required: { type: 'boolean', default: false }, out: { type: 'string', default: join(HERE, 'build', 'x25519.node') } } })

try {
  build(values.out)
  console.log(`X25519 by AVX-512 was compiled to ${values.out}.`)
} catch (error) {
  console.warn(`X25519 by AVX-512 was not compiled, so openings take longer: ${error instanceof Error ? error.message : error}`)
  if (values.required) process.exitCode = 1
}

/**
 * @param {string} out
 * @throws {Error} where there is no compiler, or it refuses
 */
function build (out) {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`it is for Linux on x86-64, this is ${process.platform} on ${process.arch}.`)
  const { include_dir: headers } = createRequire(import.meta.url)('node-api-headers')
  const folder = dirname(out)
  mkdirSync(folder, { recursive: true })
  const work = mkdtempSync(join(folder, 'making-'))
  try {
    const [object, made] = [join(work, 'x25519.o'), join(work, 'x25519.node')]
    compile([...VECTOR_FLAGS, ...(isClang() ? [] : GCC_FLAGS), '-c', join(HERE, 'x25519.c'), '-o', object])
    compile(['-isystem', headers, '-shared', join(HERE, 'module.c'), object, '-o', made])
    // At once, for a running server may have the old one open.
    renameSync(made, out)
  } finally {
    rmSync(work, { recursive: true })
  }
}

/** @param {string[]} options */
function compile (options) {
  execFileSync(COMPILER, [...FLAGS, ...options], { stdio: ['ignore', 'inherit', 'inherit'] })
}

function isClang () {
  return execFileSync(COMPILER, ['--version'], { encoding: 'utf8' }).includes('clang')
}
