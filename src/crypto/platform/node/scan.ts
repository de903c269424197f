/** The fast way to read an envelope. For Node; the names are those of `browser/scan.ts`. */
export { scanEnvelope } from '../../envelope-scan.ts'
