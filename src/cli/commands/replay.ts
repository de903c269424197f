/** `replay`: published results recomputed by the rules that the server runs; says what agrees and every difference. */
import type { Command } from 'commander'
import type { Action, Context } from '../context.ts'
import { EXIT } from '../exit-codes.ts'
import { describeError } from '../output.ts'
import { FileFault, type Words } from '../replay/faults.ts'
import { replayFile } from '../replay/replay-file.ts'
import type { Report } from '../replay/report.ts'
import { replayText } from '../replay-table.ts'

export function addReplay (program: Command, action: Action): void {
  program.command('replay')
    .argument('<file...>', 'published results: openings, floors of works, or draws, as JSON lines or a JSON array')
    .description('recompute published results by the rules of this server and compare every figure (공개된 개찰 결과 재계산)')
    .addHelpText('after', `
The content of a file tells its format. Everything is computed on this machine; no server is asked. Differences whose cause
lies in the source are on a written list (docs/rules.md); the exit code is 0 only if there are no others.`)
    .action(action(async (context, files: string[]) => {
      const results: Array<Report | FileFault> = []
      for (const file of files) results.push(await replayOne(context, file))
      const [first] = results
      if (results.length === 1 && first instanceof FileFault) throw first
      say(context, results)
      context.exitCode = exitCodeFor(results)
    }))
}

async function replayOne (context: Context, file: string): Promise<Report | FileFault> {
  const progress = context.progress(file)
  try {
    return await replayFile(file, progress.update)
  } catch (error) {
    if (error instanceof FileFault) return error
    throw error
  } finally {
    progress.stop()
  }
}

function say (context: Context, results: ReadonlyArray<Report | FileFault>): void {
  const { out } = context
  const documents = results.map((result) => result instanceof FileFault ? { error: describeError(result) } : result.toJson())
  const text = out.json ? [] : results.flatMap((result) => result instanceof FileFault ? [] : [replayText(result)])
  out.done({ json: documents.length === 1 ? documents[0] : documents, text: text.join('\n') })
  if (out.json) return
  for (const result of results) {
    if (result instanceof FileFault) out.error(result)
    else for (const { line, fault } of result.differences) if (fault !== undefined) sayFault(context, { file: result.file, line, fault })
  }
}

function sayFault ({ io }: Context, { file, line, fault }: { file: string, line: number | undefined, fault: Words }): void {
  io.stderr(`bongin: ${file}, line ${line}: ${fault.en}\n        ${file} ${line}행: ${fault.ko}\n`)
}

/** An unknown difference is the finding; a file that could not be read only leaves it incomplete. */
function exitCodeFor (results: ReadonlyArray<Report | FileFault>): number {
  if (results.some((result) => !(result instanceof FileFault) && result.unknown > 0)) return EXIT.refused
  return results.some((result) => result instanceof FileFault) ? EXIT.local : EXIT.ok
}
