/**
 * Small files with secrets: readable by their owner alone, on disk when the call returns, and whole or not there at all,
 * also after a crash in the middle.
 */
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

const OWNER_ONLY = 0o600

/** @throws an `EEXIST` error where the file is there: it is never overwritten. */
export function writeSecret (path: string, content: string | Uint8Array): void {
  const temporary = writeWhole(`${path}.${randomBytes(6).toString('hex')}`, content, 'wx')
  try {
    linkSync(temporary, path)
  } finally {
    unlinkSync(temporary)
  }
  syncFolder(path)
}

/** The old content or the new one, at any time. For one process at a time: what a killed one left is overwritten. */
export function replaceSecret (path: string, content: string | Uint8Array): void {
  renameSync(writeWhole(`${path}.new`, content, 'w'), path)
  syncFolder(path)
}

/** The file's text without white space at its ends; made first where it is missing. */
export function madeOnce (path: string, make: () => string): string {
  if (!existsSync(path)) writeSecret(path, make())
  return readFileSync(path, 'utf8').trim()
}

function writeWhole (path: string, content: string | Uint8Array, flag: 'w' | 'wx'): string {
  writeFileSync(path, content, { mode: OWNER_ONLY, flag, flush: true })
  chmodSync(path, OWNER_ONLY)
  return path
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
