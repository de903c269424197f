/**
 * Opened proposals as those read them who may: each with the digest that it was compared with, void ones with the reason. What
 * suppliers wrote is text, names of files too; nothing of it is opened here, it is saved as a file. Documents come to the agency apart
 * from the bid: whoever has one finds out here whether it is the one that the proposal names.
 */
import type { ReadProposal } from '../../client/technical.ts'
import type { TenderId } from '../../domain/ids.ts'
import { markText } from '../../domain/mark-sheet.ts'
import type { TechnicalRule } from '../../domain/notice.ts'
import type { ProposalDocument, TechnicalVoidReason } from '../../domain/technical-opening.ts'
import { digestOf, MAX_DIGESTED_BYTES } from './document-digest.ts'
import { setError } from './fields.ts'
import { element, explain, make } from './page.ts'
import { namedCompany } from './supplier-names.ts'
import { stackTable } from './tables.ts'
import { technicalWords as words } from './technical-words.ts'
import { saveFile } from './work.ts'

const VOID_REASONS: Readonly<Record<TechnicalVoidReason, string>> = {
  'technical-undecryptable': words.techVoidUndecryptable, 'technical-malformed': words.techVoidMalformed
}

/** What the notice promises of the evaluation. */
export function ruleFacts ({ marksMilli, passMarkMilli, minimumEvaluators, dropExtremes }: TechnicalRule): Array<readonly [string, string]> {
  return [
    [words.techFullMarks, markText(marksMilli)], [words.techPassMark, markText(passMarkMilli)], [words.techLeast, `${minimumEvaluators}${words.techPersons}`],
    [words.techExtremes, dropExtremes ? words.techExtremesDropped : words.techExtremesKept]
  ]
}

/** `rank` is the heading's place in its page. */
export function proposalArticle (tenderId: TenderId, { supplierId, content, proposalSha256, voidReason }: ReadProposal, rank: 'h3' | 'h4'): HTMLElement {
  const heading = make(rank, { id: `proposal-${supplierId}` }, ...namedCompany(supplierId))
  const attributes = { class: 'panel proposal', 'data-proposal': supplierId, 'aria-labelledby': heading.id }
  if (content === null || voidReason !== null) {
    return make('article', { ...attributes, 'data-void': voidReason ?? '' }, heading,
      make('p', {}, make('strong', {}, words.techVoid), ' ', voidReason === null ? '' : VOID_REASONS[voidReason]))
  }
  const { summary, documents } = content.proposal
  const save = make('button', { type: 'button', class: 'quiet' }, words.techSaveProposal)
  save.addEventListener('click', () => { saveFile(`${tenderId}-${supplierId}.proposal.json`, `${JSON.stringify(content, null, 2)}\n`, 'application/json') })
  return make('article', attributes, heading,
    summary === '' ? make('p', { class: 'note' }, words.techNoSummary) : make('p', { class: 'words', dir: 'auto' }, summary),
    documents.length === 0 ? make('p', { class: 'note' }, words.techNoDocuments) : documentTable(supplierId, documents),
    make('p', { class: 'note' }, `${words.techProposalDigest}: `, make('code', {}, proposalSha256 ?? '')),
    make('p', {}, save))
}

function documentTable (supplierId: string, documents: readonly ProposalDocument[]): HTMLElement {
  const heads = [{ name: words.techDocumentName }, { name: words.techDocumentSize, number: true }, { name: words.techDocumentDigest }]
  const rows = documents.map(({ name, sizeBytes, sha256 }) => make('tr', { 'data-document': sha256 },
    make('th', { scope: 'row' }, make('bdi', { class: 'long' }, name)),
    make('td', { class: 'number' }, sizeBytes.toLocaleString('en-US')), make('td', {}, make('code', {}, sha256))))
  const label = `${words.techDocuments} ${supplierId}`
  return make('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': label }, stackTable(heads, rows))
}

/** Compares chosen files with the documents that the proposals name; `proposals` has what is shown by then. */
export function watchFileCheck (proposals: () => readonly ReadProposal[]): void {
  const chooser = element<HTMLInputElement>('handed-files')
  let last: Promise<void> = Promise.resolve()
  chooser.addEventListener('change', () => {
    const files = [...chooser.files ?? []]
    chooser.value = ''
    setError('handed-files', '')
    // One after the other: not all of them are in memory at once.
    last = last.then(async () => { for (const file of files) await checkFile(file, proposals()) })
      .catch((error: unknown) => { setError('handed-files', explain(error).text) })
  })
}

async function checkFile (file: File, proposals: readonly ReadProposal[]): Promise<void> {
  const line = make('li', {}, make('bdi', { class: 'long' }, file.name), ': ')
  element('handed-results').append(line)
  if (file.size > MAX_DIGESTED_BYTES) {
    line.append(words.techFileTooLarge)
    line.dataset['match'] = 'false'
    return
  }
  element('handed-state').textContent = `${words.techFileChecking} ${file.name}`
  const sha256 = await digestOf(file)
  element('handed-state').textContent = ''
  const isThis = (one: ProposalDocument): boolean => one.sha256 === sha256 && one.sizeBytes === file.size
  const places = proposals.filter(({ content }) => content?.proposal.documents.some(isThis) === true)
  line.dataset['match'] = String(places.length > 0)
  if (places.length === 0) line.append(words.techFileUnknown, ' ', make('code', {}, sha256))
  else line.append(...places.flatMap(({ supplierId }, i) => [...(i === 0 ? [] : [', ']), ...namedCompany(supplierId)]), ' ', words.techFileMatches)
}
