/** What everybody must know of the platform before trusting anything it says: its certificates and public keys. */
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { readRevocationList } from '../../services/revocation-list.ts'
import type { Routes } from '../server.ts'
import { Jws, Pem, strict, Text, Time } from '../schemas.ts'

const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description: '추가 공휴일' })

export const platformRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/platform',
    {
      config: { access: 'public' },
      schema: {
        tags: ['platform'],
        summary: '플랫폼 인증서와 공개키 — certificates and public keys of this platform',
        response: {
          200: strict({
            name: Text,
            rootCertificate: Pem,
            issuingCertificate: Pem,
            keys: Jws,
            scheduleStepMs: Type.Integer(),
            extraHolidays: Type.Array(Day)
          })
        }
      }
    },
    async () => {
      const { name, rootPem, issuingPem, keysJws } = context.platform
      return {
        name,
        rootCertificate: rootPem,
        issuingCertificate: issuingPem,
        keys: keysJws,
        scheduleStepMs: context.policy.scheduleStepMs,
        extraHolidays: [...context.policy.extraHolidays]
      }
    }
  )

  app.get(
    '/v1/crl',
    {
      config: { access: 'public' },
      schema: { tags: ['platform'], summary: '인증서 폐지 목록 — revoked certificates (X.509 CRL, DER)' }
    },
    async (_request, reply) => await reply.type('application/pkix-crl').send(await readRevocationList(context))
  )

  app.get(
    '/v1/health',
    {
      config: { access: 'public' },
      schema: {
        tags: ['platform'],
        summary: '상태 확인 — whether the server answers',
        response: { 200: strict({ status: Text, serverTime: Time }) }
      }
    },
    async () => ({ status: 'ok', serverTime: formatKst(context.clock.now()) })
  )
}
