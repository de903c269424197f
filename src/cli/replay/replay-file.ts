/**
 * One file of published results, streamed from disk and replayed record by record. Its content tells the format: an array
 * of records or one record a line, each of one of the shapes in `published.ts`. A record at fault is reported with its line
 * and hides no other.
 */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { compareDraw } from './compare-draw.ts'
import { compareOpening, compareWorks, type Finding } from './compare.ts'
import { FileFault, RecordProblem, type Words } from './faults.ts'
import type { Published } from './published.ts'
import { formatOf, noticeNoOf, readPublished } from './read-published.ts'
import { replayOpening, replayWorks } from './recompute.ts'
import { Report } from './report.ts'
import { ArraySplitter } from './split-array.ts'
import { LineSplitter, type RawRecord, type Splitter } from './split-lines.ts'

/** So many faults before the first record of a known format, and the file is taken for something else. */
const MAX_FAULTS_FIRST = 1_000

export type OnBytes = (done: number, total: number) => void

/** @throws FileFault for a file that cannot be read or holds no record of a known format. */
export async function replayFile (file: string, onBytes: OnBytes = () => {}): Promise<Report> {
  const report = new Report(file)
  let isKnown = false
  for await (const raw of recordsOf(file, onBytes)) {
    isKnown = replayRecord(report, raw) || isKnown
    if (!isKnown && report.differences.length >= MAX_FAULTS_FIRST) break
  }
  if (!isKnown) throw unknownFormat(report)
  return report
}

/** The findings of one record. @throws RecordProblem for figures past what can be computed. */
export function findingsOf (published: Published): Finding[] {
  switch (published.format) {
    case 'opening': return compareOpening(published.record, replayOpening(published.record))
    case 'works': return compareWorks(published.record, replayWorks(published.record))
    case 'draw': return compareDraw(published.record)
  }
}

/** Whether the record was of a known format, though perhaps at fault. */
function replayRecord (report: Report, raw: RawRecord): boolean {
  if ('fault' in raw) {
    report.addFault(raw.line, null, raw.fault)
    return false
  }
  const value = parse(raw.text)
  try {
    if (value === undefined) throw new RecordProblem({ en: 'This is no JSON.', ko: 'JSON 형식이 아닙니다.' })
    const published = readPublished(value)
    report.add(published, findingsOf(published))
  } catch (error) {
    report.addFault(raw.line, noticeNoOf(value), wordsOf(error))
  }
  return formatOf(value) !== null
}

/** undefined for what is no JSON. */
function parse (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function wordsOf (error: unknown): Words {
  if (error instanceof RecordProblem) return error.words
  const why = error instanceof Error ? error.message : String(error)
  return { en: `The record cannot be computed: ${why}.`, ko: `레코드를 계산할 수 없습니다: ${why}.` }
}

async function * recordsOf (file: string, onBytes: OnBytes): AsyncGenerator<RawRecord> {
  let splitter: Splitter | null = null
  let leading = ''
  let done = 0
  try {
    const { size } = await stat(file)
    for await (const chunk of createReadStream(file, 'utf8') as AsyncIterable<string>) {
      done += Buffer.byteLength(chunk)
      onBytes(Math.min(done, size), size)
      // Leading space tells nothing yet.
      leading = splitter === null ? leading + chunk : ''
      if (splitter === null && leading.trimStart() === '') continue
      splitter ??= leading.trimStart().startsWith('[') ? new ArraySplitter() : new LineSplitter()
      yield * splitter.push(leading === '' ? chunk : leading)
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === undefined) throw error
    throw new FileFault(file, { en: `cannot be read: ${code}.`, ko: `파일을 읽을 수 없습니다(${code}).` })
  }
  yield * splitter?.end() ?? []
}

function unknownFormat ({ file, differences: [first] }: Report): FileFault {
  const [where, whereKo] = first === undefined ? ['it is empty', '빈 파일입니다'] : [`line ${first.line}: ${first.fault?.en}`, `${first.line}행: ${first.fault?.ko}`]
  return new FileFault(file, {
    en: `holds no published results: neither openings, nor floors of works, nor draws (${where.replace(/\.$/, '')}).`,
    ko: `공개된 개찰 결과가 아닙니다. 개찰 결과, 공사 낙찰하한가, 추첨표 가운데 어느 형식도 아닙니다(${whereKo.replace(/\.$/, '')}).`
  })
}
