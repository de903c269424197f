/** Paths to a trust anchor, over certificates and lists that OpenSSL made: the good ones, and every way in which one can be bad. */
import t, { type Test } from 'tap'
import { buildChain, CHAIN_REFUSALS, MAX_CANDIDATES, type ChainInput, type ChainRefusal } from '../../src/crypto/chain.ts'
import { readChainCertificate, type ChainCertificate } from '../../src/crypto/chain-certificate.ts'
import { AUTHORITY, LEAF, OpensslAuthorities, type Issue } from '../support/openssl-ca.ts'
import { openssl3Missing } from '../support/openssl.ts'

if (openssl3Missing !== false) {
  t.plan(0, openssl3Missing)
  process.exit(0)
}

const at = Date.parse('2026-11-24T10:00:00+09:00')
const made = new OpensslAuthorities(t.testdir())
const NAMES = { root: '/C=KR/O=한국인증/CN=Root', inter: '/C=KR/O=한국인증/CN=Intermediate', leaf: '/C=KR/O=한국인증/OU=건설/CN=홍길동(HONG)0012' }
const withLength = (length: number): string => AUTHORITY.replace('CA:TRUE', `CA:TRUE,pathlen:${length}`)

interface Party { key: string, certificate: ChainCertificate }
const root: Party = { key: 'root', certificate: made.issue(null, { key: 'root', subject: NAMES.root, extensions: AUTHORITY }) }
const authority = (by: Party | null, issue: Partial<Issue> & Pick<Issue, 'key'>): Party =>
  ({ key: issue.key, certificate: made.issue(by, { subject: NAMES.inter, extensions: AUTHORITY, ...issue }) })
const holder = (by: Party, issue: Partial<Issue> = {}): ChainCertificate => made.issue(by, { key: 'leaf', subject: NAMES.leaf, ...issue })

const inter = authority(root, { key: 'inter', extensions: withLength(0) })
const leaf = holder(inter)
const crls = [made.crl(root), made.crl(inter)]

const input: ChainInput = { leaf, intermediates: [inter.certificate], anchors: [root.certificate], crls, at }
const refusalOf = (change: Partial<ChainInput>): ChainRefusal | null => buildChain({ ...input, ...change }).refusal
const told = new Set<ChainRefusal>()
const refuses = (t: Test, reason: ChainRefusal, change: Partial<ChainInput>, name: string): void => {
  t.equal(refusalOf(change), reason, `${reason}: ${name}`)
  told.add(reason)
}

await t.test('a path, leaf first', async (t) => {
  t.same(buildChain(input).path, [leaf, inter.certificate, root.certificate])
  t.equal(leaf.subjectText, 'C=KR,O=한국인증,OU=건설,CN=홍길동(HONG)0012')
  const direct = holder(root)
  t.same(buildChain({ ...input, leaf: direct, intermediates: [] }).path, [direct, root.certificate], 'from the root itself')
  const noise = [authority(null, { key: 'other' }).certificate, leaf, root.certificate, inter.certificate]
  t.same(buildChain({ ...input, intermediates: noise }).path, [leaf, inter.certificate, root.certificate], 'among certificates of no use')
  const sha512 = holder(inter, { digest: 'sha512' })
  t.equal(refusalOf({ leaf: sha512 }), null)
  t.equal(refusalOf({ leaf: holder(inter, { extensions: `${LEAF}\ncertificatePolicies=critical,1.2.410.200004.5.1.1.7\nsubjectAltName=email:a@b.kr` }) }), null, 'policies where none is demanded')
})

