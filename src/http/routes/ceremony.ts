/** The key ceremony before a notice: the committee's parts of the joint key, and the agency's own prices sealed under it. */
import { Type } from 'typebox'
import { COMMITTEE_SEATS } from '../../domain/notice.ts'
import { contributeKey, readCeremony, sealAgencyPrices } from '../../services/contribute-key.ts'
import { officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  Base64url,
  Document,
  Jws,
  nullable,
  OfficerIdSchema,
  oneOf,
  Pem,
  SealedSchema,
  Sha256Schema,
  StateSchema,
  strict,
  TenderIdSchema,
  Text
} from '../schemas.ts'

const params = strict({ tenderId: TenderIdSchema })
const keyPart = { point: Base64url, proof: Base64url, mlKemKey: Base64url }

export const ceremonyRoutes: Routes = async (app, { context }) => {
  app.get(
    '/v1/tenders/:tenderId/ceremony',
    {
      config: { access: COMMITTEE_SEATS },
      schema: {
        tags: ['notices'],
        summary: '키 생성 절차 — what each member needs for its part of the joint key',
        params,
        response: {
          200: strict({
            tenderId: TenderIdSchema,
            state: StateSchema,
            draft: nullable(Document),
            platform: strict({ holderId: Text, ...keyPart, technical: nullable(strict(keyPart)) }),
            members: Type.Array(
              strict({ officerId: OfficerIdSchema, role: oneOf(COMMITTEE_SEATS), name: Text, certificate: Pem, encryptionKey: nullable(Jws) })
            ),
            contributions: Type.Array(Jws),
            sealedPrices: nullable(SealedSchema)
          })
        }
      }
    },
    async (request) => {
      const { tender, members, contributions } = await readCeremony(context, officerOf(request), request.params.tenderId)
      return {
        tenderId: tender.tenderId,
        state: tender.state,
        draft: tender.draft === null ? null : { ...tender.draft },
        platform: {
          holderId: 'platform',
          point: tender.platformPoint,
          proof: tender.platformProof,
          mlKemKey: tender.platformMlKemKey,
          technical: tender.technicalPoint === null || tender.technicalProof === null || tender.technicalMlKemKey === null
            ? null
            : { point: tender.technicalPoint, proof: tender.technicalProof, mlKemKey: tender.technicalMlKemKey }
        },
        members: members.map(({ officer, seat, certificatePem }) => ({
          officerId: officer.officerId,
          role: seat,
          name: officer.profile.name,
          certificate: certificatePem,
          encryptionKey: officer.encryptionKeyJws
        })),
        contributions,
        sealedPrices: tender.sealedPrices
      }
    }
  )

  app.post(
    '/v1/tenders/:tenderId/contributions',
    {
      config: { access: ['executing', 'witness'] },
      schema: {
        tags: ['notices'],
        summary: "키 제출 — a member's signed part of the joint key",
        params,
        body: strict({ jws: Jws }),
        response: { 201: strict({ holderId: OfficerIdSchema, complete: Type.Boolean() }) }
      }
    },
    async (request, reply) => {
      const caller = officerOf(request)
      const { complete } = await contributeKey(context, caller, { tenderId: request.params.tenderId, jws: request.body.jws })
      return await reply.code(201).send({ holderId: caller.holderId, complete })
    }
  )

  app.put(
    '/v1/tenders/:tenderId/sealed-prices',
    {
      config: { access: ['executing'] },
      schema: {
        tags: ['notices'],
        summary: "예비가격 봉인 제출 — the agency's own prices, sealed under the joint key",
        params,
        body: SealedSchema,
        response: { 200: strict({ sealedPricesSha256: Sha256Schema }) }
      }
    },
    async (request) => ({
      sealedPricesSha256: await sealAgencyPrices(context, officerOf(request), { tenderId: request.params.tenderId, ...request.body })
    })
  )
}
