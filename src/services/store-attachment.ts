/** Attachments: stored under their hash, public once a published notice names them. */
import type { ReadStream } from 'node:fs'
import { sha256Hex } from '../crypto/bytes.ts'
import { BonginError } from '../domain/errors.ts'
import type { Sha256Hex } from '../domain/ids.ts'
import { MAX_ATTACHMENT_BYTES } from '../domain/notice.ts'
import { getAttachment, insertAttachment } from '../storage/attachments.ts'
import type { Context, OfficerCaller } from './context.ts'

/** @throws BonginError `attachment-too-large`. */
export async function storeAttachment (
  context: Context,
  caller: OfficerCaller,
  bytes: Uint8Array
): Promise<{ sha256: Sha256Hex; sizeBytes: number }> {
  if (bytes.length > MAX_ATTACHMENT_BYTES) throw new BonginError('attachment-too-large')
  const sha256 = sha256Hex(bytes)
  await context.files.store(sha256, bytes)
  const row = { sha256, sizeBytes: bytes.length, uploadedBy: caller.holderId, uploadedAt: context.clock.now() }
  await context.db.write(async (tx) => {
    await insertAttachment(tx, row)
  })
  return { sha256, sizeBytes: bytes.length }
}

/** @throws BonginError `attachment-unknown` also for one that no published notice names. */
export async function readAttachment (context: Context, sha256: Sha256Hex): Promise<{ bytes: ReadStream; sizeBytes: number }> {
  const stored = await getAttachment(context.db.read, sha256)
  if (stored === null || !stored.public) throw new BonginError('attachment-unknown', { field: '/sha256' })
  return { bytes: context.files.read(sha256), sizeBytes: stored.sizeBytes }
}
