/** The portal's words: no key stands in two parts, where the later would silently win, and each is said by some template or script. */
import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { TEXTS, LANGUAGES } from '../../src/portal/locale.ts'
import { VERIFY_TEXTS } from '../../src/portal/texts/verify.ts'

const PORTAL = new URL('../../src/portal/', import.meta.url)

type Words = Readonly<Record<string, string>>

async function partsOf (language: string): Promise<Array<{ name: string, words: Words }>> {
  const names = readdirSync(new URL(`texts/${language}/`, PORTAL))
  return await Promise.all(names.map(async (name) => {
    const [words] = Object.values(await import(new URL(`texts/${language}/${name}`, PORTAL).href) as Record<string, Words>)
    return { name, words: words ?? {} }
  }))
}

/** What says words: everything of the portal but the words themselves. */
const sayers = readdirSync(PORTAL, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.(?:ts|eta)$/.test(name) && !/^texts\/(?:ko|en)\b/.test(name))
  .map((name) => readFileSync(new URL(name, PORTAL), 'utf8')).join('\n')

/** Members that are read of `t`, of a bundle of words, or of `TEXTS[…]`; and keys that a page names as its title. */
const said = new Set([...sayers.matchAll(/(?:\bt|[wW]ords|\w+(?:Ko|En)|TEXTS\[[^\]]*\])\.(\w+)|\btitle: '(\w+)'/g)].map(([, member, title]) => member ?? title))

for (const language of LANGUAGES) {
  t.test(`${language}: a key stands in one part, and every part is among the words`, async (t) => {
    const parts = await partsOf(language)
    t.ok(parts.length >= 8, 'the parts were found')
    const places = new Map<string, string>()
    for (const { name, words } of parts) {
      for (const [key, text] of Object.entries(words)) {
        if (places.has(key)) t.fail(`${key} is in ${places.get(key) ?? ''} and in ${name}`)
        places.set(key, name)
        if ((TEXTS[language] as Words)[key] !== text) t.fail(`${key} of ${name} is not what pages say`)
      }
    }
    t.same(Object.keys(TEXTS[language]).sort(), [...places.keys()].sort(), 'nothing else is among them')
  })
}

t.test('every word is said somewhere', async (t) => {
  t.same(Object.keys(TEXTS.ko).filter((key) => !said.has(key)), [])
  const { said: ofScript, checks: _, ...ofPage } = VERIFY_TEXTS.ko
  t.same(Object.keys(ofPage).filter((key) => !new RegExp(`\\bwords\\.${key}\\b`).test(sayers)), [], 'of the verifying page')
  t.same(Object.keys(ofScript).filter((key) => !new RegExp(`\\bsaid\\.${key}\\b`).test(sayers)), [], 'and of its script')
})
