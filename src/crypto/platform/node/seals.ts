/** Opening seals by libsodium or node:crypto. For Node; the names are those of `browser/seals.ts`. */
export { fastestPrimitives } from '../../hpke-primitives.ts'
