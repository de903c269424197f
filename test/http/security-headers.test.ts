/** Headers that keep a browser from doing more with an answer than it should, on whatever the API answers. */
import t from 'tap'
import { buildApp } from '../support/build-app.ts'

t.test('answers, refusals and what is not there', async (t) => {
  const { baseUrl } = await buildApp(t)
  for (const [method, path, status] of [['GET', '/v1/tenders', 200], ['GET', '/v1/none', 404], ['POST', '/v1/sessions', 400], ['GET', '/v1/me/bids', 401]] as const) {
    const { headers, status: answered } = await fetch(baseUrl + path, { method })
    t.equal(answered, status, path)
    t.match(headers.get('content-security-policy'), /default-src 'self'.*frame-ancestors 'self'/)
    t.match(Object.fromEntries(headers), {
      'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN', 'referrer-policy': 'no-referrer', 'strict-transport-security': /max-age=\d{8}/
    })
    t.equal(headers.get('x-powered-by'), null)
  }
  const feed = await fetch(`${baseUrl}/v1/feed/sse`)
  t.equal(feed.headers.get('x-content-type-options'), 'nosniff', 'and on an answer without end')
  await feed.body?.cancel()
})
