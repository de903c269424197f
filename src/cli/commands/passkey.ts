/** `passkey reset`: recovery from a lost authenticator. Passkeys themselves are registered and used in a browser. */
import type { Command } from 'commander'
import { resetPasskeys } from '../../client/passkeys.ts'
import { parseInstant } from '../../domain/time.ts'
import type { Action } from '../context.ts'

export function addPasskey (program: Command, action: Action): void {
  const passkey = program.command('passkey').description('passkeys, the second factor of a login (패스키)')

  passkey.command('reset <holder>')
    .description('take all passkeys of a holder away by a signed statement; platform officers (패스키 초기화)')
    .requiredOption('--reason <text>', 'the holder is told of it')
    .action(action(async (context, holderId: string, { reason }: { reason: string }) => {
      await context.withSession(async ({ api, identity, platform }) => {
        const reset = await resetPasskeys(api, { identity, platform: platform.name, holderId, reason, now: parseInstant(platform.serverTime) })
        context.out.done({
          json: { holderId, ...reset },
          text: `${reset.removed} passkeys of ${holderId} are gone and its sessions have ended. Its next login is by certificate alone, and tells of this.`
        })
      })
    }))
}
