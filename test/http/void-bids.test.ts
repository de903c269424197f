/**
 * Bids that no honest client seals. The client refuses them; a hostile one seals them all the same, the server accepts
 * what it cannot read, and the opening calls them void with the reason while the honest bids are ranked.
 */
import t from 'tap'
import { sealFor, submitBid } from '../../src/client/bids.ts'
import { contribute, draftTender, publish } from '../../src/client/ceremony.ts'
import { reveal, waitForOpening } from '../../src/client/openings.ts'
import { downloadRecord } from '../../src/client/records.ts'
import { getCheckedTender, getTender } from '../../src/client/tenders.ts'
import { fromBase64url, randomBytes, sha256Hex, toBase64url } from '../../src/crypto/bytes.ts'
import { bidAad, bidInfo } from '../../src/crypto/envelope.ts'
import { makeRecipientKey, sealBase } from '../../src/crypto/hpke-seal.ts'
import { signJws } from '../../src/crypto/jws.ts'
import { type BidBinding, encodePlaintext } from '../../src/crypto/plaintext.ts'
import { verifyRecord } from '../../src/crypto/verify-record.ts'
import type { Picks, VoidReason } from '../../src/domain/bid.ts'
import type { Sha256Hex, SupplierId, TenderId } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'
import { draftFor, makeCast, type Actor } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { buildApp } from '../support/build-app.ts'
import { countRows } from '../support/refusals.ts'

/** Between the highest possible floor and the lowest possible planned price of `draftFor`, whatever is drawn. */
const HONEST_AMOUNTS = [27_500_000, 27_600_000] as const
const [VERSION, FLAGS, PICKS, AMOUNT, JSON_LENGTH] = [0, 1, 2, 4, 12]

interface Hostile {
  name: string
  reason: VoidReason
  binding?: Partial<BidBinding>
  /** Alters the honest plaintext. */
  alter?: (plaintext: DataView) => void
  /** Seals to a key of one's own. */
  foreignKey?: boolean
}

const amount =
  (won: bigint) =>
    (view: DataView): void => {
      view.setBigUint64(AMOUNT, won)
    }
const picks =
  (first: number, second: number) =>
    (view: DataView): void => {
      view.setUint16(PICKS, first * 256 + second)
    }
const HOSTILE: readonly Hostile[] = [
  { name: 'an amount of zero', reason: 'invalid-amount', alter: amount(0n) },
  {
    name: 'a negative amount',
    reason: 'invalid-amount',
    alter: (view) => {
      view.setBigInt64(AMOUNT, -5n)
    }
  },
  { name: 'an amount over 10^15', reason: 'invalid-amount', alter: amount(1_000_000_000_000_001n) },
  {
    name: 'the bytes of a fraction',
    reason: 'invalid-amount',
    alter: (view) => {
      view.setFloat64(AMOUNT, 27_000_000.5)
    }
  },
  { name: 'a pick of 0', reason: 'invalid-picks', alter: picks(0, 3) },
  { name: 'a pick of 16', reason: 'invalid-picks', alter: picks(3, 16) },
  { name: 'equal picks', reason: 'invalid-picks', alter: picks(7, 7) },
  {
    name: 'no picks',
    reason: 'invalid-picks',
    alter: (view) => {
      view.setUint8(FLAGS, 0)
      view.setUint16(PICKS, 0)
    }
  },
  {
    name: 'another version',
    reason: 'malformed-plaintext',
    alter: (view) => {
      view.setUint8(VERSION, 2)
    }
  },
  {
    name: 'unknown flags',
    reason: 'malformed-plaintext',
    alter: (view) => {
      view.setUint8(FLAGS, 255)
    }
  },
  {
    name: 'a length beyond the end',
    reason: 'malformed-plaintext',
    alter: (view) => {
      view.setUint32(JSON_LENGTH, 0xffffffff)
    }
  },
  {
    name: 'a padding with content',
    reason: 'malformed-plaintext',
    alter: (view) => {
      view.setUint8(view.byteLength - 1, 1)
    }
  },
  { name: 'another supplier inside', reason: 'mismatched-plaintext', binding: { supplierId: '1018116406' as SupplierId } },
  { name: 'another tender inside', reason: 'mismatched-plaintext', binding: { tenderId: 'R26BK00099999' as TenderId } },
  { name: 'other terms inside', reason: 'mismatched-plaintext', binding: { termsSha256: sha256Hex(new Uint8Array(1)) } },
  { name: 'a seal for another key', reason: 'undecryptable', foreignKey: true }
]

const app = await buildApp(t)
const cast = await makeCast(app, { suppliers: 4 })
const { executing, witness, platform, publicApi } = cast
const now = (): number => app.clock.now()

async function publishTender (): Promise<TenderId> {
  const tenderId = await draftTender(executing.api, draftFor(cast))
  for (const { api, identity } of [executing, witness]) await contribute(api, platform, { identity, tenderId, now: now() })
  await publish(executing.api, platform, { identity: executing.identity, tenderId, now: now() })
  return tenderId
}

async function bidHonestly ({ api, identity }: Actor, tenderId: TenderId, amountWon: number): Promise<void> {
  const { envelope } = await sealFor(publicApi, platform, { identity, tenderId, content: { amountWon, picks: [3, 7] }, now: now() })
  await submitBid(api, platform, envelope)
}

