/** The rule book over HTTP: public, and word for word the tables that the server names in its notices. */
import t from 'tap'
import { PRICE_POLICIES, RULE_SETS } from '../../src/domain/rule-sets.ts'
import { buildApp } from '../support/build-app.ts'

const app = await buildApp(t)

t.test('every set and every institution, to anybody', async (t) => {
  const answer = await fetch(`${app.baseUrl}/v1/rule-sets`)
  t.equal(answer.status, 200)
  const { items, pricePolicies } = await answer.json() as { items: unknown, pricePolicies: Array<{ institution: string }> }
  t.same(items, RULE_SETS)
  t.same(Object.fromEntries(pricePolicies.map(({ institution, ...steps }) => [institution, steps])), PRICE_POLICIES)
})

t.test('described in the API document', async (t) => {
  const { paths } = await (await fetch(`${app.baseUrl}/openapi.json`)).json() as { paths: Record<string, { get?: { security?: unknown } }> }
  t.match(paths['/v1/rule-sets']?.get, { tags: ['platform'] })
  t.equal(paths['/v1/rule-sets']?.get?.security, undefined, 'public')
})
