/**
 * The single writer: every change of state goes through it, and nothing is answered before it is durable.
 * Group commit: all jobs that wait when a batch starts share one transaction and one fsync; the next batch forms while
 * this one commits (no timer). Each job has a savepoint of its own, so that a refused one never fails its neighbours.
 */
import type Sqlite from 'better-sqlite3'
import { BonginError } from '../domain/errors.ts'
import { keepLedgerHeads } from './ledger.ts'
import type { Db } from './prepare.ts'

/** Jobs that may wait; past it the caller is told to come back (503 with Retry-After), and nothing is half-stored. */
export const MAX_QUEUED_JOBS = 4096
/** Jobs in one transaction: bounds the time to the first answer of a batch. */
export const MAX_BATCH_JOBS = 256
/** Turns of the event loop that a batch waits for more. */
const MAX_TURNS = 8

interface Job {
  work: (tx: Db) => Promise<unknown>
  resolve: (value: unknown) => void
  reject: (reason: unknown) => void
}

type Outcome = { ok: true, value: unknown } | { ok: false, reason: unknown }

interface WriterOptions {
  connection: Sqlite.Database
  db: Db
  onCommit: () => void
  maxBatchJobs?: number | undefined
}

export class Writer {
  readonly #connection: Sqlite.Database
  readonly #db: Db
  readonly #onCommit: () => void
  readonly #maxBatchJobs: number
  readonly #savepoint: Sqlite.Statement
  readonly #release: Sqlite.Statement
  readonly #rollbackTo: Sqlite.Statement
  readonly #ledgerHeads: ReturnType<typeof keepLedgerHeads>
  readonly #queue: Job[] = []
  #draining: Promise<void> | null = null

  constructor ({ connection, db, onCommit, maxBatchJobs = MAX_BATCH_JOBS }: WriterOptions) {
    this.#connection = connection
    this.#db = db
    this.#onCommit = onCommit
    this.#maxBatchJobs = maxBatchJobs
    this.#savepoint = connection.prepare('SAVEPOINT job')
    this.#release = connection.prepare('RELEASE job')
    this.#rollbackTo = connection.prepare('ROLLBACK TO job')
    this.#ledgerHeads = keepLedgerHeads(db)
  }

  /**
   * Runs `work` inside the next transaction; resolves after the commit is on disk. `work` may await only functions of
   * this layer: a real wait inside a transaction would hold up every other writer.
   * @throws BonginError `overloaded` when the queue is full; whatever `work` throws, with its changes undone.
   */
  run<T> (work: (tx: Db) => Promise<T>): Promise<T> {
    if (this.#queue.length >= MAX_QUEUED_JOBS) {
      throw new BonginError('overloaded', {
        detail: 'Too many requests are waiting to be stored. Nothing of this one was kept; send it again.',
        detailKo: '저장 대기 중인 요청이 많습니다. 이 요청은 저장되지 않았으니 다시 보내 주십시오.'
      })
    }
    return new Promise<T>((resolve, reject) => {
      this.#queue.push({ work, resolve: resolve as (value: unknown) => void, reject })
      this.#draining ??= this.#drain()
    })
  }

  get queued (): number {
    return this.#queue.length
  }

  /** Resolves when every job handed in so far has been answered. */
  async idle (): Promise<void> {
    while (this.#draining !== null) await this.#draining
  }

  async #drain (): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        await this.#gather()
        await this.#commitBatch(this.#queue.splice(0, this.#maxBatchJobs))
      }
    } finally {
      this.#draining = null
    }
  }

  /** Lets sockets be read first: what arrived during the last commit joins this batch, as long as more of it comes with every turn. */
  async #gather (): Promise<void> {
    for (let turn = 0, before = -1; turn < MAX_TURNS && this.#queue.length > before && this.#queue.length < this.#maxBatchJobs; turn++) {
      before = this.#queue.length
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async #commitBatch (jobs: Job[]): Promise<void> {
    let outcomes: Outcome[]
    try {
      this.#connection.exec('BEGIN IMMEDIATE')
      outcomes = []
      for (const job of jobs) outcomes.push(await this.#runJob(job))
      this.#connection.exec('COMMIT')
    } catch (error) {
      if (this.#connection.inTransaction) this.#connection.exec('ROLLBACK')
      this.#ledgerHeads.forget()
      for (const job of jobs) job.reject(error)
      return
    }
    this.#onCommit()
    jobs.forEach((job, i) => {
      const outcome = outcomes[i]
      if (outcome?.ok === true) job.resolve(outcome.value)
      else job.reject(outcome?.reason)
    })
  }

  async #runJob (job: Job): Promise<Outcome> {
    this.#savepoint.run()
    try {
      const value = await job.work(this.#db)
      this.#release.run()
      return { ok: true, value }
    } catch (reason) {
      this.#rollbackTo.run()
      this.#release.run()
      this.#ledgerHeads.forget()
      return { ok: false, reason }
    }
  }
}
