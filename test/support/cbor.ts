/** As much of CBOR (RFC 8949, deterministic encoding) as an authenticator writes: whole numbers, bytes, text and maps. */

export type Cbor = number | string | Uint8Array | ReadonlyMap<number | string, Cbor>

function head (major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value])
  if (value < 0x100) return Buffer.from([(major << 5) | 24, value])
  const [size, bytes] = value < 0x10000 ? [25, 2] as const : [26, 4] as const
  const out = Buffer.alloc(1 + bytes)
  out[0] = (major << 5) | size
  out.writeUIntBE(value, 1, bytes)
  return out
}

export function encodeCbor (value: Cbor): Buffer {
  if (typeof value === 'number') return value >= 0 ? head(0, value) : head(1, -1 - value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value])
  const entries = [...value as ReadonlyMap<number | string, Cbor>].map(([key, item]) => Buffer.concat([encodeCbor(key), encodeCbor(item)]))
  return Buffer.concat([head(5, entries.length), ...entries])
}
