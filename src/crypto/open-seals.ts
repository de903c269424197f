/**
 * Opening many seals to one key on one thread. The engine opens them four at a time (`opening-engine.ts`), its X25519 from
 * tables where there are some, else by the native module eight at a time (`x25519-lanes.ts`), else one by one. What it does
 * not open is opened again one by one (`hpke.ts`), which alone says that a seal does not open. Of each call one seal,
 * taken at random, is also opened by node:crypto; a difference there takes the engine out of use, with a warning, and
 * everything is done again without it.
 */
import { randomInt } from 'node:crypto'
import { equalBytes } from './bytes.ts'
import { createOpener, type Opener } from './hpke.ts'
import { fastestPrimitives, nodePrimitives } from './hpke-primitives.ts'
import { KEY_BYTES } from './hpke-seal.ts'
import { BASE_POINT, publicKeyOf } from './kem.ts'
import { openEach, type Seal, type SealsJob, type SealTables, type TakePlaintext } from './open-each.ts'
import { GROUP_PAIRS, hasOpeningEngine, LANES, makeOpeningEngine, type OpeningEngine, TABLE_BYTES } from './opening-engine.ts'
import type { Agree } from './platform/types.ts'
import { type AgreeLanes, loadLanes } from './x25519-lanes.ts'

const GROUP = 2 * GROUP_PAIRS

interface Begun { privateKey: Uint8Array, info: Uint8Array, agree: Agree, checker: Opener }

/** An engine that was found wrong, or cannot be made, is not asked for again. */
export class SealOpening {
  readonly #make: () => OpeningEngine | null
  readonly #lanes: AgreeLanes | null
  /** undefined until it is first needed. */
  #engine: OpeningEngine | null | undefined
  /** What hangs on key and `info` alone, of the last call: the slices of a tender come one after another. */
  #last: Begun | null = null

  constructor (make: () => OpeningEngine | null = makeOpeningEngine, lanes: AgreeLanes | null = loadLanes()) {
    this.#make = make
    this.#lanes = lanes
  }

