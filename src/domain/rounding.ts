/**
 * Whole-number division with its rounding in the name, for products that pass 2^53.
 * Inputs and results are safe integers; the product in between is a BigInt. No floating point touches a price or a rate.
 */
import { invariant } from './errors.ts'

export const PPM = 1_000_000

interface Scaling { value: number, by: number, over: number }

/** value × by ÷ over, towards minus infinity; `over` is positive. */
export function scaleDown ({ value, by, over }: Scaling): number {
  return safe(floorDivide(BigInt(value) * BigInt(by), BigInt(over)))
}

/** value × by ÷ over, towards plus infinity; `over` is positive. */
export function scaleUp ({ value, by, over }: Scaling): number {
  return safe(-floorDivide(-BigInt(value) * BigInt(by), BigInt(over)))
}

/** value × by ÷ over to the nearest whole number, halves towards plus infinity; `over` is positive. */
export function scaleHalfUp ({ value, by, over }: Scaling): number {
  return safe(floorDivide(2n * BigInt(value) * BigInt(by) + BigInt(over), 2n * BigInt(over)))
}

/** The mean of at least one value, halves towards plus infinity. */
export function meanHalfUp (values: readonly number[]): number {
  const [sum, count] = [values.reduce((total, value) => total + BigInt(value), 0n), BigInt(values.length)]
  return safe(floorDivide(2n * sum + count, 2n * count))
}

/** The smallest multiple of `unit` at or above `value`. */
export function roundUpTo (value: number, unit: number): number {
  return scaleUp({ value, by: 1, over: unit }) * unit
}

function floorDivide (dividend: bigint, divisor: bigint): bigint {
  invariant(divisor > 0n, 'a divisor is positive')
  const quotient = dividend / divisor
  return dividend % divisor < 0n ? quotient - 1n : quotient
}

function safe (value: bigint): number {
  const result = Number(value)
  invariant(Number.isSafeInteger(result), 'a result stays within 2^53')
  return result
}
