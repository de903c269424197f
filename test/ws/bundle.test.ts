/** News that goes out together: to each reader the bytes that it would have got one by one. */
import fc from 'fast-check'
import t from 'tap'
import { EVENT_TYPES } from '../../src/domain/events.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { Bundle, fitting, MAX_BUNDLE, MAX_BUNDLE_BYTES, type News, type Wanted } from '../../src/ws/bundle.ts'
import { frameOf } from '../../src/ws/frames.ts'

const TENDERS = ['R26BK00000001', 'R26BK00000002', 'R26BK00000003'] as TenderId[]
const TYPES = EVENT_TYPES.slice(0, 3)

const pieces = fc.array(fc.record({
  tenderId: fc.constantFrom(...TENDERS),
  type: fc.constantFrom(...TYPES),
  gap: fc.integer({ min: 1, max: 3 }),
  filler: fc.integer({ min: 0, max: 4_000 })
}), { minLength: 1, maxLength: MAX_BUNDLE })

const wanted: fc.Arbitrary<Wanted> = fc.record({
  tenderIds: fc.option(fc.subarray(TENDERS), { nil: undefined }),
  types: fc.option(fc.subarray(TYPES).map((types) => new Set<string>(types)), { nil: undefined })
})

function newsOf (drawn: ReadonlyArray<{ tenderId: TenderId, type: typeof TYPES[number], gap: number, filler: number }>): News[] {
  let position = 0
  return drawn.map(({ tenderId, type, gap, filler }) => {
    position += gap
    return { tenderId, type, position, frame: frameOf({ position, at: 0, tenderId, type, data: { filler: 'x'.repeat(filler) } }) }
  })
}

t.test('each reader gets what it wants behind its position, as if told one by one', async (t) => {
  fc.assert(fc.property(pieces, fc.array(fc.tuple(wanted, fc.nat(40)), { maxLength: 8 }), (drawn, readers) => {
    const news = newsOf(drawn)
    const bundle = new Bundle(news)
    for (const [one, told] of readers) {
      const parts = news.filter(({ tenderId, type, position }) =>
        (position ?? 0) > told && one.tenderIds?.includes(tenderId) !== false && one.types?.has(type) !== false)
      const frame = bundle.frameFor(one, told)
      if (parts.length === 0) t.equal(frame, null)
      else {
        t.ok(frame?.webSocket.equals(Buffer.concat(parts.map((part) => part.frame.webSocket))))
        t.ok(frame?.sse.equals(Buffer.concat(parts.map((part) => part.frame.sse))))
      }
      t.equal(bundle.frameFor(one, told), frame, 'the same bytes for whoever wants the same')
    }
  }), { numRuns: 200, seed: 5 })
})

t.test('what goes out together has a bound, and the first always goes', async (t) => {
  fc.assert(fc.property(pieces, (drawn) => {
    const news = newsOf(drawn)
    const fits = fitting(news)
    t.same(fits, news.slice(0, fits.length))
    const bytes = (some: readonly News[]): number => some.reduce((sum, { frame }) => sum + frame.webSocket.length, 0)
    t.ok(bytes(fits) <= MAX_BUNDLE_BYTES)
    t.ok(fits.length === news.length || bytes(news.slice(0, fits.length + 1)) > MAX_BUNDLE_BYTES)
  }), { numRuns: 200, seed: 5 })
  const alike = (length: number, filler: number): News[] =>
    newsOf(Array.from({ length }, () => ({ tenderId: TENDERS[0] as TenderId, type: 'tender.closed', gap: 1, filler })))
  t.equal(fitting(alike(2, 2 * MAX_BUNDLE_BYTES)).length, 1)
  t.equal(fitting(alike(3 * MAX_BUNDLE, 0)).length, MAX_BUNDLE)
  t.same(fitting([]), [])
})
