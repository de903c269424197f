/** What failed, read from tap's own results: its reporters draw on a terminal, and leave nothing where there is none. */
import { Parser, type EventLog, type Result } from 'tap-parser'

/** Lines of a difference that are shown; the rest is in the run of that file alone. */
const MAX_DIFF_LINES = 30

/** Each assertion that failed, with its place and difference. A test that failed only because of what is in it is not named beside it. */
export function failedTests (results: string): string[] {
  return failuresIn(Parser.parse(results))
}

function failuresIn (events: EventLog): string[] {
  const found: string[] = []
  let inside: string[] = []
  for (const [event, detail] of events as Iterable<[string, unknown]>) {
    if (event === 'child') inside = failuresIn(detail as EventLog)
    if (event !== 'assert') continue
    const result = detail as Result
    if (!result.ok && result.skip === false && result.todo === false) found.push(...(inside.length > 0 ? inside : [described(result)]))
    inside = []
  }
  return found
}

function described ({ fullname, name, diag }: Result): string {
  const { at, diff, expired } = (diag ?? {}) as { at?: { fileName?: string, lineNumber?: number }, diff?: string, expired?: string }
  const place = at?.fileName === undefined ? expired : `${at.fileName}:${at.lineNumber}`
  const title = fullname.endsWith(name) ? fullname : `${fullname} > ${name}`
  return [title, place, diff?.split('\n').slice(0, MAX_DIFF_LINES).join('\n')].filter((part) => part !== undefined && part !== '').join('\n  ')
}
