/**
 * A supplier's client written from docs/protocol.md and /openapi.json alone, with other libraries than the server's: it imports
 * nothing of this repository but its second half, second-record.mjs. It shows that the document says enough, and a test holds it to that.
 *
 *   node second-client.mjs register <url> <folder> <businessNumber>       prints the registration's id, waits for the approval
 *   node second-client.mjs bid <url> <folder> <tenderId> <won> <pick> <pick>
 *   node second-client.mjs verify <url> <folder> <tenderId>               receipt, inclusion, record, own row; prints the row
 *
 * `--root <hex>` is the SHA-256 of the root certificate's DER, known from elsewhere. `--spoil aad` seals as a wrong client would.
 */
import { createHash, createPrivateKey, generateKeyPairSync, randomBytes, X509Certificate } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ed25519 } from '@noble/curves/ed25519.js'
import canonicalize from 'canonicalize'
import * as HPKE from 'hpke'
import { CompactSign, compactVerify, importJWK } from 'jose'
import forge from 'node-forge'
import { checkInclusion, readCheckpoint, recomputeRow } from './second-record.mjs'

const SUITE = new HPKE.CipherSuite(HPKE.KEM_DHKEM_X25519_HKDF_SHA256, HPKE.KDF_HKDF_SHA256, HPKE.AEAD_ChaCha20Poly1305)
/** How often the registration is asked for, and how long between two questions. */
const APPROVAL_POLLS = 600
const APPROVAL_POLL_MS = 100

const utf8 = (text) => Buffer.from(text, 'utf8')
const sha256 = (bytes) => createHash('sha256').update(bytes).digest()
const base64url = (bytes) => Buffer.from(bytes).toString('base64url')
const raw = (text) => Buffer.from(text, 'base64url')
const join0 = (...parts) => Buffer.concat(parts.flatMap((part, i) => i === 0 ? [part] : [Buffer.of(0), part]))

function demand (holds, what) {
  if (!holds) throw new Error(`refused: ${what}`)
}

async function call (url, { token, json, jose } = {}) {
  const body = jose ?? (json && JSON.stringify(json))
  const headers = {
    ...(token && { authorization: `Bearer ${token}` }),
    ...(body && { 'content-type': jose === undefined ? 'application/json' : 'application/jose' })
  }
  const answer = await fetch(url, { method: body === undefined ? 'GET' : 'POST', headers, body })
  const value = await answer.json()
  demand(answer.ok, `${answer.status} ${value.code} ${value.detail}`)
  return { ...value, serverTime: answer.headers.get('bongin-time') }
}

// --- §2, §3: signed statements and who signed them

const thumbprintOf = (certificate) => base64url(sha256(certificate.raw))
const part = (certificate, name) => certificate.subject.split('\n').find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1)

/** The statement's payload, if this certificate signed it: header as text, payload canonical, `v` and `type` right. */
async function readStatement (jws, type, certificate) {
  const header = JSON.stringify({ alg: 'RS256', typ: `${type}+jws`, 'x5t#S256': thumbprintOf(certificate) })
  return await readJws(jws, { type, header, key: certificate.publicKey })
}

async function readJws (jws, { type, header, key }) {
  demand(raw(jws.split('.')[0]).toString('utf8') === header, `${type}: the header has another spelling`)
  const { payload } = await compactVerify(jws, key)
  const value = JSON.parse(Buffer.from(payload).toString('utf8'))
  demand(canonicalize(value) === Buffer.from(payload).toString('utf8'), `${type}: not canonical`)
  demand(value.v === 1 && value.type === type, `${type}: another statement`)
  return value
}

/** Root → issuing authority → certificate where there is one, all valid at the instant. */
function trust ({ root, issuing }, certificate, at) {
  for (const [child, parent] of [[root, root], [issuing, root], ...(certificate === null ? [] : [[certificate, issuing]])]) {
    demand(child.checkIssued(parent) && child.verify(parent.publicKey) && parent.ca, 'a certificate was not issued by this authority')
    demand(child.validFromDate.getTime() <= at && at <= child.validToDate.getTime(), 'a certificate is not valid at that time')
  }
}

