/** Growth: what a measured quantity does when the load grows by powers. Drawn by `scripts/draw-curves.ts`. */

export interface Series {
  label: string
  /** Load and what was measured; both above zero, both axes are logarithmic. */
  points: Array<[load: number, measured: number]>
}

export interface Curve {
  /** Of the file: `docs/curves/<name>.svg`. */
  name: string
  title: string
  xLabel: string
  yLabel: string
  series: Series[]
}

/** `quick` leaves the largest loads out; `folder` is thrown away afterwards. */
export type Growth = (options: { quick: boolean, folder: string }) => Promise<Curve[]>
