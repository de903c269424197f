/** What the outbox sends with. `channels/` has the real ones: SMTP or a folder of .eml files, and HTTPS. */

export interface Mail {
  to: string
  subject: string
  text: string
  /** Left of the @; the same for every try. */
  messageId: string
  /** One click ends it (RFC 8058); null where there is nothing to end. */
  unsubscribeUrl: string | null
}

export interface WebhookCall {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

/** `permanent`: another try would end the same. `gone`: the receiver wants no more of them. Reasons are for the operator. */
export type Outcome = { kind: 'sent' } | { kind: 'failed', reason: string, permanent: boolean } | { kind: 'gone', reason: string }

export interface Senders {
  /** Both reject with the signal's reason when it is aborted. */
  mail: (mail: Mail, signal: AbortSignal) => Promise<Outcome>
  webhook: (call: WebhookCall, signal: AbortSignal) => Promise<Outcome>
  close: () => void
}
