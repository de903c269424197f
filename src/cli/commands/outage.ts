/** `outage apply|list|hold|dismiss`: what a platform officer does when the platform was out of order (장애). */
import type { Command } from 'commander'
import { applyOutage, closingHold, dismissHold, listOutages, previewOutage } from '../../client/outages.ts'
import type { ClosingHoldView, ExtensionView } from '../../client/types.ts'
import { parseInstant } from '../../domain/time.ts'
import type { Action } from '../context.ts'
import { facts, table } from '../output.ts'
import { position } from '../values.ts'

const DEFAULT_LIMIT = 20

interface ApplyOptions { from: string, recovered: string, reason: string, dryRun?: boolean }

function movedText (extensions: readonly ExtensionView[]): string {
  if (extensions.length === 0) return 'No tender is concerned.\n'
  const columns = ['Tender', 'Closing was', 'Closing', 'Opening', 'Rule'].map((name) => ({ name }))
  return table(columns, extensions.map(({ tenderId, previous, closesAt, opensAt, rule, nextWorkingDay }) =>
    [tenderId, previous.closesAt, closesAt, opensAt, nextWorkingDay ? `${rule}, next working day` : rule]))
}

function passedOverText (tenders: readonly string[]): string {
  return tenders.length === 0 ? '' : `Not moved, since they were opened or their keys are being revealed: ${tenders.join(', ')}.\n`
}

const holdText = (hold: ClosingHoldView | null): string => hold === null
  ? 'No closing is held.'
  : `Deadlines from ${hold.fromAt} to ${hold.untilAt} passed while the server was away; their closing is held until ${hold.heldUntil}.`

function addApply (outage: Command, action: Action): void {
  outage.command('apply')
    .description('sign an outage and move every tender whose deadline it reaches; platform officers (장애 입찰 연기)')
    .requiredOption('--from <time>', 'when it began, RFC 3339, e.g. 2026-11-24T09:19:00+09:00')
    .requiredOption('--recovered <time>', 'when the platform worked again; the notice of the recovery is of now')
    .requiredOption('--reason <text>')
    .option('--dry-run', 'list the tenders with their old and new times, and change nothing')
    .action(action(async (context, { from, recovered, reason, dryRun }: ApplyOptions) => {
      const period = { fromAt: parseInstant(from, '--from'), recoveredAt: parseInstant(recovered, '--recovered') }
      await context.withSession(async ({ api, identity, platform }) => {
        if (dryRun === true) {
          const { extensions, passedOver } = await previewOutage(api, period)
          const tenders = passedOver.map(({ tenderId }) => tenderId)
          context.out.done({
            json: { applied: false, extensions, passedOver: tenders },
            text: `${movedText(extensions)}${passedOverText(tenders)}Nothing was changed.`,
            next: `the same without --dry-run${context.keysOption}`
          })
          return
        }
        const { extensions, passedOver, ...applied } = await applyOutage(api, platform, { identity, period, reason })
        context.out.done({
          json: { applied: true, ...applied, extensions, passedOver },
          text: `${movedText(extensions)}${passedOverText(passedOver)}Outage ${applied.outageSha256}: ${extensions.length} tenders moved${applied.repeated ? ' before' : ''}.`
        })
      })
    }))
}

export function addOutage (program: Command, action: Action): void {
  const outage = program.command('outage').description('outages of the platform (장애)')
  addApply(outage, action)

  outage.command('list')
    .description('outages that were applied, newest first (장애 목록)')
    .option('--limit <count>', 'how many at most', position, DEFAULT_LIMIT)
    .action(action(async (context, { limit }: { limit: number }) => {
      const { items } = await listOutages(await context.api(), { limit })
      const columns = [{ name: 'From' }, { name: 'Recovered' }, { name: 'Announced' }, { name: 'Tenders', align: 'right' }, { name: 'Reason' }] as const
      context.out.done({
        json: { items },
        text: items.length === 0
          ? 'There was no outage.'
          : table(columns, items.map((item) => [item.fromAt, item.recoveredAt, item.announcedAt, String(item.tenders), item.reason]))
      })
    }))

  outage.command('hold')
    .description('closings that wait because the server was away; platform officers (마감 보류 확인)')
    .action(action(async (context) => {
      await context.withSession(async ({ api }) => {
        const hold = await closingHold(api)
        const next = hold === null ? undefined : `bongin outage apply --from TIME --recovered TIME --reason …, or: bongin outage dismiss --reason …${context.keysOption}`
        context.out.done({ json: { hold }, text: holdText(hold), next })
      })
    }))

  outage.command('dismiss')
    .description('say that the time in which the server was away was no outage: what is held is closed (마감 보류 해제)')
    .requiredOption('--reason <text>')
    .action(action(async (context, { reason }: { reason: string }) => {
      await context.withSession(async ({ api }) => {
        const hold = await dismissHold(api, reason)
        const text = hold === null ? holdText(hold) : facts([['Held', `${hold.fromAt} … ${hold.untilAt}`], ['State', 'released: what fell due is closed now']])
        context.out.done({ json: { released: hold !== null, hold }, text })
      })
    }))
}
