/**
 * The folder of other authorities (`BONGIN_TRUST_ANCHORS_DIR`), read at the start and again when a file in it changed, so
 * that a fresh revocation list counts without a restart. A folder that can no longer be read leaves what was read last:
 * its lists go stale, and a stale list refuses.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { CERTIFICATE_FILE, CRL_FILE, EMPTY_TRUST_STORE, readTrustStore, type TrustStore } from './crypto/trust-store.ts'

const MAX_FILES = 200
/** A revocation list in PEM is the largest. */
const MAX_FILE_BYTES = 2_097_152

/** @throws Error that names the file at fault, at the start; later on `reportError` hears of it. */
export function openTrustAnchors (folder: string | null): (reportError: (error: unknown, what: string) => void) => TrustStore {
  if (folder === null) return () => EMPTY_TRUST_STORE
  let stamp = stampOf(folder)
  let store = readFolder(folder)
  return (reportError) => {
    try {
      const now = stampOf(folder)
      if (now !== stamp) {
        // Taken before reading: a file that changes meanwhile is read again next time, and a bad one is reported once.
        stamp = now
        store = readFolder(folder)
      }
    } catch (error) {
      reportError(error, 'reading the trust anchors')
    }
    return store
  }
}

function filesIn (folder: string): string[] {
  const names = readdirSync(folder).filter((name) => CERTIFICATE_FILE.test(name) || CRL_FILE.test(name)).sort()
  if (names.length > MAX_FILES) throw new Error(`BONGIN_TRUST_ANCHORS_DIR: more than ${MAX_FILES} files`)
  return names
}

function stampOf (folder: string): string {
  return filesIn(folder).map((name) => {
    const { size, mtimeMs, ino } = statSync(join(folder, name))
    return `${name} ${size} ${mtimeMs} ${ino}`
  }).join('\n')
}

function readFolder (folder: string): TrustStore {
  return readTrustStore(filesIn(folder).map((name) => {
    const path = join(folder, name)
    if (statSync(path).size > MAX_FILE_BYTES) throw new Error(`${name}: over ${MAX_FILE_BYTES} bytes`)
    return { name, bytes: readFileSync(path) }
  }))
}
