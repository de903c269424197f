/** What the public is told of a tender's life, by its type; each is an event with a position in the order of commits. */
export const EVENT_TYPES = [
  'tender.published',
  'tender.revised',
  'tender.asked',
  'tender.answered',
  'tender.closed',
  'tender.extended',
  'tender.technical-opened',
  'tender.technical-evaluated',
  'tender.opened',
  'tender.evaluated',
  'tender.awarded',
  'tender.failed',
  'tender.cancelled'
] as const

export type EventType = typeof EVENT_TYPES[number]

/** News of the moment on the feed: has no position and is never told again. */
export const PROGRESS_TYPE = 'progress'
