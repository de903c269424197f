/**
 * WebAuthn (W3C Web Authentication Level 3) on the server's side: options for an authenticator, and its answers verified by
 * @simplewebauthn/server. User verification is always demanded, attestation never: which make an authenticator is decides nothing.
 * The package is loaded at the first use, since it costs 0.3 s and 26 MB. Afterwards an answer that was refused is looked at
 * once more, only to say why.
 */
import { timingSafeEqual } from 'node:crypto'
import type * as WebAuthn from '@simplewebauthn/server'
import type { AuthenticatorTransport, WebAuthnCredential } from '@simplewebauthn/server'
import { BonginError } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import type { AssertionWire, AttestationWire } from '../domain/passkey.ts'
import { sha256, sha256Hex, utf8 } from './bytes.ts'

/** COSE algorithms (RFC 9053, RFC 8812): ES256, EdDSA, RS256. */
const ALGORITHMS = [-7, -8, -257]
const RP_ID_HASH_BYTES = 32
const USER_VERIFIED = 0x04
const USER_PRESENT = 0x01

/** Who asks: the domain that passkeys are bound to, and the address of the pages that may use them. */
export interface RelyingParty { id: string, name: string, origin: string }

export interface PasskeyKey { credentialId: string, publicKey: Uint8Array, transports: readonly string[] }
export interface NewPasskey extends PasskeyKey { counter: number, backedUp: boolean }

let loaded: Promise<typeof WebAuthn> | null = null
const webauthn = async (): Promise<typeof WebAuthn> => await (loaded ??= import('@simplewebauthn/server'))

const descriptors = (keys: readonly PasskeyKey[]): Array<{ id: string, transports: AuthenticatorTransport[] }> =>
  keys.map(({ credentialId, transports }) => ({ id: credentialId, transports: [...transports] as AuthenticatorTransport[] }))

/** PublicKeyCredentialCreationOptionsJSON; `userHandle` names the holder to the authenticator without saying who it is. */
export async function creationOptions (rp: RelyingParty, { challenge, userHandle, userName, displayName, existing, timeoutMs }: {
  challenge: Uint8Array<ArrayBuffer>
  userHandle: Uint8Array<ArrayBuffer>
  userName: string
  displayName: string
  existing: readonly PasskeyKey[]
  timeoutMs: number
}): Promise<object> {
  const { generateRegistrationOptions } = await webauthn()
  return await generateRegistrationOptions({
    rpID: rp.id,
    rpName: rp.name,
    userID: userHandle,
    userName,
    userDisplayName: displayName,
    challenge,
    timeout: timeoutMs,
    attestationType: 'none',
    excludeCredentials: descriptors(existing),
    // The certificate says who logs in, so the authenticator need not find the passkey by itself.
    authenticatorSelection: { residentKey: 'discouraged', userVerification: 'required' },
    supportedAlgorithmIDs: ALGORITHMS
  })
}

/** PublicKeyCredentialRequestOptionsJSON. */
export async function requestOptions (rp: RelyingParty, { challenge, allowed, timeoutMs }: {
  challenge: Uint8Array<ArrayBuffer>, allowed: readonly PasskeyKey[], timeoutMs: number
}): Promise<object> {
  const { generateAuthenticationOptions } = await webauthn()
  return await generateAuthenticationOptions({ rpID: rp.id, challenge, timeout: timeoutMs, allowCredentials: descriptors(allowed), userVerification: 'required' })
}

/** `challengeSha256` is of the challenge in base64url. @throws BonginError `passkey-invalid` with a `reason`. */
export async function verifyAttestation (rp: RelyingParty, { attestation, challengeSha256 }: {
  attestation: AttestationWire, challengeSha256: Sha256Hex
}): Promise<NewPasskey> {
  const { id, clientDataJSON, attestationObject, transports } = attestation
  const { verifyRegistrationResponse } = await webauthn()
  const { authenticatorData, isPlain } = await readAttestation(attestationObject)
  try {
    if (!isPlain) throw new Error('a statement that was not asked for')
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: { clientDataJSON, attestationObject }
      },
      expectedChallenge: (challenge) => isChallenge(challenge, challengeSha256),
      expectedOrigin: rp.origin,
      expectedRPID: rp.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS
    })
    if (!verified || registrationInfo.credential.id !== id) throw new Error('the attestation names another credential')
    const { credential: { publicKey, counter }, credentialBackedUp: backedUp } = registrationInfo
    return { credentialId: id, publicKey, counter, backedUp, transports }
  } catch {
    throw refused(rp, { clientDataJSON, type: 'webauthn.create', challengeSha256, authenticatorData })
  }
}

