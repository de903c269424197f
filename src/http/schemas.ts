/**
 * The wire's building blocks. Every object refuses unknown members, every text and list has a bound, every id and digest
 * a pattern. Routes compose these; the OpenAPI document is made from the same schemas.
 */
import { Type, type TSchema } from 'typebox'
import { MAX_AMOUNT_WON } from '../domain/bid.ts'
import {
  AGENCY_ID_PATTERN,
  OFFICER_ID_PATTERN,
  SHA256_HEX_PATTERN,
  SUPPLIER_ID_PATTERN,
  TENDER_ID_PATTERN,
  THUMBPRINT_PATTERN,
  type AgencyId,
  type OfficerId,
  type Sha256Hex,
  type SupplierId,
  type TenderId,
  type Thumbprint
} from '../domain/ids.ts'
import { ENVELOPE_KINDS } from '../domain/envelope-kind.ts'
import { MAX_UNIT_PRICES } from '../domain/form-rules.ts'
import { A_VALUE_COMPONENTS, AWARD_METHODS, LAWS, PRICE_METHODS, SUITES, TENDER_KINDS, type PriceDecimals } from '../domain/notice.ts'
import { HOLDER_KINDS, MAX_CHAIN_CERTIFICATES, OFFICER_ROLES, REGISTRATION_STATUSES } from '../domain/holder.ts'
import { OUTAGE_RULES } from '../domain/outage.ts'
import { REGIONS } from '../domain/regions.ts'
import { TENDER_STATES } from '../domain/tender.ts'

export const MAX_TEXT = 300
export const MAX_LONG_TEXT = 2_000
export const MAX_PEM = 20_000
/** A signed act other than a bid: a notice with 100 attachments fits. */
export const MAX_JWS = 200_000
export const MAX_LIST = 100

/** A string that the type system tells apart. */
const branded = <Id extends string>(pattern: string, description: string) => Type.Unsafe<Id>(Type.String({ pattern, description }))
/** One of a few words, as an enum (readable in OpenAPI). */
export const oneOf = <const Words extends readonly string[]>(words: Words) => Type.Unsafe<Words[number]>(Type.String({ enum: [...words] }))
export const strict = <Properties extends Record<string, TSchema>>(properties: Properties) =>
  Type.Object(properties, { additionalProperties: false })
export const nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])

export const TenderIdSchema = branded<TenderId>(TENDER_ID_PATTERN, '입찰공고번호')
export const SupplierIdSchema = branded<SupplierId>(SUPPLIER_ID_PATTERN, '사업자등록번호')
export const OfficerIdSchema = branded<OfficerId>(OFFICER_ID_PATTERN, '담당관 번호')
export const AgencyIdSchema = branded<AgencyId>(AGENCY_ID_PATTERN, '수요기관 코드')
export const Sha256Schema = branded<Sha256Hex>(SHA256_HEX_PATTERN, 'SHA-256, lower-case hex')
export const ThumbprintSchema = branded<Thumbprint>(THUMBPRINT_PATTERN, 'x5t#S256 of a certificate')

export const Text = Type.String({ minLength: 1, maxLength: MAX_TEXT })
export const OptionalText = Type.String({ maxLength: MAX_TEXT })
export const LongText = Type.String({ minLength: 1, maxLength: MAX_LONG_TEXT })
export const Pem = Type.String({ minLength: 1, maxLength: MAX_PEM })
export const Jws = Type.String({ minLength: 1, maxLength: MAX_JWS, pattern: '^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$' })
export const Base64url = Type.String({ minLength: 1, maxLength: MAX_JWS })
/** RFC 3339 with a zone; checked in the domain, which answers with the field. */
export const Time = Type.String({ minLength: 1, maxLength: 40, description: 'RFC 3339 with zone, e.g. 2026-11-24T10:00:00+09:00' })
/** Bounds of the wire only: the domain says what a possible amount is. */
/** In a condition: nothing below zero is ever estimated. */
export const WonCondition = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: '원' })
/** 시·도. */
export const RegionSchema = oneOf(REGIONS)
export const Won = Type.Integer({ minimum: -MAX_AMOUNT_WON, maximum: Number.MAX_SAFE_INTEGER, description: '원' })
/** An amount or price of a tender's price competition. */
export const Units = Type.Integer({ minimum: -MAX_AMOUNT_WON, maximum: Number.MAX_SAFE_INTEGER, description: '10^-decimals 원 (price.decimals of the terms)' })
export const Decimals = Type.Unsafe<PriceDecimals>(Type.Integer({ minimum: -1e9, maximum: 1e9, description: '0: 원, 2: 1/100 원' }))
export const Ppm = Type.Integer({ minimum: -1e9, maximum: 1e9, description: 'parts per million' })
export const Milli = Type.Integer({ minimum: -1e9, maximum: 1e9, description: 'thousandths' })

export const KindSchema = oneOf(TENDER_KINDS)
/** Which of a tender's keys; the price key where it is left out. */
export const EnvelopeSchema = Type.Optional(oneOf(ENVELOPE_KINDS))
export const MethodSchema = oneOf(AWARD_METHODS)
export const StateSchema = oneOf(TENDER_STATES)
export const HolderKindSchema = oneOf(HOLDER_KINDS)
export const RoleSchema = oneOf(OFFICER_ROLES)
export const RegistrationStatusSchema = oneOf(REGISTRATION_STATUSES)

