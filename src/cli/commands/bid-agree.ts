/** `bid agree`: a member of a joint bid signs that it takes part (공동수급협정). */
import type { Command } from 'commander'
import { agreeToJointBid, agreementFile, readRequest } from '../../client/joint-bids.ts'
import { writeNew } from '../../client/key-folder.ts'
import { getCheckedTender } from '../../client/tenders.ts'
import type { ConsortiumTerms } from '../../crypto/consortium.ts'
import type { ConsortiumShare } from '../../domain/consortium.ts'
import type { SupplierId, TenderId } from '../../domain/ids.ts'
import { sharesText } from '../bid-forms.ts'
import type { Action, Context } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { facts } from '../output.ts'
import { memberShare, supplierId, tenderId } from '../values.ts'

interface AgreeOptions { request?: string, leader?: SupplierId, member?: ConsortiumShare[], out?: string }

/** What the leader's file says, or what was typed in its place. */
async function readTerms (context: Context, id: TenderId, { request, leader: leaderId, member: members }: AgreeOptions): Promise<ConsortiumTerms> {
  if (request === undefined) {
    if (leaderId === undefined || members === undefined) throw new UsageError('Name the leader\'s file with --request, or the leader and every member with --leader and --member.')
    return { tenderId: id, leaderId, members }
  }
  if (leaderId !== undefined || members !== undefined) throw new UsageError('The leader\'s file says who takes part: leave --leader and --member out.')
  const terms = readRequest(await context.readText(request))
  if (terms.tenderId !== id) throw new UsageError(`${request} is for ${terms.tenderId}.`)
  return terms
}

export function addAgree (bid: Command, action: Action): void {
  bid.command('agree')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('sign that this supplier takes part in a joint bid, into a file for the leader; nothing is sent (공동수급협정)')
    .option('--request <file>', 'the leader\'s file TENDER.joint-bid.json, which says who takes part')
    .option('--leader <supplier>', 'in its place: who bids for all', supplierId)
    .option('--member <supplier=percent>', 'a member and its share, the leader included; once for each', memberShare)
    .option('--out <file>', 'the agreement; TENDER.SUPPLIER.agreement.json unless told otherwise')
    .action(action(async (context, id: TenderId, options: AgreeOptions) => {
      const { leaderId, members } = await readTerms(context, id, options)
      const identity = await context.identity()
      const api = await context.api()
      const tender = await getCheckedTender(api, await context.platform(api), id)
      const jws = await agreeToJointBid(tender, { identity, leaderId, members })
      const { name, contents } = agreementFile({ tenderId: id, supplierId: identity.holderId as SupplierId, jws })
      const file = options.out ?? name
      await writeNew(file, contents)
      context.out.done({
        json: { tenderId: id, leaderId, members, agreement: file },
        text: facts([['Tender', id], ['Leader (대표사)', leaderId], ['Shares (지분)', sharesText(members)], ['Agreement', file]]),
        next: `the leader runs: bongin bid seal ${id} --agreement ${file}`
      })
    }))
}
