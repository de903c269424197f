/** The chain grows by whatever was committed: work that was undone, alone or with its batch, leaves no trace in what comes after it. */
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import t from 'tap'
import { ledgerFaults } from '../../src/crypto/verify-ledger.ts'
import type { TenderId } from '../../src/domain/ids.ts'
import { formatKst } from '../../src/domain/time.ts'
import { appendLedger } from '../../src/services/ledger.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { listLedger } from '../../src/storage/ledger.ts'
import type { Db } from '../../src/storage/prepare.ts'

const TENDERS = ['R26BK00000001', 'R26BK00000002'] as TenderId[]
const db = openDatabase(join(t.testdir(), 'ledger.sqlite'))
t.teardown(async () => { await db.close() })

/** Entries of one piece of work, by their tenders; it may fail when all of them are made. */
interface Work { tenders: number[], fails: boolean }
const work = fc.record({ tenders: fc.array(fc.nat(TENDERS.length - 1), { maxLength: 3 }), fails: fc.boolean() })

const written = new Map<TenderId, number[]>(TENDERS.map((tenderId) => [tenderId, []]))
let number = 0

async function append (tx: Db, tenderId: TenderId, value: number): Promise<void> {
  await appendLedger(tx, { tenderId, at: 0, actor: 'test', type: 'bid', payload: { value } })
}

/** As one batch, because all of it is handed over in one turn. */
async function run (batch: readonly Work[]): Promise<void> {
  await Promise.allSettled(batch.map(async ({ tenders, fails }) => {
    const entries = tenders.map((at) => ({ tenderId: TENDERS[at] as TenderId, value: number++ }))
    await db.write(async (tx) => {
      for (const { tenderId, value } of entries) await append(tx, tenderId, value)
      if (fails) throw new Error('refused')
    })
    for (const { tenderId, value } of entries) written.get(tenderId)?.push(value)
  }))
}

async function expectChains (): Promise<void> {
  for (const tenderId of TENDERS) {
    const entries = (await listLedger(db.read, tenderId)).map((entry) =>
      ({ ...entry, at: formatKst(entry.at), payload: JSON.parse(entry.payload) as Record<string, unknown> }))
    t.same([...ledgerFaults(entries, tenderId)].filter((fault) => fault !== null), [])
    t.same(entries.map(({ payload }) => payload['value']), written.get(tenderId))
  }
}

t.test('work that fails between others', async () => {
  await fc.assert(fc.asyncProperty(fc.array(work, { minLength: 1, maxLength: 6 }), async (batch) => {
    await run(batch)
    await expectChains()
  }), { numRuns: 60 })
})

t.test('a batch that cannot be committed', async (t) => {
  const [first] = TENDERS as [TenderId]
  await run([{ tenders: [0], fails: false }])
  await t.rejects(db.write(async (tx) => {
    await append(tx, first, number++)
    // A supplier that is not there, which SQLite is to find out at the commit.
    tx.run(sql`PRAGMA defer_foreign_keys = ON`)
    tx.run(sql`INSERT INTO suspensions (supplier_id, from_at, until_at, reason, imposed_by) VALUES ('none', 0, 1, '', '')`)
  }), { code: 'SQLITE_CONSTRAINT_FOREIGNKEY' })
  await run([{ tenders: [0, 0, 1], fails: false }])
  await expectChains()
})
