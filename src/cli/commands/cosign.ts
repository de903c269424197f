/** `cosign key|tender`: somebody outside the platform vouches that it saw a closing record, and no other of that tender. */
import type { Command } from 'commander'
import { cosignTender, type CosignedTender } from '../../client/cosigning.ts'
import type { TenderId } from '../../domain/ids.ts'
import type { Action } from '../context.ts'
import { makeCosigner, memoryBeside, openCosigner } from '../cosigner-file.ts'
import { facts } from '../output.ts'
import { tenderIds } from '../values.ts'

const said = ({ tenderId, size, extends: before }: CosignedTender): string =>
  `${tenderId}: cosigned, ${size} bids${before === null ? ', seen for the first time' : `, extends the ${before} seen before`}.`

export function addCosign (program: Command, action: Action): void {
  const cosign = program.command('cosign').description('cosign closing records, from outside the platform (마감 기록 공동서명)')

  cosign.command('key')
    .description('make a cosigner\'s key (공동서명 키 생성)')
    .requiredOption('--name <name>', 'as it will stand in checkpoints, such as audit.example.kr')
    .requiredOption('--out <file>', 'a new file; the key in it is encrypted')
    .action(action(async (context, { name, out: file }: { name: string, out: string }) => {
      const { vkey } = await makeCosigner({ file, name, passphrase: await context.passphrase({ isNew: true }) })
      context.out.done({
        json: { file, name, vkey },
        text: facts([['File', file], ['Verifier key', vkey]]),
        next: `the platform's operator adds the verifier key to BONGIN_COSIGNERS_FILE; then: bongin cosign tender R… --key ${file}`
      })
    }))

  cosign.command('tender')
    .argument('<tenderId...>', 'closed tenders, such as R26BK00000001', tenderIds)
    .description('check a closing record against what was seen before, and cosign it (공동서명)')
    .requiredOption('--key <file>', 'made by cosign key; what was seen is kept beside it')
    .action(action(async (context, ids: TenderId[], { key: file }: { key: string }) => {
      const key = await openCosigner(await context.readJson<unknown>(file), { file, passphrase: await context.passphrase() })
      const api = await context.api()
      const platform = await context.platform(api)
      const all: CosignedTender[] = []
      for (const tenderId of ids) all.push(await cosignTender(api, platform, { tenderId, key, memory: memoryBeside(file), now: context.io.now() }))
      context.out.done({ json: all.length === 1 ? all[0] : { cosigned: all }, text: all.map(said).join('\n') })
    }))
}
