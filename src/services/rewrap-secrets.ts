/**
 * Replacing the key-encryption key: every wrapped secret in the database is opened with the key that it names and wrapped
 * with the one in force, in one transaction: after a crash either none or all of them have changed, and the run can be
 * repeated. Before anything is written each new value has been opened again.
 */
import { equalBytes } from '../crypto/bytes.ts'
import { KEY_MARK_CHARS, keyIdOf, keyMark, unwrapSecret, wrapSecret, type KeyRing } from '../crypto/secret-wrap.ts'
import { BonginError, invariant } from '../domain/errors.ts'
import { PLATFORM_HOLDER_ID } from '../domain/ids.ts'
import type { Db } from '../storage/prepare.ts'
import { countWrapped, listWrapped, replaceWrapped, WRAPPED_PLACES, type WrappedSecret } from '../storage/wrapped-secrets.ts'
import { seedContext } from './platform-part.ts'
import { shareWrapContext } from './reveal-share.ts'
import { seedWrapContext } from './reveals.ts'

const PAGE_ROWS = 500

/** Secrets by the id of the key that wrapped them; `unknown` are those of no version known to this program. */
export interface SecretsByKey { byKey: Map<string, number>, unknown: number }

export async function countSecrets (db: Db): Promise<SecretsByKey> {
  const byKey = new Map<string, number>()
  let unknown = 0
  for (const [mark, n] of await countWrapped(db, KEY_MARK_CHARS)) {
    const id = keyIdOf(mark)
    if (id === null) unknown += n
    else byKey.set(id, (byKey.get(id) ?? 0) + n)
  }
  return { byKey, unknown }
}

/** @throws Error that names the ids of keys that are missing: without them tenders could not be opened. */
export async function assertSecretsOpen (db: Db, kek: KeyRing): Promise<void> {
  const { byKey, unknown } = await countSecrets(db)
  const present = new Set([kek.current, ...kek.older].map(({ id }) => id))
  const missing = [...byKey].filter(([id]) => !present.has(id)).map(([id, n]) => `${n} by ${id}`)
  if (unknown > 0) missing.push(`${unknown} in a form that this program does not know`)
  if (missing.length === 0) return
  throw new Error(`the database has secrets that no key-encryption key given here opens: ${missing.join(', ')}; given are ${[...present].join(', ')}`)
}

/** Secrets opened, and those among them that another key than the one in force had wrapped. */
export interface Rewrapped { opened: number, rewrapped: number }

interface Job { kek: KeyRing, onProgress: (opened: number) => void }

/** Opens every secret and changes nothing. @throws Error that names the first one that does not open. */
export async function checkSecrets (db: Db, { kek, onProgress }: Job): Promise<Rewrapped> {
  return await eachSecret(db, { kek, onProgress }, async () => {})
}

/** Wraps by the key in force what another key had wrapped. `tx` is one transaction. */
export async function rewrapSecrets (tx: Db, { kek, onProgress }: Job): Promise<Rewrapped> {
  return await eachSecret(tx, { kek, onProgress }, async (found, secret) => {
    const context = contextOf(found)
    const wrapped = wrapSecret({ kek, secret, context })
    invariant(equalBytes(unwrapSecret({ kek, wrapped, context }), secret), 'what was wrapped opens again')
    invariant(await replaceWrapped(tx, found, wrapped), 'nobody else writes meanwhile')
  })
}

type Change = (found: WrappedSecret, secret: Uint8Array) => Promise<void>

async function eachSecret (db: Db, { kek, onProgress }: Job, change: Change): Promise<Rewrapped> {
  const mark = keyMark(kek.current)
  let [opened, rewrapped] = [0, 0]
  for (const place of WRAPPED_PLACES) {
    for (let after = -1, page: WrappedSecret[]; (page = await listWrapped(db, { place, after, limit: PAGE_ROWS })).length > 0;) {
      for (const found of page) {
        const secret = openNamed(kek, found)
        opened++
        if (!found.wrapped.startsWith(mark)) {
          rewrapped++
          await change(found, secret)
        }
        after = found.row
      }
      onProgress(opened)
    }
  }
  return { opened, rewrapped }
}

function openNamed (kek: KeyRing, found: WrappedSecret): Uint8Array {
  const context = contextOf(found)
  try {
    return unwrapSecret({ kek, wrapped: found.wrapped, context })
  } catch (error) {
    if (!(error instanceof BonginError)) throw error
    throw new Error(`${context} does not open: its key is not given, or it is damaged; nothing was changed`, { cause: error })
  }
}

function contextOf (found: WrappedSecret): string {
  const { tenderId, envelope } = found
  switch (found.place) {
    case 'tender-seeds':
    case 'technical-seeds':
      return seedContext(tenderId, envelope)
    case 'reveals':
      // The clock reveals the platform's seed as it was wrapped at the draft.
      if (found.holderId === PLATFORM_HOLDER_ID) return seedContext(tenderId, envelope)
      return seedWrapContext({ tenderId, envelope, holderId: found.holderId })
    case 'share-reveals':
      return shareWrapContext({ tenderId, envelope, ownerId: found.ownerId, recipientId: found.recipientId })
  }
}
