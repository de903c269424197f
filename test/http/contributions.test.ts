/**
 * What no committee member can bring to a joint key, at the server's own door: points that are none, points with torsion and
 * a proof that the plain equation would take, proofs for something else, parts of another tender, in another's name.
 */
import { createHash } from 'node:crypto'
import { ed25519, ED25519_TORSION_SUBGROUP } from '@noble/curves/ed25519.js'
import t, { type Test } from 'tap'
import { contribute, draftTender, readCeremony } from '../../src/client/ceremony.ts'
import { encryptionOf } from '../../src/client/identity.ts'
import { fromBase64url, fromHex, randomBytes, toBase64url, utf8 } from '../../src/crypto/bytes.ts'
import { makeContribution, parseContribution, type ContributionPayload } from '../../src/crypto/contribution.ts'
import { makeHolderKey, provePossession } from '../../src/crypto/joint-key.ts'
import { signJws } from '../../src/crypto/jws.ts'
import type { OfficerId, TenderId } from '../../src/domain/ids.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { expectRefusal, tokenOf, type Refusal } from '../support/refusals.ts'
import { idOf, negotiatedDraft } from '../support/two-envelopes.ts'

const { Point } = ed25519
const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 0 })
const { executing, witness, audit, platform } = cast
const tenderId = await draftTender(executing.api, draftFor(cast))
const otherTender = await draftTender(executing.api, draftFor(cast))
const twoKeys = await draftTender(executing.api, negotiatedDraft(cast))
const tokens = new Map<Actor, string>()
for (const actor of [executing, witness, audit]) tokens.set(actor, await tokenOf(app, actor.identity, platform.name))

interface Part { seed?: Uint8Array, actor?: Actor, tender?: TenderId, recipients?: Actor[], envelope?: 'price' | 'technical' }

/** An honest part of the executing officer's, unless something else is said. */
async function partOf ({
  seed = randomBytes(32), actor = executing, tender = tenderId, recipients = [witness, audit], envelope = 'price'
}: Part = {}): Promise<string> {
  return await makeContribution({
    seed,
    tenderId: tender,
    holderId: idOf(actor),
    role: actor === witness ? 'witness' : 'executing',
    envelope,
    ownEncryptionKey: encryptionOf(actor.identity).publicKey,
    recipients: recipients.map((one) => ({ holderId: idOf(one), encryptionKey: encryptionOf(one.identity).publicKey })),
    threshold: 2,
    signer: actor.identity.signer
  })
}

async function altered (jws: string, change: Partial<ContributionPayload>, { signer = executing.identity.signer } = {}): Promise<string> {
  return await signJws(signer, 'bongin-contribution', { ...parseContribution(jws).payload, ...change })
}

async function refuse (t: Test, name: string, jws: string, refusal: Refusal, { actor = executing, tender = tenderId } = {}): Promise<void> {
  await expectRefusal(t, app, { name, request: { path: `/v1/tenders/${tender}/contributions`, token: tokens.get(actor), body: { jws } }, refusal })
}
const invalid = (field: string): Refusal => ({ status: 422, code: 'contribution-invalid', field })

/** The message of a proof, spelled out here anew. */
const messageFor = (keyId: string, holderId: string): Uint8Array => utf8(`bongin key holder v1\0${keyId}\0${holderId}`)
const numberOf = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
const littleEndian = (value: bigint): Uint8Array => Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n))

/** A proof for A + T, where T has small order, made with the key of A: the cofactored equation does not see T. */
function proofWithTorsion (seed: Uint8Array, torsion: typeof Point.BASE): { point: Uint8Array, proof: Uint8Array } {
  const { secretScalar, point } = makeHolderKey(seed)
  const mixed = Point.fromBytes(point).add(torsion).toBytes()
  const r = numberOf(createHash('sha512').update(seed).digest()) % Point.Fn.ORDER
  const nonce = Point.BASE.multiply(r).toBytes()
  const message = messageFor(tenderId, idOf(executing))
  const k = numberOf(createHash('sha512').update(nonce).update(mixed).update(message).digest()) % Point.Fn.ORDER
  const proof = Uint8Array.of(...nonce, ...littleEndian((r + k * secretScalar) % Point.Fn.ORDER))
  return { point: mixed, proof }
}

t.test('points that are none', async (t) => {
  const honest = await partOf()
  const hostile: Array<[string, Uint8Array]> = [
    ['all zero', new Uint8Array(32)],
    ['all ones', new Uint8Array(32).fill(255)],
    ['not on the curve', Uint8Array.of(2, ...new Uint8Array(31))],
    ['the identity', Uint8Array.of(1, ...new Uint8Array(31))],
    ['another spelling of the identity', littleEndian(2n ** 255n - 18n)],
    ...ED25519_TORSION_SUBGROUP.map((hex, i): [string, Uint8Array] => [`small order ${i}`, fromHex(hex)])
  ]
  for (const [name, point] of hostile) await refuse(t, name, await altered(honest, { point: toBase64url(point) }), invalid('/point'))
})

t.test('a point with torsion, and a proof that the plain equation takes', async (t) => {
  const honest = await partOf()
  for (const hex of ED25519_TORSION_SUBGROUP.filter((one) => !Point.fromBytes(fromHex(one), true).is0()).slice(0, 3)) {
    const { point, proof } = proofWithTorsion(randomBytes(32), Point.fromBytes(fromHex(hex), true))
    t.equal(ed25519.verify(proof, messageFor(tenderId, idOf(executing)), point), true, 'as a signature it is good')
    await refuse(t, hex.slice(0, 8), await altered(honest, { point: toBase64url(point), proof: toBase64url(proof) }), invalid('/point'))
  }
})

