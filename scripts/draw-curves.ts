/**
 * Draws growth curves as SVG, one file each: `node scripts/draw-curves.ts GROWTH.json [FOLDER]`, from the JSON that
 * `npm run bench:growth -- --json GROWTH.json` wrote. Both axes are logarithmic, so that a straight line of slope 1 is linear growth.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Curve } from '../bench/curves.ts'

const WIDTH = 640
const HEIGHT = 400
const LEFT = 80
const RIGHT = 20
const TOP = 48
const BOTTOM = 84
/** Told apart by colour and by dash, in print too. */
const STROKES = [['#0b62a4', ''], ['#b3440e', '6 3'], ['#2e7d32', '2 3'], ['#6a3d9a', '8 3 2 3']] as const

const [file, folder = 'docs/curves'] = process.argv.slice(2)
if (file === undefined) {
  console.error('Usage: node scripts/draw-curves.ts GROWTH.json [FOLDER]')
  process.exit(2)
}
const { curves } = JSON.parse(readFileSync(file, 'utf8')) as { curves: Curve[] }
mkdirSync(folder, { recursive: true })
for (const curve of curves) {
  const path = join(folder, `${curve.name}.svg`)
  writeFileSync(path, draw(curve))
  console.log(path)
}

interface Axis { low: number, high: number, place: (value: number) => number }

function draw ({ title, xLabel, yLabel, series }: Curve): string {
  const points = series.flatMap((one) => one.points)
  const x = axis(points.map(([load]) => load), LEFT, WIDTH - RIGHT)
  const y = axis(points.map(([, measured]) => measured), HEIGHT - BOTTOM, TOP)
  const summary = series.map(({ label, points }) => `${label}: ${points.map(([load, measured]) => `${short(load)} → ${short(measured)}`).join(', ')}`).join('; ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escape(title)}</title><desc>${escape(summary)}</desc>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${LEFT}" y="24" font-size="15" font-weight="bold">${escape(title)}</text>`,
    ...powersOf(x).map((power) => line([x.place(power), TOP], [x.place(power), HEIGHT - BOTTOM]) + text(x.place(power), HEIGHT - BOTTOM + 18, short(power), 'middle')),
    ...powersOf(y).map((power) => line([LEFT, y.place(power)], [WIDTH - RIGHT, y.place(power)]) + text(LEFT - 8, y.place(power) + 4, short(power), 'end')),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - BOTTOM + 38, xLabel, 'middle'),
    `<text transform="translate(18 ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">${escape(yLabel)}</text>`,
    ...series.map((one, index) => seriesOf(one, index, x, y)),
    '</svg>', ''
  ].join('\n')
}

function seriesOf ({ label, points }: Curve['series'][number], index: number, x: Axis, y: Axis): string {
  const [colour, dash] = STROKES[index % STROKES.length] ?? STROKES[0]
  const places = points.map(([load, measured]) => [round(x.place(load)), round(y.place(measured))] as const)
  const legendX = LEFT + index * (WIDTH - LEFT - RIGHT) / 4
  const legendY = HEIGHT - 18
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}" points="${places.map((place) => place.join(',')).join(' ')}"/>`,
    ...places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3" fill="${colour}"/>`),
    `<path d="M${legendX} ${legendY - 4}h24" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`,
    text(legendX + 30, legendY, label, 'start')
  ].join('')
}

/** From the power of ten at or below the least to the one at or above the greatest. */
function axis (values: readonly number[], from: number, to: number): Axis {
  const low = Math.floor(Math.log10(Math.min(...values)) + 1e-9)
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9))
  return { low, high, place: (value) => from + (Math.log10(value) - low) / (high - low) * (to - from) }
}

function powersOf ({ low, high }: Axis): number[] {
  return Array.from({ length: high - low + 1 }, (_, n) => 10 ** (low + n))
}

function line ([x1, y1]: readonly [number, number], [x2, y2]: readonly [number, number]): string {
  return `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" stroke="#ddd"/>`
}

function text (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}">${escape(content)}</text>`
}

function round (value: number): number { return Math.round(value * 10) / 10 }

function short (value: number): string {
  if (value >= 1e6) return `${round(value / 1e6)}M`
  if (value >= 1e3) return `${round(value / 1e3)}k`
  return String(Number(value.toPrecision(2)))
}

function escape (content: string): string {
  return content.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
