/** Checkpoints: the C2SP format byte by byte, published notes of other implementations, tampering. */
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import t from 'tap'
import { fromHex, sha256, utf8 } from '../../src/crypto/bytes.ts'
import { checkpointOrigin, openCheckpoint, signCheckpoint, verifierKey } from '../../src/crypto/checkpoint.ts'
import { signatureLine } from '../../src/crypto/checkpoint-verify.ts'
import vectors from '../vectors/signed-note-go.json' with { type: 'json' }

const PKCS8_ED25519 = '302e020100300506032b657004220420'

function privateKeyFrom (seed: Uint8Array): ReturnType<typeof createPrivateKey> {
  return createPrivateKey({ key: Buffer.concat([fromHex(PKCS8_ED25519), seed]), format: 'der', type: 'pkcs8' })
}

/** Raw Ed25519 key of a vkey line: name + id + base64(type ‖ key). */
function publicKeyOf (vkey: string): Uint8Array {
  return Buffer.from(vkey.split('+').slice(2).join('+'), 'base64').subarray(1)
}

const { privateKey, publicKey: publicKeyObject } = generateKeyPairSync('ed25519')
const publicKey = Buffer.from(publicKeyObject.export({ format: 'jwk' }).x ?? '', 'base64url')
const keyName = 'bongin.example'
const origin = checkpointOrigin({ platformName: keyName, tenderId: 'R26BK00000001' })
const root = sha256(utf8('root'))
const text = signCheckpoint({ keyName, privateKey, origin, size: 17, root })
const refused = { code: 'verification-failed' }

await t.test('the text is a C2SP checkpoint and opens again', async (t) => {
  t.equal(origin, 'bongin.example/tenders/R26BK00000001')
  const [first, second, third, blank, signature, end] = text.split('\n')
  t.same([first, second, third, blank, end], [origin, '17', Buffer.from(root).toString('base64'), '', ''])
  t.match(signature, /^— bongin\.example [A-Za-z0-9+/]{91}=$/, 'key id and signature are 68 bytes')
  t.same(openCheckpoint({ text, keyName, publicKey }), { origin, size: 17, root })
  const empty = signCheckpoint({ keyName, privateKey, origin, size: 0, root: sha256(new Uint8Array(0)) })
  t.equal(openCheckpoint({ text: empty, keyName, publicKey }).size, 0, 'a tender without bids')
  t.equal(signCheckpoint({ keyName, privateKey, origin, size: 17, root }), text, 'signing is deterministic')
})

await t.test('keys and notes of other implementations', async (t) => {
  const { sumdb, note } = vectors
  t.equal(verifierKey({ keyName: sumdb.keyName, publicKey: publicKeyOf(sumdb.vkey) }), sumdb.vkey)
  t.equal(verifierKey({ keyName: note.keyName, publicKey: publicKeyOf(note.vkey) }), note.vkey)
  const opened = openCheckpoint({ text: sumdb.checkpoint, keyName: sumdb.keyName, publicKey: publicKeyOf(sumdb.vkey) })
  t.same(opened, { origin: sumdb.origin, size: sumdb.size, root: new Uint8Array(Buffer.from(sumdb.root, 'base64')) })
  const seed = Buffer.from(note.seed, 'base64')
  const ours = signCheckpoint({ keyName: note.keyName, privateKey: privateKeyFrom(seed), origin: 'x', size: 1, root })
  t.equal(ours.split('\n').at(-2)?.slice(0, 20), note.signatureLine.slice(0, 20), 'the key id stands where Go puts it')
  // The published note is no checkpoint: its signature holds, its body is refused.
  const published = { text: `${note.text}\n${note.signatureLine}\n`, keyName: note.keyName, publicKey: publicKeyOf(note.vkey) }
  t.throws(() => openCheckpoint(published), { message: /origin, size and root/ })
  t.throws(() => openCheckpoint({ ...published, text: published.text.replace('answer', 'question') }), { message: /no valid signature/ })
})

await t.test('any changed character of a checkpoint is noticed', async (t) => {
  let accepted = 0
  const characters = [...text]
  for (let i = 0; i < characters.length; i++) {
    const changed = characters.with(i, characters[i] === 'A' ? 'B' : 'A').join('')
    try {
      openCheckpoint({ text: changed, keyName, publicKey })
      accepted++
    } catch (error) {
      if ((error as { code?: string }).code !== 'verification-failed') throw error
    }
  }
  t.equal(accepted, 0)
})

