/**
 * RSA keys are most of what a small server's start costs, so the files of one run of the tests share them: `npm test` names a folder
 * (`BONGIN_TEST_KEYS`) that lives as long as the run. The n-th key of a file, and the authority of its n-th server, are the same in
 * every file, and no two within a file are. Without the folder everything is made anew. What is kept was made by the product's own code.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generateRsaKeyPair, type RsaKeyPair } from '../../src/crypto/rsa-private-keys.ts'

const folder = process.env['BONGIN_TEST_KEYS']
/** What a first start leaves of its authority. Everything else of a data folder is made by every server itself. */
const AUTHORITY_FILES = ['pki/root.p12', 'pki/issuing.p12', 'secrets/ca.passphrase'] as const
let [keys, authorities] = [0, 0]

/** A key of 2048 bits that nobody else in this file has. */
export async function testKeyPair (): Promise<RsaKeyPair> {
  if (folder === undefined) return await generateRsaKeyPair(2048)
  const kept = join(folder, `rsa-${keys++}`)
  if (!existsSync(kept)) {
    const { privateKeyPkcs8, publicKeySpki } = await generateRsaKeyPair(2048)
    keep(kept, (place) => {
      writeFileSync(join(place, 'private'), privateKeyPkcs8)
      writeFileSync(join(place, 'public'), publicKeySpki)
    })
  }
  const read = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(kept, name)))
  return { privateKeyPkcs8: read('private'), publicKeySpki: read('public') }
}

/** Opens what `open` opens in a data folder, with a kept authority where the folder has none yet: one that was made at this time. */
export async function withKeptAuthority<T> (dataDir: string, madeAt: number, open: () => Promise<T>): Promise<T> {
  if (folder === undefined || existsSync(join(dataDir, 'pki'))) return await open()
  const kept = join(folder, `authority-${authorities++}-${madeAt}`)
  if (existsSync(kept)) {
    for (const file of AUTHORITY_FILES) {
      mkdirSync(dirname(join(dataDir, file)), { recursive: true, mode: 0o700 })
      copyFileSync(join(kept, file), join(dataDir, file))
    }
    return await open()
  }
  const opened = await open()
  keep(kept, (place) => { for (const file of AUTHORITY_FILES) cpSync(join(dataDir, file), join(place, file)) })
  return opened
}

/** Whole or not at all; of two files that make the same at once, the first one's stays. */
function keep (path: string, write: (place: string) => void): void {
  const place = mkdtempSync(`${path}.`)
  write(place)
  try {
    renameSync(place, path)
  } catch (error) {
    rmSync(place, { recursive: true })
    if (!existsSync(path)) throw error
  }
}