export const ContactSchema = strict({
  name: Text,
  phone: Text,
  email: Type.String({ minLength: 3, maxLength: MAX_TEXT, pattern: '^[^@\\s]+@[^@\\s]+$' })
})
export const SupplierProfileSchema = strict({
  companyName: Text,
  businessNumber: Type.String({ minLength: 1, maxLength: 20 }),
  representative: Text,
  address: Text,
  contact: ContactSchema,
  linesOfBusiness: Type.Array(Text, { minItems: 1, maxItems: MAX_LIST }),
  region: Text
})
export const OfficerProfileSchema = strict({
  name: Text,
  agency: strict({ agencyId: AgencyIdSchema, name: Text }),
  roles: Type.Array(RoleSchema, { minItems: 1, maxItems: OFFICER_ROLES.length, uniqueItems: true }),
  contact: ContactSchema
})

/** A certificate of another authority, the chain above it, and a statement of its key about this request. */
export const ExternalSchema = strict({ chain: Type.Array(Pem, { minItems: 1, maxItems: MAX_CHAIN_CERTIFICATES }), proof: Jws })
/** What of it is kept and shown to officers. */
export const ExternalIdentitySchema = strict({
  subject: Type.String(),
  issuer: Type.String(),
  serialHex: Text,
  thumbprint: ThumbprintSchema,
  notAfter: Time,
  anchor: Type.String(),
  anchorThumbprint: ThumbprintSchema
})

export const SealedSchema = strict({ enc: Base64url, ciphertext: Base64url })

const priceMarks = {
  priceMarksMilli: Milli,
  slopeMilli: Milli,
  minimumPriceMarksMilli: Milli,
  flat: nullable(strict({ fromRatioPpm: Ppm, marksMilli: Milli }))
}

const PriceReferenceSchema = Type.Union([
  strict({ kind: oneOf(['planned'] as const), ratePpm: Ppm }),
  strict({ kind: oneOf(['balanced'] as const), dropHighestPpm: Ppm, dropLowestPpm: Ppm, minimumBids: Type.Integer() })
])

/** One schema for each component of the A value, all required: a missing one is refused by name. */
function perComponent<Schema extends TSchema> (schema: Schema): Record<typeof A_VALUE_COMPONENTS[number], Schema> {
  return Object.fromEntries(A_VALUE_COMPONENTS.map((name) => [name, schema])) as Record<typeof A_VALUE_COMPONENTS[number], Schema>
}

export const TenderDraftSchema = strict({
  title: Text,
  referenceNo: OptionalText,
  kind: KindSchema,
  law: oneOf(LAWS),
  method: MethodSchema,
  estimatedPriceWon: Won,
  price: strict({
    method: oneOf(PRICE_METHODS),
    decimals: Decimals,
    baseAmountWon: nullable(Units),
    rangePpm: Ppm,
    slotPlan: oneOf(['equal-15', 'upper-7', 'upper-8'] as const),
    priceUnitWon: Units,
    plannedPriceRounding: oneOf(['up-1', 'up-1000', 'down-1'] as const)
  }),
  aValue: nullable(strict(perComponent(Won))),
  floorRatePpm: Ppm,
  netCostWon: nullable(Won),
  eligibilityReview: nullable(strict({ ...priceMarks, referenceRatePpm: Ppm, capabilityMarksMilli: Milli, passMarkMilli: Milli })),
  comprehensive: nullable(strict({ ...priceMarks, reference: PriceReferenceSchema, capabilityMarksMilli: Milli, socialMarksMilli: Milli })),
  technical: nullable(strict({ marksMilli: Milli, passMarkMilli: Milli, minimumEvaluators: Type.Integer(), dropExtremes: Type.Boolean() })),
  unitPrices: Type.Array(strict({ name: Text, unit: Text, quantity: Type.Integer() }), { maxItems: MAX_UNIT_PRICES }),
  lot: nullable(strict({ noticeId: nullable(TenderIdSchema), number: Type.Integer(), count: Type.Integer() })),
  jointBids: nullable(strict({ maxMembers: Type.Integer(), minimumSharePpm: Ppm })),
  suite: oneOf(SUITES),
  eligibility: strict({ linesOfBusiness: Type.Array(Text, { maxItems: MAX_LIST }), regions: Type.Array(Text, { maxItems: MAX_LIST }) }),
  contact: ContactSchema,
  attachments: Type.Array(strict({ name: Text, sha256: Sha256Schema }), { maxItems: MAX_LIST }),
  committee: strict({
    executing: OfficerIdSchema,
    witness: OfficerIdSchema,
    recovery: Type.Array(OfficerIdSchema, { maxItems: 20 }),
    threshold: Type.Integer()
  }),
  schedule: strict({ questionsFrom: Time, questionsUntil: Time, closesAt: Time, technicalOpensAt: nullable(Time), opensAt: Time }),
  previousTenderId: nullable(TenderIdSchema),
  changeReason: Type.String({ maxLength: MAX_LONG_TEXT })
})

/** Members of a public document that has a specification of its own (docs/protocol.md). */
export const Document = Type.Unsafe<Record<string, unknown>>(Type.Object({}, { additionalProperties: true }))

const times = { closesAt: Time, technicalOpensAt: nullable(Time), opensAt: Time }
/** What an outage made of a tender's times. */
export const extensionMembers = { rule: oneOf(OUTAGE_RULES), nextWorkingDay: Type.Boolean(), previous: strict(times), ...times }
