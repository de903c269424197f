/** Login by signature: challenge, session, logout. */
import { formatKst } from '../../domain/time.ts'
import { closeSession, finishSession, makeChallenge, openSession, type OpenedSession } from '../../services/open-session.ts'
import { Type, type Static } from 'typebox'
import type { Routes } from '../server.ts'
import { AssertionSchema, CeremonyIdSchema, ResetSchema, showReset } from '../passkey-schemas.ts'
import { HolderKindSchema, Jws, nullable, oneOf, strict, Text, ThumbprintSchema, Time } from '../schemas.ts'

/** `first-passkey`: nothing can be done but register the first passkey, which the installation requires. */
const SessionSchema = strict({
  token: Text,
  expiresAt: Time,
  holderId: Text,
  kind: HolderKindSchema,
  roles: Type.Array(Text),
  scope: oneOf(['full', 'first-passkey']),
  passkeyReset: nullable(ResetSchema)
})

function show ({ token, expiresAt, caller: { holderId, kind, roles }, firstPasskeyOnly, passkeyReset }: OpenedSession): Static<typeof SessionSchema> {
  return {
    token,
    expiresAt: formatKst(expiresAt),
    holderId,
    kind,
    roles: [...roles],
    scope: firstPasskeyOnly ? 'first-passkey' : 'full',
    passkeyReset: passkeyReset === null ? null : showReset(passkeyReset)
  }
}

export const sessionRoutes: Routes = async (app, { context }) => {
  app.post('/v1/sessions/challenges', {
    config: { access: 'public' },
    schema: {
      tags: ['sessions'],
      summary: '인증 요청값 발급 — a login challenge to sign, good for one try',
      body: strict({ thumbprint: ThumbprintSchema }),
      response: { 201: strict({ challenge: Text, expiresAt: Time }) }
    }
  }, async (request, reply) => {
    const { challenge, expiresAt } = await makeChallenge(context, request.body.thumbprint)
    return await reply.code(201).send({ challenge, expiresAt: formatKst(expiresAt) })
  })

  app.post('/v1/sessions', {
    config: { access: 'public' },
    schema: {
      tags: ['sessions'],
      summary: '로그인 — exchange a signed challenge for a short-lived token',
      body: strict({ jws: Jws }),
      response: { 201: SessionSchema }
    }
  }, async (request, reply) => await reply.code(201).send(show(await openSession(context, request.body.jws))))

  app.post('/v1/sessions/second-factor', {
    config: { access: 'public' },
    schema: {
      tags: ['sessions'],
      summary: '패스키 확인 — the second step of a login: the answer of an authenticator',
      body: strict({ ceremonyId: CeremonyIdSchema, assertion: AssertionSchema }),
      response: { 201: SessionSchema }
    }
  }, async (request, reply) => await reply.code(201).send(show(await finishSession(context, request.body))))

  app.delete('/v1/sessions/current', {
    config: { access: 'holder', firstPasskey: true },
    schema: { tags: ['sessions'], summary: '로그아웃 — end this session', response: { 204: Type.Null() } }
  }, async (request, reply) => {
    await closeSession(context, request.token ?? '')
    return await reply.code(204).send(null)
  })
}
