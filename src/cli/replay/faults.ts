/**
 * What can be wrong with a file of published results, always said in both languages. A record that is not what its format
 * says is reported and passed over; only a file that cannot be read, or holds nothing known, ends its replay.
 */
export interface Words { en: string, ko: string }

/** One record at fault; the others of its file are replayed all the same. */
export class RecordProblem extends Error {
  override readonly name = 'RecordProblem'
  readonly words: Words
  constructor (words: Words) {
    super(words.en)
    this.words = words
  }
}

/** A file that cannot be replayed at all. */
export class FileFault extends Error {
  override readonly name = 'FileFault'
  readonly file: string
  readonly detailKo: string
  constructor (file: string, { en, ko }: Words) {
    super(`${file} ${en}`)
    this.file = file
    this.detailKo = `${file}: ${ko}`
  }
}
