/** Public keys and private keys at the edges of X25519 (RFC 7748): low order, twist, non-canonical, scalars at both ends. */

export const P = 2n ** 255n - 19n
/** Of the base point's group. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n

/** 32 bytes, little-endian; what is beyond 2^256 is left out. */
export const bytesOf = (value: bigint): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))

/** The base point. */
export const GOOD = bytesOf(9n)

/** u of orders 1, 2, 4 and 8 (RFC 7748 §6.1), and where p or bit 255 is added. */
export const LOW_ORDER = [
  0n, 1n, P - 1n, 325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n
].flatMap((u) => [u, u + P].filter((value) => value < 2n ** 255n)).flatMap((u) => [bytesOf(u), bytesOf(u + 2n ** 255n)])

/** Every u of a few bits from either end, with non-canonical spellings: about half are on the twist. */
export const EDGES = [...Array.from({ length: 40 }, (_, i) => BigInt(i)), ...Array.from({ length: 60 }, (_, i) => P - 40n + BigInt(i))]
  .filter((u) => u < 2n ** 255n).flatMap((u) => [bytesOf(u), bytesOf(u + 2n ** 255n)])

/** Clamping makes 2^254 of the first and 2^255 - 8 of the second; factors around half the order have digits of one sign in a comb. */
export const SCALARS = [0n, 2n ** 256n - 1n, 2n ** 255n - 8n, 8n * (ORDER / 2n), 4n * ORDER + 8n, 8n * (ORDER - 1n), 2n ** 254n + 8n].map(bytesOf)
