/**
 * Attachments on disk, each under its own hash: `ab/cdef…`. Written beside and renamed, so that a file that is there is
 * whole; the same bytes are stored once.
 */
import { createReadStream, type ReadStream } from 'node:fs'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomUUID } from 'node:crypto'
import type { Sha256Hex } from '../domain/ids.ts'

export interface AttachmentFiles {
  /** Durable when it resolves. */
  store: (sha256: Sha256Hex, bytes: Uint8Array) => Promise<void>
  read: (sha256: Sha256Hex) => ReadStream
}

export function attachmentFiles (folder: string): AttachmentFiles {
  const pathOf = (sha256: Sha256Hex): string => join(folder, sha256.slice(0, 2), sha256.slice(2))
  return {
    async store (sha256, bytes) {
      const path = pathOf(sha256)
      const known = await stat(path).catch(() => null)
      if (known?.size === bytes.length) return
      await mkdir(dirname(path), { recursive: true })
      const temporary = `${path}.${randomUUID()}`
      const file = await open(temporary, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(temporary, path)
    },
    read: (sha256) => createReadStream(pathOf(sha256))
  }
}
