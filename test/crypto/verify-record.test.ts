/** The whole check on honest records, on records of another making, and on the documents of platform and officers. */
import fc from 'fast-check'
import t from 'tap'
import { toBase64url } from '../../src/crypto/bytes.ts'
import { makeHolderKey, provePossession, jointPublicKey } from '../../src/crypto/joint-key.ts'
import { signJws } from '../../src/crypto/jws.ts'
import type { TenderRecord } from '../../src/crypto/record.ts'
import { verifyRecord, VERIFY_STEPS, type VerifyStep } from '../../src/crypto/verify-record.ts'
import { sha256Hex } from '../../src/crypto/bytes.ts'
import { canonicalBytes } from '../../src/crypto/canonical-json.ts'
import { parseInstant } from '../../src/domain/time.ts'
import type { Notice } from '../../src/domain/notice.ts'
import { at, entryOf, expectFaults, swap, type Attack } from '../support/attacks.ts'
import { contributionBy, jwsDigest, kst, makeRecord, noticeIn, rechain, TENDER_ID } from '../support/make-record.ts'
import { EXECUTING, makeWorld, signerOf, sortCertificates, SUPPLIERS, WITNESS } from '../support/make-world.ts'

const [world, stranger] = await Promise.all([makeWorld(), makeWorld()])
const honest = await makeRecord(world)

t.test('an honest record passes every step', async (t) => {
  const seen: VerifyStep[] = []
  const report = await verifyRecord(structuredClone(honest), { trustedRootDer: world.authority.rootDer, onStep: (step) => { seen.push(step) } })
  t.equal(report.failure, null)
  t.equal(report.ok, true)
  t.equal(report.tenderId, TENDER_ID)
  t.same(report.steps.map(({ name }) => name), VERIFY_STEPS)
  t.same(seen, report.steps, 'steps are reported as they end')
  t.equal(report.openingSha256, entryOf(honest, 'opened').payload?.['openingSha256'])
  t.equal(report.steps.find(({ name }) => name === 'envelopes')?.checked, 3)
})

t.test('an honest record with derived prices passes', async (t) => {
  t.equal((await verifyRecord(await makeRecord(world, { derived: true }))).failure, null)
})

t.test('a record without evaluation and award passes, and says so', async (t) => {
  const record = structuredClone(honest)
  record.evaluations = []
  record.award = null
  record.ledger.splice(-2)
  const report = await verifyRecord(record)
  t.equal(report.failure, null)
  t.match(report.steps.find(({ name }) => name === 'award')?.detail, /Not decided/)
})

t.test('what is no record is refused, whatever it is', async (t) => {
  for (const value of [null, 7, 'record', [], {}, { v: 1, type: 'bongin-record' }]) {
    t.equal((await verifyRecord(value)).failure?.step, 'shape')
  }
  await expectFaults(t, honest, [
    { name: 'unknown member', alter: (r) => { Object.assign(r, { note: 'x' }) }, step: 'shape', detail: /\/note must be absent/ },
    { name: 'missing member', alter: (r) => { Reflect.deleteProperty(r, 'award') }, step: 'shape', detail: /\/award must be present/ },
    { name: 'member in a leaf', alter: (r) => { Object.assign(at(r.leaves, 0), { x: 1 }) }, step: 'shape', detail: /\/leaves\/0\/x/ },
    { name: 'local time', alter: (r) => { at(r.leaves, 0).acceptedAt = '2026-11-21T09:00:00' }, step: 'shape', detail: /\/leaves\/0\/acceptedAt/ },
    { name: 'a day that is none', alter: (r) => { at(r.leaves, 0).acceptedAt = kst('2026-02-30T09:00:00') }, step: 'shape', detail: /\/leaves\/0\/acceptedAt/ },
    { name: 'two dots too few', alter: (r) => { r.award = 'x' }, step: 'shape', detail: /\/award must be a compact JWS/ }
  ])
})

t.test('any character that is altered in any text or number of a record is noticed', async (t) => {
  const places = textsOf(honest)
  const property = fc.asyncProperty(fc.nat(places.length - 1), fc.nat(), async (index, offset) => {
    const { path, text } = at(places, index)
    const position = lettersOf(text)[offset % lettersOf(text).length]
    if (position === undefined) return
    const record = structuredClone(honest)
    const letter = text[position] === '7' ? '8' : '7'
    put(record, path, text.slice(0, position) + letter + text.slice(position + 1))
    const report = await verifyRecord(record, { trustedRootDer: world.authority.rootDer })
    if (report.ok) throw new Error(`unnoticed at /${path.join('/')} ${position}`)
  })
  await t.resolves(fc.assert(property, { seed: 20261124, numRuns: 40 }))
})