function signerOf (jws) {
  return JSON.parse(raw(jws.split('.')[0]).toString('utf8'))['x5t#S256']
}

async function fetchPlatform (url, rootSha256) {
  const answer = await call(`${url}/v1/platform`)
  const authorities = { root: new X509Certificate(answer.rootCertificate), issuing: new X509Certificate(answer.issuingCertificate) }
  demand(sha256(authorities.root.raw).toString('hex') === rootSha256, 'another root certificate')
  trust(authorities, null, Date.parse(answer.serverTime))
  const keys = await readStatement(answer.keys, 'bongin-platform-keys', authorities.issuing)
  for (const { kid, publicKey } of [keys.receiptKey, keys.checkpointKey]) {
    demand(kid === base64url(sha256(raw(publicKey)).subarray(0, 8)), 'a kid is not its key\'s')
  }
  return { ...authorities, ...keys, serverTime: Date.parse(answer.serverTime) }
}

// --- §3, §4: registration and login

function makeCsr (privateKeyPem, { commonName, organization, serialNumber }) {
  const request = forge.pki.createCertificationRequest()
  const privateKey = forge.pki.privateKeyFromPem(privateKeyPem)
  request.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e)
  const attribute = (name, value) => ({ name, value, valueTagClass: forge.asn1.Type.UTF8 })
  request.setSubject([attribute('organizationName', organization), attribute('commonName', commonName), attribute('serialNumber', serialNumber)])
  request.sign(privateKey, forge.md.sha256.create())
  return forge.pki.certificationRequestToPem(request)
}

async function register ({ url, folder, args: [businessNumber] }) {
  mkdirSync(folder, { recursive: true })
  const privateKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' })
  writeFileSync(join(folder, 'key.pem'), privateKey)
  const profile = {
    companyName: '둘째상사',
    businessNumber,
    representative: '한둘째',
    address: '부산광역시',
    linesOfBusiness: ['0001'],
    region: '부산광역시',
    contact: { name: '한둘째', phone: '051-000-0000', email: 'second@example.kr' }
  }
  const csr = makeCsr(privateKey, { commonName: profile.representative, organization: profile.companyName, serialNumber: businessNumber })
  const { registrationId } = await call(`${url}/v1/registrations`, { json: { kind: 'supplier', csr, profile } })
  console.log(registrationId)
  for (let poll = 0; poll < APPROVAL_POLLS; poll++) {
    const { status, certificate } = await call(`${url}/v1/registrations/${registrationId}`)
    demand(status !== 'rejected', 'the registration was rejected')
    if (status === 'approved') return writeFileSync(join(folder, 'certificate.pem'), certificate)
    await wait(APPROVAL_POLL_MS)
  }
  throw new Error('refused: nobody approved in time')
}

function readIdentity (folder) {
  const certificate = new X509Certificate(readFileSync(join(folder, 'certificate.pem')))
  const key = createPrivateKey(readFileSync(join(folder, 'key.pem')))
  const sign = async (type, members) => await new CompactSign(utf8(canonicalize({ v: 1, type, ...members })))
    .setProtectedHeader({ alg: 'RS256', typ: `${type}+jws`, 'x5t#S256': thumbprintOf(certificate) }).sign(key)
  return { certificate, sign, supplierId: part(certificate, 'serialNumber') }
}

async function logIn (url, { certificate, sign }, platform) {
  const { challenge } = await call(`${url}/v1/sessions/challenges`, { json: { thumbprint: thumbprintOf(certificate) } })
  return (await call(`${url}/v1/sessions`, { json: { jws: await sign('bongin-session', { challenge, platform: platform.name }) } })).token
}

// --- §6, §7, §9: the notice

function checkJointKey (key, keyId) {
  demand(key.suite === '0020-0001-0003' && key.holders.length === 3, 'another suite or number of holders')
  let sum = ed25519.Point.ZERO
  for (const { holderId, point, proof } of key.holders) {
    const A = ed25519.Point.fromBytes(raw(point))
    demand(!A.isSmallOrder() && A.isTorsionFree(), 'a point is not in the group')
    const message = join0(utf8('bongin key holder v1'), utf8(keyId), utf8(holderId))
    demand(ed25519.verify(raw(proof), message, raw(point), { zip215: false }), `${holderId} has no proof`)
    sum = sum.add(A)
  }
  demand(base64url(ed25519.utils.toMontgomery(sum.toBytes())) === key.publicKey, 'the public key is not the sum of the points')
}

