/** The CLI in this process: arguments in, exit code and both streams out. */
import { runCli } from '../../src/cli/program.ts'
import type { Io } from '../../src/cli/io.ts'

export interface CliResult {
  code: number
  out: string
  err: string
  /** What `--json` printed. */
  json: () => Record<string, unknown>
}

export interface CliOptions { env?: Record<string, string>, now?: () => number, answers?: string[] }

export async function cli (args: readonly string[], { env = {}, now = Date.now, answers }: CliOptions = {}): Promise<CliResult> {
  let [out, err] = ['', '']
  const io: Io = {
    stdout: (text) => { out += text },
    stderr: (text) => { err += text },
    env,
    isTty: false,
    now,
    askHidden: answers === undefined ? null : async () => answers.shift() ?? '',
    interrupted: () => new AbortController().signal
  }
  const code = await runCli(args, io)
  return { code, out, err, json: () => JSON.parse(out) as Record<string, unknown> }
}