t.test('platform: the chain of trust', async (t) => {
  const trustedRootDer = world.authority.rootDer
  const other = stranger.platform
  await expectFaults(t, honest, [
    { name: 'another root', alter: () => {}, step: 'platform', detail: /not the trusted one/, options: { trustedRootDer: stranger.authority.rootDer } },
    { name: 'a whole other platform', alter: (r) => { r.platform = other }, step: 'platform', detail: /not the trusted one/, options: { trustedRootDer } },
    { name: 'a whole other platform, trusted', alter: (r) => { r.platform = other }, step: 'notices', detail: /was not issued under/ },
    { name: 'issuing authority of another root', alter: (r) => { r.platform.issuingCertificate = other.issuingCertificate }, step: 'platform', detail: /not issued/ },
    { name: 'keys by another authority', alter: (r) => { r.platform.keys = other.keys }, step: 'platform', detail: /signer of the platform's keys/ },
    { name: 'another name', alter: (r) => { r.platform.name = 'bongin.example' }, step: 'platform', detail: /platform's name/ },
    { name: 'certificates out of order', alter: (r) => { r.certificates.reverse() }, step: 'platform', detail: /out of order/ },
    { name: 'a certificate twice', alter: (r) => { r.certificates.splice(1, 0, at(r.certificates, 0)) }, step: 'platform', detail: /stands twice/ },
    {
      name: 'keys re-signed by an officer',
      alter: async (r) => { r.platform.keys = await signJws(signerOf(world, EXECUTING), 'bongin-platform-keys', payloadOf(r.platform.keys)) },
      step: 'platform',
      detail: /signer of the platform's keys/
    }
  ])
})

t.test('ledger: the chain', async (t) => {
  await expectFaults(t, honest, [
    { name: 'altered payload', alter: (r) => { entryOf(r, 'bid').payload = {} }, step: 'ledger', detail: /Ledger entry 5, \/payloadSha256/ },
    { name: 'dropped entry', alter: (r) => { r.ledger.splice(6, 1) }, step: 'ledger', detail: /Ledger entry 6, \/sequence/ },
    { name: 'swapped entries', alter: (r) => { swap(r.ledger, 5, 6) }, step: 'ledger', detail: /Ledger entry 5/ },
    { name: 'hidden payload', alter: (r) => { entryOf(r, 'bid').payload = null }, step: 'ledger', detail: /hides its payload/ },
    { name: 'altered time', alter: (r) => { entryOf(r, 'closed').at = kst('2026-11-24T10:00:01') }, step: 'ledger', detail: /hash/ },
    { name: 'altered actor', alter: (r) => { entryOf(r, 'closed').actor = 'O00000009' }, step: 'ledger', detail: /hash/ },
    { name: 'dropped first entry', alter: (r) => { r.ledger.shift() }, step: 'ledger', detail: /Ledger entry 0/ }
  ])
})

t.test('notices: signed by the executing officer, in order, under one key', async (t) => {
  const [first, second] = honest.notices.map(noticeIn) as [Notice, Notice]
  const expired = await world.certify(EXECUTING, { notBefore: parseInstant(kst('2026-11-23T00:00:00')), notAfter: parseInstant(kst('2026-12-01T00:00:00')) })
  const signed = async (edit: (notice: Notice) => void, signer = signerOf(world, EXECUTING)): Promise<string> => {
    const notice = structuredClone(second)
    edit(notice)
    return await signJws(signer, 'bongin-notice', notice)
  }
  const retermed = (edit: (terms: Notice['terms']) => void) => (notice: Notice): void => {
    edit(notice.terms)
    notice.termsSha256 = sha256Hex(canonicalBytes(notice.terms))
  }
  const attack = (name: string, make: () => Promise<string>, detail: RegExp): Attack =>
    ({ name, alter: async (r) => { r.notices[1] = await make() }, step: 'notices', detail })
  await expectFaults(t, honest, [
    { name: 'newest notice dropped', alter: (r) => { r.notices.pop() }, step: 'notices', detail: /The opening, \/termsSha256/ },
    { name: 'first notice dropped', alter: (r) => { r.notices.shift() }, step: 'notices', detail: /first notice's revision/ },
    { name: 'notices swapped', alter: (r) => { r.notices.reverse() }, step: 'notices', detail: /first notice's revision/ },
    { name: 'a notice twice', alter: (r) => { r.notices.push(at(r.notices, 1)) }, step: 'notices', detail: /Change notice 002, revision/ },
    attack('signed by the witness', async () => await signed(() => {}, signerOf(world, WITNESS)), /Signed by officer O00000002, where officer O00000001/),
    attack('signed by a supplier', async () => await signed(() => {}, signerOf(world, SUPPLIERS[0])), /Signed by supplier/),
    attack('signed with a certificate of another platform', async () => await signed(() => {}, signerOf(stranger, EXECUTING)), /not in the record/),
    attack('terms altered, digest kept', async () => await signed((n) => { n.terms.title = '다른 공사' }), /digest of its terms/),
    attack('impossible terms', async () => await signed(retermed((terms) => { terms.method = 'eligibility-review' })), /eligibilityReview/),
    attack('another committee', async () => await signed(retermed((terms) => { terms.committee.threshold = 3; terms.committee.recovery.push('O00000009' as typeof WITNESS) })), /Change notice 001, \/committee/),
    attack('older than its predecessor', async () => await signed((n) => { n.schedule.publishedAt = kst('2026-11-19T00:00:00') }), /older/),
    attack('after the closing that it moves', async () => await signed((n) => {
      n.schedule = { ...n.schedule, publishedAt: kst('2026-11-24T10:30:00'), closesAt: kst('2026-11-24T12:00:00'), opensAt: kst('2026-11-24T13:00:00') }
    }), /after the closing/),
    attack('opens before it closes', async () => await signed((n) => { n.schedule.opensAt = kst('2026-11-24T09:59:00') }), /closes before its opening/),
    attack('a key of the signer\'s choice', async () => await signed(retermed((terms) => { terms.key.publicKey = toBase64url(makeHolderKey(new Uint8Array(32)).point) })), /not the sum/),
    attack('a holder twice', async () => await signed(retermed((terms) => { terms.key.holders[2] = at(terms.key.holders, 1) })), /stands twice/),
    attack('a proof made for another tender', async () => await signed(retermed((terms) => {
      const seed = new Uint8Array(32).fill(9)
      const holder = at(terms.key.holders, 2)
      holder.point = toBase64url(makeHolderKey(seed).point)
      holder.proof = toBase64url(provePossession({ seed, tenderId: 'R26BK00000002', holderId: WITNESS }))
    })), /proof of possession/),
    {
      name: 'certificate not valid when it was published',
      alter: async (r) => {
        r.certificates = sortCertificates([...r.certificates, expired.certificate])
        r.notices[1] = await signed(() => {}, expired.signer)
      },
      step: 'notices',
      detail: /valid from/
    }
  ])
  t.equal(first.revision, '000')
})

t.test('joint key: nobody stands in for a member', async (t) => {
  const ownSeed = new Uint8Array(32).fill(3)
  const forged = async (signedBy: string): Promise<string> => await contributionBy(world, { holderId: WITNESS, role: 'witness', other: EXECUTING, signedBy, seed: ownSeed })
  await expectFaults(t, honest, [
    { name: 'contribution dropped', alter: (r) => { r.contributions.pop() }, step: 'joint-key', detail: /no contribution by O00000002/ },
    { name: 'contribution twice', alter: (r) => { r.contributions.push(at(r.contributions, 0)) }, step: 'joint-key', detail: /contributed before/ },
    { name: 'another point, signed by the member', alter: async (r) => { r.contributions[1] = await forged(WITNESS) }, step: 'joint-key', detail: /\/p(oint|roof)/ },
    { name: 'not in the ledger', alter: (r) => { entryOf(r, 'contributed', 1).payload = {}; rechain(r) }, step: 'joint-key', detail: /must name the signed act/ },
    { name: 'after the notice', alter: (r) => { entryOf(r, 'contributed', 1).at = kst('2026-11-20T09:00:01'); rechain(r) }, step: 'joint-key', detail: /came after/ },
    {
      name: 'platform and executing officer put a point of their own in the witness\'s place',
      alter: async (r) => {
        r.notices = await Promise.all(r.notices.map(async (jws) => await signJws(signerOf(world, EXECUTING), 'bongin-notice', withWitnessPoint(noticeIn(jws), ownSeed))))
        r.contributions[1] = await forged(EXECUTING)
        r.opening.termsSha256 = noticeIn(at(r.notices, 1)).termsSha256
        entryOf(r, 'contributed', 1).payload = { envelope: 'price', holderId: WITNESS, jwsSha256: jwsDigest(at(r.contributions, 1)) }
        rechain(r)
      },
      step: 'joint-key',
      detail: /Signed by officer O00000001, where officer O00000002 must sign/
    }
  ])
})

function withWitnessPoint (notice: Notice, seed: Uint8Array): Notice {
  const altered = structuredClone(notice)
  const { terms } = altered
  const holder = at(terms.key.holders, 2)
  holder.point = toBase64url(makeHolderKey(seed).point)
  holder.proof = toBase64url(provePossession({ seed, tenderId: TENDER_ID, holderId: WITNESS }))
  terms.key.publicKey = toBase64url(jointPublicKey(terms.key.holders.map(({ point }) => Buffer.from(point, 'base64url'))))
  altered.termsSha256 = sha256Hex(canonicalBytes(terms))
  return altered
}

function payloadOf (jws: string): object {
  return JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object
}

interface Place { path: string[], text: string }

/** Every text and number of the record, by path. */
function textsOf (value: unknown, path: string[] = []): Place[] {
  if (typeof value === 'string' || typeof value === 'number') return [{ path, text: String(value) }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => textsOf(member, [...path, name]))
}

function lettersOf (text: string): number[] {
  return [...text].flatMap((letter, i) => /[A-Za-z0-9]/.test(letter) ? [i] : [])
}

function put (record: TenderRecord, path: readonly string[], text: string): void {
  type Node = Record<string, unknown>
  const parent = path.slice(0, -1).reduce<Node>((node, name) => node[name] as Node, record as unknown as Node)
  const name = at(path, -1)
  parent[name] = typeof parent[name] === 'number' ? Number(text) : text
}
