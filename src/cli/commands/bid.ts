/** `bid seal|agree|submit|receipt|withdraw`: the supplier's side. */
import { readFile, writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { checkInclusion, myBid, readReceipt, sealForTender, submitBid, withdrawBid } from '../../client/bids.ts'
import { ClientError, type Identity } from '../../client/identity.ts'
import { assembleConsortium } from '../../client/joint-bids.ts'
import { writeNew } from '../../client/key-folder.ts'
import { getCheckedTender } from '../../client/tenders.ts'
import type { Consortium } from '../../crypto/consortium.ts'
import type { ConsortiumShare } from '../../domain/consortium.ts'
import { drawsPrices } from '../../domain/draw.ts'
import type { PriceDecimals, UnitPriceItem } from '../../domain/notice.ts'
import type { SupplierId, TenderId } from '../../domain/ids.ts'
import { priceTable, readAgreementFiles, readPrices, sharesText, type BidPrices, type PriceOptions } from '../bid-forms.ts'
import { formatKst } from '../../domain/time.ts'
import type { Action, Context } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { amount, facts } from '../output.ts'
import { amountUnits, collect, linePrice, memberShare, picks, tenderId, wonText } from '../values.ts'
import { EXAMPLE_PROPOSAL, readProposalFile } from '../proposal-file.ts'
import { addAgree } from './bid-agree.ts'

interface SealOptions extends PriceOptions {
  picks?: [number, number]
  agreement?: string[]
  member?: ConsortiumShare[]
  proposal?: string
  out?: string
}

/** The amount of a bid is a secret until the opening: it may be typed where no history keeps it. */
async function askAmount (context: Context, decimals: PriceDecimals): Promise<number> {
  const { askHidden } = context.io
  if (askHidden === null) throw new UsageError('Name the amount with --amount.')
  return amountUnits(await askHidden('Amount in won (not shown): '), decimals)
}

function addSeal (bid: Command, action: Action): void {
  bid.command('seal')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('check the notice, seal and sign a bid into a file; nothing is sent (입찰서 봉인)')
    .option('--amount <won>', 'the amount, such as 1234000, or 1234.56 where the tender has decimals; asked for, unseen, when left out', wonText)
    .option('--picks <n,n>', 'two different numbers from 1 to 15, where the tender draws prices (추첨번호)', picks)
    .option('--unit-prices <file>', 'JSON list of unit prices in won, one for each line; the amount follows from them (단가)')
    .option('--unit-price <line=won>', 'one line\'s price, such as 1=1234.56; may be repeated', linePrice)
    .option('--agreement <file>', 'of a joint bid that this supplier leads: a member\'s agreement; once for each (공동수급)', collect)
    .option('--member <supplier=percent>', 'the shares as this supplier understands them; those of the agreements when left out', memberShare)
    .option('--proposal <file>', 'the proposal, where the tender opens proposals; an example: bongin bid example-proposal (제안서)')
    .option('--out <file>', 'the envelope; TENDER.bid.jws unless told otherwise')
    .action(action(async (context, id: TenderId, options: SealOptions) => {
      const identity = await context.identity()
      const api = await context.api()
      const tender = await getCheckedTender(api, await context.platform(api), id)
      const { terms, termsSha256 } = tender.last.notice
      const closesAt = formatKst(tender.last.closesAt)
      if (terms.technicalKey !== null && options.proposal === undefined) throw new UsageError('This tender opens proposals first: add --proposal proposal.json.')
      if (drawsPrices(terms.price.method) && options.picks === undefined) throw new UsageError('This tender draws its price: add --picks, two numbers from 1 to 15.')
      const { decimals } = terms.price
      const prices = await readPrices(context, terms, options)
      const written = options.amount === undefined ? null : amountUnits(options.amount, decimals)
      const content = { amountWon: prices?.amountWon ?? written ?? await askAmount(context, decimals), picks: options.picks ?? null }
      const consortium = await readConsortium(context, { identity, id, ...options })
      const proposal = options.proposal === undefined ? undefined : await readProposalFile(context, options.proposal)
      const bid = { identity, content, unitPricesCenti: prices?.unitPricesCenti ?? null, consortium, proposal, now: context.io.now() }
      const { envelope, envelopeSha256 } = await sealForTender(tender, bid)
      const file = options.out ?? `${id}.bid.jws`
      await writeNew(file, envelope)
      const members = consortium?.members.map(({ supplierId, sharePpm }) => ({ supplierId, sharePpm })) ?? []
      const said = { tenderId: id, envelope: file, envelopeSha256, termsSha256, closesAt }
      context.out.done({
        json: { ...said, amountWon: content.amountWon, decimals, members },
        text: `${scheduleText(terms.unitPrices, prices)}${facts([
          ['Tender', `${id}-${tender.last.notice.revision}`], ['Title', terms.title], ['Amount (won)', amount(content.amountWon, decimals)],
          ...(members.length === 0 ? [] : [['Shares (지분)', sharesText(members)] as const]),
          ['Envelope', file], ['SHA-256', envelopeSha256], ['Closing', closesAt]
        ])}`,
        next: `bongin bid submit ${file}${context.keysOption}`
      })
    }))
}

function scheduleText (lines: readonly UnitPriceItem[], prices: BidPrices | null): string {
  return prices === null ? '' : priceTable(lines.map((line, i) => ({ ...line, unitPriceCenti: prices.unitPricesCenti[i] ?? 0 })))
}

/** The joint bid that the agreements make up, which this supplier leads; undefined without agreements. */
async function readConsortium (context: Context, { identity, id, agreement: files, member }: {
  identity: Identity, id: TenderId, agreement?: string[], member?: ConsortiumShare[]
}): Promise<Consortium | undefined> {
  if (files === undefined) {
    if (member !== undefined) throw new UsageError('A joint bid needs the agreements of the other members: add --agreement FILE for each.')
    return undefined
  }
  const { members, agreements } = await readAgreementFiles(context, files)
  return assembleConsortium({ tenderId: id, leaderId: identity.holderId as SupplierId, members: member ?? members, agreements })
}

function addExampleProposal (bid: Command, action: Action): void {
  bid.command('example-proposal')
    .description('print a proposal file to begin with; documents are named by path and sealed by their digest (제안서 파일 예시)')
    .action(action(async (context) => {
      context.io.stdout(`${JSON.stringify(EXAMPLE_PROPOSAL, null, 2)}\n`)
    }))
}

function addSubmit (bid: Command, action: Action): void {
  bid.command('submit <envelope>')
    .description('send a sealed bid and keep the verified receipt; may be repeated without harm (입찰서 제출)')
    .option('--receipt <file>', 'where the receipt goes; ENVELOPE.receipt unless told otherwise')
    .action(action(async (context, envelope: string, options: { receipt?: string }) => {
      await context.withSession(async ({ api, platform }) => {
        const { receipt, acceptedAt, envelopeSha256, repeated } = await submitBid(api, platform, (await context.readText(envelope)).trim())
        const file = options.receipt ?? `${envelope}.receipt`
        await keepReceipt(file, receipt)
        const { tenderId: tender } = readReceipt(platform, receipt)
        context.out.done({
          json: { tenderId: tender, acceptedAt, envelopeSha256, repeated, receipt: file },
          text: facts([['Tender', tender], [repeated ? 'Accepted before, at' : 'Accepted', acceptedAt], ['Envelope, SHA-256', envelopeSha256], ['Receipt (접수증)', file]]),
          next: `keep the receipt; after the closing: bongin bid receipt ${file} --inclusion${context.keysOption}`
        })
      })
    }))
}

/** The same receipt may be there from an earlier try; another one is not overwritten. */
async function keepReceipt (file: string, receipt: string): Promise<void> {
  const text = `${receipt}\n`
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new ClientError('file', `The receipt cannot be written to ${file}. It is: ${receipt}`, { cause: error })
    if (await readFile(file, 'utf8') !== text) throw new ClientError('file', `${file} holds something else. The receipt is: ${receipt}`, { cause: error })
  }
}

