/** The wire of passkeys: of an authenticator's answer only what is verified, each part with a bound. */
import { Type, type Static } from 'typebox'
import { MAX_PASSKEY_NAME } from '../domain/passkey.ts'
import { BASE64URL_32_PATTERN } from '../domain/ids.ts'
import { formatKst, kstOrNull } from '../domain/time.ts'
import type { PasskeyReset, StoredPasskey } from '../services/passkeys/own-passkeys.ts'
import { Document, LongText, OfficerIdSchema, nullable, strict, Text, Time } from './schemas.ts'

/** WebAuthn §4: a credential id has at most 1,023 bytes. */
const MAX_CREDENTIAL_ID = 1364
const MAX_CLIENT_DATA = 4_096
const MAX_AUTHENTICATOR_DATA = 4_096
const MAX_SIGNATURE = 2_048
/** A key of RSA with an identifier of full length fits. */
const MAX_ATTESTATION = 16_384
const MAX_TRANSPORTS = 8

const base64url = (maxLength: number) => Type.String({ minLength: 1, maxLength, pattern: '^[A-Za-z0-9_-]+$' })

export const CredentialIdSchema = base64url(MAX_CREDENTIAL_ID)
export const CeremonyIdSchema = Type.String({ pattern: BASE64URL_32_PATTERN, description: 'good for one try within 2 minutes' })
export const PasskeyNameSchema = Type.String({ minLength: 1, maxLength: MAX_PASSKEY_NAME })

export const AssertionSchema = strict({
  id: CredentialIdSchema,
  clientDataJSON: base64url(MAX_CLIENT_DATA),
  authenticatorData: base64url(MAX_AUTHENTICATOR_DATA),
  signature: base64url(MAX_SIGNATURE)
})
export const AttestationSchema = strict({
  id: CredentialIdSchema,
  clientDataJSON: base64url(MAX_CLIENT_DATA),
  attestationObject: base64url(MAX_ATTESTATION),
  transports: Type.Array(Type.String({ minLength: 1, maxLength: 20, pattern: '^[a-z-]+$' }), { maxItems: MAX_TRANSPORTS })
})

export const CeremonySchema = strict({ ceremonyId: CeremonyIdSchema, expiresAt: Time, origin: Text, options: Document })
export const PasskeySchema = strict({
  credentialId: CredentialIdSchema, name: PasskeyNameSchema, createdAt: Time, lastUsedAt: nullable(Time), backedUp: Type.Boolean()
})
export const ResetSchema = strict({ at: Time, resetBy: OfficerIdSchema, reason: LongText, removed: Type.Integer({ minimum: 1 }) })

export function showPasskey ({ credentialId, name, createdAt, lastUsedAt, backedUp }: StoredPasskey): Static<typeof PasskeySchema> {
  return { credentialId, name, createdAt: formatKst(createdAt), lastUsedAt: kstOrNull(lastUsedAt), backedUp }
}

export function showReset ({ resetAt, resetBy, reason, removed }: PasskeyReset): Static<typeof ResetSchema> {
  return { at: formatKst(resetAt), resetBy, reason, removed }
}
