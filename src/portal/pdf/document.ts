/**
 * A4 pages with Korean text: headings, facts, tables that go on over pages with their head, page numbers. The font (Nanum Gothic,
 * SIL OFL 1.1) is embedded as the subset that the document uses. A cell is one line: what is too long ends with an ellipsis.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import PDFDocument from 'pdfkit'
import { sfntOfWoff } from './woff.ts'

const FONT_FILES = '@fontsource/nanum-gothic/files/nanum-gothic-korean'
const MARGIN = 48
const ROW_HEIGHT = 15
const FOOTER_HEIGHT = 24
const SIZE = { title: 20, heading: 12, text: 9, small: 7.5 } as const
const INK = '#1a2230'
const QUIET = '#4d5968'
const LINE = '#c3cbd6'
const PANEL = '#f4f6f9'
const MARK = '#fff3cd'

export interface Column { title: string, width: number, align?: 'left' | 'right' | 'center' }
export interface Row { cells: readonly string[], marked?: boolean }

let fonts: { regular: Buffer, bold: Buffer } | null = null

function readFonts (): { regular: Buffer, bold: Buffer } {
  const { resolve } = createRequire(import.meta.url)
  const read = (weight: number): Buffer => sfntOfWoff(readFileSync(resolve(`${FONT_FILES}-${weight}-normal.woff`)))
  return (fonts ??= { regular: read(400), bold: read(700) })
}

export class PdfPages {
  readonly #doc: PDFKit.PDFDocument
  readonly #chunks: Buffer[] = []
  readonly #footer: string
  readonly width: number

  /** `createdAt` stands in the file; the same content with the same time gives the same bytes. */
  constructor ({ title, language, footer, createdAt }: { title: string, language: string, footer: string, createdAt: number }) {
    const at = new Date(createdAt)
    this.#doc = new PDFDocument({
      size: 'A4', margin: MARGIN, bufferPages: true, lang: language, info: { Title: title, CreationDate: at, ModDate: at, Producer: 'Bongin', Creator: 'Bongin' }
    })
    this.#doc.on('data', (chunk: Buffer) => this.#chunks.push(chunk))
    const { regular, bold } = readFonts()
    this.#doc.registerFont('regular', regular).registerFont('bold', bold)
    this.#footer = footer
    this.width = this.#doc.page.width - 2 * MARGIN
  }

  get #bottom (): number { return this.#doc.page.height - MARGIN - FOOTER_HEIGHT }

  #room (height: number): void {
    if (this.#doc.y + height > this.#bottom) this.#doc.addPage()
  }

  title (text: string): void {
    this.#doc.font('bold').fontSize(SIZE.title).fillColor(INK).text(plain(text), MARGIN, this.#doc.y, { align: 'center', characterSpacing: 2 }).moveDown(0.8)
  }

  heading (text: string): void {
    this.#room(4 * ROW_HEIGHT)
    this.#doc.moveDown(0.8).font('bold').fontSize(SIZE.heading).fillColor(INK).text(plain(text), MARGIN).moveDown(0.3)
  }

  paragraph (text: string): void {
    this.#room(3 * ROW_HEIGHT)
    this.#doc.font('regular').fontSize(SIZE.text).fillColor(QUIET).text(plain(text), MARGIN, this.#doc.y, { width: this.width, lineGap: 2 }).moveDown(0.3)
  }

  /** Two pairs a line. */
  facts (pairs: ReadonlyArray<readonly [name: string, value: string]>): void {
    const [label, half] = [78, this.width / 2]
    for (let i = 0; i < pairs.length; i += 2) {
      this.#room(ROW_HEIGHT)
      const y = this.#doc.y
      pairs.slice(i, i + 2).forEach(([name, value], column) => {
        const x = MARGIN + column * half
        this.#cell(name, { x, y, width: label, color: QUIET })
        this.#cell(value, { x: x + label, y, width: half - label, font: 'bold' })
      })
      this.#rule(y + ROW_HEIGHT)
      this.#doc.y = y + ROW_HEIGHT
    }
  }

  /** One fact on a line of its own: digests, titles. */
  fact (name: string, value: string): void {
    this.#room(ROW_HEIGHT)
    const y = this.#doc.y
    this.#cell(name, { x: MARGIN, y, width: 78, color: QUIET })
    this.#cell(value, { x: MARGIN + 78, y, width: this.width - 78, font: 'bold' })
    this.#rule(y + ROW_HEIGHT)
    this.#doc.y = y + ROW_HEIGHT
  }

  /** Widths are shares of the page's. Gives way between pages, because a table may be long. */
  async table (columns: readonly Column[], rows: readonly Row[]): Promise<void> {
    this.#head(columns)
    for (const { cells, marked = false } of rows) {
      if (this.#doc.y + ROW_HEIGHT > this.#bottom) {
        await new Promise(setImmediate)
        this.#doc.addPage()
        this.#head(columns)
      }
      const y = this.#doc.y
      if (marked) this.#doc.rect(MARGIN, y, this.width, ROW_HEIGHT).fill(MARK)
      this.#row(columns, cells, { y, font: marked ? 'bold' : 'regular' })
    }
    this.#doc.y += ROW_HEIGHT / 2
  }

  #head (columns: readonly Column[]): void {
    this.#room(2 * ROW_HEIGHT)
    const y = this.#doc.y
    this.#doc.rect(MARGIN, y, this.width, ROW_HEIGHT).fill(PANEL)
    this.#row(columns, columns.map(({ title }) => title), { y, font: 'bold' })
  }

  #row (columns: readonly Column[], cells: readonly string[], { y, font }: { y: number, font: 'regular' | 'bold' }): void {
    let x = MARGIN
    columns.forEach(({ width, align = 'left' }, index) => {
      const points = width * this.width
      this.#cell(cells[index] ?? '', { x, y, width: points, align, font })
      x += points
    })
    this.#rule(y + ROW_HEIGHT)
    this.#doc.y = y + ROW_HEIGHT
  }

  #cell (text: string, { x, y, width, align = 'left', font = 'regular', color = INK }: {
    x: number, y: number, width: number, align?: Column['align'], font?: 'regular' | 'bold', color?: string
  }): void {
    const [padding, height] = [3, ROW_HEIGHT - 4]
    this.#doc.font(font).fontSize(SIZE.text).fillColor(color)
    const inner = width - 2 * padding
    this.#doc.text(this.#fitted(plain(text), inner), x + padding, y + 2, { width: inner + 1, height, align, lineBreak: false })
  }

  #fitted (text: string, width: number): string {
    if (this.#doc.widthOfString(text) <= width) return text
    const characters = [...text]
    let [fits, tooMany] = [0, characters.length]
    while (tooMany - fits > 1) {
      const half = (fits + tooMany) >> 1
      if (this.#doc.widthOfString(`${characters.slice(0, half).join('')}…`) <= width) fits = half
      else tooMany = half
    }
    return `${characters.slice(0, fits).join('')}…`
  }

  #rule (y: number): void {
    this.#doc.moveTo(MARGIN, y).lineTo(MARGIN + this.width, y).lineWidth(0.5).stroke(LINE)
  }

  /** Names to be signed, side by side. */
  signatures (lines: readonly string[]): void {
    this.#room(4 * ROW_HEIGHT)
    const y = this.#doc.y + 2 * ROW_HEIGHT
    const width = this.width / lines.length
    lines.forEach((line, index) => { this.#cell(line, { x: MARGIN + index * width, y, width, align: 'center', font: 'bold' }) })
    this.#doc.y = y + ROW_HEIGHT
  }

  /** Numbers the pages and ends the document. */
  async end (pageText: (page: number, pages: number) => string): Promise<Buffer> {
    const { start, count } = this.#doc.bufferedPageRange()
    for (let page = start; page < start + count; page++) {
      this.#doc.switchToPage(page)
      // Text below the margin would begin a page of its own.
      this.#doc.page.margins.bottom = 0
      const y = this.#doc.page.height - MARGIN
      const line = `${this.#footer}    ${pageText(page + 1, count)}`
      this.#doc.font('regular').fontSize(SIZE.small).fillColor(QUIET).text(plain(line), MARGIN, y, { width: this.width, align: 'center', lineBreak: false })
    }
    const ended = new Promise<Buffer>((resolve) => { this.#doc.on('end', () => { resolve(Buffer.concat(this.#chunks)) }) })
    this.#doc.end()
    return await ended
  }
}

/** One line of what can be shown. */
function plain (text: string): string {
  // eslint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+/g, ' ').normalize('NFC')
}
