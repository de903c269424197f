/**
 * A search as something to subscribe to or to take along: Atom (RFC 4287), iCalendar (RFC 5545) with closings and openings,
 * CSV.
 */
import { formatKst } from '../domain/time.ts'
import type { searchTenders } from '../services/read-tender.ts'
import { csvText } from './csv.ts'
import type { Formats } from './format.ts'

type Listed = Awaited<ReturnType<typeof searchTenders>>['items'][number]

interface Feed { items: readonly Listed[], title: string, origin: string, address: string, now: number, f: Formats }

export function atomOf ({ items, title, origin, address, now, f }: Feed): string {
  const updated = Math.max(0, ...items.map(({ publishedAt }) => publishedAt ?? 0)) || now
  const entries = items.map((item) => [
    '<entry>',
    `<id>${xml(`${origin}/tenders/${item.tenderId}`)}</id>`,
    `<title>${xml(item.title)}</title>`,
    `<updated>${formatKst(item.publishedAt ?? now)}</updated>`,
    `<author><name>${xml(item.agencyName)}</name></author>`,
    `<link href="${xml(`${origin}/tenders/${item.tenderId}`)}"/>`,
    `<summary>${xml(`${f.state(item.state)} · ${f.kind(item.kind)} · ${f.won(item.estimatedPriceWon)} · ${f.time(item.closesAt)}`)}</summary>`,
    '</entry>'
  ].join('\n'))
  return [
    '<?xml version="1.0" encoding="utf-8"?>', '<feed xmlns="http://www.w3.org/2005/Atom">',
    `<id>${xml(origin + address)}</id>`, `<title>${xml(title)}</title>`, `<updated>${formatKst(updated)}</updated>`,
    `<link rel="self" href="${xml(origin + address)}"/>`, ...entries, '</feed>', ''
  ].join('\n')
}

/** Two entries a tender: its closing and its opening. */
export function calendarOf ({ items, title, origin, now }: Feed, [closes, opens]: readonly [string, string]): string {
  const event = ({ tenderId, title, agencyName }: Listed, what: string, at: number): string[] => [
    'BEGIN:VEVENT', `UID:${tenderId}-${what === closes ? 'closing' : 'opening'}@${new URL(origin).hostname}`, `DTSTAMP:${stamp(now)}`, `DTSTART:${stamp(at)}`,
    `SUMMARY:${ical(`${what}: ${title}`)}`, `DESCRIPTION:${ical(agencyName)}`, `URL:${origin}/tenders/${tenderId}`, 'END:VEVENT'
  ]
  const lines = [
    'BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Bongin//Bongin//KO', `X-WR-CALNAME:${ical(title)}`,
    ...items.flatMap((item) => [...event(item, closes, item.closesAt), ...event(item, opens, item.opensAt)]), 'END:VCALENDAR', ''
  ]
  return lines.map(folded).join('\r\n')
}

const COLUMNS = ['tenderId', 'revision', 'title', 'agencyId', 'agencyName', 'kind', 'method', 'state', 'estimatedPriceWon', 'publishedAt', 'closesAt', 'opensAt'] as const

export function csvOf (items: readonly Listed[]): string {
  return csvText(COLUMNS, items.map((item) => COLUMNS.map((name) => name.endsWith('At') ? formatKst(Number(item[name])) : String(item[name] ?? ''))))
}

function xml (text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '') // eslint-disable-line no-control-regex
}

function ical (text: string): string {
  return text.replace(/[\\;,]/g, (character) => `\\${character}`).replace(/\r?\n|\r/g, '\\n')
}

/** 75 bytes a line at most, without cutting through a character (§3.1). */
function folded (line: string): string {
  let [text, bytes] = ['', 0]
  for (const character of line) {
    const length = Buffer.byteLength(character)
    if (bytes + length > 74) [text, bytes] = [`${text}\r\n `, 1]
    text += character
    bytes += length
  }
  return text
}

function stamp (at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`
}
