/** Opening many seals by the engine (`open-seals.ts`). For Node; the names are those of `browser/many-seals.ts`. */
export { openSeals } from '../../open-seals.ts'
