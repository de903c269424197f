/** Cutting files into records: any layout of valid JSON, any cut of the stream; after a broken record the next one is found again. */
import fc from 'fast-check'
import t from 'tap'
import { ArraySplitter } from '../../src/cli/replay/split-array.ts'
import { LineSplitter, type RawRecord, type Splitter } from '../../src/cli/replay/split-lines.ts'
import { holds } from '../support/holds.ts'

const RECORDS = fc.array(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), fc.jsonValue({ maxDepth: 2 })), { maxLength: 6 })
const CHUNK = fc.integer({ min: 1, max: 40 })

function split (splitter: Splitter, text: string, size = text.length || 1): RawRecord[] {
  const found: RawRecord[] = []
  for (let at = 0; at < text.length; at += size) found.push(...splitter.push(text.slice(at, at + size)))
  return [...found, ...splitter.end()]
}

/** As "line text" or "line ! fault". */
const shown = (records: RawRecord[]): string[] => records.map((one) => 'text' in one ? `${one.line} ${one.text}` : `${one.line} ! ${one.fault.en}`)
const values = (records: RawRecord[]): unknown[] => records.map((one) => 'text' in one ? JSON.parse(one.text) as unknown : one.fault)
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

t.test('every array is cut right, however it is laid out and however it arrives', async (t) => {
  holds(t, fc.property(RECORDS, fc.integer({ min: 0, max: 3 }), CHUNK, (records, indent, size) => {
    const text = ` \n${JSON.stringify(records, null, indent)}\n`
    return same(values(split(new ArraySplitter(), text, size)), records)
  }))
  holds(t, fc.property(RECORDS, CHUNK, (records, size) => {
    const text = `[\r\n${records.map((record) => JSON.stringify(record)).join(',\r\n')}\r\n]`
    const found = split(new ArraySplitter(), text, size)
    return same(values(found), records) && found.every(({ line }, index) => line === index + 2)
  }))
})

t.test('lines', async (t) => {
  holds(t, fc.property(RECORDS, CHUNK, (records, size) => {
    const found = split(new LineSplitter(), records.map((record) => JSON.stringify(record)).join('\n'), size)
    return same(values(found), records) && found.every(({ line }, index) => line === index + 1)
  }))
  t.same(shown(split(new LineSplitter(), '\uFEFF{"a":1}\r\n\n  \n{"b"\n')), ['1 {"a":1}', '4 {"b"'], 'empty lines count')
  t.same(shown(split(new LineSplitter(4), '1234\n12345\n6\n', 2)), ['1 1234', '2 ! The record is too long.', '3 6'])
})

t.test('after a broken element the next one is found', async (t) => {
  const unfinished = 'The record is not finished: a bracket or a quotation mark is missing or too many.'
  const cases: Array<[string, string[]]> = [
    ['[\n{"a":1,\n{"b":2},\n{"c":3}\n]', [`2 ! ${unfinished}`, '3 {"b":2}', '4 {"c":3}']],
    ['[\n{"a":[1,2},\n{"b":2}\n]', [`2 ! ${unfinished}`, '3 {"b":2}']],
    ['[\n{"a":"x},\n{"b":2}\n]', [`2 ! ${unfinished}`, '3 {"b":2}']],
    ['[\n{"a":1},\n{"b":2\n]', ['2 {"a":1}', `3 ! ${unfinished}`]],
    ['[\n{"a":{"b":1},\n{"c":2},\n{"d":3}\n]\n', [`2 ! ${unfinished}`, '3 {"c":2}', '4 {"d":3}']],
    ['[\n {\n  "a": [\n   {"x": 1},\n   {"x": 2}\n },\n {\n  "b": 1\n }\n]', [`2 ! ${unfinished}`, '7 {\n  "b": 1\n }']],
    ['[\n{"a":1}\n{"b":2}\n]', ['2 {"a":1}', '3 ! A comma is missing before this record.', '3 {"b":2}']],
    ['[\n{"a":1},\n{"b":2}', ['2 {"a":1}', '3 {"b":2}', '3 ! The list has no end: the file was cut off.']],
    ['[{"a":1}]\n{"b":2}\n', ['1 {"a":1}', '2 ! There is text after the end of the list.']],
    ['[{"a":"\\"}],{"},{"b":"[\\\\"}]', ['1 {"a":"\\"}],{"}', '1 {"b":"[\\\\"}']],
    ['[}, {"a":1}]', [`1 ! ${unfinished}`]]
  ]
  for (const [text, expected] of cases) {
    for (const size of [1, 3, text.length]) t.same(shown(split(new ArraySplitter(), text, size)), expected, JSON.stringify(text))
  }
  for (const broken of ['{"a":1,', '{"a":"1}']) {
    const found = split(new ArraySplitter(40), `[\n${broken}\n${'{"b":2},\n'.repeat(20)}{"b":2}\n]`)
    t.same([shown(found)[0], found.length], [`2 ! ${unfinished}`, 22], 'found out at once, not when the record has grown too long')
  }
  const long = `[\n{"a":"${'x'.repeat(50)}"},\n{"b":2}\n]`
  t.same(shown(split(new ArraySplitter(20), long, 7)), ['2 ! The record is too long.', '3 {"b":2}'])
})
