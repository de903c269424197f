/** `tender shares check`: recovery shares looked at when they are dealt, not when they are needed. */
import type { Command } from 'commander'
import { readCeremony } from '../../client/ceremony.ts'
import { checkDealtShares } from '../../client/dealt-shares.ts'
import type { TenderId } from '../../domain/ids.ts'
import type { Action } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { table } from '../output.ts'
import { tenderId } from '../values.ts'

export function addShareCommands (tender: Command, action: Action): void {
  const shares = tender.command('shares').description('recovery shares (복구 조각)')
  shares.command('check')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('open the shares dealt to this officer and compare them with what their dealers signed (복구 조각 확인)')
    .action(action(async (context, id: TenderId) => {
      await context.withSession(async ({ api, identity, platform }) => {
        const checked = await checkDealtShares(await readCeremony(api, id), platform, { identity, now: context.io.now() })
        const bad = checked.filter(({ fault }) => fault !== null)
        if (bad.length > 0) context.exitCode = EXIT.refused
        context.out.done({
          json: { tenderId: id, ok: bad.length === 0, shares: checked },
          text: checked.length === 0
            ? 'No share was dealt to you yet.'
            : table([{ name: 'Dealer' }, { name: 'Key' }, { name: 'Share' }], checked.map(({ ownerId, envelope, fault }) => [ownerId, envelope, fault ?? 'as committed'])),
          next: bad.length === 0 ? undefined : 'before publication the executing officer makes a new draft; afterwards this key rests on its dealer alone'
        })
      })
    }))
    .addHelpText('after', `\nExit code ${EXIT.refused} when a share is not what its dealer committed to.`)
}