/** Statements with certificates (`isPlain` false) were not asked for, and reading them would be reading what strangers wrote. */
async function readAttestation (attestationObject: string): Promise<{ authenticatorData: string | null, isPlain: boolean }> {
  const { decodeAttestationObject } = await import('@simplewebauthn/server/helpers')
  try {
    const statement = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')))
    const format = statement.get('fmt')
    const isPlain = format === 'none' || (format === 'packed' && statement.get('attStmt').get('x5c') === undefined)
    return { authenticatorData: Buffer.from(statement.get('authData')).toString('base64url'), isPlain }
  } catch {
    return { authenticatorData: null, isPlain: false }
  }
}

/** The counter is the caller's to compare, where it can be stored in the same step. @throws BonginError `passkey-invalid` with a `reason`. */
export async function verifyAssertion (rp: RelyingParty, { assertion, key, challengeSha256 }: {
  assertion: AssertionWire, key: PasskeyKey, challengeSha256: Sha256Hex
}): Promise<{ counter: number, backedUp: boolean }> {
  const { id, clientDataJSON, authenticatorData, signature } = assertion
  const { verifyAuthenticationResponse } = await webauthn()
  const credential: WebAuthnCredential = { id: key.credentialId, publicKey: new Uint8Array(key.publicKey), counter: 0 }
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response: { clientDataJSON, authenticatorData, signature } },
      expectedChallenge: (challenge) => isChallenge(challenge, challengeSha256),
      expectedOrigin: rp.origin,
      expectedRPID: rp.id,
      credential,
      requireUserVerification: true
    })
    if (!verified || id !== key.credentialId) throw new Error('not signed by this passkey')
    return { counter: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp }
  } catch {
    throw refused(rp, { clientDataJSON, type: 'webauthn.get', challengeSha256, authenticatorData })
  }
}

function isChallenge (challenge: string, expected: Sha256Hex): boolean {
  return timingSafeEqual(Buffer.from(sha256Hex(utf8(challenge)), 'hex'), Buffer.from(expected, 'hex'))
}

type Reason = 'malformed' | 'type' | 'challenge' | 'origin' | 'rp-id' | 'user-verification' | 'signature'

/** The first thing that is not as expected; decides nothing. */
function refused (rp: RelyingParty, { clientDataJSON, type, challengeSha256, authenticatorData }: {
  clientDataJSON: string, type: string, challengeSha256: Sha256Hex, authenticatorData: string | null
}): BonginError {
  const reason = ((): Reason => {
    const client = parseClientData(clientDataJSON)
    if (client === null) return 'malformed'
    if (client['type'] !== type) return 'type'
    if (typeof client['challenge'] !== 'string' || !isChallenge(client['challenge'], challengeSha256)) return 'challenge'
    if (client['origin'] !== rp.origin) return 'origin'
    if (authenticatorData === null) return 'malformed'
    const data = Buffer.from(authenticatorData, 'base64url')
    if (data.length <= RP_ID_HASH_BYTES) return 'malformed'
    if (!data.subarray(0, RP_ID_HASH_BYTES).equals(sha256(utf8(rp.id)))) return 'rp-id'
    const flags = data[RP_ID_HASH_BYTES] ?? 0
    return (flags & USER_VERIFIED) === 0 || (flags & USER_PRESENT) === 0 ? 'user-verification' : 'signature'
  })()
  return passkeyInvalid(reason, rp)
}

function parseClientData (text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : null
  } catch {
    return null
  }
}

/** `credential`: it is not a passkey of this holder. */
export function passkeyInvalid (reason: Reason | 'credential', { origin }: RelyingParty): BonginError {
  return new BonginError('passkey-invalid', {
    detail: `The authenticator's answer was not accepted (${reason}). Passkeys are used at ${origin}, with a PIN, fingerprint or face. Begin anew.`,
    detailKo: `인증장치의 응답을 받아들일 수 없습니다(${reason}). 패스키는 ${origin}에서 PIN·지문·얼굴 확인과 함께 사용합니다. 처음부터 다시 하십시오.`,
    extra: { reason }
  })
}
