/**
 * Small files with secrets: readable by their owner alone, on disk when the call returns, and whole or not there at all,
 * also after a crash in the middle.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const OWNER_ONLY = 0o600

/** @throws an `EEXIST` error where the file is there: it is never overwritten. */
export function writeSecret (path: string, content: string | Uint8Array): void {
  const temporary = writeTemporary(path, content)
  try {
    linkSync(temporary, path)
  } finally {
    unlinkSync(temporary)
  }
  syncFolder(path)
}

/** The old content or the new one, at any time. */
export function replaceSecret (path: string, content: string | Uint8Array): void {
  const temporary = writeTemporary(path, content)
  try {
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
  syncFolder(path)
}

/** The file's text without white space at its ends; made first where it is missing. */
export function madeOnce (path: string, make: () => string): string {
  if (!existsSync(path)) writeSecret(path, make())
  return readFileSync(path, 'utf8').trim()
}

function writeTemporary (path: string, content: string | Uint8Array): string {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`
  writeFileSync(temporary, content, { mode: OWNER_ONLY, flag: 'wx', flush: true })
  chmodSync(temporary, OWNER_ONLY)
  return temporary
}

/** A new name is on disk only once its folder is. Windows has no such call, and needs none. */
function syncFolder (path: string): void {
  if (process.platform === 'win32') return
  const folder = openSync(dirname(path), 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
