/** The text of a PDF, page by page, as a reader's program finds it: by the character maps that are embedded with the fonts. */
import { extractText, getDocumentProxy } from 'unpdf'

export async function pdfText (bytes: Uint8Array): Promise<{ pages: number, text: string }> {
  const { totalPages, text } = await extractText(await getDocumentProxy(new Uint8Array(bytes)), { mergePages: true })
  return { pages: totalPages, text }
}
