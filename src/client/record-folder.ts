/**
 * A record as a folder of files that people and other programs can look at: one file per signed document. Reading is as
 * strict as writing: a file that is missing, out of order or not part of a record is named and refused. For Node.
 */
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { utf8 } from '../crypto/bytes.ts'
import { canonicalBytes, parseCanonicalJson } from '../crypto/canonical-json.ts'
import { fromPem, thumbprintOf } from '../crypto/certificate.ts'
import { parseContribution } from '../crypto/contribution.ts'
import { checkRecordShape, MAX_RECORD_LEAVES, type TechnicalRecord, type TenderRecord } from '../crypto/record.ts'
import { BonginError } from '../domain/errors.ts'
import { ClientError } from './identity.ts'

/** Larger than any file of a record; a bigger one is not read. */
const MAX_FILE_BYTES = 512 * 1024 * 1024
const MAX_FILES = 3 * MAX_RECORD_LEAVES
const INDEX_DIGITS = { notices: 3, outages: 3, envelopes: 6, withdrawals: 6, evaluators: 3, marks: 3, evaluations: 3 } as const
type Numbered = keyof typeof INDEX_DIGITS

type Files = Map<string, Uint8Array>
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

const numbered = (folder: Numbered, index: number): string => `${folder}/${String(index).padStart(INDEX_DIGITS[folder], '0')}.jws`

/** Path inside the folder → contents. */
function filesOf (record: TenderRecord): Files {
  const files: Files = new Map()
  const put = (path: string, contents: string | Uint8Array): void => { files.set(path, typeof contents === 'string' ? utf8(contents) : contents) }
  const { v, type, sealedPrices, earlierCheckpoints, cosigners, leaves } = record
  put('record.json', canonicalBytes({ v, type, sealedPrices, earlierCheckpoints, cosigners, leaves }))
  put('platform.json', canonicalBytes(record.platform))
  for (const pem of record.certificates) put(`certificates/${thumbprintOf(fromPem(pem))}.pem`, pem)
  record.notices.forEach((jws, i) => { put(numbered('notices', i), jws) })
  record.outages.forEach((jws, i) => { put(numbered('outages', i), jws) })
  for (const jws of record.contributions) put(contributionPath(jws), jws)
  put('checkpoint', record.checkpoint)
  record.envelopes.forEach((jws, i) => { if (jws !== null) put(numbered('envelopes', i), jws) })
  record.withdrawals.forEach((jws, i) => { put(numbered('withdrawals', i), jws) })
  if (record.technical !== null) putTechnical(record.technical, put)
  put('opening.json', canonicalBytes(record.opening))
  record.evaluations.forEach((jws, i) => { put(numbered('evaluations', i), jws) })
  if (record.award !== null) put('award.jws', record.award)
  put('ledger.jsonl', record.ledger.map((entry) => `${decoder.decode(canonicalBytes(entry))}\n`).join(''))
  return files
}

function contributionPath (jws: string): string {
  const { holderId, envelope } = parseContribution(jws).payload
  return `contributions/${holderId}${envelope === 'price' ? '' : `.${envelope}`}.jws`
}

function putTechnical ({ opening, evaluators, marks, result }: TechnicalRecord, put: (path: string, contents: string | Uint8Array) => void): void {
  put('technical-opening.json', canonicalBytes(opening))
  evaluators.forEach((jws, i) => { put(numbered('evaluators', i), jws) })
  marks.forEach((jws, i) => { put(numbered('marks', i), jws) })
  put('technical-result.jws', result)
}

/** Writes into a folder that is new or empty. @throws ClientError `file`. */
export async function writeRecord (directory: string, record: TenderRecord, onFile?: (done: number, total: number) => void): Promise<number> {
  const files = filesOf(checkRecordShape(record))
  await mkdir(directory, { recursive: true })
  if ((await readdir(directory)).length > 0) throw new ClientError('file', `${directory} is not empty; a record is never written over another.`)
  for (const folder of new Set([...files.keys()].filter((path) => path.includes('/')).map((path) => path.slice(0, path.indexOf('/'))))) {
    await mkdir(join(directory, folder), { recursive: true })
  }
  let done = 0
  for (const [path, contents] of files) {
    await writeFile(join(directory, path), contents, { flag: 'wx' })
    onFile?.(++done, files.size)
  }
  return files.size
}

