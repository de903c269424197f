/**
 * Branded identifiers, so that a supplier's id can't be handed over where a tender's is wanted.
 * Formats: tender `R26BK00000001` (KONEPS notice number: R, year, stage, 8 digits), revision `000`..`999`,
 * supplier = business registration number (10 digits), officer `O` + 8 digits, agency = its 7-digit code.
 */
declare const brand: unique symbol
type Brand<T, Name extends string> = T & { readonly [brand]: Name }

export type TenderId = Brand<string, 'TenderId'>
export type SupplierId = Brand<string, 'SupplierId'>
export type OfficerId = Brand<string, 'OfficerId'>
export type AgencyId = Brand<string, 'AgencyId'>
/** Lower-case hex SHA-256. */
export type Sha256Hex = Brand<string, 'Sha256Hex'>
/** base64url SHA-256 of a DER certificate (RFC 7515 `x5t#S256`). */
export type Thumbprint = Brand<string, 'Thumbprint'>
/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number

export const TENDER_ID_PATTERN = '^R[0-9]{2}BK[0-9]{8}$'
export const SUPPLIER_ID_PATTERN = '^[0-9]{10}$'
export const OFFICER_ID_PATTERN = '^O[0-9]{8}$'
export const AGENCY_ID_PATTERN = '^[0-9A-Z]{7}$'
export const SHA256_HEX_PATTERN = '^[0-9a-f]{64}$'
/** 32 bytes in unpadded base64url; the last character carries four bits only. */
export const BASE64URL_32_PATTERN = '^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$'
export const THUMBPRINT_PATTERN = BASE64URL_32_PATTERN
/** An encapsulated key (`enc`) in unpadded base64url: 32 bytes of X25519, or 1,120 of X-Wing. */
export const ENC_PATTERN = '^(?:[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]|[A-Za-z0-9_-]{1493}[AQgw])$'
/** 16 bytes in unpadded base64url. */
export const BASE64URL_16_PATTERN = '^[A-Za-z0-9_-]{21}[AQgw]$'
/** Behind every id of whichever kind, as text is sorted. */
export const BEHIND_ALL_IDS = '~'
/** The platform as a key holder; officers hold under their officer id. */
export const PLATFORM_HOLDER_ID = 'platform'
