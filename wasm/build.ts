/**
 * Makes `src/crypto/opening.wasm`, which lies in the repository so that nobody needs a compiler to run it, from
 * `assembly/` and the field that `field-module.ts` writes: `npm run wasm`. The same sources and compiler give the same
 * bytes, which a test holds against the file.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { main } from 'assemblyscript/asc'
import { fieldModule } from './field-module.ts'

const ASSEMBLY = new URL('assembly/', import.meta.url).pathname
const BINARY = new URL('../src/crypto/opening.wasm', import.meta.url)
/** Vectors of 128 bits, products and sums in one; no garbage collector and no allocation; addresses are the host's to keep in bounds. */
const OPTIONS = ['-O3', '--noAssert', '--enable', 'simd,relaxed-simd', '--runtime', 'stub', '--initialMemory', '16']

/** @throws Error with the compiler's messages. */
export async function buildOpeningWasm (): Promise<Uint8Array> {
  const sources = new Map(readdirSync(ASSEMBLY).map((name) => [name, readFileSync(ASSEMBLY + name, 'utf8')]))
  sources.set('field.ts', fieldModule())
  let binary: Uint8Array | null = null
  const { error, stderr } = await main(['index.ts', '--outFile', 'opening.wasm', ...OPTIONS], {
    readFile: (name) => sources.get(name) ?? null,
    writeFile: (_name, contents) => { binary = contents as Uint8Array },
    listFiles: () => []
  })
  if (error !== null || binary === null) throw new Error(`${error?.message ?? 'nothing was written'}\n${stderr.toString()}`)
  return binary
}

if (import.meta.main) writeFileSync(BINARY, await buildOpeningWasm())
