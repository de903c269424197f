/** The platform officer's measures against holders: suspensions (부정당업자 제재) and revocations. */
import { Type } from 'typebox'
import { REVOCATION_CODES } from '../../domain/holder.ts'
import { parseInstant } from '../../domain/time.ts'
import { revoke } from '../../services/manage-certificates.ts'
import { liftSupplierSuspension, suspendSupplier } from '../../services/suspend-supplier.ts'
import { officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  LongText,
  oneOf,
  strict,
  SupplierIdSchema,
  ThumbprintSchema,
  Time
} from '../schemas.ts'

export const sanctionRoutes: Routes = async (app, { context }) => {
  app.post(
    '/v1/suppliers/:supplierId/suspensions',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['holders'],
        summary: '부정당업자 제재 — a period in which the supplier cannot bid',
        params: strict({ supplierId: SupplierIdSchema }),
        body: strict({ from: Time, until: Time, reason: LongText }),
        response: { 201: strict({ suspensionId: Type.Integer() }) }
      }
    },
    async (request, reply) => {
      const { from, until, reason } = request.body
      const suspensionId = await suspendSupplier(context, officerOf(request), {
        supplierId: request.params.supplierId,
        fromAt: parseInstant(from, '/from'),
        untilAt: parseInstant(until, '/until'),
        reason
      })
      return await reply.code(201).send({ suspensionId })
    }
  )

  app.post(
    '/v1/suppliers/:supplierId/suspensions/:suspensionId/lift',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['holders'],
        summary: '제재 해제 — lift a suspension; it stays on record',
        params: strict({ supplierId: SupplierIdSchema, suspensionId: Type.Integer({ minimum: 1 }) }),
        body: strict({ reason: LongText }),
        response: { 204: Type.Null() }
      }
    },
    async (request, reply) => {
      await liftSupplierSuspension(context, officerOf(request), { ...request.params, reason: request.body.reason })
      return await reply.code(204).send(null)
    }
  )

  app.post(
    '/v1/certificates/:thumbprint/revocation',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['holders'],
        summary: '인증서 폐지 — revoke a certificate and end its sessions',
        params: strict({ thumbprint: ThumbprintSchema }),
        body: strict({ reason: LongText, code: Type.Optional(oneOf(REVOCATION_CODES)) }),
        response: { 204: Type.Null() }
      }
    },
    async (request, reply) => {
      const { reason, code = 'unspecified' } = request.body
      await revoke(context, officerOf(request), { thumbprint: request.params.thumbprint, reason, code })
      return await reply.code(204).send(null)
    }
  )
}
