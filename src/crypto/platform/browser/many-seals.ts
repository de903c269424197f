/** Opening many seals one by one; no tables are made here, nor used. Runs in a browser; the names are those of `node/many-seals.ts`. */
export { openEach as openSeals } from '../../open-each.ts'
