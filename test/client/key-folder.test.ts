/** A holder's keys on disk: encrypted, private, never overwritten, and only with a certificate of their own. */
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { readCsr } from '../../src/crypto/csr.ts'
import { toPem } from '../../src/crypto/certificate.ts'
import { parseJws, signJws } from '../../src/crypto/jws.ts'
import { generateRsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'
import { verifyJws } from '../../src/crypto/jws-verify.ts'
import { readCertificate } from '../../src/crypto/certificate.ts'
import type { KeyFolderInfo } from '../../src/client/key-files.ts'
import { createKeyFolder, makeCsr, openKeyFolder, readKeyFolder, saveCertificate, updateKeyFolder, writeNew } from '../../src/client/key-folder.ts'
import { makeWorld } from '../support/make-world.ts'

const world = await makeWorld()
const passphrase = '긴 암호문 1234'
const HOLDER = 'O00000042'
const info = (kind: 'officer' | 'supplier'): KeyFolderInfo => ({
  v: 1,
  server: 'http://server.test',
  rootFingerprint: '0'.repeat(64),
  kind,
  name: '이집행',
  subject: { commonName: '이집행', organization: '조달청' },
  registrationId: null,
  holderId: null
})

function certify (csr: string, holderId = HOLDER, kind: 'officer' | 'supplier' = 'officer'): { certificate: string, chain: string[] } {
  const { publicKeySpki } = readCsr(csr)
  const notBefore = Date.parse('2026-06-01T00:00:00Z')
  const { der } = world.authority.issue({ holderId, kind, commonName: '이집행', organization: '조달청', publicKeySpki, notBefore, notAfter: notBefore + 1e10 })
  return { certificate: toPem(der, 'CERTIFICATE'), chain: [world.platform.issuingCertificate, world.platform.rootCertificate] }
}

t.test('an officer\'s folder, from the new key to a signature', async (t) => {
  const dir = join(t.testdir(), 'keys')
  const { csr } = await createKeyFolder(dir, { info: info('officer'), passphrase, bits: 2048 })
  t.same(readdirSync(dir).sort(), ['encryption.jwe', 'identity.json', 'key.p12'])
  for (const name of readdirSync(dir)) t.equal(statSync(join(dir, name)).mode & 0o777, 0o600, `${name} is the owner's alone`)
  await t.rejects(openKeyFolder(dir, passphrase), { code: 'file', message: /no certificate yet/ })

  const issued = certify(csr)
  await updateKeyFolder(dir, { registrationId: 'r1' })
  await saveCertificate(dir, { ...issued, passphrase })
  t.match(await readKeyFolder(dir), { registrationId: 'r1', holderId: HOLDER })
  t.same(readdirSync(dir).sort(), ['encryption.jwe', 'identity.json', 'key.p12'], 'nothing is left over')

  const identity = await openKeyFolder(dir, passphrase)
  t.match(identity, { holderId: HOLDER, kind: 'officer', name: '이집행' })
  t.equal(identity.encryption?.privateKey.length, 32)
  const jws = parseJws(await signJws(identity.signer, 'bongin-award', { v: 1, type: 'bongin-award' }), 'bongin-award')
  t.doesNotThrow(() => { verifyJws(jws, readCertificate(identity.certificateDer).publicKey) })
  t.equal(jws.thumbprint, identity.thumbprint)

  const renewed = certify(await makeCsr(dir, passphrase))
  await saveCertificate(dir, { ...renewed, passphrase })
  t.not((await openKeyFolder(dir, passphrase)).thumbprint, identity.thumbprint, 'a renewal keeps the key and takes the new certificate')
})

t.test('no secret is readable without the passphrase', async (t) => {
  const dir = join(t.testdir(), 'keys')
  await createKeyFolder(dir, { info: info('officer'), passphrase, bits: 2048 })
  await t.rejects(makeCsr(dir, 'wrong'), { code: 'certificate-malformed' })
  const all = readdirSync(dir).map((name) => readFileSync(join(dir, name), 'latin1')).join('')
  t.notMatch(all, /PRIVATE KEY|"d":|암호문/)
})

t.test('nothing is overwritten, and no other key\'s or holder\'s certificate is taken', async (t) => {
  const dir = join(t.testdir(), 'keys')
  const { csr } = await createKeyFolder(dir, { info: info('supplier'), passphrase, bits: 2048 })
  const before = readFileSync(join(dir, 'key.p12'))
  await t.rejects(createKeyFolder(dir, { info: info('supplier'), passphrase, bits: 2048 }), { code: 'file', message: /never overwritten/ })
  const { privateKeyPkcs8 } = await generateRsaKeyPair(2048)
  const foreign = createCsr({ privateKeyPkcs8, subject: { commonName: 'x', organization: 'y' } })
  const supplierId = '1018116406'
  await t.rejects(saveCertificate(dir, { ...certify(foreign, supplierId, 'supplier'), passphrase }), { code: 'mismatch' })
  await t.rejects(saveCertificate(dir, { ...certify(csr), passphrase }), { code: 'mismatch', message: /officer O00000042/ })
  t.same(readFileSync(join(dir, 'key.p12')), before, 'the key file is untouched')
  await saveCertificate(dir, { ...certify(csr, supplierId, 'supplier'), passphrase })
  t.equal((await openKeyFolder(dir, passphrase)).encryption, undefined, 'a supplier has no encryption key')
  await t.rejects(writeNew(join(dir, 'key.p12'), 'x'), { code: 'file', message: /nothing is overwritten/ })
})

t.test('what is no key folder is named', async (t) => {
  const dir = t.testdir()
  await t.rejects(readKeyFolder(dir), { code: 'file', message: /no identity.json/ })
  writeFileSync(join(dir, 'identity.json'), '{"v":2}')
  await t.rejects(readKeyFolder(dir), { code: 'file', message: /no key folder/ })
})
