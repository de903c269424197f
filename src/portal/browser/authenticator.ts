/**
 * The reader's authenticator, asked by @simplewebauthn/browser; a file of its own, loaded when somebody uses a passkey. Of what
 * it answers only what the server verifies is handed on.
 */
import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser'
import type { AssertionWire, AttestationWire, CeremonyView } from '../../client/passkeys.ts'
import { ReaderFault } from './page.ts'
import { passkeyWords as words } from './passkey-words.ts'

type CreationOptions = Parameters<typeof startRegistration>[0]['optionsJSON']
type RequestOptions = Parameters<typeof startAuthentication>[0]['optionsJSON']

/** @throws ReaderFault */
export async function createPasskey ({ options, origin }: CeremonyView): Promise<AttestationWire> {
  return await asking(origin, async () => {
    const { id, response } = await startRegistration({ optionsJSON: options as CreationOptions })
    const { clientDataJSON, attestationObject, transports = [] } = response
    return { id, clientDataJSON, attestationObject, transports }
  })
}

/** @throws ReaderFault */
export async function showPasskey ({ options, origin }: CeremonyView): Promise<AssertionWire> {
  return await asking(origin, async () => {
    const { id, response: { clientDataJSON, authenticatorData, signature } } = await startAuthentication({ optionsJSON: options as RequestOptions })
    return { id, clientDataJSON, authenticatorData, signature }
  })
}

async function asking<T> (origin: string, ask: () => Promise<T>): Promise<T> {
  if (location.origin !== origin) throw new ReaderFault(`${words.passkeyElsewhere} ${origin}`)
  if (typeof PublicKeyCredential !== 'function') throw new ReaderFault(words.passkeyUnsupported)
  try {
    return await ask()
  } catch (error) {
    throw new ReaderFault(reasonOf(error))
  }
}

function reasonOf (error: unknown): string {
  const code = error instanceof WebAuthnError ? error.code : ''
  const name = error instanceof Error ? error.name : ''
  if (code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED' || name === 'InvalidStateError') return words.passkeyKnown
  if (code === 'ERROR_AUTHENTICATOR_MISSING_USER_VERIFICATION_SUPPORT' || name === 'ConstraintError') return words.passkeyUnverified
  if (name === 'NotAllowedError' || name === 'AbortError') return words.passkeyCancelled
  return `${words.passkeyUnsupported} (${name})`
}
