/** The table of problems and its documentation say the same, for every code. */
import { readFileSync } from 'node:fs'
import t from 'tap'
import { BonginError, ERROR_CODES } from '../../src/domain/errors.ts'
import { problemOf, PROBLEMS } from '../../src/http/problems.ts'

const documented = new Map([...readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8')
  .matchAll(/^\| `([a-z0-9-]+)` \| (\d{3}) \| (.+) \| (.+) \|$/gm)].map(([, code, status]) => [code, Number(status)]))

t.test('docs/errors.md lists every code with its status, and no other', async (t) => {
  t.strictSame([...documented.keys()].sort(), [...ERROR_CODES].sort())
  for (const code of ERROR_CODES) t.equal(documented.get(code), PROBLEMS[code].status, code)
})

t.test('a problem carries code, both languages, the field and the facts', async (t) => {
  const problem = problemOf(new BonginError('bid-late', { field: '/x', detail: 'late', detailKo: '늦음', extra: { serverTime: 'now' } }))
  t.strictSame(problem, {
    serverTime: 'now',
    type: 'urn:bongin:problem:bid-late',
    title: 'The deadline has passed',
    titleKo: '마감되었습니다',
    status: 410,
    code: 'bid-late',
    detail: 'late',
    detailKo: '늦음',
    field: '/x'
  })
})

t.test('extra facts never replace a standard member', async (t) => {
  t.equal(problemOf(new BonginError('bid-late', { extra: { status: 200, code: 'ok' } })).status, 410)
})
