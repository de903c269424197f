/** Change notices side by side: which members of the notice a revision changed, as text before and after. */
import type { Notice } from '../domain/notice.ts'

export interface Change { revision: string, reason: string, members: Array<{ name: string, before: string, after: string }> }

/** Oldest change first; empty for a notice that was never changed. Digests follow from the rest and are left out. */
export function changesOf (notices: readonly Notice[]): Change[] {
  return notices.slice(1).map((notice, index) => {
    const before = membersOf(notices[index])
    const after = membersOf(notice)
    const names = [...new Set([...before.keys(), ...after.keys()])].filter((name) => before.get(name) !== after.get(name))
    return {
      revision: notice.revision,
      reason: notice.changeReason,
      members: names.map((name) => ({ name, before: before.get(name) ?? '–', after: after.get(name) ?? '–' }))
    }
  })
}

function membersOf (notice: Notice | undefined): Map<string, string> {
  const members = new Map<string, string>()
  if (notice === undefined) return members
  const { publishedAt: _, ...schedule } = notice.schedule
  flatten({ ...notice.terms, schedule }, '', members)
  return members
}

function flatten (value: unknown, name: string, into: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) {
    if (value !== null) into.set(name, String(value))
    return
  }
  for (const [key, member] of Object.entries(value)) flatten(member, name === '' ? key : `${name}.${key}`, into)
}
