/** `notify list|read|searches|email|webhooks`: what a supplier is told (알림), and where. */
import type { Language } from '../../domain/notification.ts'
import { InvalidArgumentError, type Command } from 'commander'
import {
  addWebhook, deleteEmail, deleteSearch, deleteWebhook, enterEmail, listNotices, listSearches, listWebhooks, markNoticesRead, readEmail, rotateSecret,
  saveSearch, verifyEmail, type EmailView, type NewSecret, type NoticeView, type SavedSearchView, type SearchWire
} from '../../client/notifications.ts'
import type { Action } from '../context.ts'
import { facts, table } from '../output.ts'
import { amountWon, position } from '../values.ts'

const SECRET_NOTE = 'The secret is shown this once: keep it where the receiver checks signatures (standardwebhooks.com).'

function noticeRow ({ number, at, type, tenderId, title, read }: NoticeView): string[] {
  return [String(number), at, read ? '' : 'new', type.replace('tender.', ''), tenderId, title]
}

function conditionsText ({ number: _number, name: _name, createdAt: _at, ...conditions }: SavedSearchView): string {
  return Object.entries(conditions).map(([name, value]) => `${name}=${String(value)}`).join(' ')
}

function emailText (email: EmailView | null): string {
  if (email === null) return 'No e-mail address.'
  const { address, language, verifiedAt, codeExpiresAt } = email
  return facts([['Address', address], ['Language', language], ['Verified', verifiedAt ?? `no; the code is good until ${codeExpiresAt ?? '-'}`]])
}

function secretText ({ webhookId, url, secret, previousSecretUntil }: NewSecret): string {
  const previous: Array<readonly [string, string]> = previousSecretUntil === null ? [] : [['Secret before signs until', previousSecretUntil]]
  return `${facts([['Webhook', webhookId], ['URL', url], ['Secret', secret], ...previous])}${SECRET_NOTE}`
}

function language (value: string): Language {
  if (value === 'ko' || value === 'en') return value
  throw new InvalidArgumentError('The language is ko or en.')
}

export function addNotify (program: Command, action: Action): void {
  const notify = program.command('notify').description('what a supplier is told, and where (알림)')
  addNotices(notify, action)
  addSearches(notify.command('searches').description('saved searches: be told of notices that answer them (맞춤공고)'), action)
  addEmail(notify.command('email').description('notifications by e-mail (전자우편)'), action)
  addWebhooks(notify.command('webhooks').description('notifications by webhook (웹훅)'), action)
}

function addNotices (notify: Command, action: Action): void {
  notify.command('list')
    .description('notices, newest first (알림 목록)')
    .option('--before <number>', 'older than this one', position)
    .action(action(async (context, { before }: { before?: number }) => {
      await context.withSession(async ({ api }) => {
        const page = await listNotices(api, before === undefined ? {} : { cursor: before })
        const columns = ['No', 'At', '', 'News', 'Tender', 'Title'].map((name) => ({ name }))
        context.out.done({
          json: page,
          text: page.items.length === 0 ? 'No notices.' : `${table(columns, page.items.map(noticeRow))}Unread: ${page.unread}`,
          next: page.nextCursor === null ? undefined : `bongin notify list --before ${page.nextCursor}`
        })
      })
    }))

  notify.command('read')
    .argument('<number>', 'the newest one that was read', position)
    .description('mark notices as read, up to and with this one (읽음 표시)')
    .action(action(async (context, upTo: number) => {
      await context.withSession(async ({ api }) => {
        const unread = await markNoticesRead(api, upTo)
        context.out.done({ json: { unread }, text: `Unread: ${unread}` })
      })
    }))
}

