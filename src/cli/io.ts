/**
 * What a command gets from the outside: streams, environment, clock, network. `bongin.ts` passes the real ones, tests
 * their own; nothing else in the CLI reads the process.
 */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Instant } from '../domain/ids.ts'

export interface Io {
  stdout: (text: string) => void
  stderr: (text: string) => void
  env: Readonly<Record<string, string | undefined>>
  /** Whether people look at stderr: progress bars only then. */
  isTty: boolean
  now: () => Instant
  fetch?: typeof globalThis.fetch
  /** Asks on the terminal, without showing what is typed; null where there is no terminal. */
  askHidden: ((question: string) => Promise<string>) | null
  /** For commands without an end: aborts at Ctrl-C. Other commands leave Ctrl-C as it is. */
  interrupted: () => AbortSignal
}

export function processIo (): Io {
  return {
    stdout: (text) => { process.stdout.write(text) },
    stderr: (text) => { process.stderr.write(text) },
    env: process.env,
    isTty: process.stderr.isTTY === true,
    now: () => Date.now(),
    askHidden: process.stdin.isTTY === true ? askHidden : null,
    interrupted: () => {
      const ended = new AbortController()
      process.once('SIGINT', () => { ended.abort() })
      return ended.signal
    }
  }
}

async function askHidden (question: string): Promise<string> {
  process.stderr.write(question)
  // readline echoes through its output; this one keeps everything to itself.
  const silent = new Writable({ write: (_chunk, _encoding, done) => { done() } })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
