/** What failed, read from tap's own results: its reporters draw on a terminal, and leave nothing where there is none. */
import { Parser } from 'tap-parser'

/** Lines of a difference that are shown; the rest is in the run of that file alone. */
const MAX_DIFF_LINES = 30

type Events = ReturnType<typeof Parser.parse>
type Assertion = Extract<Events[number], ['assert', unknown]>[1]

/** Each assertion that failed, with its place and difference. A test that failed only because of what is in it is not named beside it. */
export function failedTests (results: string): string[] {
  return failuresIn(Parser.parse(results))
}

function failuresIn (events: Events): string[] {
  const found: string[] = []
  let inside: string[] = []
  for (const [event, detail] of events) {
    if (event === 'child') inside = failuresIn(detail as Events)
    if (event !== 'assert') continue
    if (!detail.ok && detail.skip === false && detail.todo === false) found.push(...(inside.length > 0 ? inside : [described(detail)]))
    inside = []
  }
  return found
}

function described ({ fullname, name, diag }: Assertion): string {
  const { at, diff, expired } = (diag ?? {}) as { at?: { fileName?: string, lineNumber?: number }, diff?: string, expired?: string }
  const place = at?.fileName === undefined ? expired : `${at.fileName}:${at.lineNumber}`
  const title = fullname.endsWith(name) ? fullname : `${fullname} > ${name}`
  return [title, place, diff?.split('\n').slice(0, MAX_DIFF_LINES).join('\n')].filter((part) => part !== undefined && part !== '').join('\n  ')
}