await t.test('other keys', async (t) => {
  const other = generateKeyPairSync('ed25519')
  const otherText = signCheckpoint({ keyName, privateKey: other.privateKey, origin, size: 17, root })
  t.throws(() => openCheckpoint({ text: otherText, keyName, publicKey }), refused, 'another key under the same name')
  t.throws(() => openCheckpoint({ text, keyName: 'other.example', publicKey }), refused, 'another name')
  const line = (note: string): string => note.split('\n').at(-2) ?? ''
  t.same(openCheckpoint({ text: `${text}${line(otherText)}\n`, keyName, publicKey }).size, 17, 'a witness may add a line')
  t.same(openCheckpoint({ text: text.replace(line(text), `${line(otherText)}\n${line(text)}`), keyName, publicKey }).size, 17)
  const forged = line(signCheckpoint({ keyName, privateKey, origin, size: 18, root }))
  t.throws(() => openCheckpoint({ text: `${text}${forged}\n`, keyName, publicKey }), refused, 'a wrong line by the own key spoils the note')
})

await t.test('malformed notes', async (t) => {
  const signed = text.split('\n').at(-2) ?? ''
  const malformed = {
    empty: '',
    unsigned: `${origin}\n17\nAAAA\n`,
    'no final newline': text.slice(0, -1),
    'no blank line': text.replace('\n\n', '\n'),
    'a carriage return': text.replace('\n', '\r\n'),
    'a tab': text.replace('bongin', '\tbongin'),
    'a hyphen for the dash': text.replace('—', '-'),
    'a lone surrogate': `\ud800${text}`,
    'a signature without key id': text.replace(signed, '— bongin.example AAAA'),
    'too long': `${'x'.repeat(70_000)}${text}`,
    'too many signatures': `${text}${`${signed}\n`.repeat(64)}`
  }
  for (const [name, note] of Object.entries(malformed)) t.throws(() => openCheckpoint({ text: note, keyName, publicKey }), refused, name)
})

await t.test('a signed body of another shape is no checkpoint', async (t) => {
  const rootText = Buffer.from(root).toString('base64')
  const bodies = [
    `${origin}\n017\n${rootText}\n`, `${origin}\n-1\n${rootText}\n`, `${origin}\n9999999999999999\n${rootText}\n`, `${origin}\n17\nAAAA\n`,
    `${origin}\n17\n${rootText}\nextension\n`, `${origin}\n17\n${rootText}\n\n`, `a\tb\n17\n${rootText}\n`, `\n17\n${rootText}\n`, `${origin}\n17\n`
  ]
  for (const body of bodies) {
    const note = `${body}\n${signatureLine({ keyName, publicKey, signature: sign(null, utf8(body), privateKey) })}`
    t.throws(() => openCheckpoint({ text: note, keyName, publicKey }), { message: /origin, size and root/ }, JSON.stringify(body))
  }
})

await t.test('one note has one spelling', async (t) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
  const stray = text.replace(/(.)=\n$/, (_, last: string) => `${alphabet[alphabet.indexOf(last) + 1] ?? ''}=\n`)
  t.same(Buffer.from(stray.split(' ').at(-1) ?? '', 'base64'), Buffer.from(text.split(' ').at(-1) ?? '', 'base64'), 'the same bytes')
  t.throws(() => openCheckpoint({ text: stray, keyName, publicKey }), refused, 'stray bits in base64')
  t.throws(() => openCheckpoint({ text: text.replace(/=\n$/, '\n'), keyName, publicKey }), refused, 'no padding')
  const replacement = signCheckpoint({ keyName, privateKey, origin: 'log \ufffd', size: 17, root })
  t.equal(openCheckpoint({ text: replacement, keyName, publicKey }).origin, 'log \ufffd')
  t.throws(() => openCheckpoint({ text: replacement.replace('\ufffd', '\ud800'), keyName, publicKey }), refused, 'a lone surrogate')
})

t.throws(() => signCheckpoint({ keyName: 'with space', privateKey, origin, size: 1, root }), /invariant/)
t.throws(() => signCheckpoint({ keyName, privateKey, origin: 'a\nb', size: 1, root }), /invariant/)
t.throws(() => signCheckpoint({ keyName, privateKey, origin, size: -1, root }), /invariant/)