await t.test('no way to an anchor', async (t) => {
  refuses(t, 'no-anchor', { anchors: [] }, 'none is trusted')
  refuses(t, 'no-anchor', { intermediates: [] }, 'the intermediate is missing')
  const twin = authority(null, { key: 'twin', subject: NAMES.root })
  refuses(t, 'issuer-mismatch', { anchors: [twin.certificate] }, 'the same name, another key')
  t.equal(refusalOf({ anchors: [twin.certificate, root.certificate] }), null, 'the right one stands beside it')
  const plain = AUTHORITY.replace('=keyid', '=none').replace('=hash', '=none')
  const noIds = authority(root, { key: 'inter', extensions: plain })
  const noIdTwin = authority(root, { key: 'twin', extensions: plain })
  const under = holder(noIds, { extensions: LEAF.replace('=keyid', '=none') })
  refuses(t, 'issuer-mismatch', { leaf: under, intermediates: [noIdTwin.certificate] }, 'the same name, another key, and no key identifier to tell')
  t.equal(refusalOf({ leaf: under, intermediates: [noIdTwin.certificate, noIds.certificate] }), null)
  const forged = (certificate: ChainCertificate): ChainCertificate =>
    readChainCertificate(certificate.der.with(-1, (certificate.der.at(-1) ?? 0) ^ 1))
  refuses(t, 'issuer-mismatch', { leaf: forged(leaf) }, "a flipped bit in the leaf's signature")
  refuses(t, 'issuer-mismatch', { intermediates: [forged(inter.certificate)] }, "and in the intermediate's")
})

await t.test('cross-signed authorities', async (t) => {
  const names = { a: '/CN=A', b: '/CN=B' }
  const [a, b] = [authority(null, { key: 'a', subject: names.a }), authority(null, { key: 'b', subject: names.b })]
  const [aByB, bByA] = [authority(b, { key: 'a', subject: names.a }), authority(a, { key: 'b', subject: names.b })]
  const ring = {
    leaf: holder(a),
    intermediates: [aByB, bByA, a, b].map(({ certificate }) => certificate),
    crls: [made.crl(a), made.crl(b), made.crl(root)]
  }
  refuses(t, 'no-anchor', { ...ring }, 'a ring that hangs on nothing')
  const bByRoot = authority(root, { key: 'b', subject: names.b })
  const path = buildChain({ ...input, ...ring, intermediates: [...ring.intermediates, bByRoot.certificate] }).path
  t.same(path, [ring.leaf, aByB.certificate, bByRoot.certificate, root.certificate], 'the way out of the ring')
  t.same(buildChain({ ...input, ...ring, anchors: [b.certificate] }).path, [ring.leaf, aByB.certificate, b.certificate])
})

await t.test('who may issue', async (t) => {
  const chain = (extensions: string): Partial<ChainInput> => {
    const party = authority(root, { key: 'inter', extensions })
    return { leaf: holder(party), intermediates: [party.certificate] }
  }
  t.equal(refusalOf(chain(AUTHORITY)), null)
  refuses(t, 'not-an-authority', chain(AUTHORITY.replace('CA:TRUE', 'CA:FALSE')), 'the CA flag is off')
  refuses(t, 'not-an-authority', chain(AUTHORITY.replace(/^basic.*\n/, '')), 'no basic constraints')
  refuses(t, 'key-usage', chain(AUTHORITY.replace('keyCertSign', 'digitalSignature')), 'no keyCertSign')
  refuses(t, 'critical-extension', chain(`${AUTHORITY}\nnameConstraints=critical,permitted;DNS:example.kr`), 'name constraints')
  refuses(t, 'critical-extension', chain(`${AUTHORITY}\n1.2.3.4=critical,DER:0500`), 'unknown and critical')
  t.equal(refusalOf(chain(`${AUTHORITY}\n1.2.3.4=DER:0500`)), null, 'unknown and not critical')
  made.key('short', 1024)
  const short = authority(root, { key: 'short' })
  refuses(t, 'weak-key', { leaf: holder(short), intermediates: [short.certificate] }, '1024 bits')
  made.key('cubic', 2048, 3)
  const cubic = authority(root, { key: 'cubic' })
  refuses(t, 'weak-key', { leaf: holder(cubic), intermediates: [cubic.certificate] }, 'exponent 3')
  const sha1 = authority(root, { key: 'inter', digest: 'sha1' })
  refuses(t, 'weak-signature', { leaf: holder(sha1), intermediates: [sha1.certificate] }, 'an intermediate by SHA-1')
})

