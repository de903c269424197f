/** The part of node-forge that reads and writes ASN.1, by itself: a browser must not load the rest. */
declare module 'node-forge/lib/asn1.js' {
  import type forge from 'node-forge'
  const asn1: typeof forge.asn1
  export default asn1
}

/** Old ciphers of key files, and the buffers that forge's ciphers work on. */
declare module 'node-forge/lib/des.js' {
  import type forge from 'node-forge'
  const des: { createDecryptionCipher (key: forge.util.ByteStringBuffer): forge.cipher.BlockCipher & { start (iv: string): void } }
  export default des
}
declare module 'node-forge/lib/rc2.js' {
  import type forge from 'node-forge'
  const rc2: typeof forge.rc2
  export default rc2
}
declare module 'node-forge/lib/util.js' {
  import type forge from 'node-forge'
  const util: typeof forge.util
  export default util
}
