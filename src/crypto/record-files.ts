/**
 * A record as files: path → bytes, one file for each signed document (docs/protocol.md, section 17). The same record always
 * gives the same files, and files are taken only if they are exactly the ones that their record gives: every byte of every file
 * and every letter of every path is accounted for. Touches no disk.
 */
import { type Bytes, toBase64url, sha256, utf8 } from './bytes.ts'
import { canonicalBytes, parseCanonicalJson } from './canonical-json.ts'
import { parseContribution } from './contribution.ts'
import { readPem } from './pem.ts'
import { checkRecordShape, MAX_RECORD_LEAVES, type TechnicalRecord, type TenderRecord } from './record.ts'
import { fileFault, inOrder, INDEX_DIGITS, type Numbered, type RecordFiles } from './record-paths.ts'

type Put = (path: string, contents: string | Uint8Array) => void
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** @throws BonginError `verification-failed` for a record with two documents of one name, or that is no record. */
export function filesOfRecord (value: TenderRecord): RecordFiles {
  const record = checkRecordShape(value)
  const files: RecordFiles = new Map()
  const put: Put = (path, contents) => {
    if (files.has(path)) throw fileFault(path, 'would stand twice')
    files.set(path, typeof contents === 'string' ? utf8(contents) : contents)
  }
  const { v, type, sealedPrices, earlierCheckpoints, cosigners, leaves } = record
  put('tender.json', canonicalBytes({ v, type, sealedPrices, earlierCheckpoints, cosigners, leaves }))
  put('platform.json', canonicalBytes(record.platform))
  record.certificates.forEach((pem, i) => { put(...certificateFile(pem, `certificates/${i}`)) })
  record.notices.forEach((jws, i) => { put(numbered('notices', i), jws) })
  record.outages.forEach((jws, i) => { put(numbered('outages', i), jws) })
  record.contributions.forEach((jws, i) => { put(contributionPath(jws, `contributions/${i}`), jws) })
  put('checkpoint', record.checkpoint)
  record.envelopes.forEach((jws, i) => { if (jws !== null) put(numbered('envelopes', i), jws) })
  record.withdrawals.forEach((jws, i) => { put(numbered('withdrawals', i), jws) })
  if (record.technical !== null) putTechnical(record.technical, put)
  put('opening.json', canonicalBytes(record.opening))
  record.evaluations.forEach((jws, i) => { put(numbered('evaluations', i), jws) })
  if (record.award !== null) put('award.jws', record.award)
  put('ledger.jsonl', record.ledger.map((entry) => `${decoder.decode(canonicalBytes(entry))}\n`).join(''))
  return inOrder(files)
}

/**
 * The record that these files are. It is a claim until `verifyRecord` has passed it.
 * @throws BonginError `verification-failed` or `malformed-json` with the file as `field`.
 */
export function recordOfFiles (files: RecordFiles): TenderRecord {
  const record = checkRecordShape(readDocuments(files))
  const again = filesOfRecord(record)
  for (const [path, contents] of files) {
    const wanted = again.get(path)
    if (wanted === undefined) throw fileFault(path, 'is not part of the record')
    if (!sameBytes(wanted, contents)) throw fileFault(path, 'says what the record has no place for')
  }
  return record
}

function readDocuments (files: RecordFiles): unknown {
  const take = (path: string): Uint8Array => {
    const contents = files.get(path)
    if (contents === undefined) throw fileFault(path, 'is missing')
    return contents
  }
  const text = (path: string): string => readText(path, take(path))
  const json = (path: string): unknown => parseCanonicalJson(take(path), `/${path}`)
  const optional = (path: string): string | null => files.has(path) ? text(path) : null
  const folders = byFolder(files)
  const all = (folder: string): string[] => folders.get(folder) ?? []
  /** Files that are named after what is in them. */
  const named = (folder: string, pathOf: (text: string, place: string) => string): string[] => all(folder).map((path) => {
    const contents = text(path)
    if (pathOf(contents, path) !== path) throw fileFault(path, 'is not named after what is in it')
    return contents
  })
  const series = (folder: Numbered): string[] => all(folder).map((_, i) => text(numbered(folder, i)))

  const core = json('tender.json')
  const stated = typeof core === 'object' && core !== null ? core as Partial<TenderRecord> : {}
  const leafCount = Array.isArray(stated.leaves) ? Math.min(stated.leaves.length, MAX_RECORD_LEAVES) : 0
  return {
    ...stated,
    platform: json('platform.json'),
    certificates: named('certificates', certificatePath),
    notices: series('notices'),
    outages: series('outages'),
    contributions: named('contributions', contributionPath),
    checkpoint: text('checkpoint'),
    envelopes: Array.from({ length: leafCount }, (_, i) => optional(numbered('envelopes', i))),
    withdrawals: series('withdrawals'),
    technical: files.has('technical-opening.json')
      ? { opening: json('technical-opening.json'), evaluators: series('evaluators'), marks: series('marks'), result: text('technical-result.jws') }
      : null,
    opening: json('opening.json'),
    evaluations: series('evaluations'),
    award: optional('award.jws'),
    ledger: readLedger(text('ledger.jsonl'))
  }
}

/** Folder → its paths, sorted: certificates by thumbprint, contributions by holder. */
function byFolder (files: RecordFiles): Map<string, string[]> {
  const folders = new Map<string, string[]>()
  for (const path of [...files.keys()].sort()) {
    const folder = path.slice(0, Math.max(0, path.indexOf('/')))
    const paths = folders.get(folder)
    if (paths === undefined) folders.set(folder, [path])
    else paths.push(path)
  }
  return folders
}

export const numbered = (folder: Numbered, index: number): string => `${folder}/${String(index).padStart(INDEX_DIGITS[folder], '0')}.jws`

/** Named after its thumbprint. @throws as `filesOfRecord`. */
export function certificateFile (pem: string, place = 'certificates'): [path: string, contents: Bytes] {
  return [certificatePath(pem, place), utf8(pem)]
}

/** `place` names a text that is no certificate, and so has no path. */
function certificatePath (pem: string, place: string): string {
  const der = readPem(pem, 'CERTIFICATE')
  if (der === null) throw fileFault(place, 'is no certificate')
  return `certificates/${toBase64url(sha256(der))}.pem`
}

function contributionPath (jws: string, place: string): string {
  try {
    const { holderId, envelope } = parseContribution(jws).payload
    return `contributions/${holderId}${envelope === 'price' ? '' : `.${envelope}`}.jws`
  } catch (error) {
    throw fileFault(place, `is no contribution: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function putTechnical ({ opening, evaluators, marks, result }: TechnicalRecord, put: Put): void {
  put('technical-opening.json', canonicalBytes(opening))
  evaluators.forEach((jws, i) => { put(numbered('evaluators', i), jws) })
  marks.forEach((jws, i) => { put(numbered('marks', i), jws) })
  put('technical-result.jws', result)
}

function readLedger (text: string): unknown[] {
  if (!text.endsWith('\n')) throw fileFault('ledger.jsonl', 'must end with a line break')
  return text.slice(0, -1).split('\n').map((line, i) => parseCanonicalJson(utf8(line), `/ledger.jsonl/${i}`))
}

function readText (path: string, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw fileFault(path, 'is not UTF-8')
  }
}

/** Nothing here is secret: the first difference may end it. */
function sameBytes (a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