await t.test('the length of a path', async (t) => {
  const third = authority(inter, { key: 'third', subject: '/CN=Third' })
  const below = holder(third)
  const change = { leaf: below, intermediates: [third.certificate, inter.certificate], crls: [...crls, made.crl(third)] }
  refuses(t, 'path-length', change, 'one authority more than pathLenConstraint 0 allows')
  const wide = authority(root, { key: 'inter', extensions: withLength(1) })
  t.equal(refusalOf({ ...change, intermediates: [third.certificate, wide.certificate] }), null)
  const narrow = made.issue(null, { key: 'root', subject: NAMES.root, extensions: withLength(0) })
  refuses(t, 'path-length', { anchors: [narrow] }, "the anchor's own constraint counts")
  const rollover = made.issue(inter, { key: 'new', subject: NAMES.inter, extensions: withLength(0) })
  const renewed: Party = { key: 'new', certificate: rollover }
  t.equal(refusalOf({ leaf: holder(renewed), intermediates: [rollover, inter.certificate], crls: [...crls, made.crl(renewed)] }), null, 'a self-issued one does not count')
  let last = root
  const links: Party[] = []
  for (const level of [1, 2, 3, 4, 5]) links.push(last = authority(last, { key: `level${level}`, subject: `/CN=Level ${level}` }))
  const long = (depth: number): Partial<ChainInput> => {
    const [used, end] = [links.slice(0, depth), links[depth - 1] ?? root]
    return { leaf: holder(end), intermediates: used.map(({ certificate }) => certificate), crls: [root, ...used].map((party) => made.crl(party)) }
  }
  t.equal(refusalOf(long(4)), null, 'six certificates')
  refuses(t, 'too-long', long(5), 'seven certificates')
})

await t.test('what the leaf must be', async (t) => {
  refuses(t, 'not-an-end-entity', { leaf: inter.certificate }, 'an authority')
  refuses(t, 'key-usage', { leaf: holder(inter, { extensions: LEAF.replace(',nonRepudiation', '') }) }, 'for logins alone')
  refuses(t, 'key-usage', { leaf: holder(inter, { extensions: LEAF.replace('digitalSignature,', '') }) }, 'no digitalSignature')
  refuses(t, 'key-usage', { leaf: holder(inter, { extensions: LEAF.replace(/keyUsage.*\n/, '') }) }, 'for anything')
  refuses(t, 'critical-extension', { leaf: holder(inter, { extensions: `${LEAF}\nextendedKeyUsage=critical,codeSigning` }) }, 'for code alone')
  refuses(t, 'weak-signature', { leaf: holder(inter, { digest: 'sha1' }) }, 'by SHA-1')
  refuses(t, 'weak-key', { leaf: holder(inter, { key: 'short' }) }, '1024 bits')
})

await t.test('validity, both ends included', async (t) => {
  const times = { from: '20261124010000Z', until: '20261124020000Z' }
  const short = holder(inter, times)
  const [first, last] = [Date.parse('2026-11-24T01:00:00Z'), Date.parse('2026-11-24T02:00:00Z')]
  t.same([first, last].map((instant) => refusalOf({ leaf: short, at: instant })), [null, null])
  refuses(t, 'not-yet-valid', { leaf: short, at: first - 1 }, 'the leaf')
  refuses(t, 'expired', { leaf: short, at: last + 1 }, 'the leaf')
  const brief = authority(root, { key: 'inter', until: '20261123000000Z' })
  refuses(t, 'expired', { leaf: holder(brief), intermediates: [brief.certificate] }, 'an intermediate')
  t.equal(buildChain({ ...input, leaf: holder(brief), intermediates: [brief.certificate, inter.certificate] }).path?.[1], inter.certificate, 'its renewal stands beside it')
  const old = made.issue(null, { key: 'root', subject: NAMES.root, extensions: AUTHORITY, until: '20261123000000Z' })
  refuses(t, 'expired', { anchors: [old] }, 'the anchor')
})

