/** The draw in words and the charts in numbers: means are exact, columns end where their values do. */
import t from 'tap'
import type { PriceResult } from '../../src/domain/opening.ts'
import { columnChart } from '../../src/portal/charts.ts'
import { drawOf, roundingText } from '../../src/portal/draw.ts'
import { TEXTS } from '../../src/portal/locale.ts'

const prices = (drawn: number[], plannedPriceWon: number): PriceResult => ({
  preliminaryPricesWon: [...drawn, ...Array.from({ length: 11 }, () => 1)],
  pickCounts: [5, 3, 2, 2, ...Array.from({ length: 11 }, () => 0)],
  drawnNumbers: [1, 2, 3, 4],
  plannedPriceWon,
  floorPriceWon: null,
  netCostFloorWon: null
})

t.test('the mean is exact', async (t) => {
  const won = { decimals: 0, plannedPriceRounding: 'up-1' } as const
  for (const [drawn, planned, mean] of [
    [[4_000, 4_000, 4_000, 4_001], 4_001, '4,000.25'], [[4_000, 4_000, 4_001, 4_001], 4_001, '4,000.5'], [[1, 1, 1, 1], 1, '1'],
    [[999_999_999_999_999, 999_999_999_999_999, 999_999_999_999_999, 999_999_999_999_998], 999_999_999_999_999, '999,999,999,999,998.75']
  ] as const) t.equal(drawOf(prices([...drawn], planned), won)?.mean, mean)
  const draw = drawOf(prices([15_152_055, 15_152_055, 15_152_055, 15_152_056], 15_152_056), { decimals: 2, plannedPriceRounding: 'up-1' })
  t.same([draw?.mean, draw?.plannedPrice], ['151,520.5525', '151,520.56'], 'in hundredths of a won')
  t.equal(draw === null ? '' : roundingText(draw, TEXTS.ko), '소수점 셋째 자리에서 올림')
  t.same(draw?.drawn.map(({ number, picked }) => [number, picked]), [[1, 5], [2, 3], [3, 2], [4, 2]])
  t.equal(drawOf({ ...prices([1, 1, 1, 1], 1), drawnNumbers: [] }, won), null, 'a single price is not drawn')
})

t.test('columns stand on the base and are as high as their values', async (t) => {
  const chart = columnChart([{ label: 'a', value: 8, failed: 2, title: 'a' }, { label: 'b', value: 4, title: 'b' }, { label: 'c', value: 0, title: 'c' }])
  const [first, second, third] = chart?.columns ?? []
  t.equal(first?.failedY === undefined ? 0 : first.failedY + first.failedHeight, chart?.base)
  t.ok(Math.abs((first?.height ?? 0) + (first?.failedHeight ?? 0) - 2 * (second?.height ?? 0)) < 0.5, 'twice the value, twice the height')
  t.equal(third?.height, 0)
  t.same(chart?.grid.map(({ label }) => label), ['0', '5', '10'])
  t.equal(columnChart([{ label: 'a', value: 0, title: '' }]), null, 'nothing to draw')
  const many = columnChart(Array.from({ length: 60 }, (_, i) => ({ label: `m${i}`, value: i, title: '' })))
  t.ok((many?.columns.filter(({ label }) => label !== '').length ?? 99) <= 7, 'labels do not run into each other')
  t.equal(many?.columns.at(-1)?.label, 'm59', 'the last is named')
})
