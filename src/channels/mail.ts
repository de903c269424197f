/**
 * Mail by SMTP, or, where no server is configured, as .eml files in a folder that the operator's own mailer may take them from. A file is
 * written whole under the message's id, so that a repeated try leaves one file. nodemailer builds the message (RFC 5322, MIME) in both cases.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTransport, type SendMailOptions } from 'nodemailer'
import type { Mail, Outcome, Senders } from '../services/notify/senders.ts'
import { MAX_PER_HOST } from '../services/notify/deliver.ts'
import { within } from './within.ts'

const OWNER_FOLDER = 0o700
const OWNER_FILE = 0o600
/** Of silence, in every step of a conversation. */
const TIMEOUT_MS = 10_000
/** Of a whole conversation. */
const MAIL_MS = 60_000
const MAX_REASON_CHARS = 200

export interface SmtpConfig {
  host: string
  port: number
  /** `starttls` and `tls` send nothing in the clear; `none` is for a relay on this machine. */
  security: 'starttls' | 'tls' | 'none'
  user: string | null
  password: string | null
}

export interface MailConfig {
  /** null: .eml files. */
  smtp: SmtpConfig | null
  from: string
  /** Right of the @ in message ids. */
  domain: string
  outboxFolder: string
}

type MailSender = Pick<Senders, 'mail' | 'close'>

function messageOf ({ to, subject, text, messageId, unsubscribeUrl }: Mail, { from, domain }: MailConfig): SendMailOptions {
  return {
    from,
    to: { name: '', address: to },
    subject,
    text,
    messageId: `<${messageId}@${domain}>`,
    // Nobody's holiday note should come back for it (RFC 3834).
    headers: {
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl === null ? {} : { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' })
    },
    disableFileAccess: true,
    disableUrlAccess: true
  }
}

export function mailSender (config: MailConfig): MailSender {
  return config.smtp === null ? folderSender(config) : smtpSender(config, config.smtp)
}

function smtpSender (config: MailConfig, { host, port, security, user, password }: SmtpConfig): MailSender {
  const transport = createTransport({
    host,
    port,
    pool: true,
    maxConnections: MAX_PER_HOST,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    ...(user === null ? {} : { auth: { user, pass: password ?? '' } })
  })
  return {
    mail: async (mail, signal) => await within({ timeMs: MAIL_MS, signal }, async (limited) => {
      try {
        // nodemailer closes the connection of a message that is called off.
        await transport.sendMail({ ...messageOf(mail, config), signal: limited })
        return { kind: 'sent' }
      } catch (error) {
        if (limited.aborted) throw error
        return refusalOf(error)
      }
    }),
    close: () => { transport.close() }
  }
}

/** A 5xx about the recipient or the message stays (RFC 5321 §4.2.1); one about login or the connection is the operator's to mend. */
function refusalOf (error: unknown): Outcome {
  const { responseCode = 0, code = '', message } = error as Error & { responseCode?: number, code?: string }
  const permanent = responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE')
  return { kind: 'failed', reason: `SMTP ${code} ${message}`.slice(0, MAX_REASON_CHARS), permanent }
}

function folderSender (config: MailConfig): MailSender {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  return {
    mail: async (mail) => {
      const path = join(config.outboxFolder, `${mail.messageId}.eml`)
      if (existsSync(path)) return { kind: 'sent' }
      const { message } = await transport.sendMail(messageOf(mail, config))
      try {
        mkdirSync(config.outboxFolder, { recursive: true, mode: OWNER_FOLDER })
        writeFileSync(`${path}.part`, message as Buffer, { mode: OWNER_FILE, flush: true })
        renameSync(`${path}.part`, path)
        return { kind: 'sent' }
      } catch (error) {
        return { kind: 'failed', reason: `outbox folder: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`, permanent: false }
      }
    },
    close: () => {}
  }
}
