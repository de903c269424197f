/**
 * The layers of docs/architecture.md, checked on the source itself: every relative import of every file goes where its
 * folder's row allows, the pure folder imports nothing from outside, and the browser's files reach no node: module.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import t from 'tap'
import { LAYERS } from '../../scripts/layers.js'

const SRC = new URL('../../src', import.meta.url).pathname
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => join(SRC, name))
const ROOT_FILES = [
  'app.ts', 'main.ts', 'config.ts', 'installation.ts', 'trust-anchors.ts', 'admin.ts', 'rotate-kek.ts', 'beside-server.ts', 'officer-admin.ts', 'outbox-admin.ts'
]
const MAX_LINES = 300
const LONG_FILES = new Set(['storage/schema.ts'])

function importsOf (text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '')
}

/** The innermost folder that has a row. */
function folderOf (path: string): string {
  const name = relative(SRC, path)
  const [innermost] = Object.keys(LAYERS).filter((folder) => name.startsWith(`${folder}/`)).sort((a, b) => b.length - a.length)
  return innermost ?? name.split('/')[0] ?? ''
}

t.test('every import stays within its row', async (t) => {
  t.ok(files.length > 50, 'the source was found')
  for (const file of files) {
    const folder = folderOf(file)
    const row = LAYERS[folder]
    if (row === undefined) {
      t.ok(ROOT_FILES.includes(relative(SRC, file)), `${relative(SRC, file)} is part of the composition root`)
      continue
    }
    for (const name of importsOf(readFileSync(file, 'utf8'))) {
      if (!name.startsWith('.')) {
        if (row.pure === true) t.fail(`${relative(SRC, file)} imports ${name}`)
        continue
      }
      const target = folderOf(resolve(dirname(file), name))
      if (target !== folder && !row.may.includes(target)) t.fail(`${relative(SRC, file)} imports ${target}/`)
    }
  }
})

t.test('files that run in a browser reach no node: module and no Buffer', async (t) => {
  // The header says so, in a sentence that may be broken over two lines.
  const isBrowserFile = (path: string): boolean => /runs in a browser/i.test(readFileSync(path, 'utf8').slice(0, 900).replace(/\s*\n \*\s*/g, ' '))
  const browserFiles = files.filter(isBrowserFile)
  t.ok(browserFiles.length >= 8, 'the sealing code is marked')
  for (const file of browserFiles) {
    const text = readFileSync(file, 'utf8')
    t.notMatch(text, /from 'node:/, relative(SRC, file))
    t.notMatch(text, /\bBuffer\.\w/, relative(SRC, file))
    for (const name of importsOf(text.replace(/^import type .*$/gm, '')).filter((name) => name.startsWith('.'))) {
      const target = resolve(dirname(file), name)
      if (folderOf(target) !== 'domain') t.ok(isBrowserFile(target), `${relative(SRC, file)} imports ${name}, which runs in a browser too`)
    }
  }
})

t.test('every file has a header that says what it is, and a bounded length', async (t) => {
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    const name = relative(SRC, file)
    t.match(text, /^(?:#!.*\n)?\/\*\*/, name)
    t.ok(text.split('\n').length <= MAX_LINES || LONG_FILES.has(name), `${name} has at most ${MAX_LINES} lines`)
  }
})
