/**
 * What the portal keeps in this browser (IndexedDB): signing keys that cannot be exported, an officer's encryption key as ciphertext, and
 * sealed bids with their receipts. Neither amounts nor passphrases nor session tokens are among it. A change counts once it is on disk.
 */
import type { CsrSubject } from '../../crypto/csr.ts'
import type { RegistrationStatus } from '../../domain/holder.ts'
import type { Instant, Sha256Hex, SupplierId, TenderId } from '../../domain/ids.ts'
import type { KeptEncryption } from './encryption-key.ts'

const NAME = 'bongin'
const VERSION = 1
const KEYS = 'keys'
const BIDS = 'bids'

/** A key and what became of it: made, applied with, certified. */
export interface KeptKey {
  /** SHA-256 of the public key. */
  keyId: Sha256Hex
  /** For signing alone, not extractable. */
  privateKey: CryptoKey
  publicKeySpki: Uint8Array<ArrayBuffer>
  subject: CsrSubject
  /** Of the server's root certificate when the key was made; any other is refused afterwards. */
  rootFingerprint: Sha256Hex
  madeAt: Instant
  /** When its backup was downloaded here; null for an imported key. */
  backupAt: Instant | null
  registrationId: string | null
  status: RegistrationStatus | 'new'
  /** Of a rejection. */
  reason: string
  holderId: string | null
  certificateDer: Uint8Array | null
  /** Officers' own; left out for suppliers, and for officers whose key came without one. */
  encryption?: KeptEncryption | undefined
}

/** A sealed bid; sent as it is until a receipt comes, and never sealed a second time under the same terms. */
export interface KeptBid {
  supplierId: SupplierId
  tenderId: TenderId
  title: string
  termsSha256: Sha256Hex
  envelope: string
  envelopeSha256: Sha256Hex
  sealedAt: Instant
  /** null until it was received and verified. */
  receipt: string | null
  acceptedAt: string | null
}

type BidPlace = Pick<KeptBid, 'supplierId' | 'tenderId' | 'termsSha256'>

let opened: Promise<IDBDatabase> | null = null

async function database (): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      request.result.createObjectStore(KEYS, { keyPath: 'keyId' })
      request.result.createObjectStore(BIDS, { keyPath: ['supplierId', 'tenderId', 'termsSha256'] })
    }
    request.onsuccess = () => { resolve(request.result) }
    request.onerror = () => { reject(new StorageRefused({ cause: request.error })) }
  })
  return await opened
}

/** The browser lets nothing be stored, as in some private windows. */
export class StorageRefused extends Error {
  override readonly name = 'StorageRefused'
  constructor (options: ErrorOptions) {
    super('the browser refuses to store', options)
  }
}

/** One transaction over one store; resolves when it is committed, with what `work` put into its box. */
async function transact<T> (name: string, mode: IDBTransactionMode, work: (store: IDBObjectStore, answer: (value: T) => void) => void): Promise<T> {
  const db = await database()
  return await new Promise((resolve, reject) => {
    const transaction = db.transaction(name, mode, { durability: 'strict' })
    let answered: T
    transaction.oncomplete = () => { resolve(answered) }
    transaction.onabort = () => { reject(new StorageRefused({ cause: transaction.error })) }
    work(transaction.objectStore(name), (value) => { answered = value })
  })
}

export async function listKeys (): Promise<KeptKey[]> {
  const keys = await transact<KeptKey[]>(KEYS, 'readonly', (store, answer) => {
    const request: IDBRequest<KeptKey[]> = store.getAll()
    request.onsuccess = () => { answer(request.result) }
  })
  return keys.sort((a, b) => b.madeAt - a.madeAt)
}

export async function findKey (keyId: string): Promise<KeptKey | null> {
  return (await listKeys()).find((key) => key.keyId === keyId) ?? null
}

/** Where the browser may clear what sites keep, it is asked to spare this: some ask the user, so nothing waits for the answer. */
export async function keepKey (key: KeptKey): Promise<void> {
  navigator.storage.persist().catch(() => {})
  await transact<undefined>(KEYS, 'readwrite', (store) => { store.put(key) })
}

export async function dropKey (keyId: string): Promise<void> {
  await transact<undefined>(KEYS, 'readwrite', (store) => { store.delete(keyId) })
}

export async function listKeptBids (): Promise<KeptBid[]> {
  const bids = await transact<KeptBid[]>(BIDS, 'readonly', (store, answer) => {
    const request: IDBRequest<KeptBid[]> = store.getAll()
    request.onsuccess = () => { answer(request.result) }
  })
  return bids.sort((a, b) => b.sealedAt - a.sealedAt)
}

/** Keeps a bid that was just sealed, unless one is kept for these terms already: then that one stands, and is returned. */
export async function keepSealed (bid: KeptBid): Promise<KeptBid> {
  return await transact<KeptBid>(BIDS, 'readwrite', (store, answer) => {
    const request: IDBRequest<KeptBid | undefined> = store.get(placeOf(bid))
    request.onsuccess = () => {
      if (request.result === undefined) store.put(bid)
      answer(request.result ?? bid)
    }
  })
}

/** Keeps the receipt beside its envelope. */
export async function keepReceipt (bid: KeptBid): Promise<void> {
  await transact<undefined>(BIDS, 'readwrite', (store) => { store.put(bid) })
}

/** Only for an envelope that the server refused for good, or will: another bid stands. */
export async function dropBid (bid: BidPlace): Promise<void> {
  await transact<undefined>(BIDS, 'readwrite', (store) => { store.delete(placeOf(bid)) })
}

function placeOf ({ supplierId, tenderId, termsSha256 }: BidPlace): [string, string, string] {
  return [supplierId, tenderId, termsSha256]
}