function addSearches (searches: Command, action: Action): void {
  searches.command('list').description('my saved searches').action(action(async (context) => {
    await context.withSession(async ({ api }) => {
      const items = await listSearches(api)
      const rows = items.map((item) => [String(item.number), item.name, conditionsText(item)])
      context.out.done({ json: { items }, text: items.length === 0 ? 'No saved searches.' : table([{ name: 'No' }, { name: 'Name' }, { name: 'Conditions' }], rows) })
    })
  }))

  searches.command('add')
    .argument('<name>', 'how it is called in notices')
    .description('save a search; all of its conditions must hold, as in tender list')
    .option('--query <words>', 'words in title, agency or reference number')
    .option('--kind <kind>', 'goods, works, services, foreign')
    .option('--method <method>', 'the award method')
    .option('--agency-id <code>')
    .option('--closes-from <time>', 'RFC 3339')
    .option('--closes-until <time>', 'RFC 3339')
    .option('--estimated-from <won>', 'estimated price, at least', amountWon)
    .option('--estimated-until <won>', 'estimated price, at most', amountWon)
    .option('--region <name>', 'where you are (시·도): tenders open to it')
    .action(action(async (context, name: string, { query: q, ...rest }: Record<string, string>) => {
      await context.withSession(async ({ api }) => {
        const search = { ...rest, ...(q === undefined ? {} : { q }) } as SearchWire
        const number = await saveSearch(api, { name, ...search })
        context.out.done({ json: { number }, text: `Saved search ${number}.`, next: 'bongin notify list' })
      })
    }))

  searches.command('remove').argument('<number>', 'as in the list', position).description('forget a saved search').action(action(async (context, number: number) => {
    await context.withSession(async ({ api }) => {
      await deleteSearch(api, number)
      context.out.done({ json: { number }, text: `Saved search ${number} is gone.` })
    })
  }))
}

function addEmail (email: Command, action: Action): void {
  email.command('show').description('the address').action(action(async (context) => {
    await context.withSession(async ({ api }) => {
      const view = await readEmail(api)
      context.out.done({ json: { email: view }, text: emailText(view) })
    })
  }))

  email.command('set')
    .argument('<address>')
    .description('enter an address; a code goes to it, and nothing else before the code is back')
    .option('--language <ko|en>', 'of the mails', language, 'ko')
    .action(action(async (context, address: string, { language }: { language: Language }) => {
      await context.withSession(async ({ api }) => {
        const view = await enterEmail(api, { address, language })
        context.out.done({ json: view, text: emailText(view), next: 'bongin notify email verify CODE' })
      })
    }))

  email.command('verify').argument('<code>', 'eight digits').description('the code that was sent').action(action(async (context, code: string) => {
    await context.withSession(async ({ api }) => {
      const view = await verifyEmail(api, code)
      context.out.done({ json: view, text: emailText(view) })
    })
  }))

  email.command('remove').description('no more mails').action(action(async (context) => {
    await context.withSession(async ({ api }) => {
      await deleteEmail(api)
      context.out.done({ json: { email: null }, text: emailText(null) })
    })
  }))
}

function addWebhooks (webhooks: Command, action: Action): void {
  webhooks.command('list').description('my webhooks').action(action(async (context) => {
    await context.withSession(async ({ api }) => {
      const items = await listWebhooks(api)
      const rows = items.map(({ webhookId, url, createdAt }) => [webhookId, url, createdAt])
      context.out.done({ json: { items }, text: items.length === 0 ? 'No webhooks.' : table([{ name: 'Webhook' }, { name: 'URL' }, { name: 'Since' }], rows) })
    })
  }))

  webhooks.command('add').argument('<url>', 'a public https address').description('be called there; shows the secret, once').action(action(async (context, url: string) => {
    await context.withSession(async ({ api }) => {
      const made = await addWebhook(api, url)
      context.out.done({ json: made, text: secretText(made) })
    })
  }))

  webhooks.command('rotate').argument('<webhookId>').description('a new secret; the one before signs too for a day').action(action(async (context, id: string) => {
    await context.withSession(async ({ api }) => {
      const made = await rotateSecret(api, id)
      context.out.done({ json: made, text: secretText(made) })
    })
  }))

  webhooks.command('remove').argument('<webhookId>').description('be called no more').action(action(async (context, webhookId: string) => {
    await context.withSession(async ({ api }) => {
      await deleteWebhook(api, webhookId)
      context.out.done({ json: { webhookId }, text: `${webhookId} is gone.` })
    })
  }))
}
