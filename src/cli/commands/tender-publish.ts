/**
 * `tender example|draft|contribute|seal-prices|publish|revise|cancel`: from a notice file to a published tender.
 * `publish` does whatever can be done now and says what is missing; it is run again until the tender is published.
 */
import type { Command } from 'commander'
import type { Api } from '../../client/api.ts'
import {
  contribute, draftTender, missingMembers, publish, readCeremony, sealAgencyPrices, updateDraft
} from '../../client/ceremony.ts'
import { ClientError, type Identity } from '../../client/identity.ts'
import type { Platform } from '../../client/platform.ts'
import { cancelTender } from '../../client/tenders.ts'
import type { CeremonyView } from '../../client/types.ts'
import type { TenderDraft } from '../../domain/draft.ts'
import type { TenderId } from '../../domain/ids.ts'
import type { PriceMethod } from '../../domain/notice.ts'
import { formatKst, HOUR_MS } from '../../domain/time.ts'
import type { Action, Context } from '../context.ts'
import { exampleNotice, fileDigest, readDraft, readState, writeState } from '../draft-file.ts'
import { UsageError } from '../exit-codes.ts'
import { facts } from '../output.ts'
import { tenderId } from '../values.ts'

interface Session { api: Api, identity: Identity, platform: Platform }

const DAY_MS = 24 * HOUR_MS
const isSealed = (method: PriceMethod): boolean => method === 'multiple-sealed' || method === 'single-sealed'

/** Drafts the file, or brings the draft up to date with it. */
async function bringDraft (context: Context, session: Session, file: string): Promise<{ id: TenderId, draft: TenderDraft, isNew: boolean }> {
  const state = await readState(context, file)
  const fileSha256 = await fileDigest(context, file)
  if (state !== null && state.fileSha256 === fileSha256) return { id: state.tenderId, draft: state.draft, isNew: false }
  const draft = await readDraft(context, { file, ...session })
  if (state !== null) await updateDraft(session.api, { tenderId: state.tenderId, draft })
  const id = state?.tenderId ?? await draftTender(session.api, draft)
  await writeState(file, { tenderId: id, fileSha256, draft })
  return { id, draft, isNew: state === null }
}

async function readPrices (context: Context, file: string): Promise<number[]> {
  const prices = await context.readJson<unknown>(file)
  if (Array.isArray(prices) && prices.every((price) => typeof price === 'number')) return prices
  throw new UsageError(`${file} must be a JSON list of prices in won.`)
}

function witnessOf (ceremony: CeremonyView): string {
  return ceremony.members.find(({ role }) => role === 'witness')?.officerId ?? ''
}

function addDraftCommands (tender: Command, action: Action): void {
  tender.command('example')
    .description('print a notice file to begin with (공고 파일 예시)')
    .action(action(async (context) => {
      const closesAt = Math.ceil((context.io.now() + 7 * DAY_MS) / HOUR_MS) * HOUR_MS
      context.io.stdout(`${JSON.stringify(exampleNotice(closesAt), null, 2)}\n`)
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
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('make this officer\'s part of the joint key; executing officer and witness (키 제출)')
    .action(action(async (context, id: TenderId) => {
      await context.withSession(async ({ api, identity, platform }) => {
        const made = await contribute(api, platform, { identity, tenderId: id, now: context.io.now() })
        context.out.done({
          json: { tenderId: id, ...made },
          text: made.repeated ? `${made.holderId} has contributed before; nothing was changed.` : `${made.holderId} has contributed to the key of ${id}.`,
          next: made.complete ? 'the executing officer publishes: bongin tender publish --file notice.json' : 'the other committee member contributes too'
        })
      })
    }))

  tender.command('seal-prices')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('seal the agency\'s own prices to the joint key, once both members have contributed (예비가격 봉인)')
    .requiredOption('--prices <file>', 'JSON list of won: 15 numbered prices, or one')
    .action(action(async (context, id: TenderId, { prices }: { prices: string }) => {
      await context.withSession(async ({ api, platform }) => {
        const list = await readPrices(context, prices)
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

/** As far as it goes now. */
async function publishStepwise (context: Context, session: Session, { file, prices }: PublishOptions): Promise<void> {
  const { api, identity, platform } = session
  const now = context.io.now()
  const { id, draft } = await bringDraft(context, session, file)
  const before = await readCeremony(api, id)
  if (before.state !== 'draft') {
    context.out.done({ json: { tenderId: id, state: before.state, published: true }, text: `${id} is published already (${before.state}).`, next: `bongin tender show ${id}` })
    return
  }
  const { repeated } = await contribute(api, platform, { identity, tenderId: id, now })
  if (!repeated) context.out.note(`Contributed to the key of ${id}.`)
  const ceremony = await readCeremony(api, id)
  const missing = missingMembers(ceremony)
  if (missing.length > 0) {
    context.out.done({
      json: { tenderId: id, state: 'draft', published: false, missing },
      text: `${id} waits for the key of the witness, officer ${missing.join(', ')}.`,
      next: `the witness runs: bongin tender contribute ${id} --keys WITNESS_KEYS   and then the same "tender publish" again`
    })
    return
  }
  if (isSealed(draft.price.method) && ceremony.sealedPrices === null) {
    if (prices === undefined) throw new UsageError(`The price method ${draft.price.method} needs the agency's prices: add --prices prices.json.`)
    await sealAgencyPrices(api, platform, { tenderId: id, prices: await readPrices(context, prices), now })
    context.out.note('Sealed the agency\'s prices.')
  }
  const published = await publish(api, platform, { identity, tenderId: id, expected: draft, now })
  context.out.done({
    json: { ...published, published: true, witness: witnessOf(ceremony) },
    text: facts([['Tender', id], ['Revision', published.revision], ['State', published.state], ['Published', published.publishedAt]]),
    next: `bongin tender show ${id}; after the opening time: bongin tender open ${id}${context.keysOption}`
  })
}

export function addPublishCommands (tender: Command, action: Action): void {
  addDraftCommands(tender, action)

  tender.command('publish')
    .description('draft, contribute, seal prices, sign and publish, as far as it goes now; run again until published (공고 게시)')
    .requiredOption('--file <notice.json>')
    .option('--prices <file>', 'JSON list of won, for the sealed price methods')
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
