/**
 * Charts as numbers: the geometry of columns on a plane, which a template draws as SVG with a data table behind it. The plane is
 * as wide as a narrow phone, so that its text is never smaller than it says.
 */

interface ColumnChart {
  width: number
  height: number
  /** Where columns stand. */
  base: number
  columns: Column[]
  grid: Array<{ y: number, label: string }>
}

interface Column extends Record<'x' | 'width' | 'y' | 'height' | 'failedY' | 'failedHeight' | 'labelX', number> {
  /** Empty where it would run into its neighbours. */
  label: string
  title: string
}

export interface ColumnValue { label: string, value: number, failed?: number, title: string }

const PLANE = { width: 360, height: 190, left: 34, right: 4, top: 12, bottom: 24 } as const
/** Labels that fit under the columns. */
const MAX_LABELS = 7
const LABEL_WIDTH = 44

/** One column a value, stacked where some of it failed; null where there is nothing to draw. */
export function columnChart (values: readonly ColumnValue[]): ColumnChart | null {
  const most = Math.max(0, ...values.map(({ value }) => value))
  if (most === 0) return null
  const { width, height, left, right, top, bottom } = PLANE
  const [base, ceiling] = [height - bottom, roundUp(most)]
  const step = (width - left - right) / values.length
  const heightOf = (value: number): number => tenth(value / ceiling * (base - top))
  const every = Math.ceil(values.length / Math.min(MAX_LABELS, Math.floor((width - left - right) / LABEL_WIDTH)))
  return {
    width,
    height,
    base,
    columns: values.map(({ label, value, failed = 0, title }, index) => ({
      x: tenth(left + index * step + step * 0.14),
      width: tenth(step * 0.72),
      y: tenth(base - heightOf(value)),
      height: heightOf(value - failed),
      failedY: tenth(base - heightOf(failed)),
      failedHeight: heightOf(failed),
      // Counted from the end: the last month is the one that is looked for.
      label: (values.length - 1 - index) % every === 0 ? label : '',
      labelX: tenth(left + (index + 0.5) * step),
      title
    })),
    grid: [0, 0.5, 1].map((share) => ({ y: tenth(base - share * (base - top)), label: label(share * ceiling) }))
  }
}

/** The next of 2, 4, 10, 20, 40, 100 …: its half is a whole number too. */
function roundUp (value: number): number {
  for (let power = 1; ; power *= 10) {
    const found = [2, 4, 10].find((times) => times * power >= value)
    if (found !== undefined) return found * power
  }
}

function label (value: number): string {
  return value.toLocaleString('en-US')
}

function tenth (value: number): number {
  return Math.round(value * 10) / 10
}
