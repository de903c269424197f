/**
 * The files of a key folder by name and contents, whether a disk has them (`key-folder.ts`) or a browser hands them out: both write and read
 * the same. Runs in a browser.
 */
import type { CsrSubject } from '../crypto/csr.ts'
import type { HolderKind } from '../domain/holder.ts'

export const IDENTITY_FILE = 'identity.json'
export const KEY_FILE = 'key.p12'
export const ENCRYPTION_FILE = 'encryption.jwe'

/** What `identity.json` says; nothing of it is secret. */
export interface KeyFolderInfo {
  v: 1
  server: string
  /** SHA-256 (hex) of the platform's root certificate at the first contact; any other is refused afterwards. */
  rootFingerprint: string
  kind: HolderKind
  name: string
  subject: CsrSubject
  registrationId: string | null
  /** null until the registration is approved. */
  holderId: string | null
}

export const identityText = (info: KeyFolderInfo): string => `${JSON.stringify(info, null, 2)}\n`