/** The envelope in the right form, signed with the bidder's own key: nothing shows before the opening. */
async function sealHostile ({ identity }: Actor, tenderId: TenderId, { binding, alter, foreignKey = false }: Hostile): Promise<string> {
  const { terms, termsSha256 } = (await getCheckedTender(publicApi, platform, tenderId)).last.notice
  const supplierId = identity.holderId as SupplierId
  const inside = { tenderId, termsSha256, supplierId, ...binding }
  const plaintext = encodePlaintext({ ...inside, content: { amountWon: 27_000_000, picks: [1, 2] }, nonce: randomBytes(16) })
  alter?.(new DataView(plaintext.buffer))
  const publicKey = fromBase64url(terms.key.publicKey)
  const submissionId = toBase64url(randomBytes(16))
  const { enc, ciphertext } = await sealBase({
    publicKey: foreignKey ? makeRecipientKey().publicKey : publicKey,
    info: bidInfo({ tenderId, termsSha256, publicKey }),
    aad: bidAad({ supplierId, thumbprint: identity.thumbprint, submissionId }),
    plaintext
  })
  return await signJws(identity.signer, 'bongin-bid', {
    v: 1,
    type: 'bongin-bid',
    tenderId,
    termsSha256,
    supplierId,
    submissionId,
    enc: toBase64url(enc),
    ciphertext: toBase64url(ciphertext),
    clientTime: formatKst(now())
  })
}

t.test('the client seals no impossible bid', async (t) => {
  const tenderId = await publishTender()
  const { identity } = at(cast.suppliers, 0)
  const before = countRows(app)
  const seal = async (amountWon: number, picks: Picks | null): Promise<unknown> =>
    await sealFor(publicApi, platform, { identity, tenderId, content: { amountWon, picks }, now: now() })
  for (const amountWon of [0, -0, -1, 0.5, 27_000_000.5, 1_000_000_000_000_001, Number.NaN, Number.POSITIVE_INFINITY]) {
    await t.rejects(seal(amountWon, [1, 2]), { code: 'invalid-amount', context: { field: '/amountWon' } }, `an amount of ${amountWon}`)
  }
  for (const picks of [[0, 1], [1, 16], [-1, 2], [1.5, 2], [7, 7], null] as const) {
    await t.rejects(seal(27_000_000, picks), { code: 'invalid-picks', context: { field: '/picks' } }, `picks ${picks?.join(', ') ?? 'left out'}`)
  }
  t.strictSame(countRows(app), before)
})

t.test('what a hostile client seals is void at the opening, and the others are ranked', async (t) => {
  const [first, second] = [at(cast.suppliers, 0), at(cast.suppliers, 1)]
  const tenders: Array<{ tenderId: TenderId; attacks: ReadonlyArray<Hostile & { envelopeSha256: Sha256Hex }> }> = []
  for (let i = 0; i < HOSTILE.length; i += 2) {
    const tenderId = await publishTender()
    const attacks: Array<Hostile & { envelopeSha256: Sha256Hex }> = []
    await bidHonestly(second, tenderId, HONEST_AMOUNTS[1])
    for (const [j, hostile] of HOSTILE.slice(i, i + 2).entries()) {
      const attacker = at(cast.suppliers, 2 + j)
      const { envelopeSha256 } = await submitBid(attacker.api, platform, await sealHostile(attacker, tenderId, hostile))
      attacks.push({ ...hostile, envelopeSha256 })
    }
    await bidHonestly(first, tenderId, HONEST_AMOUNTS[0])
    tenders.push({ tenderId, attacks })
  }
  app.clock.set('2026-11-24T11:00:00+09:00')
  await app.scheduler.tick()
  const opened = await Promise.all([executing, witness].map(cast.login))
  for (const { tenderId, attacks } of tenders) {
    for (const { api, identity } of opened) await reveal(api, platform, { identity, tenderId, now: now() })
    t.equal((await waitForOpening(at(opened, 0).api, tenderId, { timeoutMs: 20_000 })).state, 'opened')
    const { opening } = await getTender(publicApi, tenderId)
    const rows = opening?.rows ?? []
    t.equal(opening?.outcome, 'ranked')
    t.match(
      rows.slice(0, 2),
      [
        { rank: 1, supplierId: first.identity.holderId, amountWon: HONEST_AMOUNTS[0], remark: 'normal', voidReason: null },
        { rank: 2, supplierId: second.identity.holderId, amountWon: HONEST_AMOUNTS[1], remark: 'normal', voidReason: null }
      ],
      'the honest bids are ranked'
    )
    t.equal(rows.length, 2 + attacks.length)
    for (const { name, reason, envelopeSha256 } of attacks) {
      const row = rows.find((row) => row.envelopeSha256 === envelopeSha256)
      t.match(row, { rank: null, amountWon: null, picks: null, remark: 'void', voidReason: reason }, `${name}: ${reason}`)
    }
    t.equal(
      opening?.prices.pickCounts.reduce((sum, count) => sum + count, 0),
      4,
      'a void bid has no say in the draw'
    )
    t.equal((await verifyRecord(await downloadRecord(publicApi, tenderId), { trustedRootDer: platform.rootDer })).failure, null)
  }
})