  open (seals: readonly Seal[], job: SealsJob, take: TakePlaintext): void {
    const engine = this.#usable()
    if (engine === null || job.privateKey.length !== KEY_BYTES || seals.length === 0) {
      openEach(seals, job, take)
      return
    }
    if (openByEngine({ engine, lanes: this.#lanes, ...this.#begin(engine, job) }, seals, job, take)) return
    this.#engine = null
    process.emitWarning('The opening engine and node:crypto differ. Seals are opened without it.', { code: 'BONGIN_OPENING_ENGINE' })
    openEach(seals, job, take)
  }

  /** null where there is no engine, the native module needs none, or the seals are not of X25519. About 57 µs and 4.6 KB a seal. */
  makeTables (encs: readonly Uint8Array[]): SealTables | null {
    const engine = this.#usable()
    return engine === null || this.#lanes !== null || encs.some(({ length }) => length !== KEY_BYTES) ? null : makeTablesBy(engine, encs)
  }

  #usable (): OpeningEngine | null {
    if (this.#engine === undefined) this.#engine = this.#make()
    return this.#engine
  }

  #begin (engine: OpeningEngine, { privateKey, info }: SealsJob): Begun {
    const last = this.#last
    if (last !== null && equalBytes(last.privateKey, privateKey) && equalBytes(last.info, info)) return last
    engine.begin({ privateKey, publicKey: publicKeyOf(privateKey), info })
    const checker = createOpener({ privateKey, info, primitives: nodePrimitives })
    this.#last = { privateKey: privateKey.slice(), info: info.slice(), agree: fastestPrimitives.agreeBy(privateKey), checker }
    return this.#last
  }
}

/** What X25519 of many seals is done by here, for those who run the server. */
export function meansOfOpening (): 'native module' | 'tables' | 'one by one' {
  if (!hasOpeningEngine()) return 'one by one'
  return loadLanes() === null ? 'tables' : 'native module'
}

const ofThread = new SealOpening()

export const openSeals = ofThread.open.bind(ofThread)
export const makeTables = ofThread.makeTables.bind(ofThread)

interface Means extends Begun { engine: OpeningEngine, lanes: AgreeLanes | null }

/** False where the seal that was opened twice differs. */
function openByEngine (means: Means, seals: readonly Seal[], job: SealsJob, take: TakePlaintext): boolean {
  const { engine, checker } = means
  const { privateKey, info, tables = null } = job
  const checked = randomInt(seals.length)
  let slowly: Opener | null = null
  let agreed = true
  for (let from = 0; from < seals.length; from += GROUP) {
    const group = seals.slice(from, from + GROUP)
    group.forEach(({ enc }, i) => { if (enc.length === KEY_BYTES) engine.setEnc(i, enc) })
    const hasSecret = tables === null ? agreeGroup(means, group) : agreeByTables(means, group, { tables, from })
    group.forEach((seal, i) => {
      if (i % LANES === 0) engine.schedule(i)
      // Where there is no secret, the place keeps another bid's.
      const opened = hasSecret[i] === true ? engine.open(i % LANES, seal) : null
      const index = from + i
      if (index === checked) agreed = isSame(checker, seal, opened)
      if (opened === null) slowly ??= createOpener({ privateKey, info })
      take(index, opened ?? slowly?.open(seal.enc, seal.aad, seal.ciphertext) ?? null)
    })
  }
  return agreed
}

/** X25519 of a group whose `enc` are in place. @returns of each whether it has a secret. */
function agreeGroup ({ engine, lanes, privateKey, agree }: Means, group: readonly Seal[]): boolean[] {
  if (lanes === null) return group.map((seal, i) => agreeOne(engine, agree, seal, i))
  engine.agreeByLanes(lanes, privateKey, group.length)
  return group.map(({ enc }, i) => enc.length === KEY_BYTES && engine.sharedAt(i).some((byte) => byte !== 0))
}

/** The same where tables were made; `from` is the place of the group among the tender's seals. */
function agreeByTables (
  { engine, agree }: Means, group: readonly Seal[], { tables: { tables, usable }, from }: { tables: SealTables, from: number }
): boolean[] {
  engine.agreeByTables(tables.subarray(from / 2 * TABLE_BYTES, Math.ceil((from + group.length) / 2) * TABLE_BYTES))
  return group.map((seal, i) => usable[from + i] === 1 || agreeOne(engine, agree, seal, i))
}

function agreeOne (engine: OpeningEngine, agree: Agree, { enc }: Seal, i: number): boolean {
  const shared = enc.length === KEY_BYTES ? agree(enc) : null
  if (shared !== null) engine.sharedAt(i).set(shared)
  return shared !== null
}

/** What the engine does not open counts for nothing here: it is opened again in any case. */
function isSame (checker: Opener, { enc, aad, ciphertext }: Seal, opened: Uint8Array | null): boolean {
  if (opened === null) return true
  const again = checker.open(enc, aad, ciphertext)
  return again !== null && equalBytes(again, opened)
}

function makeTablesBy (engine: OpeningEngine, encs: readonly Uint8Array[]): SealTables {
  const tables = new Uint8Array(new SharedArrayBuffer(Math.ceil(encs.length / 2) * TABLE_BYTES))
  const usable = new Uint8Array(new SharedArrayBuffer(encs.length))
  for (let i = 0; i < encs.length; i += 2) {
    const table = tables.subarray(i / 2 * TABLE_BYTES, (i / 2 + 1) * TABLE_BYTES)
    const pair: [Uint8Array, Uint8Array] = [encs[i] ?? BASE_POINT, encs[i + 1] ?? BASE_POINT]
    usable.fill(1, i, i + 2)
    // The base point takes the place of one that has none, so that the other still gets its own.
    for (let made = engine.makeTable(pair, table); made.includes(false); made = engine.makeTable(pair, table)) {
      made.forEach((isMade, lane) => {
        if (isMade) return
        pair[lane] = BASE_POINT
        usable[i + lane] = 0
      })
    }
  }
  return { tables, usable }
}