await t.test('revocation', async (t) => {
  const [ofRoot, ofInter] = crls
  if (ofRoot === undefined || ofInter === undefined) throw new Error('two lists')
  const { serialHex } = leaf
  const revoked = made.crl(inter, { revoked: [{ serialHex, reason: 'keyCompromise' }] })
  refuses(t, 'revoked', { crls: [ofRoot, revoked] }, 'the leaf')
  t.match(revoked.revoked.get(serialHex), { reason: 'keyCompromise', revokedAt: Date.parse('2026-11-02T00:00:00Z') })
  refuses(t, 'revoked', { crls: [made.crl(root, { revoked: [{ serialHex: inter.certificate.serialHex }] }), ofInter] }, 'the intermediate')
  t.equal(refusalOf({ crls: [ofRoot, made.crl(inter, { revoked: [{ serialHex: inter.certificate.serialHex }] })] }), null, 'another certificate')
  refuses(t, 'crl-missing', { crls: [] }, 'no list at all')
  refuses(t, 'crl-missing', { crls: [ofRoot] }, "none of the leaf's issuer")
  refuses(t, 'crl-missing', { crls: [ofInter] }, "none of the intermediate's issuer")
  const twin: Party = authority(root, { key: 'twin' })
  refuses(t, 'crl-missing', { crls: [ofRoot, made.crl(twin)] }, "in the issuer's name by another key")
  t.equal(refusalOf({ crls: [ofRoot, ofInter, made.crl(twin, { from: '20261110000000Z', revoked: [{ serialHex }] })] }), null, 'and it revokes nothing')
  const stale = { from: '20261001000000Z', until: '20261124005959Z' }
  refuses(t, 'crl-stale', { crls: [ofRoot, made.crl(inter, stale)] }, 'a second too old')
  refuses(t, 'crl-stale', { crls: [ofRoot, made.crl(inter, { from: '20261124010001Z' })] }, 'of the future')
  t.equal(refusalOf({ crls: [ofRoot, made.crl(inter, { ...stale, until: '20261124010000Z' })] }), null, 'the last second counts')
  refuses(t, 'revoked', { crls: [ofRoot, made.crl(inter, { ...stale, revoked: [{ serialHex }] })] }, 'a stale list still tells what it names')
  const newer = made.crl(inter, { from: '20261120000000Z', revoked: [{ serialHex }] })
  refuses(t, 'revoked', { crls: [ofRoot, ofInter, newer] }, 'the newest list counts')
  refuses(t, 'revoked', { crls: [newer, ofInter, ofRoot] }, 'in any order')
  const mute = authority(root, { key: 'inter', extensions: AUTHORITY.replace(',cRLSign', '') })
  refuses(t, 'crl-missing', { leaf: holder(mute), intermediates: [mute.certificate] }, 'by a key that may sign no lists')
})

await t.test('a search has an end', async (t) => {
  const twin = authority(root, { key: 'twin' }).certificate
  const twins = (count: number): ChainCertificate[] => Array<ChainCertificate>(count).fill(twin)
  t.equal(refusalOf({ intermediates: [...twins(MAX_CANDIDATES - 2), inter.certificate] }), null)
  refuses(t, 'too-many-candidates', { intermediates: [...twins(MAX_CANDIDATES), inter.certificate] }, 'issuers of one name')
})

await t.test('every refusal was seen', async (t) => {
  t.same([...told].sort(), [...CHAIN_REFUSALS].sort())
})
