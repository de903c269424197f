/** Holders and their certificates: public views, and one's own. */
import { Type } from 'typebox'
import { OFFICER_ROLES } from '../../domain/holder.ts'
import { formatKst, kstOrNull } from '../../domain/time.ts'
import { publishEncryptionKey, readMe, readOfficer, readSupplier } from '../../services/holders.ts'
import { renewCertificate } from '../../services/manage-certificates.ts'
import { callerOf, officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  AgencyIdSchema,
  Document,
  ExternalSchema,
  HolderKindSchema,
  Jws,
  nullable,
  OfficerIdSchema,
  Pem,
  RoleSchema,
  strict,
  SupplierIdSchema,
  Text,
  ThumbprintSchema,
  Time
} from '../schemas.ts'

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
}
