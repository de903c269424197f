/** The opening desk: reveals and recovery shares. */
import { Type, type Static } from 'typebox'
import { formatKst } from '../../domain/time.ts'
import { openIfReady } from '../../services/open-tender.ts'
import { openTechnicalIfReady } from '../../services/technical/open-technical.ts'
import { ENVELOPE_KINDS, type EnvelopeKind } from '../../domain/envelope-kind.ts'
import { revealSeed } from '../../services/reveal-seed.ts'
import { revealShare } from '../../services/reveal-share.ts'
import { readOpeningStatus, readOwnKey, readOwnShares, type HolderStatus } from '../../services/reveals.ts'
import type { TenderId } from '../../domain/ids.ts'
import { COMMITTEE_SEATS } from '../../domain/notice.ts'
import { officerOf } from '../auth.ts'
import type { Routes } from '../server.ts'
import {
  Base64url,
  EnvelopeSchema,
  nullable,
  OfficerIdSchema,
  oneOf,
  SealedSchema,
  StateSchema,
  strict,
  TenderIdSchema,
  Text,
  Time
} from '../schemas.ts'

const params = strict({ tenderId: TenderIdSchema })
const Holders = Type.Array(strict({ holderId: Text, role: Text, revealed: Type.Boolean(), shares: Type.Integer(), threshold: Type.Integer() }))
const TechnicalStatusSchema = strict({ opensAt: Time, holders: Holders, opened: Type.Boolean(), evaluated: Type.Boolean() })
const Share = strict({ ownerId: OfficerIdSchema, envelope: oneOf(ENVELOPE_KINDS), enc: Base64url, ciphertext: Base64url })
const Revealed = strict({ holders: Holders, opening: Type.Boolean() })

export const openingRoutes: Routes = async (app, { context }) => {
  /** The opening runs on; the answer does not wait for it. */
  const startOpening = ({ tenderId, envelope, holders }: {
    tenderId: TenderId, envelope: EnvelopeKind, holders: HolderStatus[]
  }): Static<typeof Revealed> => {
    const opening = holders.every(({ role, revealed }) => role === 'platform' || revealed)
    if (opening) {
      const open = envelope === 'technical' ? openTechnicalIfReady : openIfReady
      open(context, tenderId).catch((error: unknown) => {
        context.reportError(error, `${envelope} opening of ${tenderId}`)
      })
    }
    return { holders, opening }
  }

  app.get(
    '/v1/tenders/:tenderId/key',
    {
      config: { access: ['executing', 'witness'] },
      schema: {
        tags: ['openings'],
        summary: "봉인된 내 시드 — the caller's own seed, sealed to its encryption key",
        params,
        querystring: strict({ envelope: EnvelopeSchema }),
        response: { 200: strict({ holderId: OfficerIdSchema, wrappedSeed: SealedSchema }) }
      }
    },
    async (request) => {
      const caller = officerOf(request)
      const { envelope = 'price' } = request.query
      return { holderId: caller.holderId, wrappedSeed: await readOwnKey(context, caller, { tenderId: request.params.tenderId, envelope }) }
    }
  )

  app.post(
    '/v1/tenders/:tenderId/reveals',
    {
      config: { access: ['executing', 'witness'] },
      schema: {
        tags: ['openings'],
        summary: '키 공개 — reveal the own seed, from the opening time on',
        params,
        body: strict({ seed: Base64url, envelope: EnvelopeSchema }),
        response: { 200: Revealed }
      }
    },
    async (request) => {
      const { tenderId } = request.params
      const { seed, envelope = 'price' } = request.body
      return startOpening({ tenderId, envelope, holders: await revealSeed(context, officerOf(request), { tenderId, envelope, seed }) })
    }
  )

  app.get(
    '/v1/tenders/:tenderId/shares',
    {
      config: { access: COMMITTEE_SEATS },
      schema: {
        tags: ['openings'],
        summary: '내 복구 조각 — recovery shares sealed to the caller',
        params,
        response: { 200: strict({ shares: Type.Array(Share) }) }
      }
    },
    async (request) => ({ shares: await readOwnShares(context, officerOf(request), request.params.tenderId) })
  )

  app.post(
    '/v1/tenders/:tenderId/share-reveals',
    {
      config: { access: COMMITTEE_SEATS },
      schema: {
        tags: ['openings'],
        summary: "복구 조각 공개 — a share of a missing member's seed, from the opening time on",
        params,
        body: strict({ ownerId: OfficerIdSchema, share: Base64url, envelope: EnvelopeSchema }),
        response: { 200: Revealed }
      }
    },
    async (request) => {
      const { tenderId } = request.params
      const { envelope = 'price', ...share } = request.body
      return startOpening({ tenderId, envelope, holders: await revealShare(context, officerOf(request), { tenderId, envelope, ...share }) })
    }
  )

  app.get(
    '/v1/tenders/:tenderId/opening-status',
    {
      config: { access: COMMITTEE_SEATS },
      schema: {
        tags: ['openings'],
        summary: '개찰 현황 — who has revealed, who is missing',
        params,
        response: {
          200: strict({ state: StateSchema, serverTime: Time, opensAt: Time, holders: Holders, technical: nullable(TechnicalStatusSchema) })
        }
      }
    },
    async (request) => {
      const { tender, holders, technical } = await readOpeningStatus(context, officerOf(request), request.params.tenderId)
      return {
        state: tender.state,
        serverTime: formatKst(context.clock.now()),
        opensAt: formatKst(tender.opensAt),
        holders,
        technical: technical === null ? null : { ...technical, opensAt: formatKst(technical.opensAt) }
      }
    }
  )
}
