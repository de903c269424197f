/** `tender proposals|evaluators|mark|technical-result`: the technical evaluation of a tender with two envelopes. */
import type { Command } from 'commander'
import { appointEvaluators, decideTechnical, markProposals, readProposals, type ReadProposal } from '../../client/technical.ts'
import type { OfficerId, SupplierId, TenderId } from '../../domain/ids.ts'
import type { TechnicalScore } from '../../domain/technical.ts'
import type { Action, Context } from '../context.ts'
import { UsageError } from '../exit-codes.ts'
import { facts, marksText, table } from '../output.ts'
import { collect, officerId, supplierMarks, tenderId } from '../values.ts'

type Marks = Array<{ supplierId: SupplierId, marksMilli: number }>

function proposalText ({ supplierId, content, proposalSha256, voidReason }: ReadProposal): string {
  if (content === null) return facts([['Supplier', supplierId], ['Void', voidReason ?? '']])
  const { summary, documents } = content.proposal
  return facts([
    ['Supplier', supplierId],
    ['Summary', summary === '' ? '-' : summary],
    ['Documents', documents.map(({ name, sizeBytes, sha256 }) => `${name} (${sizeBytes} bytes, SHA-256 ${sha256})`).join('\n') || '-'],
    ['Proposal, SHA-256', proposalSha256 ?? '-']
  ])
}

function scoresText (scores: readonly TechnicalScore[]): string {
  const columns = [{ name: 'Supplier' }, { name: 'Marks', align: 'right' }, { name: 'Result' }] as const
  return table(columns, scores.map(({ supplierId, marksE4, passes }) => [supplierId, marksText(marksE4), passes ? 'passes' : 'fails']))
}

/** `{ "SUPPLIER": 85.5, … }`. Numbers with up to three decimals are their own shortest spelling, so that none is rounded. */
async function readMarksFile (context: Context, file: string): Promise<Marks> {
  const written = await context.readJson<unknown>(file)
  if (typeof written !== 'object' || written === null || Array.isArray(written)) throw new UsageError(`${file} must be a JSON object of marks by supplier.`)
  return Object.entries(written).map(([supplierId, given]) => {
    try {
      return supplierMarks(`${supplierId}=${String(given)}`)
    } catch (error) {
      throw new UsageError(`${file}, ${supplierId}: ${error instanceof Error ? error.message : ''}`)
    }
  })
}

function addProposals (tender: Command, action: Action): void {
  tender.command('proposals')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('read the opened proposals; executing officer, witness and appointed evaluators (기술제안서 열람)')
    .action(action(async (context, id: TenderId) => {
      await context.withSession(async ({ api }) => {
        const { openingSha256, proposals } = await readProposals(api, id)
        context.out.done({
          json: { tenderId: id, technicalOpeningSha256: openingSha256, proposals },
          text: `${proposals.map(proposalText).join('')}Technical opening, SHA-256 ${openingSha256}.`,
          next: `the executing officer appoints: bongin tender evaluators ${id} OFFICER…; each evaluator: bongin tender mark ${id} --marks SUPPLIER=85.5 … --reason …`
        })
      })
    }))
}

function addEvaluators (tender: Command, action: Action): void {
  tender.command('evaluators')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .argument('<officerId...>', 'officers with the role "evaluator", none of the committee', (value: string, before: OfficerId[] | undefined) => [...(before ?? []), officerId(value)])
    .description('appoint the evaluators, once the proposals are open; whoever has marked stays appointed (평가위원 위촉)')
    .action(action(async (context, id: TenderId, officers: OfficerId[]) => {
      await context.withSession(async ({ api, identity, platform }) => {
        const { evaluators } = await appointEvaluators(api, platform, { identity, tenderId: id, evaluators: officers })
        context.out.done({
          json: { tenderId: id, evaluators },
          text: facts([['Tender', id], ['Evaluators (평가위원)', evaluators.join(', ')]]),
          next: `each of them reads and marks: bongin tender proposals ${id}; bongin tender mark ${id} --marks SUPPLIER=85.5 … --reason …`
        })
      })
    }))
}

interface MarkOptions { marks?: string[], file?: string, reason: string }

function addMark (tender: Command, action: Action): void {
  tender.command('mark')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('sign this evaluator\'s marks for all proposals, once (기술평가)')
    .option('--marks <supplier=marks>', 'marks of one proposal, such as 1018116406=85.5; once for each', collect)
    .option('--file <marks.json>', 'the same as a JSON object, such as {"1018116406": 85.5}')
    .requiredOption('--reason <text>')
    .action(action(async (context, id: TenderId, { marks: given = [], file, reason }: MarkOptions) => {
      if ((given.length > 0) === (file !== undefined)) throw new UsageError('Give the marks with --marks, or in one --file.')
      const all = file === undefined ? given.map((text) => supplierMarks(text)) : await readMarksFile(context, file)
      await context.withSession(async ({ api, identity, platform }) => {
        const done = await markProposals(api, platform, { identity, tenderId: id, marks: all, reason })
        context.out.done({
          json: { tenderId: id, marks: all, ...done },
          text: facts([['Tender', id], ['Proposals marked', String(all.length)], ['Evaluators done', `${done.marked} of ${done.evaluators}`]]),
          next: done.marked === done.evaluators ? `the executing officer signs the result: bongin tender technical-result ${id}` : 'the other evaluators mark too'
        })
      })
    }))
}

function addResult (tender: Command, action: Action): void {
  tender.command('technical-result')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('verify all marks and sign what they come to; from here on prices can be opened (기술평가 결과 확정)')
    .action(action(async (context, id: TenderId) => {
      await context.withSession(async ({ api, identity, platform }) => {
        const { technicalOpeningSha256, scores } = await decideTechnical(api, platform, { identity, tenderId: id })
        const somebody = scores.some(({ passes }) => passes)
        context.out.done({
          json: { tenderId: id, technicalOpeningSha256, scores },
          text: `${scoresText(scores)}${somebody ? 'The technical evaluation is complete.' : 'Nobody passes: the tender has failed, and no price is opened.'}`,
          next: somebody ? `from the price opening time on: bongin tender open ${id}${context.keysOption}` : `bongin tender show ${id}`
        })
      })
    }))
}

export function addTechnicalCommands (tender: Command, action: Action): void {
  addProposals(tender, action)
  addEvaluators(tender, action)
  addMark(tender, action)
  addResult(tender, action)
}
