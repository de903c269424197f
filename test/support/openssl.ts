/** The `openssl` command as a second implementation. Tests that need it are skipped, with a message, where there is none. */
import { spawnSync } from 'node:child_process'

function run (args: readonly string[], input?: string | Uint8Array): { status: number | null, stdout: Buffer, stderr: string } {
  const { status, stdout, stderr } = spawnSync('openssl', args, { input: input ?? '', timeout: 20_000 })
  return { status, stdout: stdout ?? Buffer.alloc(0), stderr: stderr?.toString() ?? '' }
}

/** What to hand to tap as `skip`: false where the command (OpenSSL 3 or later) is there. */
export const openssl3Missing = /^OpenSSL [3-9]/.test(run(['version']).stdout.toString()) ? false : 'no openssl 3 command on this machine'

/** Whether OpenSSL's provider of old ciphers is installed, too. */
export function legacyMissing (): string | false {
  return run(['list', '-provider', 'legacy', '-cipher-algorithms']).status === 0 ? false : 'no legacy provider on this machine'
}

/** Runs the command and fails unless it succeeds. */
export function openssl (args: readonly string[], input?: string | Uint8Array): Buffer {
  const { status, stdout, stderr } = run(args, input)
  if (status !== 0) throw new Error(`openssl ${args[0] ?? ''} failed: ${stderr}`)
  return stdout
}

/** Runs the command, whatever comes of it: its outputs together. */
export function opensslSays (args: readonly string[], input?: string | Uint8Array): string {
  const { stdout, stderr } = run(args, input)
  return stdout.toString() + stderr
}
