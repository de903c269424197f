/**
 * The seam between Node and browser (`src/crypto/platform/`): what the client and the verifier compute in a real browser, out
 * of a bundle without a module of Node's, under the pages' own policy, is what they compute in Node on the same input, refusals
 * included.
 */
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import forge from 'node-forge'
import t, { type Test } from 'tap'
import { encodeDer } from '../../src/crypto/asn1.ts'
import { fromPem, thumbprintOf } from '../../src/crypto/certificate.ts'
import { createCsr } from '../../src/crypto/csr-builder.ts'
import { fromHex, toHex } from '../../src/crypto/bytes.ts'
import { signReceipt } from '../../src/crypto/receipt-signing.ts'
import { generateRsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'
import type { Sha256Hex, SupplierId } from '../../src/domain/ids.ts'
import { SUITE_X25519, SUITE_XWING } from '../../src/domain/notice.ts'
import { PAGE_POLICY } from '../../src/portal/render.ts'
import { browserMissing, openBrowser } from '../support/browser.ts'
import { seam, type HashCase, type Seam } from '../support/browser-seam.ts'
import { makeRecord, TENDER_ID } from '../support/make-record.ts'
import { makeWorld, SUPPLIERS } from '../support/make-world.ts'
import { signAgain, TBS } from '../support/pki.ts'

const ROOT = new URL('../../', import.meta.url).pathname
const ORIGIN = 'http://localhost:9'
/** What a page loads at once may have this many bytes as it is sent, compressed. */
const MAX_FIRST_LOAD_BYTES = 150_000

async function bundle (contents: string): Promise<Map<string, Uint8Array>> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: ROOT, sourcefile: 'entry.ts', loader: 'ts' },
    entryNames: 'entry',
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    platform: 'browser',
    write: false,
    outdir: '/',
    logLevel: 'silent'
  })
  return new Map(outputFiles.map(({ path, contents }) => [path, contents]))
}

/** The entry and what it imports at once; what it may import later stays out. */
function firstLoad (files: ReadonlyMap<string, Uint8Array>): { minified: number, gzipped: number } {
  const loaded = new Set<string>()
  const load = (path: string): void => {
    if (loaded.has(path)) return
    loaded.add(path)
    const text = new TextDecoder().decode(files.get(path))
    for (const [, name] of text.matchAll(/(?:from|import)"\.(\/[\w.-]+\.js)"/g)) load(name ?? '')
  }
  load('/entry.js')
  const all = [...loaded].map((path) => files.get(path) ?? new Uint8Array())
  return { minified: all.reduce((sum, { length }) => sum + length, 0), gzipped: all.reduce((sum, bytes) => sum + gzipSync(bytes).length, 0) }
}

t.test('both sides of the seam have the same names', async (t) => {
  const [node, browser] = ['node', 'browser'].map((side) => readdirSync(`${ROOT}src/crypto/platform/${side}`).sort()) as [string[], string[]]
  t.same(node.filter((name) => !browser.includes(name)), [], 'every file has its counterpart')
  for (const name of node) {
    const [one, other] = await Promise.all(['node', 'browser'].map(async (side) =>
      Object.keys(await import(`${ROOT}src/crypto/platform/${side}/${name}`) as object).sort()))
    t.same(one, other, name)
  }
})

t.test('every part of the client that a page may use bundles without a module of Node\'s, and is small', async (t) => {
  const parts = ['bids', 'ceremony', 'cosigning', 'feed', 'openings', 'outages', 'platform', 'records', 'registration', 'revocations', 'sessions', 'technical', 'tenders']
  const all = parts.map((name) => `export * as ${name} from './src/client/${name}.ts'`).join('\n')
  for (const name of [...parts.map((name) => `./src/client/${name}.ts`), './src/crypto/verify-record.ts', null]) {
    const { minified, gzipped } = firstLoad(await bundle(name === null ? all : `export * from '${name}'`))
    t.comment(`${name ?? 'the whole client'}: ${minified} bytes, ${gzipped} compressed`)
    t.ok(gzipped < MAX_FIRST_LOAD_BYTES, name ?? 'the whole client')
  }
})