/** @throws ClientError `file` for an unreadable folder; BonginError `verification-failed` or `malformed-json` naming the file. */
export async function readRecord (directory: string): Promise<TenderRecord> {
  const files = await readFiles(directory)
  const take = (path: string): Uint8Array => {
    const contents = files.get(path)
    if (contents === undefined) throw fault(path, 'is missing')
    files.delete(path)
    return contents
  }
  const text = (path: string): string => readText(path, take(path))
  const json = (path: string): unknown => parseCanonicalJson(take(path), `/${path}`)
  const all = (folder: string): string[] => [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).sort().map(text)
  const series = (folder: Numbered): string[] => {
    const count = [...files.keys()].filter((path) => path.startsWith(`${folder}/`)).length
    return Array.from({ length: count }, (_, i) => text(numbered(folder, i)))
  }

  const core = json('record.json')
  const stated = typeof core === 'object' && core !== null ? core as Partial<TenderRecord> : {}
  const leafCount = Array.isArray(stated.leaves) ? Math.min(stated.leaves.length, MAX_RECORD_LEAVES) : 0
  const record = {
    ...stated,
    platform: json('platform.json'),
    certificates: readCertificates(files, text),
    notices: series('notices'),
    outages: series('outages'),
    contributions: all('contributions'),
    checkpoint: text('checkpoint'),
    envelopes: Array.from({ length: leafCount }, (_, i) => files.has(numbered('envelopes', i)) ? text(numbered('envelopes', i)) : null),
    withdrawals: series('withdrawals'),
    technical: files.has('technical-opening.json')
      ? { opening: json('technical-opening.json'), evaluators: series('evaluators'), marks: series('marks'), result: text('technical-result.jws') }
      : null,
    opening: json('opening.json'),
    evaluations: series('evaluations'),
    award: files.has('award.jws') ? text('award.jws') : null,
    ledger: readLedger(text('ledger.jsonl'))
  }
  const [stray] = files.keys()
  if (stray !== undefined) throw fault(stray, 'is not part of a record')
  return checkRecordShape(record)
}

async function readFiles (directory: string): Promise<Files> {
  const files: Files = new Map()
  try {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true })
    if (entries.length > MAX_FILES) throw new Error('too many files')
    for (const entry of entries) {
      if (entry.isDirectory()) continue
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || (await stat(path)).size > MAX_FILE_BYTES) throw new Error(`${path} is no plain file of a possible size`)
      files.set(relative(directory, path).split(sep).join('/'), await readFile(path))
    }
  } catch (error) {
    throw new ClientError('file', `${directory} cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return files
}

/** Sorted by thumbprint, which is also the file's name. */
function readCertificates (files: Files, text: (path: string) => string): string[] {
  const paths = [...files.keys()].filter((path) => path.startsWith('certificates/')).sort()
  return paths.map((path) => {
    const pem = text(path)
    if (path !== `certificates/${thumbprintOf(fromPem(pem))}.pem`) throw fault(path, 'is not named after its certificate')
    return pem
  })
}

function readLedger (text: string): unknown[] {
  if (!text.endsWith('\n')) throw fault('ledger.jsonl', 'must end with a line break')
  return text.slice(0, -1).split('\n').map((line, i) => parseCanonicalJson(utf8(line), `/ledger.jsonl/${i}`))
}

function readText (path: string, bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw fault(path, 'is not UTF-8')
  }
}

function fault (path: string, what: string): BonginError {
  return new BonginError('verification-failed', { field: `/${path}`, detail: `The record's file ${path} ${what}.`, detailKo: `기록 파일 ${path}에 문제가 있습니다.` })
}
