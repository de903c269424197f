/** Where a supplier is told besides its own pages: an e-mail address that it has shown to be its own, and webhooks. */
import { Type } from 'typebox'
import { LANGUAGES, MAX_EMAIL_CHARS, MAX_WEBHOOK_URL_CHARS, MAX_WEBHOOKS } from '../../domain/notification.ts'
import { formatKst, kstOrNull } from '../../domain/time.ts'
import { enterEmail, readEmail, removeEmail, verifyEmail, type EmailView } from '../../services/notify/email-address.ts'
import { addWebhook, readWebhooks, rotateSecret, takeWebhook, type StoredWebhook } from '../../services/notify/webhooks.ts'
import { supplierOf } from '../auth.ts'
import { LIMITED } from '../limits.ts'
import type { Routes } from '../server.ts'
import { nullable, oneOf, strict, Time } from '../schemas.ts'

const Address = Type.String({ minLength: 3, maxLength: MAX_EMAIL_CHARS })
const LanguageSchema = oneOf(LANGUAGES)
const Email = strict({ address: Address, language: LanguageSchema, verifiedAt: nullable(Time), codeExpiresAt: nullable(Time) })
const WebhookIdSchema = Type.String({ pattern: '^wh_[A-Za-z0-9_-]{16}$' })
const Url = Type.String({ minLength: 1, maxLength: MAX_WEBHOOK_URL_CHARS })
const Webhook = { webhookId: WebhookIdSchema, url: Url, createdAt: Time, previousSecretUntil: nullable(Time) }
const Secret = Type.String({ description: 'whsec_ and 32 bytes in base64; never said again' })

function emailOf ({ address, language, verifiedAt, codeExpiresAt }: EmailView) {
  return { address, language, verifiedAt: kstOrNull(verifiedAt), codeExpiresAt: kstOrNull(codeExpiresAt) }
}

function webhookOf ({ webhookId, url, createdAt, previousUntil }: StoredWebhook) {
  return { webhookId, url, createdAt: formatKst(createdAt), previousSecretUntil: kstOrNull(previousUntil) }
}

export const channelRoutes: Routes = async (app, { context }) => {
  app.get('/v1/me/email', {
    config: { access: ['supplier'] },
    schema: { tags: ['notifications'], summary: '알림 전자우편', response: { 200: strict({ email: nullable(Email) }) } }
  }, async (request) => {
    const email = await readEmail(context, supplierOf(request))
    return { email: email === null ? null : emailOf(email) }
  })

  app.put('/v1/me/email', {
    config: { access: ['supplier'], ...LIMITED },
    schema: {
      tags: ['notifications'],
      summary: '알림 전자우편 등록 — sends a code to the address; nothing else goes there before the code has come back',
      body: strict({ address: Address, language: Type.Optional(LanguageSchema) }),
      response: { 200: Email }
    }
  }, async (request) => emailOf(await enterEmail(context, supplierOf(request), { language: 'ko', ...request.body })))

  app.post('/v1/me/email/verification', {
    config: { access: ['supplier'], ...LIMITED },
    schema: {
      tags: ['notifications'],
      summary: '전자우편 확인 — the code that was sent',
      body: strict({ code: Type.String({ pattern: '^[0-9]{8}$' }) }),
      response: { 200: Email }
    }
  }, async (request) => emailOf(await verifyEmail(context, supplierOf(request), request.body.code)))

  app.delete('/v1/me/email', {
    config: { access: ['supplier'] },
    schema: { tags: ['notifications'], summary: '알림 전자우편 삭제', response: { 204: Type.Null() } }
  }, async (request, reply) => {
    await removeEmail(context, supplierOf(request))
    return await reply.code(204).send(null)
  })

  app.get('/v1/me/webhooks', {
    config: { access: ['supplier'] },
    schema: { tags: ['notifications'], summary: '웹훅 목록', response: { 200: strict({ items: Type.Array(strict(Webhook)), limit: Type.Integer() }) } }
  }, async (request) => ({ items: (await readWebhooks(context, supplierOf(request))).map(webhookOf), limit: MAX_WEBHOOKS }))

  app.post('/v1/me/webhooks', {
    config: { access: ['supplier'], ...LIMITED },
    schema: {
      tags: ['notifications'],
      summary: '웹훅 등록 — a public https address (Standard Webhooks); the secret is said once',
      body: strict({ url: Url }),
      response: { 201: strict({ ...Webhook, secret: Secret }) }
    }
  }, async (request, reply) => {
    const { webhook, secret } = await addWebhook(context, supplierOf(request), request.body.url)
    return await reply.code(201).header('cache-control', 'no-store').send({ ...webhookOf(webhook), secret })
  })

  app.post('/v1/me/webhooks/:webhookId/secret', {
    config: { access: ['supplier'], ...LIMITED },
    schema: {
      tags: ['notifications'],
      summary: '웹훅 비밀키 교체 — a new secret; the one before it signs too for a day',
      params: strict({ webhookId: WebhookIdSchema }),
      body: strict({}),
      response: { 201: strict({ ...Webhook, secret: Secret }) }
    }
  }, async (request, reply) => {
    const { webhook, secret } = await rotateSecret(context, supplierOf(request), request.params.webhookId)
    return await reply.code(201).header('cache-control', 'no-store').send({ ...webhookOf(webhook), secret })
  })

  app.delete('/v1/me/webhooks/:webhookId', {
    config: { access: ['supplier'] },
    schema: { tags: ['notifications'], summary: '웹훅 삭제', params: strict({ webhookId: WebhookIdSchema }), response: { 204: Type.Null() } }
  }, async (request, reply) => {
    await takeWebhook(context, supplierOf(request), request.params.webhookId)
    return await reply.code(204).send(null)
  })
}