t.test('a browser computes what Node computes', { skip: browserMissing }, async (t) => {
  const files = await bundle("import './test/support/browser-seam.ts'")
  const browser = await openBrowser()
  t.teardown(async () => { await browser.close() })
  const page = await browser.newPage()
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.route(`${ORIGIN}/**`, async (route) => {
    const { pathname } = new URL(route.request().url())
    const script = files.get(pathname)
    if (script !== undefined) return await route.fulfill({ contentType: 'text/javascript', body: Buffer.from(script) })
    const headers = { 'content-security-policy': PAGE_POLICY }
    return await route.fulfill({ contentType: 'text/html', headers, body: '<!doctype html><title>seam</title><script type="module" src="/entry.js"></script>' })
  })
  await page.goto(`${ORIGIN}/`)
  await page.waitForFunction(() => 'seam' in globalThis)

  async function there<K extends keyof Seam> (name: K, input: Parameters<Seam[K]>[0]): Promise<Awaited<ReturnType<Seam[K]>>> {
    return await page.evaluate(async ([name, input]) => {
      const { seam } = globalThis as unknown as { seam: Record<string, (input: unknown) => unknown> }
      return await seam[name]?.(input)
    }, [name, input] as const) as Awaited<ReturnType<Seam[K]>>
  }

  async function here<K extends keyof Seam> (name: K, input: Parameters<Seam[K]>[0]): Promise<unknown> {
    // As JSON, as the browser's answer came.
    return JSON.parse(JSON.stringify(await (seam[name] as (input: unknown) => unknown)(input))) as unknown
  }

  /** The browser's answer, once it is Node's. */
  async function both<K extends keyof Seam> (t: Test, name: K, input: Parameters<Seam[K]>[0], message: string): ReturnType<typeof there<K>> {
    const answer = await there(name, input)
    t.same(answer, await here(name, input), message)
    return answer
  }

  const world = await makeWorld()
  const [root, issuing] = [world.authority.rootDer, world.authority.issuingDer].map(toHex) as [string, string]
  const [supplier] = SUPPLIERS
  const certificateDer = fromPem(world.holders.get(supplier)?.certificate ?? '')
  const certificate = toHex(certificateDer)
  const flipped = (hex: string, at: number, bit = 1): string => {
    const bytes = fromHex(hex)
    bytes[at] = (bytes[at] ?? 0) ^ bit
    return toHex(bytes)
  }

  await t.test('digests', async (t) => {
    const algorithms: Array<HashCase['algorithm']> = ['sha256', 'sha384', 'sha512', 'sha3-256']
    const lengths = [0, 1, 55, 56, 64, 111, 112, 135, 136, 137, 1000]
    const cases: HashCase[] = algorithms.flatMap((algorithm) => [
      ...lengths.flatMap((length) => (['hex', 'base64url', 'buffer'] as const).map((encoding) => ({ algorithm, encoding, hex: 'c7'.repeat(length) }))),
      { algorithm, encoding: 'hex', hex: '', text: '봉인된 입찰서' }
    ])
    t.equal((await both(t, 'hash', cases, `${cases.length} digests`)).length, cases.length)
  })

  await t.test('certificates and keys', async (t) => {
    const read = await both(t, 'certificate', certificate, 'a supplier\'s certificate')
    t.equal('holderId' in read && read.holderId, supplier)
    await both(t, 'certificate', root, 'a root is no holder')
    t.equal('ca' in await both(t, 'trust', { root, issuing }, 'root and issuing authority'), true)
    for (const [what, trust] of Object.entries({
      'another order': { root: issuing, issuing: root },
      'the root as its own issuing authority': { root, issuing: root },
      'a supplier as issuing authority': { root, issuing: certificate },
      'a broken signature of the root': { root: flipped(root, root.length / 2 - 1), issuing },
      'a broken signature of the issuing authority': { root, issuing: flipped(issuing, issuing.length / 2 - 9) },
      'bytes behind the root': { root: `${root}00`, issuing }
    })) {
      const answer = await both(t, 'trust', trust, what)
      // A root may certify: whether it may issue to holders is for the certificates below it.
      t.equal('refused' in answer, what !== 'the root as its own issuing authority', what)
    }
    const at = Date.parse('2026-11-24T01:00:00Z')
    t.equal(await both(t, 'chain', { certificate, root, issuing, at }, 'the whole chain'), supplier)
    t.same(await both(t, 'chain', { certificate, root, issuing, at: Date.parse('2099-01-01') }, 'too late'), { refused: 'certificate-expired' })
    t.same(await both(t, 'chain', { certificate, root, issuing: root, at }, 'another issuer'), { refused: 'certificate-untrusted' })
    for (let position = 0; position < certificate.length / 2; position += 7) {
      const changed = { certificate: flipped(certificate, position, 1 << position % 8), root, issuing, at }
      const [answer, expected] = [await there('chain', changed), await here('chain', changed)]
      t.ok(typeof answer === 'object' && 'refused' in answer && typeof expected === 'object', `byte ${position} is not free`)
    }
  })

  await t.test('a certificate that another key signed, or that no authority issued, is refused', async (t) => {
    const at = Date.parse('2026-11-24T01:00:00Z')
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    for (const digest of ['sha256', 'sha384', 'sha1'] as const) {
      const forged = toHex(signAgain({ der: certificateDer, privateKey, digest, edit: (tbs) => { tbs.splice(TBS.serial, 0) } }))
      const answer = await both(t, 'chain', { certificate: forged, root, issuing, at }, digest)
      t.ok(typeof answer === 'object' && 'refused' in answer, `by ${digest}`)
    }
    for (const [what, modulusLength, publicExponent] of [['short', 1024, 65_537], ['odd', 2056, 65_537], ['cubic', 2048, 3], ['long', 4096, 65_537]] as const) {
      const spki = generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey.export({ type: 'spki', format: 'der' })
      await both(t, 'publicKey', toHex(spki), `a ${what} key`)
      await both(t, 'publicKey', `${toHex(spki)}00`, `a ${what} key with a byte behind it`)
    }
    await both(t, 'publicKey', toHex(generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'der' })), 'no RSA key')
  })

  await t.test('requests by a key that WebCrypto does not give away, and its signatures', async (t) => {
    const subject = { commonName: '홍길동', organization: '주식회사 봉인', serialNumber: supplier }
    const payload = { v: 1, type: 'bongin-award', reason: '적격심사 결과' }
    const asked = { subject, thumbprint: thumbprintOf(certificateDer), payload }
    const { csr, key, spki, jws, exported } = await there('keyInWebCrypto', asked)
    t.equal(exported, 'kept')
    t.same(await both(t, 'csr', csr, 'the request'), { subject, key })
    t.equal(await both(t, 'award', { jws, spki }, 'the signature'), 'signed')
    const [head = '', body = '', signature = ''] = jws.split('.')
    const other = await there('keyInWebCrypto', asked)
    for (const [what, input] of Object.entries({
      'another key': { jws, spki: other.spki },
      'another signature': { jws: `${head}.${body}.${other.jws.split('.')[2] ?? ''}`, spki },
      'a short signature': { jws: `${head}.${body}.${signature.slice(0, 340)}`, spki },
      'a signature of zeros': { jws: `${head}.${body}.${'A'.repeat(342)}`, spki }
    })) t.same(await both(t, 'award', input, what), { refused: 'signature-invalid' }, what)
    const { privateKeyPkcs8 } = await generateRsaKeyPair(2048)
    const made = createCsr({ privateKeyPkcs8, subject })
    await both(t, 'csr', made, 'a request made in Node')
    const at = Math.floor(made.length / 2)
    await both(t, 'csr', made.slice(0, at) + (made[at] === 'A' ? 'B' : 'A') + made.slice(at + 1), 'a damaged request')
  })

  await t.test('receipts', async (t) => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const raw = toHex(Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'))
    const facts = { tenderId: TENDER_ID, supplierId: supplier as SupplierId, envelopeSha256: 'ab'.repeat(32) as Sha256Hex, acceptedAt: Date.parse('2026-11-24T00:59:59Z') }
    const receipt = signReceipt({ privateKey, kid: 'receipt-1' }, facts)
    t.equal('supplierId' in await both(t, 'receipt', { receipt, publicKey: raw }, 'a good one'), true)
    const forged = `${receipt.slice(0, receipt.lastIndexOf('.'))}.${sign(null, Buffer.from('x'), privateKey).toString('base64url')}`
    t.same(await both(t, 'receipt', { receipt: forged, publicKey: raw }, 'a forged one'), { refused: 'receipt-invalid' })
  })

  await t.test('seals, either way', async (t) => {
    for (const suite of [SUITE_X25519, SUITE_XWING] as const) {
      const text = '금액 27,500,000원'
      const ours = await seam.recipient(suite)
      const theirs = await there('recipient', suite)
      t.equal(await seam.open({ suite, privateKey: ours.privateKey, ...await there('seal', { publicKey: ours.publicKey, text }) }), text, `${suite}: sealed in the browser`)
      const sealed = await seam.seal({ publicKey: theirs.publicKey, text })
      t.equal(await there('open', { suite, privateKey: theirs.privateKey, ...sealed }), text, `${suite}: sealed in Node`)
      t.equal(await there('open', { suite, privateKey: theirs.privateKey, ...sealed, ciphertext: flipped(sealed.ciphertext, 3) }), null, `${suite}: altered`)
    }
    const { privateKey, publicKey } = seam.recipient(SUITE_X25519)
    const sealed = await seam.seal({ publicKey, text: '개찰' })
    t.equal(await both(t, 'openTenderSeal', { privateKey, ...sealed }, 'in bulk'), '개찰')
    t.equal(await both(t, 'openTenderSeal', { privateKey, ...sealed, enc: flipped(sealed.enc, 0) }, 'another enc'), null)
    t.equal(await both(t, 'openTenderSeal', { privateKey, ...sealed, enc: '00'.repeat(32) }, 'a low-order enc'), null)
    t.equal(await both(t, 'openTenderSeal', { privateKey, ...sealed, ciphertext: sealed.ciphertext.slice(0, 20) }, 'a short ciphertext'), null)
  })

  await t.test('key files, either way, and those of other programs', async (t) => {
    const { privateKeyPkcs8 } = await generateRsaKeyPair(2048)
    const [key, passphrase] = [toHex(privateKeyPkcs8), '한글 암호문']
    for (const file of [seam.writeKeyFile({ key, chain: [], passphrase }), await there('writeKeyFile', { key, chain: [], passphrase })]) {
      t.match(await both(t, 'readKeyFile', { file, passphrase }, 'a file of ours'), { key, chain: [] })
      t.same(await both(t, 'readKeyFile', { file, passphrase: 'another' }, 'another passphrase'), { refused: 'certificate-malformed' })
      t.same(await both(t, 'readKeyFile', { file: flipped(file, file.length / 2 - 40), passphrase }, 'altered'), { refused: 'certificate-malformed' })
    }
    const pem = createPrivateKey({ key: Buffer.from(privateKeyPkcs8), format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const algorithm of ['3des', 'aes128', 'aes192', 'aes256'] as const) {
      const file = toHex(encodeDer(forge.pkcs12.toPkcs12Asn1(forge.pki.privateKeyFromPem(pem), null as never, 'forge', { algorithm, count: 3, generateLocalKeyId: false })))
      t.match(await both(t, 'readKeyFile', { file, passphrase: 'forge' }, algorithm), { key, chain: [] })
    }
  })

  await t.test('whole records', async (t) => {
    for (const derived of [false, true]) {
      const record = await makeRecord(world, { derived })
      t.ok((await both(t, 'record', record, 'a good one')).ok)
      const { opening: { rows: [row] } } = record
      if (row !== undefined && row.amountWon !== null) row.amountWon += 1
      t.equal((await both(t, 'record', record, 'an altered amount')).failure?.step, 'opening')
      const swapped = await makeRecord(world, { derived })
      const [one = 0, other = 0] = swapped.envelopes.flatMap((envelope, index) => envelope === null ? [] : [index])
      const { [one]: first = null, [other]: second = null } = swapped.envelopes
      swapped.envelopes[one] = second
      swapped.envelopes[other] = first
      t.equal((await both(t, 'record', swapped, 'swapped envelopes')).failure?.step, 'envelopes')
    }
    await both(t, 'record', { v: 1 }, 'no record')
  })
  t.same(errors, [], 'no error in the page')
})
