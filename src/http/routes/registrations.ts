/** Registration (조달업체·이용자 등록): apply, look up, and the platform officer's decisions. */
import { Type } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { applyRegistration, type Application } from '../../services/apply-registration.ts'
import { approveRegistration, listApplications, readRegistration, rejectRegistration } from '../../services/decide-registration.ts'
import { officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  Document,
  ExternalIdentitySchema,
  ExternalSchema,
  HolderKindSchema,
  LongText,
  nullable,
  OfficerProfileSchema,
  OptionalText,
  Pem,
  RegistrationStatusSchema,
  strict,
  SupplierProfileSchema,
  Text,
  Time
} from '../schemas.ts'

/** Hex, so that no id looks like an option on a command line. */
const RegistrationId = Type.String({ pattern: '^[0-9a-f]{32}$' })

/** Two schemas in one, told apart by `kind` before the rest is looked at, so that an error names the field at fault. */
const ApplicationSchema = Type.Unsafe<Application>({
  type: 'object',
  required: ['kind'],
  discriminator: { propertyName: 'kind' },
  oneOf: [
    strict({ kind: Type.Literal('supplier'), csr: Pem, profile: SupplierProfileSchema, external: Type.Optional(ExternalSchema) }),
    strict({ kind: Type.Literal('officer'), csr: Pem, profile: OfficerProfileSchema, enrolmentCode: Type.Optional(Text) })
  ]
})

export const registrationRoutes: Routes = async (app, { context }) => {
  app.post(
    '/v1/registrations',
    {
      config: { access: 'public' },
      schema: {
        tags: ['registrations'],
        summary: '등록 신청 — apply with a PKCS#10 request; the key pair stays with the applicant',
        body: ApplicationSchema,
        response: { 201: strict({ registrationId: RegistrationId, status: RegistrationStatusSchema }) }
      }
    },
    async (request, reply) => await reply.code(201).send(await applyRegistration(context, request.body))
  )

  app.get(
    '/v1/registrations/:registrationId',
    {
      config: { access: 'public' },
      schema: {
        tags: ['registrations'],
        summary: '신청 결과 조회 — status and, once approved, the certificate',
        params: strict({ registrationId: RegistrationId }),
        response: {
          200: strict({
            registrationId: RegistrationId,
            kind: HolderKindSchema,
            status: RegistrationStatusSchema,
            reason: OptionalText,
            holderId: nullable(Text),
            certificate: nullable(Pem),
            chain: nullable(Type.Array(Pem))
          })
        }
      }
    },
    async (request) => {
      const view = await readRegistration(context, request.params.registrationId)
      const { issuingPem, rootPem } = context.platform
      return { ...view, chain: view.certificate === null ? null : [issuingPem, rootPem] }
    }
  )

  app.get(
    '/v1/registrations',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['registrations'],
        summary: '신청 목록 — applications, oldest first',
        querystring: strict({ status: Type.Optional(RegistrationStatusSchema) }),
        response: {
          200: strict({
            items: Type.Array(
              strict({
                registrationId: RegistrationId,
                kind: HolderKindSchema,
                status: RegistrationStatusSchema,
                profile: Document,
                external: nullable(ExternalIdentitySchema),
                createdAt: Time
              })
            )
          })
        }
      }
    },
    async (request) => {
      const items = await listApplications(context, request.query.status ?? 'pending')
      return {
        items: items.map(({ registrationId, kind, status, profile, external, createdAt }) => ({
          registrationId,
          kind,
          status,
          profile: { ...profile },
          external,
          createdAt: formatKst(createdAt)
        }))
      }
    }
  )

  app.post(
    '/v1/registrations/:registrationId/approval',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['registrations'],
        summary: '승인 — approve and issue the certificate',
        params: strict({ registrationId: RegistrationId }),
        body: strict({}),
        response: { 200: strict({ registrationId: RegistrationId, status: RegistrationStatusSchema, holderId: Text }) }
      }
    },
    async (request) => {
      const { registrationId } = request.params
      const { holderId } = await approveRegistration(context, officerOf(request), registrationId)
      return { registrationId, status: 'approved' as const, holderId }
    }
  )

  app.post(
    '/v1/registrations/:registrationId/rejection',
    {
      config: { access: ['platform'] },
      schema: {
        tags: ['registrations'],
        summary: '반려 — reject with a reason',
        params: strict({ registrationId: RegistrationId }),
        body: strict({ reason: LongText }),
        response: { 200: strict({ registrationId: RegistrationId, status: RegistrationStatusSchema }) }
      }
    },
    async (request) => {
      const { registrationId } = request.params
      await rejectRegistration(context, officerOf(request), { registrationId, reason: request.body.reason })
      return { registrationId, status: 'rejected' as const }
    }
  )
}