t.test('proofs of something else', async (t) => {
  const seed = randomBytes(32)
  const honest = await partOf({ seed })
  const prove = (keyId: string, holderId: string, by = seed): string => toBase64url(provePossession({ seed: by, tenderId: keyId, holderId }))
  const cases: Array<[string, string]> = [
    ['by another key', prove(tenderId, idOf(executing), randomBytes(32))],
    ['for another tender', prove(otherTender, idOf(executing))],
    ['for the technical key', prove(`${tenderId}/technical`, idOf(executing))],
    ['for another holder', prove(tenderId, idOf(witness))],
    ['of zeros', toBase64url(new Uint8Array(64))]
  ]
  for (const [name, proof] of cases) await refuse(t, name, await altered(honest, { proof }), invalid('/proof'))
  // A rogue point, made to cancel the platform's out, has no known key.
  const { platform: { point } } = await readCeremony(executing.api, tenderId)
  const rogue = Point.fromBytes(makeHolderKey(seed).point).subtract(Point.fromBytes(fromBase64url(point))).toBytes()
  await refuse(t, 'a rogue point', await altered(honest, { point: toBase64url(rogue), proof: prove(tenderId, idOf(executing)) }), invalid('/proof'))
  await refuse(t, 'the platform\'s point', await altered(honest, { point, proof: prove(tenderId, idOf(executing)) }), invalid('/proof'))
})

t.test('by, or in the name of, somebody else', async (t) => {
  const honest = await partOf()
  await refuse(t, 'sent by another', honest, { status: 401, code: 'signature-invalid', field: '/protected/x5t#S256' }, { actor: witness })
  const signedByWitness = await altered(honest, {}, { signer: witness.identity.signer })
  await refuse(t, 'signed by another', signedByWitness, { status: 401, code: 'signature-invalid', field: '/protected/x5t#S256' })
  await refuse(t, 'signed and sent by the witness for the executing officer', signedByWitness, invalid('/payload/holderId'), { actor: witness })
  await refuse(t, 'another\'s id', await altered(honest, { holderId: idOf(witness) }), invalid('/payload/holderId'))
  await refuse(t, 'another\'s role', await altered(honest, { role: 'witness' }), invalid('/payload/role'))
  const byAudit = await partOf({ actor: audit, recipients: [witness, executing] })
  await refuse(t, 'a recovery officer', byAudit, { status: 403, code: 'forbidden' }, { actor: audit })
})

t.test('another committee\'s shares', async (t) => {
  const honest = await partOf()
  const { shares } = parseContribution(honest).payload
  for (const [name, changed] of [['none', []], ['one left out', shares.slice(1)], ['in another order', shares.toReversed()], ['one twice', [at(shares, 0), at(shares, 0)]]] as const) {
    await refuse(t, `shares: ${name}`, await altered(honest, { shares: [...changed] }), invalid('/payload/shares'))
  }
  await refuse(t, 'another threshold', await altered(honest, { threshold: 3 }), invalid('/payload/threshold'))
  await refuse(t, 'a key that this tender has not', await partOf({ envelope: 'technical' }), invalid('/payload/envelope'))
})

t.test('used before: for another tender, by another holder, for the other key, by the same member', async (t) => {
  const seed = randomBytes(32)
  const first = await partOf({ seed })
  t.equal((await executing.api.post<{ complete: boolean }>(`/v1/tenders/${tenderId}/contributions`, { jws: first })).complete, false)
  const exists: Refusal = { status: 409, code: 'contribution-exists' }
  await refuse(t, 'the same again', first, exists)
  await refuse(t, 'another of the same member', await partOf(), exists)
  await refuse(t, 'sent to another tender', first, invalid('/payload/tenderId'), { tender: otherTender })
  await refuse(t, 'relabelled for another tender', await altered(first, { tenderId: otherTender }), invalid('/proof'), { tender: otherTender })
  await refuse(t, 'its key proven anew for another tender', await partOf({ seed, tender: otherTender }), exists, { tender: otherTender })
  await refuse(t, 'its key taken by the witness', await partOf({ seed, actor: witness, recipients: [executing, audit] }), exists, { actor: witness })
  const both = randomBytes(32)
  await executing.api.post(`/v1/tenders/${twoKeys}/contributions`, { jws: await partOf({ seed: both, tender: twoKeys }) })
  await refuse(t, 'one seed for both keys', await partOf({ seed: both, tender: twoKeys, envelope: 'technical' }), exists, { tender: twoKeys })
  const relabelled = await altered(await partOf({ tender: twoKeys }), { envelope: 'technical' })
  await refuse(t, 'a part of one key for the other', relabelled, invalid('/proof'), { tender: twoKeys })
})

t.test('the honest witness completes the key', async (t) => {
  const { api, identity } = witness
  t.equal((await contribute(api, platform, { identity, tenderId, now: app.clock.now() })).complete, true)
  const holders = (await readCeremony(api, tenderId)).contributions.map((text) => parseContribution(text).payload.holderId)
  t.same(holders, [idOf(executing), identity.holderId as OfficerId])
})
