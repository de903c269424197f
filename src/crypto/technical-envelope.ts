/**
 * The technical part (기술제안서 봉투) of a bid with two envelopes: sealed to the technical key under an `info` of its own,
 * inside the same signed envelope as the price. The `aad` is that of the price part, so that the two belong to one
 * submission of one supplier and neither can be put beside another. Runs in a browser.
 */
import { BonginError, invariant } from '../domain/errors.ts'
import { ENC_PATTERN, type Sha256Hex, type TenderId } from '../domain/ids.ts'
import type { Proposal } from '../domain/technical-opening.ts'
import { type Bytes, concat, equalBytes, fromBase64url, fromHex, randomBytes, toBase64url, utf8 } from './bytes.ts'
import { makeRecipientKey, openSealed, sealBase, SUITE_BYTES, suiteOf, TAG_BYTES } from './hpke-seal.ts'
import { type BidBinding, NONCE_BYTES } from './plaintext.ts'
import { encodeProposal, MAX_PROPOSAL_BYTES, PROPOSAL_BLOCK_BYTES } from './proposal.ts'
import type { Sealed } from './sealed.ts'

const INFO_PREFIX = utf8('bongin technical v1\0')
const ZERO = Uint8Array.of(0)
const ENC = new RegExp(ENC_PATTERN)

/** HPKE `info` of all technical parts of a tender under these terms; `publicKey` is the technical one. */
export function technicalInfo ({ tenderId, termsSha256, publicKey }: { tenderId: TenderId, termsSha256: Sha256Hex, publicKey: Uint8Array }): Bytes {
  invariant(publicKey.length === SUITE_BYTES[suiteOf(publicKey)].publicKey, 'the technical public key has a suite\'s length')
  return concat(INFO_PREFIX, utf8(tenderId), ZERO, fromHex(termsSha256), publicKey)
}

/** Seals a proposal, after the same bytes were sealed to a throw-away key and opened again. @throws as `encodeProposal`, `sealBase`. */
export async function sealProposal ({ proposal, publicKey, aad, ...binding }: BidBinding & {
  proposal: Proposal, publicKey: Uint8Array, aad: Uint8Array
}): Promise<Sealed> {
  const plaintext = encodeProposal({ ...binding, proposal, nonce: randomBytes(NONCE_BYTES) })
  const suite = suiteOf(publicKey)
  const probe = makeRecipientKey(suite)
  const probeInfo = technicalInfo({ ...binding, publicKey: probe.publicKey })
  const sealed = await sealBase({ publicKey: probe.publicKey, info: probeInfo, aad, plaintext })
  const opened = await openSealed({ suite, privateKey: probe.privateKey, ...sealed, info: probeInfo, aad })
  invariant(opened !== null && equalBytes(opened, plaintext), 'a seal made on this machine opens to what was sealed')
  const { enc, ciphertext } = await sealBase({ publicKey, info: technicalInfo({ ...binding, publicKey }), aad, plaintext })
  return { enc: toBase64url(enc), ciphertext: toBase64url(ciphertext) }
}

/** The technical member of an envelope's payload has its form. @throws BonginError `envelope-malformed`, `invalid-base64url`. */
export function readTechnicalPart (value: unknown, field: string): Sealed {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(field)
  const { enc, ciphertext, ...others } = value as Record<string, unknown>
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) throw malformed(`${field}/${unknown.replaceAll('~', '~0').replaceAll('/', '~1')}`)
  if (typeof enc !== 'string' || !ENC.test(enc)) throw malformed(`${field}/enc`)
  if (typeof ciphertext !== 'string') throw malformed(`${field}/ciphertext`)
  const sealedLength = fromBase64url(ciphertext, `${field}/ciphertext`).length - TAG_BYTES
  if (sealedLength <= 0 || sealedLength > MAX_PROPOSAL_BYTES || sealedLength % PROPOSAL_BLOCK_BYTES !== 0) throw malformed(`${field}/ciphertext`)
  return { enc, ciphertext }
}

function malformed (field: string): BonginError {
  return new BonginError('envelope-malformed', {
    field,
    detail: 'The technical part of this envelope does not have the form it should.',
    detailKo: '입찰서의 기술제안서 봉투가 형식에 맞지 않습니다.'
  })
}
