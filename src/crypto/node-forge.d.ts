/** The part of node-forge that reads and writes ASN.1, by itself: a browser must not load the rest. */
declare module 'node-forge/lib/asn1.js' {
  import type forge from 'node-forge'
  const asn1: typeof forge.asn1
  export default asn1
}
