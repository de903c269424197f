/** The technical part of a bid: one encoding, bound to its bid and its key, and no plaintext that makes the opening stumble. */
import fc from 'fast-check'
import t from 'tap'
import { fromBase64url, randomBytes, sha256Hex, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { bidAad, bidInfo } from '../../src/crypto/envelope.ts'
import { openBase } from '../../src/crypto/hpke.ts'
import { makeRecipientKey } from '../../src/crypto/hpke-seal.ts'
import { decodeProposal, encodeProposal, MAX_PROPOSAL_BYTES, PROPOSAL_BLOCK_BYTES, proposalBytes, proposalSha256, type ProposalContent } from '../../src/crypto/proposal.ts'
import { readTechnicalPart, sealProposal, technicalInfo } from '../../src/crypto/technical-envelope.ts'
import type { Sha256Hex, SupplierId, TenderId, Thumbprint } from '../../src/domain/ids.ts'
import type { Proposal } from '../../src/domain/technical-opening.ts'
import { holds } from '../support/holds.ts'

const binding = { tenderId: 'R26BK00000001' as TenderId, termsSha256: sha256Hex(utf8('terms')), supplierId: '1018116406' as SupplierId }
const nonce = new Uint8Array(16)
const proposal: Proposal = { summary: '수행 방안', documents: [{ name: '제안서.pdf', sha256: 'ab'.repeat(32) as Sha256Hex, sizeBytes: 123 }] }
const encode = (change: Partial<Proposal> = {}): Uint8Array => encodeProposal({ ...binding, nonce, proposal: { ...proposal, ...change } })

t.test('encoded and decoded again', (t) => {
  const bytes = encode()
  t.equal(bytes.length, PROPOSAL_BLOCK_BYTES)
  const content = decodeProposal(bytes, binding)
  t.same(content?.proposal, proposal)
  t.equal(content === null ? '' : proposalSha256(content), sha256Hex(canonicalBytes({ ...binding, nonce: toBase64url(nonce), proposal })))
  const long = encode({ summary: '가'.repeat(4_000) })
  t.equal(long.length % PROPOSAL_BLOCK_BYTES, 0)
  t.not(decodeProposal(long, binding), null)
  t.end()
})

t.test('what a proposal takes is known before it is sealed: the last byte that fits, and the first that does not', (t) => {
  const document = { name: '', sha256: 'ab'.repeat(32) as Sha256Hex, sizeBytes: 1 }
  const filled = (nameLength: number): Proposal => ({ summary: '가'.repeat(4_000), documents: Array.from({ length: 15 }, (_, i) => ({ ...document, name: 'n'.repeat(i === 0 ? nameLength : 180) })) })
  const spare = MAX_PROPOSAL_BYTES - proposalBytes(filled(1))
  t.ok(spare > 0 && spare < 199, 'a name can fill the rest')
  t.equal(encodeProposal({ ...binding, nonce, proposal: filled(1 + spare) }).length, MAX_PROPOSAL_BYTES)
  t.throws(() => encodeProposal({ ...binding, nonce, proposal: filled(2 + spare) }), { code: 'envelope-malformed' })
  t.equal(proposalBytes(filled(2 + spare)), MAX_PROPOSAL_BYTES + 1)
  t.end()
})

t.test('another bid\'s binding, and bytes that were not written by the encoder, give null', (t) => {
  const bytes = encode()
  for (const change of [{ tenderId: 'R26BK00000002' as TenderId }, { supplierId: '2208162517' as SupplierId }, { termsSha256: '0'.repeat(64) as Sha256Hex }]) {
    t.equal(decodeProposal(bytes, { ...binding, ...change }), null, Object.keys(change).join())
  }
  const length = new DataView(bytes.buffer).getUint32(0)
  const altered = (at: number, value: number): Uint8Array => {
    const copy = bytes.slice()
    copy[at] = value
    return copy
  }
  t.equal(decodeProposal(altered(bytes.length - 1, 1), binding), null, 'padding with content')
  t.equal(decodeProposal(altered(3, length % 256 - 1), binding), null, 'another length')
  t.equal(decodeProposal(bytes.subarray(0, -1), binding), null)
  t.equal(decodeProposal(new Uint8Array(bytes.length + PROPOSAL_BLOCK_BYTES), binding), null)
  t.equal(decodeProposal(new Uint8Array(MAX_PROPOSAL_BYTES + PROPOSAL_BLOCK_BYTES), binding), null)
  const content = { ...binding, nonce: toBase64url(nonce), proposal } as ProposalContent
  const raw = (value: unknown): Uint8Array => {
    const json = canonicalBytes(value)
    const whole = new Uint8Array(Math.ceil((4 + json.length) / 1024) * 1024)
    new DataView(whole.buffer).setUint32(0, json.length)
    whole.set(json, 4)
    return whole
  }
  t.not(decodeProposal(raw(content), binding), null, 'the same bytes by another hand')
  const wrong: Array<[string, unknown]> = [
    ['a member more', { ...content, more: 1 }], ['no nonce', { ...content, nonce: undefined }], ['no object', [content]],
    ['documents that are none', { ...content, proposal: { summary: '', documents: [{}] } }],
    ['a name that is blank', { ...content, proposal: { summary: '', documents: [{ ...proposal.documents[0], name: ' ' }] } }],
    ['a size below nothing', { ...content, proposal: { summary: '', documents: [{ ...proposal.documents[0], sizeBytes: -1 }] } }]
  ]
  for (const [name, value] of wrong) t.equal(decodeProposal(raw(JSON.parse(JSON.stringify(value))), binding), null, name)
  t.end()
})

t.test('no bytes make decoding throw', (t) => {
  const honest = encode()
  const altered = fc.record({ at: fc.nat(honest.length - 1), value: fc.nat(255) }).map(({ at, value }) => honest.slice().with(at, value))
  const noise = fc.oneof(fc.uint8Array({ maxLength: 3_000 }), altered)
  holds(t, fc.property(noise, (bytes) => { decodeProposal(bytes, binding) }), { numRuns: 500 })
  t.end()
})

t.test('what is too long or malformed is refused before it is sealed', (t) => {
  const refused = (change: Partial<Proposal>, field: string): void => {
    t.throws(() => encode(change), { code: 'envelope-malformed', context: { field } }, field)
  }
  refused({ summary: 'x'.repeat(4_001) }, '/proposal/summary')
  refused({ documents: [{ name: '', sha256: 'ab'.repeat(32) as Sha256Hex, sizeBytes: 1 }] }, '/proposal/documents/0/name')
  refused({ documents: [{ name: 'x', sha256: 'AB' as Sha256Hex, sizeBytes: 1 }] }, '/proposal/documents/0/sha256')
  const many = Array.from({ length: 40 }, () => ({ name: '가'.repeat(150), sha256: 'ab'.repeat(32) as Sha256Hex, sizeBytes: 1 }))
  refused({ documents: many }, '/proposal')
  t.end()
})

t.test('a seal opens with the technical key, its own info and the bid\'s aad, and with nothing else', async (t) => {
  const { privateKey, publicKey } = makeRecipientKey()
  const aad = bidAad({ supplierId: binding.supplierId, thumbprint: toBase64url(randomBytes(32)) as Thumbprint, submissionId: toBase64url(nonce) })
  const sealed = await sealProposal({ ...binding, proposal, publicKey, aad })
  t.same(readTechnicalPart(sealed, '/payload/technical'), sealed)
  const [enc, ciphertext] = [fromBase64url(sealed.enc), fromBase64url(sealed.ciphertext)]
  const info = technicalInfo({ ...binding, publicKey })
  const open = (change: object): Uint8Array | null => openBase({ privateKey, enc, info, aad, ciphertext, ...change })
  t.same(decodeProposal(open({}) ?? new Uint8Array(0), binding)?.proposal, proposal)
  t.equal(open({ info: bidInfo({ ...binding, publicKey }) }), null, 'never as a price')
  t.equal(open({ aad: randomBytes(aad.length) }), null, 'not for another submission')
  t.equal(open({ privateKey: makeRecipientKey().privateKey }), null)
  const cases: Array<[string, unknown]> = [
    ['', null], ['', []], ['/x', { ...sealed, x: 1 }], ['/enc', { ...sealed, enc: 'AA' }], ['/ciphertext', { ...sealed, ciphertext: sealed.enc }], ['/ciphertext', { enc: sealed.enc }]
  ]
  for (const [rest, value] of cases) {
    t.throws(() => readTechnicalPart(value, '/payload/technical'), { code: 'envelope-malformed', context: { field: `/payload/technical${rest}` } })
  }
})
