/** A mail under way is broken off when the server ends, and what nothing answers ends by its time, which says which of the two it was. */
import t from 'tap'
import { mailSender } from '../../src/channels/mail.ts'
import { within } from '../../src/channels/within.ts'
import { openMailbox } from '../support/mailbox.ts'

const mailbox = await openMailbox(t)
const never = new AbortController().signal
const silence = async (): Promise<never> => await new Promise(() => {})
const end = new Error('the server ends')

t.test('the server ends while a relay has a mail and does not answer', async (t) => {
  const sender = mailSender({
    smtp: { host: '127.0.0.1', port: mailbox.port, security: 'none', user: null, password: null },
    from: 'bongin@localhost',
    domain: 'localhost',
    outboxFolder: t.testdir()
  })
  t.teardown(sender.close)
  const mail = { to: 'bid@supplier.example', subject: '알림', text: '알림', messageId: 'one', unsubscribeUrl: null }
  t.same(await sender.mail(mail, never), { kind: 'sent' })
  const ending = new AbortController()
  mailbox.onLetter = async () => {
    ending.abort(end)
    await silence()
  }
  await t.rejects(sender.mail(mail, ending.signal), end)
  await t.rejects(sender.mail(mail, ending.signal), end, 'nor is one begun')
  t.equal(mailbox.letters.length, 2)
  mailbox.onLetter = () => {}
  t.same(await sender.mail(mail, never), { kind: 'sent' }, 'the others go on')
})

t.test('time over and the server\'s end are told apart', async (t) => {
  t.same(await within({ timeMs: 1, signal: never }, silence), { kind: 'failed', reason: 'no answer within 0.001 s', permanent: false })
  const ending = new AbortController()
  const outcome = within({ timeMs: 1, signal: ending.signal }, async (limited) => await new Promise((_resolve, reject) => {
    limited.addEventListener('abort', () => {
      ending.abort(end)
      reject(new Error('broken off'))
    })
  }))
  t.match(await outcome, { reason: 'no answer within 0.001 s' }, 'time was over first')
  await t.rejects(within({ timeMs: 1_000, signal: ending.signal }, silence), end)
  await t.rejects(within({ timeMs: 1_000, signal: never }, async () => { throw new Error('a fault of its own') }), { message: 'a fault of its own' })
})
