/** What the figures are to reach, in one run on two cores. */

interface Target { atLeast?: number, atMost?: number }

export const TARGETS: Readonly<Record<string, Target>> = {
  'opening-vs-scalarmult': { atLeast: 0.60 },
  'opening-warm-vs-scalarmult': { atLeast: 1.2 },
  'opening-vs-rsa': { atLeast: 10 },
  'opening-vs-forge': { atLeast: 400 },
  'opening-two-threads': { atLeast: 1.8 },
  'opening-growth': { atMost: 10.5 },
  'opening-memory-mb': { atMost: 400 },
  'intake-vs-echo': { atLeast: 0.55 },
  'intake-vs-single-commit': { atLeast: 4 },
  'intake-tail': { atMost: 8 },
  'feed-vs-ws': { atLeast: 1.1 },
  'list-growth': { atMost: 1.5 },
  'search-vs-like': { atLeast: 50 }
}

/** A figure without a target meets it. */
export function targetOf (name: string, value: number): { target: number | null, meets: boolean } {
  const { atLeast, atMost } = TARGETS[name] ?? {}
  if (atLeast !== undefined) return { target: atLeast, meets: value >= atLeast }
  if (atMost !== undefined) return { target: atMost, meets: value <= atMost }
  return { target: null, meets: true }
}
