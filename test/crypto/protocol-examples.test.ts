/** The worked examples in docs/protocol.md are what the code gives, and the document is worth its name: every statement type stands in it. */
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { VOID_REASONS } from '../../src/domain/bid.ts'
import { protocolExamples } from '../../scripts/protocol-examples.ts'

const BEGIN = '<!-- examples:begin -->\n'
const END = '<!-- examples:end -->'
const document = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8')

await t.test('the examples are those that the code prints (node scripts/protocol-examples.ts)', async (t) => {
  const [before, rest, ...more] = document.split(BEGIN)
  const [block, after] = rest?.split(END) ?? []
  t.ok(before !== undefined && after !== undefined && more.length === 0, 'one pair of marks')
  t.equal(block, `\n${await protocolExamples()}\n`)
})

await t.test('every signed type, ledger type and void reason has its place', async (t) => {
  const source = (path: string): string => readFileSync(new URL(`../../src/${path}`, import.meta.url), 'utf8')
  const union = (path: string, name: string): string[] => {
    const text = new RegExp(`type ${name} =([^;]*?)\\n\\n`).exec(source(path))?.[1] ?? ''
    return [...text.matchAll(/'([a-z-]+)'/g)].map(([, word]) => word ?? '')
  }
  const types = union('crypto/jws.ts', 'JwsType')
  const entries = union('services/ledger.ts', 'LedgerType')
  t.ok(types.length >= 12 && entries.length >= 15, 'the unions were found')
  for (const word of [...types, ...entries, ...VOID_REASONS]) t.ok(document.includes(`\`${word}\``), word)
})

await t.test('every file of vectors stands in the table, with the lists that it has', async (t) => {
  const folder = new URL('../vectors/', import.meta.url)
  const files = readdirSync(folder)
  t.ok(files.length >= 7, 'the vectors were found')
  for (const file of files) {
    const row = document.split('\n').find((line) => line.startsWith(`| \`${file}\` |`)) ?? ''
    const vectors = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, unknown>
    t.ok(typeof vectors['source'] === 'string' && row !== '', `${file} has a source and a row`)
    const lists = Object.entries(vectors).flatMap(([name, value]) => Array.isArray(value) ? [`${name} ${value.length}`] : [])
    if (lists.length > 0) t.ok(row.endsWith(`| ${lists.join(', ')} |`), `${file}: ${lists.join(', ')}`)
  }
})
