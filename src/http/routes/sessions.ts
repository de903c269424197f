/** Login by signature: challenge, session, logout. */
import { formatKst } from '../../domain/time.ts'
import { closeSession, makeChallenge, openSession } from '../../services/open-session.ts'
import { Type } from 'typebox'
import type { Routes } from '../server.ts'
import { HolderKindSchema, Jws, strict, Text, ThumbprintSchema, Time } from '../schemas.ts'

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
      response: { 201: strict({ token: Text, expiresAt: Time, holderId: Text, kind: HolderKindSchema, roles: Type.Array(Text) }) }
    }
  }, async (request, reply) => {
    const { token, expiresAt, caller } = await openSession(context, request.body.jws)
    const { holderId, kind, roles } = caller
    return await reply.code(201).send({ token, expiresAt: formatKst(expiresAt), holderId, kind, roles: [...roles] })
  })

  app.delete('/v1/sessions/current', {
    config: { access: 'holder' },
    schema: { tags: ['sessions'], summary: '로그아웃 — end this session', response: { 204: Type.Null() } }
  }, async (request, reply) => {
    await closeSession(context, request.token ?? '')
    return await reply.code(204).send(null)
  })
}
