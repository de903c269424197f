/** Passkeys as a second factor: a holder's own ones, and their reset by a platform officer. */
import { Type } from 'typebox'
import { MAX_PASSKEYS } from '../../domain/passkey.ts'
import { formatKst } from '../../domain/time.ts'
import type { StartedCeremony } from '../../services/passkeys/ceremonies.ts'
import { offerRegistration, offerRemoval, readPasskeys, registerPasskey, removePasskey } from '../../services/passkeys/own-passkeys.ts'
import { resetPasskeys } from '../../services/passkeys/reset-passkeys.ts'
import { callerOf, officerOf } from '../auth.ts'
import {
  AssertionSchema, AttestationSchema, CeremonyIdSchema, CeremonySchema, CredentialIdSchema, PasskeyNameSchema, PasskeySchema, ResetSchema,
  showPasskey, showReset
} from '../passkey-schemas.ts'
import { Jws, strict, Text } from '../schemas.ts'
import type { Routes } from '../server.ts'

const show = ({ expiresAt, options, ...rest }: StartedCeremony) =>
  ({ ...rest, expiresAt: formatKst(expiresAt), options: options as Record<string, unknown> })

export const passkeyRoutes: Routes = async (app, { context }) => {
  app.get('/v1/me/passkeys', {
    config: { access: 'holder', firstPasskey: true },
    schema: {
      tags: ['passkeys'],
      summary: '내 패스키 — the own passkeys, whether one is required, and resets by officers',
      response: {
        200: strict({
          items: Type.Array(PasskeySchema), max: Type.Integer(), required: Type.Boolean(), origin: Text, resets: Type.Array(ResetSchema)
        })
      }
    }
  }, async (request) => {
    const { items, required, resets } = await readPasskeys(context, callerOf(request))
    const { origin } = context.policy.relyingParty
    return { items: items.map(showPasskey), max: MAX_PASSKEYS, required, origin, resets: resets.map(showReset) }
  })

  app.post('/v1/me/passkeys/challenges', {
    config: { access: 'holder', firstPasskey: true },
    schema: { tags: ['passkeys'], summary: '패스키 등록 시작 — options for navigator.credentials.create', body: strict({}), response: { 201: CeremonySchema } }
  }, async (request, reply) => await reply.code(201).send(show(await offerRegistration(context, callerOf(request)))))

  app.post('/v1/me/passkeys', {
    config: { access: 'holder', firstPasskey: true },
    schema: {
      tags: ['passkeys'],
      summary: '패스키 등록 — the authenticator\'s answer; from the first passkey on a login needs both factors',
      body: strict({ ceremonyId: CeremonyIdSchema, name: PasskeyNameSchema, attestation: AttestationSchema }),
      response: { 201: PasskeySchema }
    }
  }, async (request, reply) => {
    const passkey = await registerPasskey(context, { caller: callerOf(request), token: request.token ?? '', ...request.body })
    return await reply.code(201).send(showPasskey(passkey))
  })

  app.post('/v1/me/passkeys/removal-challenges', {
    config: { access: 'holder' },
    schema: {
      tags: ['passkeys'],
      summary: '패스키 삭제 시작 — options for navigator.credentials.get; any own passkey may answer',
      body: strict({ credentialId: CredentialIdSchema }),
      response: { 201: CeremonySchema }
    }
  }, async (request, reply) => await reply.code(201).send(show(await offerRemoval(context, callerOf(request), request.body.credentialId))))

  app.post('/v1/me/passkeys/removal', {
    config: { access: 'holder' },
    schema: {
      tags: ['passkeys'],
      summary: '패스키 삭제 — with a fresh answer of an authenticator; ends the other sessions',
      body: strict({ ceremonyId: CeremonyIdSchema, assertion: AssertionSchema }),
      response: { 204: Type.Null() }
    }
  }, async (request, reply) => {
    await removePasskey(context, { caller: callerOf(request), token: request.token ?? '', ...request.body })
    return await reply.code(204).send(null)
  })

  app.post('/v1/passkey-resets', {
    config: { access: ['platform'] },
    schema: {
      tags: ['passkeys'],
      summary: '패스키 초기화 — takes a holder\'s passkeys away by a signed act, ends its sessions, and tells it',
      body: strict({ jws: Jws }),
      response: { 201: ResetSchema }
    }
  }, async (request, reply) => await reply.code(201).send(showReset(await resetPasskeys(context, officerOf(request), request.body.jws))))
}
