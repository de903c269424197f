/**
 * A command of the installation's that guards the key-encryption key, so that an HSM or a KMS can stand behind it
 * (docs/operating.md): `COMMAND wrap` and `COMMAND unwrap`, value on stdin, answer on stdout, one line of text each.
 * No shell runs it, no secret is an argument or part of an error, and it has a time and an output limit.
 */
import { execFile, type ExecFileException } from 'node:child_process'
import { KEK_BYTES } from '../crypto/secret-wrap.ts'

/** A KMS in another region answers within this, or is down. */
export const COMMAND_TIMEOUT_MS = 30_000
/** Far more than any wrapping of 32 bytes; also the limit of stderr. */
export const MAX_COMMAND_OUTPUT_BYTES = 16_384
/** Characters of the wrapped form. */
const MAX_WRAPPED_CHARS = 8_192
const MAX_COMMAND_WORDS = 32
const MAX_STDERR_CHARS = 300
/** What the wrapping is bound to, for a KMS that takes a context (additional authenticated data). */
export const CONTEXT_VARIABLE = 'BONGIN_KEK_CONTEXT'

const SETTING = 'BONGIN_KEK_COMMAND'

/** The words between white space; there are no quotes, so a path with a space needs a script in between. */
export function parseCommand (text: string): string[] {
  const words = text.split(/\s+/).filter((word) => word !== '')
  if (words.length === 0 || words.length > MAX_COMMAND_WORDS) throw new Error(`${SETTING}: a program and at most ${MAX_COMMAND_WORDS - 1} arguments`)
  return words
}

interface Run { command: readonly string[], context: string, timeoutMs?: number | undefined }

/** Hands the key over in base64; the answer is any line of printable ASCII. @throws Error that says what the command did. */
export async function wrapByCommand (run: Run, key: Uint8Array): Promise<string> {
  const secret = Buffer.from(key).toString('base64')
  const wrapped = await answerOf(run, { verb: 'wrap', input: secret, secret })
  if (!/^[\x20-\x7e]+$/.test(wrapped) || wrapped.length > MAX_WRAPPED_CHARS) {
    throw new Error(`${SETTING} wrap: the answer must be one line of at most ${MAX_WRAPPED_CHARS} printable ASCII characters`)
  }
  if (wrapped.includes(secret)) throw new Error(`${SETTING} wrap: the answer has the key in it as it is`)
  return wrapped
}

/** The reverse. @throws Error that says what the command did. */
export async function unwrapByCommand (run: Run, wrapped: string): Promise<Uint8Array> {
  const answer = await answerOf(run, { verb: 'unwrap', input: wrapped, secret: null })
  const key = Buffer.from(answer, 'base64')
  if (key.length === KEK_BYTES && key.toString('base64') === answer) return key
  throw new Error(`${SETTING} unwrap: the answer must be ${KEK_BYTES} bytes in base64, as they were given to wrap`)
}

async function answerOf ({ command, context, timeoutMs = COMMAND_TIMEOUT_MS }: Run, { verb, input, secret }: {
  verb: 'wrap' | 'unwrap', input: string, secret: string | null
}): Promise<string> {
  const [program = '', ...args] = command
  const options = {
    timeout: timeoutMs,
    maxBuffer: MAX_COMMAND_OUTPUT_BYTES,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
    shell: false,
    windowsHide: true,
    env: { ...process.env, [CONTEXT_VARIABLE]: context }
  } as const
  return await new Promise((resolve, reject) => {
    const child = execFile(program, [...args, verb], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim())
      // Neither the error's own message nor stdout goes on: an answer may be half a secret.
      else reject(new Error(`${SETTING} ${verb}: ${reasonOf(error, timeoutMs)}${saidBy(stderr, secret)}`))
    })
    // A command that never reads its input is told by its exit code, not by a broken pipe.
    child.stdin?.on('error', () => {})
    child.stdin?.end(`${input}\n`)
  })
}

function reasonOf ({ code, signal, killed }: ExecFileException, timeoutMs: number): string {
  if (code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') return `it wrote more than ${MAX_COMMAND_OUTPUT_BYTES} bytes`
  if (killed === true) return `no answer within ${timeoutMs} ms`
  if (typeof code === 'number') return `it ended with exit code ${code}`
  return typeof signal === 'string' ? `it was ended by ${signal}` : `it cannot be started (${code ?? 'unknown'})`
}

/** The beginning of what it wrote to stderr, on one line; nothing where the key itself stands in it. */
function saidBy (stderr: string, secret: string | null): string {
  if (secret !== null && stderr.includes(secret)) return ''
  const text = stderr.replaceAll(/[\x00-\x1f\x7f\s]+/g, ' ').trim() // eslint-disable-line no-control-regex
  return text === '' ? '' : `: ${text.slice(0, MAX_STDERR_CHARS)}`
}