/** The notice in force, after every check that §9 asks for before sealing. */
async function readNotice (tender, platform, tenderId) {
  const certificates = new Map(tender.certificates.map((pem) => {
    const certificate = new X509Certificate(pem)
    return [thumbprintOf(certificate), certificate]
  }))
  const signedBy = async (jws, type, officerId, at) => {
    const certificate = certificates.get(signerOf(jws))
    demand(certificate !== undefined, `${type}: the signer's certificate is missing`)
    demand(part(certificate, 'OU') === 'officer' && part(certificate, 'serialNumber') === officerId, `${type}: not signed by ${officerId}`)
    trust(platform, certificate, at)
    return await readStatement(jws, type, certificate)
  }
  const payloadOf = (jws) => JSON.parse(raw(jws.split('.')[1]).toString('utf8'))
  const notices = []
  for (const [index, jws] of tender.notices.entries()) {
    const { terms: { committee }, schedule: { publishedAt } } = payloadOf(jws)
    const notice = await signedBy(jws, 'bongin-notice', committee.executing, Date.parse(publishedAt))
    demand(notice.revision === String(index).padStart(3, '0') && notice.terms.tenderId === tenderId, 'another notice')
    demand(sha256(canonicalize(notice.terms)).toString('hex') === notice.termsSha256, 'the terms have another digest')
    notices.push(notice)
    const first = notices[0].terms
    demand(canonicalize([notice.terms.key, committee]) === canonicalize([first.key, first.committee]), 'another key or committee')
  }
  const { terms: { key, committee } } = notices[0]
  checkJointKey(key, tenderId)
  const holderIds = key.holders.map(({ holderId }) => holderId).sort()
  demand(canonicalize(holderIds) === canonicalize(['platform', committee.executing, committee.witness].sort()), 'other holders')
  for (const role of ['executing', 'witness']) {
    const holder = key.holders.find((one) => one.role === role && one.holderId === committee[role])
    demand(holder !== undefined, `no ${role} holder`)
    const jws = tender.contributions.find((one) => payloadOf(one).holderId === holder.holderId && payloadOf(one).envelope === 'price')
    demand(jws !== undefined, `${holder.holderId} has not contributed`)
    const contribution = await signedBy(jws, 'bongin-contribution', committee[role], Date.parse(notices[0].schedule.publishedAt))
    demand(contribution.tenderId === tenderId && contribution.role === role, 'a contribution to another key')
    demand(contribution.point === holder.point && contribution.proof === holder.proof, 'a member contributed another point')
  }
  return notices.at(-1)
}

// --- §5, §9, §10: the bid

function makePlaintext ({ won, picks, supplierId, tenderId, termsSha256 }) {
  const json = utf8(canonicalize({ nonce: base64url(randomBytes(16)), supplierId, tenderId, termsSha256 }))
  const plaintext = Buffer.alloc(Math.ceil((16 + json.length) / 1024) * 1024)
  plaintext.set([1, 1, ...picks])
  plaintext.writeBigUInt64BE(BigInt(won), 4)
  plaintext.writeUInt32BE(json.length, 12)
  plaintext.set(json, 16)
  return plaintext
}

export const infoOf = ({ tenderId, termsSha256, publicKey }) =>
  join0(utf8('bongin bid v1'), utf8(tenderId), Buffer.concat([Buffer.from(termsSha256, 'hex'), raw(publicKey)]))
export const aadOf = ({ supplierId, thumbprint, submissionId }) =>
  join0(utf8('bongin aad v1'), utf8(supplierId), Buffer.concat([raw(thumbprint), raw(submissionId)]))

async function probe (plaintext, sealing) {
  const throwAway = await SUITE.GenerateKeyPair()
  const { encapsulatedSecret, ciphertext } = await SUITE.Seal(throwAway.publicKey, plaintext, sealing)
  demand(plaintext.equals(await SUITE.Open(throwAway, encapsulatedSecret, ciphertext, sealing)), 'sealing is broken on this machine')
}

