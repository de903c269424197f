/**
 * `tender example|draft|contribute|seal-prices|publish|revise|cancel`: from a notice file to a published tender.
 * `publish` does whatever can be done now and says what is missing; it is run again until the tender is published.
 */
import { Option, type Command } from 'commander'
import { contribute, publish, readCeremony, sealAgencyPrices, updateDraft, type Contributed } from '../../client/ceremony.ts'
import { ClientError } from '../../client/identity.ts'
import { cancelTender } from '../../client/tenders.ts'
import type { TenderId } from '../../domain/ids.ts'
import { AWARD_METHODS, type AwardMethod } from '../../domain/notice.ts'
import { formatKst } from '../../domain/time.ts'
import type { Action, Context } from '../context.ts'
import { readDraft, type NoticeFile } from '../draft-file.ts'
import { exampleNotice } from '../example-notice.ts'
import { facts } from '../output.ts'
import { publishLots } from '../publish-lots.ts'
import { bringDraft, pricesMissing, publishStep, readPriceList, type Session } from '../publishing.ts'
import { tenderId, tenderIds } from '../values.ts'

function addDraftCommands (tender: Command, action: Action): void {
  tender.command('example')
    .description('print a notice file to begin with (공고 파일 예시)')
    .addOption(new Option('--method <method>', 'award method (낙찰자 결정방법)').choices(AWARD_METHODS).default('restricted-lowest'))
    .option('--unit-price', 'a contract at unit prices, in hundredths of a won (단가계약)')
    .option('--post-quantum', 'bids sealed with ML-KEM-768 beside the joint key (양자내성 암호)')
    .action(action(async (context, query: { method: AwardMethod, unitPrice?: boolean, postQuantum?: boolean }) => {
      context.io.stdout(`${JSON.stringify(exampleNotice({ ...query, noticeAt: context.io.now() }), null, 2)}\n`)
    }))

  tender.command('draft')
    .description('store a notice file as a draft, or bring its draft up to date (공고 작성)')
    .requiredOption('--file <notice.json>')
    .action(action(async (context, { file }: { file: string }) => {
      await context.withSession(async (session) => {
        const { id, isNew } = await bringDraft(context, session, file)
        context.out.done({
          json: { tenderId: id, state: 'draft', created: isNew },
          text: `${isNew ? 'Drafted' : 'Draft brought up to date'}: ${id}.`,
          next: `bongin tender publish --file ${file}${context.keysOption}`
        })
      })
    }))

  tender.command('contribute')
    .argument('<tenderId...>', 'such as R26BK00000001; all lots of a notice together', tenderIds)
    .description('make this officer\'s part of the joint key; executing officer and witness (키 제출)')
    .action(action(async (context, ids: TenderId[]) => {
      await context.withSession(async ({ api, identity, platform }) => {
        const all: Array<Contributed & { tenderId: TenderId }> = []
        for (const id of ids) all.push({ tenderId: id, ...await contribute(api, platform, { identity, tenderId: id, now: context.io.now() }) })
        const said = ({ tenderId: id, holderId, repeated }: typeof all[number]): string =>
          repeated ? `${holderId} has contributed to ${id} before; nothing was changed.` : `${holderId} has contributed to the key of ${id}.`
        context.out.done({
          json: all.length === 1 ? all[0] : { contributions: all },
          text: all.map(said).join('\n'),
          next: all.every(({ complete }) => complete) ? 'the executing officer publishes: bongin tender publish --file notice.json' : 'the other committee member contributes too'
        })
      })
    }))

  tender.command('seal-prices')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('seal the agency\'s own prices to the joint key, once both members have contributed (예비가격 봉인)')
    .requiredOption('--prices <file>', 'JSON list of won: 15 numbered prices, or one; as text where the tender has decimals')
    .action(action(async (context, id: TenderId, { prices }: { prices: string }) => {
      await context.withSession(async ({ api, platform }) => {
        const { draft } = await readCeremony(api, id)
        if (draft === null) throw new ClientError('mismatch', 'This tender has no draft: its prices were sealed before.')
        const list = await readPriceList(context, { file: prices, decimals: draft.price.decimals })
        const { sealedPricesSha256 } = await sealAgencyPrices(api, platform, { tenderId: id, prices: list, now: context.io.now() })
        context.out.done({
          json: { tenderId: id, sealedPricesSha256 },
          text: facts([['Tender', id], ['Prices sealed', String(list.length)], ['Commitment, SHA-256', sealedPricesSha256]]),
          next: `bongin tender publish --file notice.json${context.keysOption}`
        })
      })
    }))
}

