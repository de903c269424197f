/** `tender ask|answer|questions`: questions on a notice (질의·답변). */
import type { Command } from 'commander'
import { answerQuestion, askQuestion, listQuestions, type QuestionView } from '../../client/questions.ts'
import type { TenderId } from '../../domain/ids.ts'
import type { Action } from '../context.ts'
import { facts } from '../output.ts'
import { position, tenderId } from '../values.ts'

/** Text of others: each line stands behind a mark, so that it cannot look like ours. */
const quoted = (text: string): string => text.split('\n').map((line) => `  | ${line}`).join('\n')

function questionText ({ number, askedAt, text, answer }: QuestionView): string {
  const answered = answer === null ? '  No answer yet.' : `Answer (답변), ${answer.answeredAt}\n${quoted(answer.text)}`
  return `Question ${number} (질의), ${askedAt}\n${quoted(text)}\n${answered}\n`
}

export function addQuestionCommands (tender: Command, action: Action): void {
  tender.command('questions')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('questions and answers on a notice; checks the answers\' signatures (질의·답변 조회)')
    .action(action(async (context, id: TenderId) => {
      const api = await context.api()
      const items = await listQuestions(api, await context.platform(api), id)
      context.out.done({
        json: { items: items.map((item) => ({ ...item })) },
        text: items.length === 0 ? 'Nobody has asked anything.' : items.map(questionText).join('\n')
      })
    }))

  tender.command('ask')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .description('ask about a notice; the question is public at once, who asked is not (질의)')
    .requiredOption('--text <text>', 'at most 2,000 characters')
    .action(action(async (context, id: TenderId, { text }: { text: string }) => {
      await context.withSession(async ({ api }) => {
        const asked = await askQuestion(api, { tenderId: id, text })
        context.out.done({
          json: { tenderId: id, ...asked },
          text: facts([['Tender', id], ['Question', String(asked.number)], ['Asked', asked.askedAt]]),
          next: `bongin tender questions ${id}`
        })
      })
    }))

  tender.command('answer')
    .argument('<tenderId>', 'such as R26BK00000001', tenderId)
    .argument('<number>', 'the question\'s', position)
    .description('sign the answer to a question, once and before the closing; executing officer (답변)')
    .requiredOption('--text <text>', 'at most 4,000 characters')
    .action(action(async (context, id: TenderId, number: number, { text }: { text: string }) => {
      await context.withSession(async ({ api, identity }) => {
        const answered = await answerQuestion(api, identity, { tenderId: id, number, text })
        context.out.done({
          json: { tenderId: id, ...answered },
          text: facts([['Tender', id], ['Question', String(number)], ['Answered', answered.answeredAt]]),
          next: `bongin tender questions ${id}`
        })
      })
    }))
}
