/** A revocation list beside a record: what a certificate signed before counts, what it signed after is named. */
import t from 'tap'
import { readCertificate, fromPem } from '../../src/crypto/certificate.ts'
import { toPem } from '../../src/crypto/pem.ts'
import { verifyRecord, type VerifyReport } from '../../src/crypto/verify-record.ts'
import { parseInstant } from '../../src/domain/time.ts'
import { at } from '../support/attacks.ts'
import { makeRecord } from '../support/make-record.ts'
import { EXECUTING, holderOf, makeWorld, SUPPLIERS, WITNESS } from '../support/make-world.ts'

const [world, stranger] = await Promise.all([makeWorld(), makeWorld()])
const record = await makeRecord(world)
const issued = parseInstant('2026-12-01T00:00:00+09:00')

const serialOf = (holderId: string): string => readCertificate(fromPem(holderOf(world, holderId).certificate)).serialHex
function list (revoked: Record<string, string>, by = world): Uint8Array {
  const reason = 'keyCompromise' as const
  const entries = Object.entries(revoked).map(([id, time]) => ({ serialHex: serialOf(id), revokedAt: parseInstant(time), reason }))
  return by.authority.signCrl({ number: 1, thisUpdate: issued, nextUpdate: issued + 1, revoked: entries })
}
const { rootDer: trustedRootDer } = world.authority
const verify = async (crl: Uint8Array): Promise<VerifyReport> => await verifyRecord(structuredClone(record), { trustedRootDer, crl })

/** The supplier's first bid was superseded, so its envelope is in nobody's hands: the last one counts. */
const owner = SUPPLIERS[0]
const accepted = at(record.leaves.filter(({ supplierId }) => supplierId === owner), -1).acceptedAt
const shifted = (ms: number): string => new Date(Math.floor(parseInstant(accepted) / 1000) * 1000 + ms).toISOString()

t.test('nothing revoked, and what was revoked later', async (t) => {
  t.equal((await verify(list({}))).failure, null)
  const report = await verify(list({ [owner]: '2026-11-30T00:00:00+09:00', [EXECUTING]: '2026-11-30T00:00:00+09:00' }))
  t.equal(report.failure, null)
  t.match(at(report.steps, 1), { name: 'platform', detail: /2 certificates were revoked by 2026-12-01T00:00:00\.000\+09:00/ })
  t.equal((await verify(Buffer.from(toPem(list({}), 'X509 CRL')))).failure, null, 'PEM')
})

t.test('a bid signed after the revocation is named with its certificate', async (t) => {
  const { thumbprint } = readCertificate(fromPem(holderOf(world, owner).certificate))
  const late = await verify(list({ [owner]: shifted(-1000) }))
  t.match(late.failure, { step: 'envelopes', detail: new RegExp(`by certificate ${thumbprint} of supplier ${owner}, which was revoked at .*keyCompromise`) })
  t.equal((await verify(list({ [owner]: shifted(0) }))).failure, null, 'in the second of the revocation')
})

t.test('officers, too', async (t) => {
  t.equal((await verify(list({ [EXECUTING]: '2026-01-02T00:00:00+09:00' }))).failure?.step, 'notices')
  t.equal((await verify(list({ [WITNESS]: '2026-01-02T00:00:00+09:00' }))).failure?.step, 'joint-key')
  t.equal((await verify(list({ [EXECUTING]: '2026-11-24T11:30:00+09:00' }))).failure?.step, 'evaluations')
})

t.test('lists that do not count', async (t) => {
  t.match((await verify(list({}, stranger))).failure, { step: 'platform', detail: /not signed by the platform's issuing authority/ })
  t.match((await verify(new Uint8Array([1, 2, 3]))).failure, { step: 'platform' })
})