function addReceipt (bid: Command, action: Action): void {
  bid.command('receipt <receiptOrTender>')
    .description('verify a receipt in a file, or fetch one\'s own for a tender (접수증 확인)')
    .option('--inclusion', 'from the closing on: also prove that the bid is in the closing record')
    .option('--out <file>', 'where to put a fetched receipt')
    .action(action(async (context, named: string, { inclusion, out }: { inclusion?: boolean, out?: string }) => {
      await context.withSession(async ({ api, platform }) => {
        const isTender = /^R\d\dBK\d{8}$/.test(named)
        const receipt = isTender ? (await myBid(api, platform, tenderId(named))).receipt : (await context.readText(named)).trim()
        const promised = readReceipt(platform, receipt)
        const { status } = await myBid(api, platform, promised.tenderId)
        const proof = inclusion === true ? await checkInclusion(api, platform, receipt) : null
        if (out !== undefined) await keepReceipt(out, receipt)
        const { tenderId: tender, supplierId, envelopeSha256, acceptedAt } = promised
        const included: Array<[string, string]> = proof === null
          ? []
          : [['Closing record', `leaf ${proof.leafIndex} of ${proof.size}`], ['Root, SHA-256', proof.rootSha256]]
        context.out.done({
          json: { tenderId: tender, supplierId, envelopeSha256, acceptedAt, status, receipt, inclusion: proof },
          text: `${facts([['Tender', tender], ['Supplier', supplierId], ['Envelope, SHA-256', envelopeSha256], ['Accepted', acceptedAt], ['Status', status], ...included])}The platform's signature is in order${proof === null ? '.' : ', and the bid is in the closing record.'}`,
          next: proof === null ? `after the closing: bongin bid receipt ${named} --inclusion${context.keysOption}` : undefined
        })
      })
    }))
}

function addWithdraw (bid: Command, action: Action): void {
  bid.command('withdraw')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('withdraw the bid for a clerical error, before the closing; shuts out of this tender (입찰 취소 신청)')
    .requiredOption('--reason <text>')
    .option('--yes', 'do it; without this nothing happens')
    .action(action(async (context, id: TenderId, { reason, yes }: { reason: string, yes?: boolean }) => {
      if (yes !== true) throw new ClientError('mismatch', `After a withdrawal you cannot bid for ${id} again. To withdraw, add --yes.`)
      await context.withSession(async ({ api, identity, platform }) => {
        const withdrawn = await withdrawBid(api, platform, { identity, tenderId: id, reason })
        context.out.done({ json: { tenderId: id, ...withdrawn }, text: `The bid for ${id} is withdrawn (${withdrawn.withdrawnAt}).` })
      })
    }))
}

export function addBid (program: Command, action: Action): void {
  const bid = program.command('bid').description('sealed bids (입찰)')
  addSeal(bid, action)
  addAgree(bid, action)
  addExampleProposal(bid, action)
  addSubmit(bid, action)
  addReceipt(bid, action)
  addWithdraw(bid, action)
}