interface PublishOptions { file: string, prices?: string }

/** As far as it goes now, and what comes next. */
async function publishStepwise (context: Context, session: Session, { file, prices }: PublishOptions): Promise<void> {
  const { lots } = await context.readJson<Partial<NoticeFile>>(file)
  if (lots !== undefined) {
    await publishLots(context, session, { file, lots, prices })
    return
  }
  const { id, draft } = await bringDraft(context, session, file)
  const step = await publishStep(context, session, {
    id,
    draft,
    prices: async () => {
      if (prices === undefined) throw pricesMissing(draft.price.method)
      return await readPriceList(context, { file: prices, decimals: draft.price.decimals })
    }
  })
  if (!step.published) {
    context.out.done({
      json: { tenderId: id, state: 'draft', published: false, missing: step.missing },
      text: `${id} waits for the key of the witness, officer ${step.missing.join(', ')}.`,
      next: `the witness runs: bongin tender contribute ${id} --keys WITNESS_KEYS   and then the same "tender publish" again`
    })
  } else if (step.now === null) {
    const { state } = step
    context.out.done({ json: { tenderId: id, state, published: true }, text: `${id} is published already (${state}).`, next: `bongin tender show ${id}` })
  } else {
    const { state, now: { revision, publishedAt, witness } } = step
    context.out.done({
      json: { tenderId: id, revision, state, publishedAt, published: true, witness },
      text: facts([['Tender', id], ['Revision', revision], ['State', state], ['Published', publishedAt]]),
      next: `bongin tender show ${id}; after the opening time: bongin tender open ${id}${context.keysOption}`
    })
  }
}

export function addPublishCommands (tender: Command, action: Action): void {
  addDraftCommands(tender, action)

  tender.command('publish')
    .description('draft, contribute, seal prices, sign and publish, as far as it goes now; run again until published (공고 게시)')
    .requiredOption('--file <notice.json>')
    .option('--prices <file>', 'JSON list of won, for the sealed price methods; as text where the tender has decimals')
    .action(action(async (context, options: PublishOptions) => {
      await context.withSession(async (session) => { await publishStepwise(context, session, options) })
    }))

  tender.command('revise')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('sign and publish a change notice (변경공고); bids sealed to other terms are superseded')
    .requiredOption('--file <notice.json>', 'the whole notice as it shall be')
    .requiredOption('--reason <text>')
    .action(action(async (context, id: TenderId, { file, reason }: { file: string, reason: string }) => {
      await context.withSession(async (session) => {
        const { api, identity, platform } = session
        const draft = { ...await readDraft(context, { file, ...session }), changeReason: reason }
        await updateDraft(api, { tenderId: id, draft })
        const published = await publish(api, platform, { identity, tenderId: id, expected: draft, now: context.io.now() })
        context.out.done({
          json: { ...published },
          text: facts([['Tender', id], ['Revision', published.revision], ['Published', published.publishedAt]]),
          next: `bongin tender show ${id}`
        })
      })
    }))

  tender.command('cancel')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('cancel for good: the key is never released, no bid is ever opened (취소공고)')
    .requiredOption('--reason <text>')
    .option('--yes', 'do it; without this nothing happens')
    .action(action(async (context, id: TenderId, { reason, yes }: { reason: string, yes?: boolean }) => {
      if (yes !== true) throw new ClientError('mismatch', `This cannot be undone. To cancel ${id}, add --yes.`)
      await context.withSession(async ({ api, identity }) => {
        await cancelTender(api, identity, { tenderId: id, reason })
        context.out.done({ json: { tenderId: id, state: 'cancelled', at: formatKst(context.io.now()) }, text: `${id} is cancelled.` })
      })
    }))
}
