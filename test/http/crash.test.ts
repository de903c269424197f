/**
 * A server that dies between the commit of a bid and its answer: a real process, a real SIGKILL. The bid is there when
 * the server is back, and the same envelope gets the receipt that was lost.
 */
import { cpSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import t from 'tap'
import { Api } from '../../src/client/api.ts'
import { myBid, readReceipt, sealFor, submitBid } from '../../src/client/bids.ts'
import { fetchPlatform } from '../../src/client/platform.ts'
import { openSession } from '../../src/client/sessions.ts'
import type { Instant } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'
import { makeCast } from '../support/actors.ts'
import { at } from '../support/attacks.ts'
import { publishNow, startRealServer } from '../support/real-server.ts'

const KILLER = new URL('../support/kill-after-commit.mjs', import.meta.url).href
const folder = t.testdir()
const dataDir = join(folder, 'data')

interface BidRow { envelope: Buffer, envelope_sha256: string, accepted_at: number, receipt: string }

let copies = 0
/** What is on disk, read from a copy: nothing but the next server touches the original. */
function onDisk (): { bids: BidRow[], ledgerEntries: number } {
  const copy = join(folder, `copy-${copies++}`)
  mkdirSync(copy)
  for (const name of ['bongin.db', 'bongin.db-wal']) cpSync(join(dataDir, name), join(copy, name))
  const db = new Sqlite(join(copy, 'bongin.db'))
  const bids = db.prepare('SELECT envelope, envelope_sha256, accepted_at, receipt FROM bids').all() as BidRow[]
  const ledgerEntries = db.prepare("SELECT count(*) FROM ledger WHERE type = 'bid'").pluck().get() as number
  db.close()
  return { bids, ledgerEntries }
}

t.test('killed between commit and answer', async (t) => {
  const first = await startRealServer(t, dataDir, { killer: KILLER })
  const cast = await makeCast(first, { suppliers: 2 })
  const { platform } = cast
  const tenderId = await publishNow(cast)
  const { identity } = at(cast.suppliers, 0)
  const seal = async (api: Api, who = identity): Promise<string> =>
    (await sealFor(api, platform, { identity: who, tenderId, content: { amountWon: 26_300_000, picks: [3, 7] }, now: Date.now() })).envelope
  const envelope = await seal(cast.publicApi)

  const answers: string[] = []
  const watched = new Api({
    baseUrl: first.baseUrl,
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      answers.push(`${init?.method ?? 'GET'} ${response.url.slice(first.baseUrl.length)}`)
      return response
    }
  })
  const { api } = await openSession(watched, identity, platform.name)
  await t.rejects(submitBid(api, platform, envelope), { name: 'ServerUnreachable' }, 'the connection breaks')
  t.equal(await first.ended, 'SIGKILL')
  t.same(answers, ['POST /v1/sessions/challenges', 'POST /v1/sessions'], 'not even the head of an answer to the bid came')

  const { bids, ledgerEntries } = onDisk()
  const committed = at(bids, 0)
  t.same([bids.length, ledgerEntries], [1, 1], 'the bid was committed, with its entry in the ledger')
  t.equal(committed.envelope.toString(), envelope)

  const second = await startRealServer(t, dataDir)
  const publicApi = new Api({ baseUrl: second.baseUrl })
  t.same((await fetchPlatform(publicApi, { trustedRootDer: platform.rootDer })).receiptKey, platform.receiptKey, 'the same platform is back')
  const supplier = await openSession(publicApi, identity, platform.name)
  const mine = await myBid(supplier.api, platform, tenderId)
  t.match(mine, { receipt: committed.receipt, envelopeSha256: committed.envelope_sha256, status: 'sealed' })

  const again = await submitBid(supplier.api, platform, envelope)
  t.equal(again.repeated, true, '200, not 201')
  t.equal(again.receipt, committed.receipt, 'the receipt that was lost')
  t.strictSame({ ...readReceipt(platform, again.receipt) }, {
    v: 1,
    type: 'bongin-receipt',
    tenderId,
    supplierId: identity.holderId,
    envelopeSha256: committed.envelope_sha256,
    acceptedAt: formatKst(committed.accepted_at as Instant)
  })
  t.equal((await submitBid(supplier.api, platform, envelope)).receipt, committed.receipt, 'and however often it is asked for')
  await t.rejects(submitBid(supplier.api, platform, await seal(publicApi)), { code: 'bid-exists' }, 'another envelope is another bid')
  const after = onDisk()
  t.same([after.bids.length, after.ledgerEntries], [1, 1], 'nothing twice')

  const other = await openSession(publicApi, at(cast.suppliers, 1).identity, platform.name)
  const { repeated } = await submitBid(other.api, platform, await seal(publicApi, at(cast.suppliers, 1).identity))
  t.equal(repeated, false, 'the server takes the next bid')
  second.process.kill('SIGTERM')
  t.equal(await second.ended, null, 'a clean end')
})