async function bid ({ url, folder, root, spoil, args: [tenderId, won, ...picks] }) {
  const [platform, identity] = [await fetchPlatform(url, root), readIdentity(folder)]
  const token = await logIn(url, identity, platform)
  const notice = await readNotice(await call(`${url}/v1/tenders/${tenderId}`), platform, tenderId)
  const [{ supplierId }, { termsSha256, terms }] = [identity, notice]
  const [thumbprint, submissionId, publicKey] = [thumbprintOf(identity.certificate), base64url(randomBytes(16)), terms.key.publicKey]
  const plaintext = makePlaintext({ won, picks: picks.map(Number), supplierId, tenderId, termsSha256 })
  const aad = aadOf({ supplierId, thumbprint, submissionId: spoil === 'aad' ? base64url(randomBytes(16)) : submissionId })
  const sealing = { info: infoOf({ tenderId, termsSha256, publicKey }), aad }
  await probe(plaintext, sealing)
  const { encapsulatedSecret, ciphertext } = await SUITE.Seal(await SUITE.DeserializePublicKey(raw(publicKey)), plaintext, sealing)
  const clientTime = new Date(platform.serverTime + 9 * 3_600_000).toISOString().replace('Z', '+09:00')
  const sealed = { enc: base64url(encapsulatedSecret), ciphertext: base64url(ciphertext) }
  const jose = await identity.sign('bongin-bid', { tenderId, termsSha256, supplierId, submissionId, ...sealed, clientTime })
  const { receipt } = await call(`${url}/v1/tenders/${tenderId}/bids`, { token, jose })
  await readReceipt(receipt, platform, { tenderId, supplierId, jws: jose })
  writeFileSync(join(folder, `${tenderId}.json`), JSON.stringify({ jws: jose, receipt, won: Number(won) }))
  console.log(sha256(jose).toString('hex'))
}

async function readReceipt (jws, { receiptKey: { kid, publicKey } }, bid) {
  const header = JSON.stringify({ alg: 'Ed25519', kid, typ: 'bongin-receipt+jws' })
  const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', x: publicKey }, 'Ed25519')
  const receipt = await readJws(jws, { type: 'bongin-receipt', header, key })
  demand(receipt.tenderId === bid.tenderId && receipt.supplierId === bid.supplierId, 'a receipt for another bid')
  demand(receipt.envelopeSha256 === sha256(bid.jws).toString('hex'), 'a receipt for another envelope')
  return receipt
}

async function verify ({ url, folder, root, args: [tenderId] }) {
  const [platform, identity] = [await fetchPlatform(url, root), readIdentity(folder)]
  const token = await logIn(url, identity, platform)
  const kept = JSON.parse(readFileSync(join(folder, `${tenderId}.json`), 'utf8'))
  const receipt = await readReceipt(kept.receipt, platform, { tenderId, supplierId: identity.supplierId, jws: kept.jws })
  const inclusion = await call(`${url}/v1/tenders/${tenderId}/bids/mine/inclusion`, { token })
  const checkpoint = readCheckpoint(inclusion.checkpoint, platform, tenderId)
  checkInclusion({ ...inclusion, ...checkpoint, leafData: utf8(canonicalize(receipt)) })
  const record = await call(`${url}/v1/tenders/${tenderId}/record`)
  demand(record.checkpoint === inclusion.checkpoint, 'the record has another checkpoint')
  demand(record.envelopes[inclusion.leafIndex] === kept.jws, 'the record has another envelope')
  const notice = await readNotice(record, platform, tenderId)
  console.log(JSON.stringify(await recomputeRow(record, { notice, supplierId: identity.supplierId, SUITE, infoOf, aadOf })))
}

const { values: { root, spoil }, positionals: [command, url, folder, ...args] } = parseArgs({
  options: { root: { type: 'string' }, spoil: { type: 'string' } }, allowPositionals: true
})
const run = { register, bid, verify }[command]
demand(run !== undefined, 'no such command')
await run({ url, folder, root, spoil, args })
