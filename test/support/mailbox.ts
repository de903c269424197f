/** A real SMTP server on a free port that keeps what it gets, and refuses or falls silent as a test tells it; and letters that lie in an outbox. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import type { Test } from 'tap'

export interface Letter { to: string[], source: string, /** The text part, decoded. */ text: string, header: (name: string) => string }

export interface Mailbox {
  port: number
  letters: Letter[]
  /** Answers the next messages so instead of taking them. */
  refusals: Array<{ responseCode: number, message: string }>
  /** Called with each message before it is answered. */
  onLetter: (letter: Letter) => Promise<void> | void
}

function letterOf (source: string, to: string[]): Letter {
  const [head = '', ...body] = source.split('\r\n\r\n')
  const headers = head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')
  const header = (name: string): string => {
    const line = headers.find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`))?.slice(name.length + 1).trim() ?? ''
    return line.replace(/\?=\s+=\?/g, '?==?').replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_all, kind: string, coded: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(coded, 'base64').toString() : quoted(coded.replaceAll('_', ' ')))
  }
  const raw = body.join('\r\n\r\n')
  const encoding = header('content-transfer-encoding')
  const text = encoding === 'base64' ? Buffer.from(raw, 'base64').toString() : encoding === 'quoted-printable' ? quoted(raw.replace(/=\r\n/g, '')) : raw
  return { to, source, text: text.replaceAll('\r\n', '\n'), header }
}

function quoted (text: string): string {
  return Buffer.from(text.replace(/=([0-9A-F]{2})/gi, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString()
}

/** What lies in the outbox of a server without a mail server, by name. */
export function lettersIn (dataDir: string): Letter[] {
  const folder = join(dataDir, 'outbox')
  return existsSync(folder) ? readdirSync(folder).sort().map((name) => letterOf(readFileSync(join(folder, name), 'utf8'), [])) : []
}

/** The code for an e-mail address. */
export const codeIn = (letter: Letter | undefined): string => /\b\d{8}\b/.exec(letter?.text ?? '')?.[0] ?? ''

export async function openMailbox (t: Test): Promise<Mailbox> {
  const box: Mailbox = { port: 0, letters: [], refusals: [], onLetter: () => {} }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const refusal = box.refusals.shift()
        if (refusal !== undefined) {
          done(Object.assign(new Error(refusal.message), { responseCode: refusal.responseCode }))
          return
        }
        const letter = letterOf(Buffer.concat(chunks).toString(), session.envelope.rcptTo.map(({ address }) => address))
        box.letters.push(letter)
        Promise.resolve(box.onLetter(letter)).then(() => { done() }, (error: Error) => { done(error) })
      })
    }
  })
  server.on('error', () => {})
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => { await new Promise<void>((resolve) => { server.close(() => { resolve() }) }) })
  box.port = (server.server.address() as AddressInfo).port
  return box
}
