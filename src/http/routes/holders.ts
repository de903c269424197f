/** Holders and their certificates: public views, one's own, and the platform officer's measures. */
import { Type } from 'typebox'
import { OFFICER_ROLES, REVOCATION_CODES } from '../../domain/holder.ts'
import { formatKst, kstOrNull, parseInstant } from '../../domain/time.ts'
import { MAX_AUDIT_PAGE, readAudit } from '../../services/audit.ts'
import { publishEncryptionKey, readMe, readOfficer, readSupplier } from '../../services/holders.ts'
import { renewCertificate, revoke } from '../../services/manage-certificates.ts'
import { liftSupplierSuspension, suspendSupplier } from '../../services/suspend-supplier.ts'
import { callerOf, officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  AgencyIdSchema,
  Document,
  ExternalSchema,
  HolderKindSchema,
  Jws,
  LongText,
  nullable,
  OfficerIdSchema,
  oneOf,
  OptionalText,
  Pem,
  RoleSchema,
  strict,
  SupplierIdSchema,
  Text,
  ThumbprintSchema,
  Time
} from '../schemas.ts'

const DEFAULT_PAGE = 50

export const holderRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/officers/:officerId',
    {
      config: { access: 'public' },
      schema: {
        tags: ['holders'],
        summary: '담당관 조회 — an officer with certificate and encryption key',
        params: strict({ officerId: OfficerIdSchema }),
        response: {
          200: strict({
            officerId: OfficerIdSchema,
            name: Text,
            agencyId: AgencyIdSchema,
            agencyName: Text,
            roles: Type.Array(RoleSchema),
            certificate: Pem,
            encryptionKey: nullable(Jws)
          })
        }
      }
    },
    async (request) => {
      const { officer, agencyName, certificatePem } = await readOfficer(context, request.params.officerId)
      const { officerId, agencyId, profile, roles, encryptionKeyJws } = officer
      return { officerId, name: profile.name, agencyId, agencyName, roles, certificate: certificatePem, encryptionKey: encryptionKeyJws }
    }
  )

  app.get(
    '/v1/suppliers/:supplierId',
    {
      config: { access: 'public' },
      schema: {
        tags: ['holders'],
        summary: '조달업체 조회 — the public part of a supplier',
        params: strict({ supplierId: SupplierIdSchema }),
        response: {
          200: strict({
            supplierId: SupplierIdSchema,
            companyName: Text,
            representative: Text,
            linesOfBusiness: Type.Array(Text),
            region: Text,
            suspendedUntil: nullable(Time)
          })
        }
      }
    },
    async (request) => {
      const { supplier, suspendedUntil } = await readSupplier(context, request.params.supplierId)
      const { companyName, representative, linesOfBusiness, region } = supplier.profile
      const until = kstOrNull(suspendedUntil)
      return { supplierId: supplier.supplierId, companyName, representative, linesOfBusiness, region, suspendedUntil: until }
    }
  )

  app.get(
    '/v1/me',
    {
      config: { access: 'holder' },
      schema: {
        tags: ['holders'],
        summary: '내 정보 — who this session speaks for',
        response: {
          200: strict({
            holderId: Text,
            kind: HolderKindSchema,
            roles: Type.Array(Text),
            thumbprint: ThumbprintSchema,
            certificateExpiresAt: Time,
            profile: Document
          })
        }
      }
    },
    async (request) => {
      const { caller, certificateExpiresAt, profile } = await readMe(context, callerOf(request))
      const { holderId, kind, roles, thumbprint } = caller
      return {
        holderId,
        kind,
        roles: [...roles],
        thumbprint,
        certificateExpiresAt: formatKst(certificateExpiresAt),
        profile: profile as Record<string, unknown>
      }
    }
  )

  app.put(
    '/v1/me/encryption-key',
    {
      config: { access: OFFICER_ROLES },
      schema: {
        tags: ['holders'],
        summary: '암호화 키 공개 — publish the X25519 key to which recovery shares are sealed; once',
        body: strict({ jws: Jws }),
        response: { 204: Type.Null() }
      }
    },
    async (request, reply) => {
      await publishEncryptionKey(context, officerOf(request), request.body.jws)
      return await reply.code(204).send(null)
    }
  )

  app.post(
    '/v1/me/certificates',
    {
      config: { access: 'holder' },
      schema: {
        tags: ['holders'],
        summary: '인증서 갱신 — a new certificate for the same holder',
        body: strict({ csr: Pem, external: Type.Optional(ExternalSchema) }),
        response: { 201: strict({ certificate: Pem, chain: Type.Array(Pem) }) }
      }
    },
    async (request, reply) => {
      const certificate = await renewCertificate(context, callerOf(request), request.body)
      return await reply.code(201).send({ certificate, chain: [context.platform.issuingPem, context.platform.rootPem] })
    }
  )

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

  app.get(
    '/v1/audit',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['holders'],
        summary: '감사 기록 — refusals and decisions, newest first',
        querystring: strict({
          cursor: Type.Optional(Type.Integer({ minimum: 1 })),
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_AUDIT_PAGE }))
        }),
        response: {
          200: strict({
            items: Type.Array(
              strict({
                position: Type.Integer(),
                at: Time,
                actor: Text,
                action: Text,
                code: Text,
                field: nullable(OptionalText),
                tenderId: nullable(Text),
                detail: Document
              })
            ),
            nextCursor: nullable(Type.Integer())
          })
        }
      }
    },
    async (request) => {
      const { cursor = Number.MAX_SAFE_INTEGER, limit = DEFAULT_PAGE } = request.query
      const { items, next } = await readAudit(context, { before: cursor, limit })
      return { items: items.map((entry) => ({ ...entry, at: formatKst(entry.at) })), nextCursor: next }
    }
  )
}
