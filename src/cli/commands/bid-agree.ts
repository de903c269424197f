/** `bid agree`: a member of a joint bid signs that it takes part (공동수급협정). */
import type { Command } from 'commander'
import { agreeToJointBid } from '../../client/joint-bids.ts'
import { writeNew } from '../../client/key-folder.ts'
import { getCheckedTender } from '../../client/tenders.ts'
import type { ConsortiumShare } from '../../domain/consortium.ts'
import type { SupplierId, TenderId } from '../../domain/ids.ts'
import { sharesText } from '../bid-forms.ts'
import type { Action } from '../context.ts'
import { facts } from '../output.ts'
import { memberShare, supplierId, tenderId } from '../values.ts'

interface AgreeOptions { leader: SupplierId, member: ConsortiumShare[], out?: string }

export function addAgree (bid: Command, action: Action): void {
  bid.command('agree')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('sign that this supplier takes part in a joint bid, into a file for the leader; nothing is sent (공동수급협정)')
    .requiredOption('--leader <supplier>', 'who bids for all', supplierId)
    .requiredOption('--member <supplier=percent>', 'a member and its share, the leader included; once for each', memberShare)
    .option('--out <file>', 'the agreement; TENDER.SUPPLIER.agreement.json unless told otherwise')
    .action(action(async (context, id: TenderId, { leader, member: members, out }: AgreeOptions) => {
      const identity = await context.identity()
      const api = await context.api()
      const tender = await getCheckedTender(api, await context.platform(api), id)
      const jws = await agreeToJointBid(tender, { identity, leaderId: leader, members })
      const file = out ?? `${id}.${identity.holderId}.agreement.json`
      await writeNew(file, `${JSON.stringify({ tenderId: id, supplierId: identity.holderId, jws }, null, 2)}\n`)
      context.out.done({
        json: { tenderId: id, leaderId: leader, members, agreement: file },
        text: facts([['Tender', id], ['Leader (대표사)', leader], ['Shares (지분)', sharesText(members)], ['Agreement', file]]),
        next: `the leader runs: bongin bid seal ${id} --agreement ${file}`
      })
    }))
}
