/** `registrations list|approve|reject`: what platform officers decide. */
import type { Command } from 'commander'
import { approve, listPending, reject } from '../../client/registration.ts'
import type { PendingRegistration } from '../../client/types.ts'
import type { Action } from '../context.ts'
import { table } from '../output.ts'

function who ({ profile }: PendingRegistration): [string, string, string] {
  if ('companyName' in profile) return [profile.companyName, profile.representative, profile.businessNumber]
  return [profile.agency.name, profile.name, profile.roles.join(', ')]
}

export function addRegistrations (program: Command, action: Action): void {
  const registrations = program.command('registrations').description('applications that wait for a decision (등록 심사)')

  registrations.command('list')
    .description('pending applications, oldest first')
    .action(action(async (context) => {
      await context.withSession(async ({ api }) => {
        const items = await listPending(api)
        const columns = ['Registration', 'Kind', 'Organization', 'Name', 'Number or roles', 'External certificate', 'Since'].map((name) => ({ name }))
        const row = (item: PendingRegistration): string[] =>
          [item.registrationId, item.kind, ...who(item), item.external === null ? '-' : `${item.external.subject} by ${item.external.issuer}`, item.createdAt]
        context.out.done({
          json: { items },
          text: items.length === 0 ? 'Nothing is waiting.' : table(columns, items.map(row)),
          next: items.length === 0 ? undefined : `bongin registrations approve ID${context.keysOption}`
        })
      })
    }))

  registrations.command('approve <registrationId...>')
    .description('approve, which issues the certificate (승인)')
    .action(action(async (context, ids: string[]) => {
      await context.withSession(async ({ api }) => {
        const approved = []
        for (const id of ids) approved.push(await approve(api, id))
        context.out.done({
          json: { items: approved },
          text: table(['Registration', 'Status', 'Holder'].map((name) => ({ name })), approved.map(({ registrationId, status, holderId }) => [registrationId, status, holderId])),
          next: 'the applicant fetches the certificate: bongin officer status, or: bongin supplier status'
        })
      })
    }))

  registrations.command('reject <registrationId>')
    .description('reject with a reason (반려)')
    .requiredOption('--reason <text>')
    .action(action(async (context, registrationId: string, { reason }: { reason: string }) => {
      await context.withSession(async ({ api }) => {
        const rejected = await reject(api, { registrationId, reason })
        context.out.done({ json: rejected, text: `Registration ${registrationId} is ${rejected.status}.` })
      })
    }))
}
